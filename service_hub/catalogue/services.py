"""Writes of the catalogue: a version is drafted, proposed, and published by a second person."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.audit.services import record_audit
from security.organs.models import Department

from . import selectors
from .checks import check, code_problem, implementing_code_problem, parent_problem
from .elements import BASIC, IMPLEMENTING
from .models import BasicItem, Change, ImplementingItem, Version

State = Version.State


@transaction.atomic
def begin_item(*, actor, kind: str, code: str):
    """The item with this code, made when it is new. Raises Unusable at "code", NotAllowed."""
    item = selectors.ITEMS[kind].objects.filter(code=code).first()
    if item is not None:
        _require(actor, item)
        return item
    if not selectors.may_begin(actor.user, kind):
        raise NotAllowed(_("You may not add items to the basic catalogue."))
    problem = code_problem(code) if kind == BASIC else implementing_code_problem(code)
    if problem:
        raise Unusable({"code": [problem]})
    fixed = {}
    if kind != BASIC:
        basic, department = _parents_of(code)
        if not selectors.may_implement(actor.user, department):
            raise NotAllowed(_("This organ is not yours."))
        fixed = {"basic": basic, "department": department}
    # Two people may begin the same item at once: the second goes on with what the first began.
    item, is_new = selectors.ITEMS[kind].objects.get_or_create(code=code, defaults=fixed)
    if is_new:
        record_audit(actor=actor, verb="catalogue.begin", obj=item)
    return item


def _parents_of(code: str) -> tuple[BasicItem, Department]:
    """The basic item and the organ that an implementing code names. Raises Unusable at "code"."""
    basic = selectors.basic_item(code[19:])
    if basic is None:
        message = _("The basic catalogue has no item %(code)s in force.")
        raise Unusable({"code": [message % {"code": code[19:]}]})
    organs = list(
        Department.objects.filter(credit_code=code[:18], is_active=True).select_related("region")[
            :2
        ]
    )
    if len(organs) != 1:
        raise Unusable(
            {"code": [_("No organ has the credit code %(code)s.") % {"code": code[:18]}]}
        )
    return basic, organs[0]


@transaction.atomic
def save_draft(*, actor, item, elements: dict) -> Version:
    """Keep `elements` as the draft of the next version of `item`.

    Raises Unusable with the errors by element; Conflict while a proposal waits, or when somebody
    else writes a draft; NotAllowed unless the actor looks after the item.
    """
    item = _lock(item)
    _require(actor, item)
    kind = _kind_of(item)
    clean, errors = check(kind, elements)
    if kind == BASIC and not errors:
        errors = _parent_errors(item, clean)
    if errors:
        raise Unusable(errors)
    if item.current and item.current.elements == clean:
        raise Unusable({"": [_("Nothing differs from the version in force.")]})
    draft = selectors.open_version(item)
    if draft is not None and draft.state == State.PROPOSED:
        raise Conflict(_("A change of this item waits for a second person."))
    if draft is not None and draft.made_by_id != actor.user.pk:
        message = _("%(name)s is writing a draft. It has to be proposed or thrown away first.")
        raise Conflict(message % {"name": draft.made_by})
    if draft is None:
        draft = selectors.VERSIONS[kind](item=item, number=_next_number(item), made_by=actor.user)
    draft.elements = clean
    draft.save()
    record_audit(actor=actor, verb="catalogue.draft", obj=item, after={"version": draft.number})
    return draft


def _parent_errors(item: BasicItem, clean: dict) -> dict[str, list[str]]:
    """A sub-item stands below a main item of the same type, and nothing below a sub-item."""
    code = clean["parent_code"]
    parent = selectors.basic_item(code) if code else None
    known = {code: parent.current.elements["parent_code"]} if parent else {}
    problem = parent_problem(item.code, code, known)
    return {"parent_code": [problem]} if problem else {}


def _next_number(item) -> int:
    """Numbers are never used twice; refused versions keep theirs."""
    return (item.versions.aggregate(last=Max("number"))["last"] or 0) + 1


def _kind_of(item) -> str:
    return BASIC if isinstance(item, BasicItem) else IMPLEMENTING


@transaction.atomic
def discard_draft(*, actor, item) -> None:
    """Throw the draft of `item` away. Raises Conflict when there is none."""
    item = _lock(item)
    _require(actor, item)
    gone, _rows = item.versions.filter(state=State.DRAFT).delete()
    if not gone:
        raise Conflict(_("There is no draft any more."))
    record_audit(actor=actor, verb="catalogue.discard", obj=item)


@transaction.atomic
def propose(*, actor, item, why: str) -> Change:
    """Ask that the draft of `item` be published. Raises Unusable at "why", Conflict without a
    draft.
    """
    item = _lock(item)
    _require(actor, item)
    draft = selectors.open_version(item)
    if draft is None or draft.state != State.DRAFT:
        raise Conflict(_("There is no draft any more."))
    change = open_change(actor=actor, why=why)
    draft.state, draft.change = State.PROPOSED, change
    draft.save(update_fields=["state", "change"])
    return change


@transaction.atomic
def open_change(*, actor, why: str) -> Change:
    """A new change by the actor, to be filled with versions."""
    why = (why or "").replace("\x00", "").strip()
    if not why or len(why) > Change._meta.get_field("why").max_length:
        raise Unusable({"why": [_("Say why in at most %(n)d characters.") % {"n": 400}]})
    change = Change.objects.create(asked_by=actor.user, why=why)
    record_audit(actor=actor, verb="catalogue.propose", obj=change, after={"why": why})
    return change


@transaction.atomic
def decide(*, actor, change: Change, approve: bool, reason: str = "", at=None) -> Change:
    """Publish a change, or refuse it with a reason. Only a second person may: neither whoever
    proposed nor anybody who wrote a part of it.

    Raises NotAllowed, Conflict when it was decided meanwhile, Unusable at "reason".
    """
    change = _open_change_of(change)
    if not selectors.waiting_for(actor.user).filter(pk=change.pk).exists():
        raise NotAllowed(_("A second person decides: not who proposed it or wrote a part of it."))
    reason = (reason or "").replace("\x00", "").strip()[:400]
    if not approve and not reason:
        raise Unusable({"reason": [_("Say why it is refused.")]})
    at = at or timezone.now()
    change.state = Change.State.APPROVED if approve else Change.State.REFUSED
    change.decided_by, change.decided_at, change.reason = actor.user, at, reason
    change.save()
    for kind in (BASIC, IMPLEMENTING):
        if approve:
            _publish(kind, change, at)
        else:
            selectors.VERSIONS[kind].objects.filter(change=change).update(state=State.REFUSED)
    verb = "catalogue.publish" if approve else "catalogue.refuse"
    record_audit(actor=actor, verb=verb, obj=change, after={"reason": reason})
    return change


@transaction.atomic
def take_back(*, actor, change: Change) -> Change:
    """Whoever proposed a change takes it back; its versions are drafts again."""
    change = _open_change_of(change)
    if change.asked_by_id != actor.user.pk:
        raise NotAllowed(_("Only who proposed it can take it back."))
    change.state = Change.State.WITHDRAWN
    change.save()
    for versions in (change.basic_versions, change.implementing_versions):
        versions.update(state=State.DRAFT)
    record_audit(actor=actor, verb="catalogue.take_back", obj=change)
    return change


def _publish(kind: str, change: Change, at) -> None:
    """Put the versions of a change in force; what they replace stays readable. As many statements
    however many they are.
    """
    versions, items = selectors.VERSIONS[kind].objects, selectors.ITEMS[kind].objects
    mine = versions.filter(change=change)
    versions.filter(pk__in=items.filter(versions__in=mine).values("current")).update(
        state=State.REPLACED
    )
    fresh = {"state": State.PUBLISHED, "published_at": at}
    if kind == IMPLEMENTING:
        inherited = ImplementingItem.objects.filter(pk=OuterRef("item"))
        fresh["basic_version"] = Subquery(inherited.values("basic__current")[:1])
    mine.update(**fresh)
    newest = mine.filter(item=OuterRef("pk"))
    items.filter(versions__in=mine).update(current=Subquery(newest.values("pk")[:1]))


def _open_change_of(change: Change) -> Change:
    change = Change.objects.select_for_update().get(pk=change.pk)
    if change.state != Change.State.OPEN:
        raise Conflict(_("This was decided meanwhile."))
    return change


def _lock(item):
    return (
        type(item).objects.select_for_update(of=("self",)).select_related("current").get(pk=item.pk)
    )


def _require(actor, item) -> None:
    if not selectors.may_change(actor.user, item):
        raise NotAllowed(_("This item is looked after by another organ."))
