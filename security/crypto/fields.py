"""Model fields that are sealed at rest, and the keyed index that makes them searchable.

    phone = SealedTextField()
    phone_index = BlindIndexField(source="phone", context="mobile")

    User.objects.filter(phone_index=blind_index("13800000000", "mobile"))

Saving some fields only needs both names: save(update_fields=["phone", "phone_index"]).

A sealed value is bound to table, column and primary key, so copying a ciphertext to another row
makes it unreadable. It is opened when the attribute is read, not when the row is loaded; saving a
row whose sealed attribute was never read writes the same token back.
"""

from __future__ import annotations

from functools import partial

from django.core.exceptions import FieldError
from django.db import connections, models, router
from django.db.models.query_utils import DeferredAttribute
from django.db.models.signals import class_prepared
from django.dispatch import receiver

from .box import blind_index, seal, unseal


class Sealed(str):
    """A token as it lies in the database.

    Its text is ciphertext, so printing it gives nothing away.
    """

    __slots__ = ()


class SealedAttribute(DeferredAttribute):
    """Opens the token on first reading and keeps the plaintext on the instance."""

    def __get__(self, instance, cls=None):
        if instance is None:
            return self
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            value = unseal(str(value), self.field.context_of(instance))
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance, value):
        # Without it the instance's own dict would answer first and `__get__` would never be asked.
        instance.__dict__[self.field.attname] = value


class SealedTextField(models.TextField):
    """Text encrypted in the database; plaintext on the instance.

    It cannot be searched or updated in bulk.
    """

    descriptor_class = SealedAttribute

    def context_of(self, instance) -> str:
        """The one place where this value of this row may be opened."""
        return f"{instance._meta.db_table}.{self.column}:{instance.pk}"

    def from_db_value(self, value, expression, connection):
        return Sealed(value) if value else value

    def pre_save(self, model_instance, add):
        value = model_instance.__dict__.get(self.attname, "")
        if isinstance(value, Sealed) or not value:
            return value
        if model_instance.pk is None:
            raise ValueError(f"{self} needs the row's primary key; save rows one by one")
        return Sealed(seal(str(value), self.context_of(model_instance)))

    def get_db_prep_save(self, value, connection):
        if value and not isinstance(value, Sealed) and not hasattr(value, "as_sql"):
            raise FieldError(
                f"{self} is sealed row by row: set the attribute and save the instance"
            )
        return super().get_db_prep_save(value, connection)

    def get_lookup(self, lookup_name):
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


class BlindIndexField(models.CharField):
    """HMAC of another field of the same row, for equality search; filled in when the row is
    saved.
    """

    def __init__(self, *args, source: str = "", context: str = "", **kwargs):
        self.source = source
        self.context = context or source
        kwargs.setdefault("max_length", 64)
        kwargs.setdefault("db_index", not kwargs.get("unique"))
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "source": self.source, "context": self.context}

    def pre_save(self, model_instance, add):
        value = model_instance.__dict__.get(self.source)
        # Neither read nor set since loading: the index that was loaded still fits.
        if not isinstance(value, Sealed) and self.source in model_instance.__dict__:
            index = blind_index(value, self.context) if value else (None if self.null else "")
            setattr(model_instance, self.attname, index)
        return getattr(model_instance, self.attname)


@receiver(class_prepared)
def _let_rows_reserve_their_number(sender, **more):
    """A sealed value is bound to its row, so a new row takes its number before it is written."""
    number = sender._meta.pk
    if isinstance(number, models.AutoField) and any(
        isinstance(field, SealedTextField) for field in sender._meta.local_fields
    ):
        number.get_pk_value_on_save = partial(_reserve_number, number)


def _reserve_number(field: models.AutoField, instance) -> int | None:
    if not _holds_plaintext(instance):
        return None
    connection = connections[router.db_for_write(type(instance), instance=instance)]
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(field.model._meta.db_table)
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, %s))", [table, field.column])
        return cursor.fetchone()[0]


def _holds_plaintext(instance) -> bool:
    return any(
        isinstance(field, SealedTextField) and instance.__dict__.get(field.attname)
        for field in instance._meta.local_fields
    )
