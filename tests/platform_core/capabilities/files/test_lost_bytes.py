"""Bytes whose upload was rolled back do not stay; everything else does."""

import os
import time

import pytest
from celery import current_app
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from platform_core.capabilities.files import services, tasks
from platform_core.capabilities.files.models import StoredFile
from security.audit.models import AuditEntry
from tests.factories import actor_of, make_citizen

from .conftest import picture

pytestmark = pytest.mark.django_db
TWO_DAYS = 2 * 24 * 3600


class Dropped(Exception):
    pass


def send(alice) -> StoredFile:
    upload = SimpleUploadedFile("lease.png", picture("PNG"), content_type="image/png")
    return services.store_file(actor=actor_of(alice), upload=upload)


def roll_back(alice) -> str:
    """An upload whose transaction fails after the bytes were written."""
    path = ""
    with pytest.raises(Dropped), transaction.atomic():
        path = send(alice).path
        raise Dropped
    return path


def grow_old(path: str) -> None:
    then = time.time() - TWO_DAYS
    os.utime(default_storage.path(path), (then, then))


def test_a_rolled_back_upload_is_swept_after_a_day():
    alice = make_citizen("alice")
    kept, lost = send(alice).path, roll_back(alice)
    assert default_storage.exists(lost)
    grow_old(kept)
    assert tasks.remove_lost_bytes() == 0  # it might still be under way
    grow_old(lost)
    assert tasks.remove_lost_bytes() == 1
    assert default_storage.exists(kept) and not default_storage.exists(lost)
    assert AuditEntry.objects.get(verb="files.lost_removed").after == {"number": 1}
    assert tasks.remove_lost_bytes() == 0


def test_what_others_put_into_the_store_stays():
    for path in ("readme.txt", "ab/notes.txt", "abc/" + "0" * 30):
        default_storage.save(path, ContentFile(b"x"))
        grow_old(path)
        assert tasks.remove_lost_bytes() == 0
        assert default_storage.exists(path)


def test_a_store_that_does_not_exist_yet_is_no_error():
    assert tasks.remove_lost_bytes() == 0


def test_a_database_that_lost_its_rows_costs_no_file():
    paths = [f"{number % 256:02x}/{number:030x}" for number in range(services.LOST_AT_MOST + 1)]
    for path in paths:
        default_storage.save(path, ContentFile(b"x"))
        grow_old(path)
    assert tasks.remove_lost_bytes() == 0
    assert all(default_storage.exists(path) for path in paths)


def test_the_clock_knows_the_errand():
    names = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert "files.remove_lost_bytes" in names
    assert "files.remove_lost_bytes" in current_app.tasks
