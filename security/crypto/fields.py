"""Model fields that are sealed at rest, and the keyed index that makes them searchable."""

from django.db import models


class SealedTextField(models.TextField):
    """Text that is encrypted in the database. (Filled in by the security worker.)"""


class BlindIndexField(models.CharField):
    """HMAC of another field of the same row, for equality search."""

    def __init__(self, *args, source: str = "", **kwargs):
        self.source = source
        kwargs.setdefault("max_length", 64)
        kwargs.setdefault("db_index", not kwargs.get("unique"))
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        kwargs["source"] = self.source
        return name, path, args, kwargs
