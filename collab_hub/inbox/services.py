"""What an official does in the inbox itself; moving a task is the process capability's."""

from django.db import transaction
from django.db.models import Max
from django.http import Http404
from django.utils.translation import gettext as _

from platform_core.capabilities.forms.display import answers
from platform_core.capabilities.forms.selectors import form_of
from platform_core.capabilities.forms.uploads import store_uploads
from platform_core.capabilities.process import selectors as process
from platform_core.capabilities.process import services as moves
from platform_core.capabilities.process.models import Task
from platform_core.common.errors import Unusable
from platform_core.common.events import emit
from security.accounts.models import User
from security.actors import Actor
from security.audit.services import record_audit, record_read

from .dossier import hidden_in, without
from .models import SavedFilter
from .query import InboxQuery

MAX_FILTERS = 20
MIN_REASON, MAX_REASON = 4, 200
NAME_LENGTH = SavedFilter._meta.get_field("name").max_length


@transaction.atomic
def save_filter(*, actor: Actor, name: str, query: InboxQuery) -> SavedFilter:
    """Keep a view under a name. Raises Unusable for an empty or taken name or too many filters."""
    own = _own_filters(actor)
    name = _usable_name(name, own)
    if own.count() >= MAX_FILTERS:
        message = _("You keep %(count)s filters already. Remove one first.")
        raise Unusable({"name": [message % {"count": MAX_FILTERS}]})
    last = own.aggregate(last=Max("order"))["last"] or 0
    saved = SavedFilter.objects.create(
        user=actor.user, name=name, query=query.address(), order=last + 1
    )
    record_audit(actor=actor, verb="inbox.save_filter", obj=saved, after={"name": name})
    return saved


@transaction.atomic
def rename_filter(*, actor: Actor, filter_id: int, name: str) -> SavedFilter:
    """Give a kept view another name. Http404 for somebody else's, Unusable for a bad name."""
    own = _own_filters(actor)
    saved = _own_filter(own, filter_id)
    before = saved.name
    saved.name = _usable_name(name, own.exclude(pk=saved.pk))
    saved.save(update_fields=["name"])
    record_audit(
        actor=actor,
        verb="inbox.rename_filter",
        obj=saved,
        before={"name": before},
        after={"name": saved.name},
    )
    return saved


@transaction.atomic
def delete_filter(*, actor: Actor, filter_id: int) -> None:
    """Forget a kept view. Raises Http404 when it is not the actor's own."""
    saved = _own_filter(_own_filters(actor), filter_id)
    record_audit(actor=actor, verb="inbox.delete_filter", obj=saved, before={"name": saved.name})
    saved.delete()


def _own_filters(actor: Actor):
    # The lock makes two saves of one name take turns, so the second gets the message, not an error.
    list(User.objects.select_for_update(no_key=True).filter(pk=actor.user.pk))
    return SavedFilter.objects.filter(user=actor.user)


def _own_filter(own, filter_id: int) -> SavedFilter:
    try:
        return own.get(pk=filter_id)
    except SavedFilter.DoesNotExist:
        raise Http404 from None


def _usable_name(name: str, others) -> str:
    name = " ".join(str(name).replace("\x00", "").split())
    if not name:
        raise Unusable({"name": [_("Give the filter a name, for example “Late this week”.")]})
    if len(name) > NAME_LENGTH:
        message = _("Use at most %(count)s characters.") % {"count": NAME_LENGTH}
        raise Unusable({"name": [message]})
    if others.filter(name=name).exists():
        raise Unusable({"name": [_("You have a filter with this name already.")]})
    return name


@transaction.atomic
def open_task(*, actor: Actor, task_id) -> Task:
    """The task for somebody who may see it; whoever keeps the subject's access list hears of it."""
    task = process.task_for(actor.user, task_id)
    emit("subject.read", **_subject(task), actor=actor)
    return task


@transaction.atomic
def keep_uploads(*, actor: Actor, form, posted) -> dict[str, list[str]]:
    """Store the files sent with a fill-in step and name them in `posted.values`.

    Returns the refusals by field. Files already sent stay named by hidden inputs of the page.
    """
    return store_uploads(form.questions(), posted, posted.values, actor, "")


@transaction.atomic
def unmask_answers(*, actor: Actor, task_id, reason: str) -> Task:
    """Let `actor` read the answers of a task's record in full, once, for a reason that is recorded.

    Raises Unusable without a reason; Http404 for strangers and for tasks without a record.
    """
    task = process.task_for(actor.user, task_id)
    record = task.instance.record
    if record is None:
        raise Http404
    reason = " ".join(reason.replace("\x00", "").split())[:MAX_REASON]
    if len(reason) < MIN_REASON:
        raise Unusable({"reason": [_("Say why you need to read the full data.")]})
    shown = without(hidden_in(process.field_rights(task)), answers(record))
    fields = [one.key for section in shown for one in section.answers if one.is_masked]
    record_read(actor=actor, obj=record, fields=fields, reason=reason)
    emit("subject.unmasked", **_subject(task), actor=actor)
    return task


@transaction.atomic
def act_on_task(
    *,
    actor: Actor,
    task_id,
    action: str,
    version: int,
    opinion: str = "",
    data: dict | None = None,
    to_user: str = "",
    to_node: str = "",
    fields: list[str] | None = None,
    when: str = "",
    back: str = "",
) -> Task:
    """Any action an official can choose on a task; raises what process.services.act raises."""
    known = {"actor": actor, "task_id": task_id}
    if action == "claim":
        return moves.claim_task(**known, version=version)
    if action == "release":
        return moves.release_task(**known, version=version)
    if action == "read":
        return moves.mark_read(**known)
    if action == "correct":
        fields = _asked_fields(process.task_for(actor.user, task_id), fields or [], opinion)
    return moves.act(
        **known,
        action=action,
        version=version,
        opinion=opinion.replace("\x00", ""),
        data=data,
        to_user=to_user or None,
        to_node=to_node or None,
        fields=fields,
        when=when,
        back=back,
    )


def _asked_fields(task: Task, chosen: list[str], opinion: str) -> list[str]:
    """The fields to correct in the form's own order; at least one, and only what the form asks."""
    record = task.instance.record
    known = [question.key for question in form_of(record).questions()] if record else []
    fields = [key for key in known if key in set(chosen)]
    problems = {}
    if not fields:
        problems["fields"] = [_("Choose at least one answer that has to be corrected.")]
    if not opinion.strip():
        problems["opinion"] = [_("Write what has to be corrected: the applicant reads it.")]
    if problems:
        raise Unusable(problems)
    return fields


def _subject(task: Task) -> dict:
    instance = task.instance
    return {"subject_type": instance.subject_type, "subject_id": instance.subject_id}
