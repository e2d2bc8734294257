"""Who reads and writes what is said about a case inside the office. Reads only."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from platform_core.capabilities.files.models import StoredFile
from platform_core.capabilities.files.subjects import register_subject
from security.access import visible_to
from security.organs.selectors import officials_of

from ..models import ProcessInstance, Task
from .models import Comment

SUBJECT = "process.comment"
EDITABLE = timedelta(minutes=5)


def may_talk(user, instance: ProcessInstance) -> bool:
    """Whether `user`, who sees the process, reads and writes its comments: whoever began it, an
    applicant among them, does not.
    """
    return bool(user and user.is_authenticated) and instance.starter_id != user.pk


def comments_of(user, instance: ProcessInstance) -> list[dict]:
    """The comments of a process for somebody who sees it, the oldest first, with their files."""
    if not may_talk(user, instance):
        return []
    found = list(Comment.objects.filter(instance=instance).select_related("author"))
    files: dict[str, list] = {}
    ids = [str(one.pk) for one in found if one.retracted_at is None]
    for file in StoredFile.objects.filter(subject_type=SUBJECT, subject_id__in=ids):
        files.setdefault(file.subject_id, []).append(file)
    now = timezone.now()
    return [
        {
            "one": one,
            "files": files.get(str(one.pk), []),
            "is_own": one.author_id == user.pk and one.retracted_at is None,
            "may_edit": may_edit(user, one, now),
        }
        for one in found
    ]


def may_edit(user, comment: Comment, now) -> bool:
    """Its author may change a comment for five minutes, as long as it stands."""
    is_own = comment.author_id == user.pk and comment.retracted_at is None
    return is_own and now - comment.at <= EDITABLE


def people_to_mention(user, instance: ProcessInstance) -> list:
    """Whom a comment may call: who works in a department of the case, but for whoever began it."""
    if not may_talk(user, instance):
        return []
    tasks = Task.objects.filter(instance=instance).exclude(pool_department=None)
    departments = {task.pool_department for task in tasks.select_related("pool_department")}
    departments |= {instance.department} if instance.department else set()
    found = {person.pk: person for one in departments for person in officials_of(one)}
    barred = {user.pk, instance.starter_id}
    people = [person for pk, person in found.items() if pk not in barred]
    return sorted(people, key=lambda person: (person.name, person.pk))


def may_see_file(user, comment_id: str, request_key: str = "") -> bool:
    """Whether `user` may see the files of a comment: they read the comment, and it stands."""
    comment = Comment.objects.filter(pk=comment_id, retracted_at=None)
    comment = comment.select_related("instance").first()
    if comment is None or not may_talk(user, comment.instance):
        return False
    seen = ProcessInstance.objects.filter(pk=comment.instance_id)
    return visible_to(user, "see", seen).exists()


register_subject(SUBJECT, may_see_file)
