"""What officials say about a case: who reads it, whom it calls, what becomes of it."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.utils import timezone

from platform_core.capabilities.files.subjects import may_see_subject
from platform_core.capabilities.notifications.models import Message
from platform_core.capabilities.process import selectors as process
from platform_core.capabilities.process import services
from platform_core.capabilities.process.comments import selectors
from platform_core.capabilities.process.comments.services import (
    add_comment,
    edit_comment,
    retract_comment,
)
from platform_core.capabilities.process.models import Task
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.audit.models import AuditEntry
from tests.factories import actor_of, make_official

from ..makers import act, make_napp, open_task, start

pytestmark = pytest.mark.django_db


@pytest.fixture
def dora(db):
    """Works in the department, has no role in the process."""
    return make_official("dora", kind="market", duties=[], name="Dora")


@pytest.fixture
def task(clerk):
    return open_task(start(make_napp()))


def say(user, task, text="Look at the photo.", **more):
    return add_comment(actor=actor_of(user), task_id=task.pk, text=text, **more)


def texts(user, task) -> list[str]:
    return [line["one"].text for line in selectors.comments_of(user, task.instance)]


def test_colleagues_read_it_and_the_applicant_does_not(clerk, other_clerk, reviewer):
    task = open_task(start(make_napp(), starter=reviewer))
    say(clerk, task)
    assert texts(other_clerk, task) == ["Look at the photo."]
    # Whoever began it sees its process as an official, and still not what is said about it.
    assert texts(reviewer, task) == []
    with pytest.raises(NotAllowed):
        say(reviewer, task)


def test_strangers_do_not_write(task, stranger):
    with pytest.raises(Http404):
        say(stranger, task)


@pytest.mark.parametrize("by_name", [True, False])
def test_who_is_called_is_told_and_gets_it_to_read(task, clerk, dora, by_name):
    if by_name:
        comment = say(clerk, task, "@Dora, please look.")
    else:
        comment = say(clerk, task, mentions=[dora.pk])
    assert comment.mentions == [dora.pk]
    assert Message.objects.get(template="comment_mention").recipient == dora
    (reading,) = process.inbox(dora, "cc")
    assert process.task_for(dora, task.pk) == task
    services.mark_read(actor=actor_of(dora), task_id=reading.pk)
    assert texts(dora, task)


def test_who_sees_the_case_already_gets_no_reading_item(task, clerk, other_clerk):
    say(clerk, task, mentions=[other_clerk.pk])
    assert not Task.objects.filter(kind="cc").exists()
    assert Message.objects.filter(recipient=other_clerk, template="comment_mention").exists()


def test_only_people_of_the_departments_are_called(task, clerk, stranger):
    with pytest.raises(Unusable) as error:
        say(clerk, task, mentions=[stranger.pk])
    assert "mentions" in error.value.errors
    say(clerk, task, "@Mallory is only a word here.")
    assert not Message.objects.filter(recipient=stranger).exists()


def test_whoever_began_it_is_not_called(clerk, other_clerk):
    task = open_task(start(make_napp(), starter=other_clerk))
    assert other_clerk not in selectors.people_to_mention(clerk, task.instance)


def test_files_are_for_who_reads_the_comment(task, clerk, other_clerk, stranger):
    upload = SimpleUploadedFile("note.txt", b"a note", content_type="text/plain")
    comment = say(clerk, task, "", uploads=[upload])
    (line,) = selectors.comments_of(other_clerk, task.instance)
    assert [file.name for file in line["files"]] == ["note.txt"]
    subject = (selectors.SUBJECT, str(comment.pk))
    assert may_see_subject(other_clerk, *subject) and not may_see_subject(stranger, *subject)
    retract_comment(actor=actor_of(clerk), comment_id=comment.pk)
    assert not may_see_subject(other_clerk, *subject)


@pytest.mark.parametrize("text", ["", "   ", "a\x00b", "x" * 2001])
def test_what_cannot_be_kept_is_named(task, clerk, text):
    with pytest.raises(Unusable) as error:
        say(clerk, task, text)
    assert set(error.value.errors) == {"text"}


def test_it_can_be_changed_for_five_minutes(task, clerk, other_clerk):
    comment = say(clerk, task)
    edit_comment(actor=actor_of(clerk), comment_id=comment.pk, text="Look at both photos.")
    assert texts(clerk, task) == ["Look at both photos."]
    with pytest.raises(Http404):
        edit_comment(actor=actor_of(other_clerk), comment_id=comment.pk, text="No.")
    later = timezone.now() + timedelta(minutes=6)
    with pytest.raises(Conflict):
        edit_comment(actor=actor_of(clerk), comment_id=comment.pk, text="Late.", at=later)


def test_taken_back_it_leaves_a_trace(task, clerk, other_clerk):
    comment = say(clerk, task)
    with pytest.raises(Http404):
        retract_comment(actor=actor_of(other_clerk), comment_id=comment.pk)
    for _time in range(2):
        retract_comment(actor=actor_of(clerk), comment_id=comment.pk)
    (line,) = selectors.comments_of(other_clerk, task.instance)
    assert line["one"].retracted_at and not line["may_edit"]
    assert AuditEntry.objects.filter(verb="comment.retract").count() == 1


def test_nothing_is_said_about_what_is_closed(task, clerk, reviewer):
    act(clerk, task)
    act(reviewer, open_task(task.instance))
    with pytest.raises(Conflict):
        say(clerk, task)
