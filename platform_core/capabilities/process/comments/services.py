"""What officials write to one another about a case."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.files.services import link_file, store_file
from platform_core.capabilities.notifications.services import notify_by_template
from platform_core.capabilities.notifications.templates import Template, register_template
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.access import visible_to
from security.actors import Actor
from security.audit.services import record_audit

from .. import moves
from ..deadlines import NAMES, values_of
from ..links import task_link
from ..locking import lock_instance
from ..models import ProcessInstance, Task
from ..selectors import task_for
from . import selectors
from .models import Comment

LONGEST = 2000
MOST_FILES = 5
MENTION = {"zh": "被提及", "en": "You are mentioned"}
# No step of a definition can have this key.
NODE = "@mention"

register_template(
    Template(
        key="comment_mention",
        title={"zh": "{who}在“{subject}”中提到了您", "en": "{who} mentions you: {subject}"},
        body={
            "zh": "{napp}，{step}：{subject}（{number}）的评论中提到了您。",
            "en": "{napp}, {step}: a comment on {subject} ({number}) mentions you.",
        },
        names=NAMES | {"who"},
    )
)


@transaction.atomic
def add_comment(*, actor: Actor, task_id, text: str, mentions=(), uploads=(), at=None) -> Comment:
    """Write a comment on the case of a task, calling `mentions` (ids) and whoever is named with
    “@” in the text. Who is called is told, and gets it to read when they could not see the case.

    Raises Http404 for strangers, NotAllowed for whoever began the case, Unusable for what cannot
    be stored.
    """
    at = at or timezone.now()
    task = task_for(actor.user, task_id)
    if not selectors.may_talk(actor.user, task.instance):
        raise NotAllowed(_("Comments are for those who handle the case."))
    instance = lock_instance(id=task.instance_id)
    moves.must_run(instance)
    text = _checked(text, uploads)
    people = _called(actor.user, instance, text, mentions)
    comment = Comment.objects.create(
        instance=instance,
        author=actor.user,
        text=text,
        mentions=[person.pk for person in people],
        at=at,
    )
    for upload in uploads:
        file = _kept(actor, upload)
        link_file(
            actor=actor, file_id=file.pk, subject_type=selectors.SUBJECT, subject_id=comment.pk
        )
    for person in people:
        _call(actor, task, instance, person, comment, at)
    after = {"mentions": comment.mentions, "files": len(uploads)}
    record_audit(actor=actor, verb="comment.add", obj=comment, after=after)
    return comment


@transaction.atomic
def edit_comment(*, actor: Actor, comment_id, text: str, at=None) -> Comment:
    """Change one's own comment within five minutes; Conflict afterwards, Http404 for others."""
    at = at or timezone.now()
    comment = _own(actor, comment_id)
    if not selectors.may_edit(actor.user, comment, at):
        raise Conflict(_("A comment can be changed for five minutes. It can still be retracted."))
    comment.text, comment.edited_at = _checked(text, ()), at
    comment.save(update_fields=["text", "edited_at"])
    record_audit(actor=actor, verb="comment.edit", obj=comment)
    return comment


@transaction.atomic
def retract_comment(*, actor: Actor, comment_id, at=None) -> Comment:
    """Take one's own comment back: a line stays that says so, nobody reads text and files."""
    comment = _own(actor, comment_id)
    if comment.retracted_at is None:
        comment.retracted_at = at or timezone.now()
        comment.save(update_fields=["retracted_at"])
        record_audit(actor=actor, verb="comment.retract", obj=comment)
    return comment


def _own(actor: Actor, comment_id) -> Comment:
    found = Comment.objects.select_for_update().filter(pk=comment_id, author=actor.user).first()
    seen = ProcessInstance.objects.filter(pk=found.instance_id) if found else None
    if found is None or not visible_to(actor.user, "see", seen).exists():
        raise Http404
    return found


def _checked(text: str, uploads) -> str:
    text = text.strip()
    moves.must_be_storable("text", text)
    if not text and not uploads:
        raise Unusable({"text": [_("Write something.")]})
    if len(text) > LONGEST:
        raise Unusable({"text": [_("Shorten this to %(limit)d characters.") % {"limit": LONGEST}]})
    if len(uploads) > MOST_FILES:
        raise Unusable({"files": [_("At most %(limit)d files.") % {"limit": MOST_FILES}]})
    return text


def _kept(actor: Actor, upload):
    try:
        return store_file(actor=actor, upload=upload)
    except Unusable as error:
        raise Unusable({"files": error.errors.get("", [])}) from None


def _called(user, instance: ProcessInstance, text: str, mentions) -> list:
    """The people a comment calls; a name that nobody there has is only a word."""
    wanted = {str(one) for one in mentions}
    people = selectors.people_to_mention(user, instance)
    found = [p for p in people if str(p.pk) in wanted or (p.name and f"@{p.name}" in text)]
    unknown = wanted - {str(person.pk) for person in found}
    if unknown:
        raise Unusable({"mentions": [_("Call only people of the departments of this case.")]})
    return found


def _call(actor: Actor, task: Task, instance, person, comment: Comment, at) -> None:
    seen = visible_to(person, "see", ProcessInstance.objects.filter(pk=instance.pk))
    if not seen.exists():
        task = Task.objects.create(
            instance=instance,
            node=NODE,
            kind="cc",
            title=MENTION,
            assignee=person,
            pool_department=task.pool_department,
            opened_at=at,
        )
    notify_by_template(
        actor=actor,
        recipient=person,
        template="comment_mention",
        values={**values_of(task), "who": actor.name},
        dedupe=f"comment:{comment.pk}:{person.pk}",
        link=task_link(task.pk),
    )
