"""Every read of files."""

import re
from datetime import datetime, timedelta
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db.models import Count, QuerySet, Sum
from django.http import Http404
from django.utils import timezone

from .models import StoredFile
from .subjects import may_see_subject

# What services gives as a path: two and thirty hex digits.
FOLDER, NAME = re.compile(r"[0-9a-f]{2}"), re.compile(r"[0-9a-f]{30}")


def file_for(user, file_id, owner_key: str = "") -> StoredFile:
    """The file that this person may see, in whatever state; Http404 for everybody else.

    The one who sent it may see it (by account, or by the visitor's key), and whoever the owner of
    its subject lets.
    """
    try:
        file = StoredFile.objects.get(pk=file_id)
    except (StoredFile.DoesNotExist, ValidationError, ValueError, TypeError):
        raise Http404 from None
    if is_owner(file, user, owner_key):
        return file
    if file.subject_type and may_see_subject(user, file.subject_type, file.subject_id, owner_key):
        return file
    raise Http404


def is_owner(file: StoredFile, user, owner_key: str = "") -> bool:
    """Whether the person sent the file."""
    if file.owner_id is not None:
        return user is not None and user.is_authenticated and file.owner_id == user.pk
    return bool(file.owner_key) and file.owner_key == owner_key


def files_of(subject_type: str, subject_id) -> QuerySet[StoredFile]:
    """The files of a subject, for the module that has already let its reader in."""
    return StoredFile.objects.filter(
        subject_type=subject_type, subject_id=str(subject_id)
    ).order_by("created_at")


def open_content(file: StoredFile) -> BinaryIO:
    """The bytes of a clean file. Raises FileNotFoundError for any other state."""
    if file.state != StoredFile.State.CLEAN:
        raise FileNotFoundError(file.pk)
    return default_storage.open(file.path)


def sent_lately(*, owner_id, owner_key: str, hours: int = 24) -> tuple[int, int]:
    """How many files and bytes a person or visitor sent in the last hours."""
    since = timezone.now() - timedelta(hours=hours)
    files = StoredFile.objects.filter(created_at__gte=since)
    files = (
        files.filter(owner_id=owner_id)
        if owner_id
        else files.filter(owner=None, owner_key=owner_key)
    )
    found = files.aggregate(n=Count("id"), size=Sum("size"))
    return found["n"], found["size"] or 0


def bytes_without_row(before: datetime) -> tuple[list[str], int]:
    """Paths in the store that no row knows, last written before `before`, and how many files the
    store holds in all. Names that the platform did not give are left out of both.
    """
    lost, seen = [], 0
    for folder in sorted(name for name in _listed("")[0] if FOLDER.fullmatch(name)):
        paths = [f"{folder}/{name}" for name in _listed(folder)[1] if NAME.fullmatch(name)]
        known = set(StoredFile.objects.filter(path__in=paths).values_list("path", flat=True))
        seen += len(paths)
        lost += [path for path in paths if path not in known and _is_older(path, before)]
    return lost, seen


def _listed(folder: str) -> tuple[list[str], list[str]]:
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []


def _is_older(path: str, before: datetime) -> bool:
    try:
        return default_storage.get_modified_time(path) < before
    except FileNotFoundError:
        return False
