"""A head gives an item of the department to a colleague, or asks whoever has it to hurry."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.documents.languages import in_both
from platform_core.capabilities.notifications.services import notify_by_template
from platform_core.capabilities.notifications.templates import Template, register_template
from platform_core.capabilities.process.reassignment import said_reason
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.work import work_kind
from security.access import get_or_404, may
from security.actors import Actor
from security.audit.services import record_audit
from security.organs.selectors import headed_ids, officials_of, users_holding

from .acting import too_late
from .models import WorkItem

NAMES = frozenset({"title", "kind", "who", "reason", "person"})

register_template(
    Template(
        key="work_given",
        title={"zh": "“{title}”改由您办理", "en": "“{title}” is yours now"},
        body={
            "zh": "{who}将这件（{kind}）交给您办理。原因：{reason}",
            "en": "{who} gave it to you ({kind}). Reason: {reason}",
        },
        names=NAMES,
    )
)
register_template(
    Template(
        key="work_taken_away",
        title={"zh": "“{title}”改由{person}办理", "en": "{person} has “{title}” now"},
        body={
            "zh": "{who}将这件（{kind}）改交{person}办理。原因：{reason}",
            "en": "{who} gave it ({kind}) to {person}. Reason: {reason}",
        },
        names=NAMES,
    )
)
register_template(
    Template(
        key="work_urged",
        title={"zh": "催办：“{title}”", "en": "Please hurry: “{title}”"},
        body={
            "zh": "{who}催办这件（{kind}），请尽快办理。",
            "en": "{who} waits for it ({kind}). Please see to it.",
        },
        names=NAMES,
    )
)


@transaction.atomic
def hand_on_work(*, actor: Actor, work_id, version: int, to_user, reason: str) -> WorkItem:
    """Give an open item of a pool to a colleague of the department whose matter it is. The head
    may, and so may whoever has it. Both colleagues are told.

    Raises as `acting.act_on_work`; Unusable without a reason or for somebody from elsewhere.
    """
    item = _lock(actor, work_id, version)
    if not (_heads(actor.user, item) or may(actor.user, "handle", item)):
        raise NotAllowed(_("Only the head of the department hands on what others have."))
    if work_kind(item.kind).is_personal:
        raise NotAllowed(_("Everybody does this for themselves: it cannot be handed on."))
    if not item.is_from_pool:
        # Whoever opened it goes on asking for this person.
        raise NotAllowed(_("This waits for one person by name: it cannot be handed on."))
    reason = said_reason(reason)
    people = {str(one.pk): one for one in colleagues(item)}
    person = people.get(str(getattr(to_user, "pk", to_user) or ""))
    if person is None or person.pk == item.assignee_id:
        raise Unusable({"to_user": [_("Choose another colleague of the same department.")]})
    before = item.assignee
    item.assignee, item.urged_at, item.version = person, None, item.version + 1
    item.save(update_fields=["assignee", "urged_at", "version"])
    record_audit(
        actor=actor, verb="work.reassign", obj=item,
        before={"assignee": before.pk if before else None},
        after={"assignee": person.pk, "reason": reason},
    )  # fmt: skip
    _tell(actor, item, "work_given", person, reason)
    if before is not None:
        _tell(actor, item, "work_taken_away", before, reason)
    return item


@transaction.atomic
def urge_work(*, actor: Actor, work_id, version: int) -> WorkItem:
    """Ask whoever has an item of the actor's department to go on with it; once a day."""
    item = _lock(actor, work_id, version)
    if not _heads(actor.user, item):
        raise NotAllowed(_("Only the head of the department may urge here."))
    now = timezone.now()
    if item.urged_at and timezone.localdate(item.urged_at) == timezone.localdate(now):
        raise Conflict(_("This was urged today already."))
    item.urged_at, item.version = now, item.version + 1
    item.save(update_fields=["urged_at", "version"])
    record_audit(actor=actor, verb="work.urge", obj=item)
    for person in [item.assignee] if item.assignee else colleagues(item):
        _tell(actor, item, "work_urged", person, "")
    return item


def colleagues(item: WorkItem) -> list:
    """Who could have the item: the holders of its roles in its department, or everybody there."""
    if item.pool_department is None:
        return []
    if item.pool_groups:
        return users_holding(item.pool_groups, item.pool_department)
    return officials_of(item.pool_department)


def _heads(user, item: WorkItem) -> bool:
    return item.pool_department_id in headed_ids(user)


def _lock(actor: Actor, work_id, version: int) -> WorkItem:
    found = get_or_404(actor.user, "see", WorkItem.objects.all(), pk=work_id)
    item = WorkItem.objects.select_for_update().get(pk=found.pk)
    if item.state != WorkItem.State.OPEN or item.version != version:
        raise too_late(item)
    return item


def _tell(actor: Actor, item: WorkItem, template: str, person, reason: str) -> None:
    if actor.user is not None and person.pk == actor.user.pk:
        return
    values = {
        "title": item.title,
        "kind": in_both(lambda: str(work_kind(item.kind).title)),
        "who": actor.name,
        "reason": reason,
        "person": str(item.assignee or ""),
    }
    notify_by_template(
        actor=actor, recipient=person, template=template, values=values,
        dedupe=f"{template}:{item.pk}:{item.version}:{person.pk}", link=item.address,
    )  # fmt: skip
