from django.db.models import QuerySet

from security.access import Policy, register_policy

from .models import StoredFile


class StoredFilePolicy(Policy):
    """Lists show a person's own files; those of a subject are reached through the subject."""

    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        if user is None or not user.is_authenticated:
            return queryset.none()
        return queryset.filter(owner=user)


register_policy(StoredFile, StoredFilePolicy())
