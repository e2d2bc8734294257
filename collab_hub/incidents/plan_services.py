"""Writes of plans: begin one, write its next version, send it to a second person, publish it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collab_hub.inbox.work import close_work, put_work
from platform_core.capabilities.documents.languages import in_both
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.access import may
from security.audit.services import record_audit
from security.organs.duties import standing_group
from security.organs.models import Department
from security.organs.selectors import organs_of

from . import content as plans
from .activating import ACTIVATOR
from .models import Kind, Plan, PlanVersion
from .room import both, needed

State = PlanVersion.State
PUBLISH = "incident_plan"
OPEN = (State.DRAFT, State.ASKED)


@transaction.atomic
def begin_plan(*, actor, owner: Department, title, kind: str) -> PlanVersion:
    """A new plan with an empty draft. Raises NotAllowed, Unusable at title or kind."""
    if owner.pk not in organs_of(actor.user):
        raise NotAllowed(_("An organ's own people write its plans."))
    title = both(title)
    if not title["zh"]:
        raise Unusable({"title": [_("Write a name.")]})
    if kind not in Kind.values:
        raise Unusable({"kind": [_("Choose one.")]})
    # Whoever gives out duties finds this one among the roles.
    standing_group(ACTIVATOR)
    plan = Plan.objects.create(owner=owner, title=title, kind=kind)
    record_audit(actor=actor, verb="incident_plan.begin", obj=plan, after={"title": title})
    return PlanVersion.objects.create(
        plan=plan, number=1, content=plans.empty(), asked_by=actor.user
    )


def _locked(actor, plan: Plan) -> Plan:
    found = Plan.objects.select_for_update(of=("self",)).select_related("owner").get(pk=plan.pk)
    if not may(actor.user, "keep", found):
        raise NotAllowed(_("An organ's own people write its plans."))
    return found


def _draft(actor, plan: Plan, revision: int | None) -> PlanVersion:
    """The draft to be changed, as it was seen."""
    _locked(actor, plan)
    found = plan.versions.filter(state=State.DRAFT).first()
    if found is None:
        raise Conflict(_("There is no draft any more. Begin a new version."))
    if revision is not None and revision != found.revision:
        words = {"who": found.asked_by}
        raise Conflict(_("%(who)s changed the draft meanwhile. Look again.") % words)
    return found


def _keep(actor, draft: PlanVersion, content: dict) -> PlanVersion:
    draft.content, draft.asked_by = content, actor.user
    draft.revision += 1
    draft.save(update_fields=["content", "asked_by", "revision"])
    return draft


@transaction.atomic
def begin_version(*, actor, plan: Plan) -> PlanVersion:
    """The next draft, from what is in force or was sent back; the open one when there is one."""
    _locked(actor, plan)
    open_one = plan.versions.filter(state__in=OPEN).first()
    if open_one is not None:
        return open_one
    last = plan.versions.first()
    record_audit(actor=actor, verb="incident_plan.draft", obj=plan)
    return PlanVersion.objects.create(
        plan=plan, number=last.number + 1, content=last.content, asked_by=actor.user
    )


@transaction.atomic
def add_entry(*, actor, plan: Plan, part: str, values: dict, revision: int | None = None):
    """One more entry in a part of the draft. Raises Unusable at its fields."""
    draft = _draft(actor, plan, revision)
    values = {**values, "title": both(values.get("title"))}
    errors = plans.faults_of(draft.content, part, values)
    if errors:
        raise Unusable(errors)
    return _keep(actor, draft, plans.with_entry(draft.content, part, values))


@transaction.atomic
def drop_entry(*, actor, plan: Plan, part: str, key: str, revision: int | None = None):
    """Take an entry out of the draft. Raises Unusable at `part`, Conflict while others name it."""
    if part not in plans.PARTS:
        raise Unusable({"part": [_("Choose one that is there.")]})
    draft = _draft(actor, plan, revision)
    users = plans.users_of(draft.content, part, key)
    if users:
        words = {"names": _(", ").join(users[:3])}
        raise Conflict(_("Others need it: %(names)s. Take those out first.") % words)
    return _keep(actor, draft, plans.without_entry(draft.content, part, key))


@transaction.atomic
def set_minutes(*, actor, plan: Plan, minutes: int, revision: int | None = None) -> PlanVersion:
    """After how many minutes without an answer the next one up the tree is told."""
    draft = _draft(actor, plan, revision)
    if not 1 <= minutes <= plans.MOST_ESCALATE:
        words = {"n": plans.MOST_ESCALATE}
        raise Unusable({"minutes": [_("Write between 1 and %(n)s minutes.") % words]})
    return _keep(actor, draft, draft.content | {"escalate_minutes": minutes})


@transaction.atomic
def ask_for_publication(*, actor, plan: Plan, revision: int | None = None) -> PlanVersion:
    """Send the draft to a second person of the organ: not to who wrote it last, whoever asks.
    Raises Unusable with what is missing.
    """
    draft = _draft(actor, plan, revision)
    faults = plans.faults(draft.content)
    if faults:
        raise Unusable({"": faults})
    draft.state, draft.asked_at = State.ASKED, timezone.now()
    draft.save(update_fields=["state", "asked_at"])
    put_work(
        actor=actor, kind=PUBLISH, obj=plan, title=plan.title, department=plan.owner,
        reason=in_both(lambda: _("A second person publishes it")),
        address=("incident_plan", [plan.pk]),
    )  # fmt: skip
    record_audit(actor=actor, verb="incident_plan.ask", obj=plan, after={"version": draft.number})
    return draft


@transaction.atomic
def decide_plan(
    *, actor, plan: Plan, is_fit: bool, answer: str = "", number: int | None = None
) -> PlanVersion:
    """Publish the version that waits, or send it back with a reason; never one's own. The version
    in force before is replaced; incidents that run under it go on as they are. `number` is the
    version that was read: Conflict when another one waits by now.
    """
    plan = _locked(actor, plan)
    waits = plan.versions.filter(state=State.ASKED).first()
    if waits is None:
        raise Conflict(_("Nothing waits to be published any more."))
    if number is not None and number != waits.number:
        raise Conflict(_("This page is out of date. Look again before you decide."))
    if waits.asked_by_id == actor.user.pk:
        raise NotAllowed(_("A colleague publishes what you have written."))
    answer = needed(answer, "answer", is_needed=not is_fit)
    if is_fit:
        plan.versions.filter(state=State.APPROVED).update(state=State.REPLACED)
    waits.state = State.APPROVED if is_fit else State.REFUSED
    waits.decided_by, waits.decided_at, waits.answer = actor.user, timezone.now(), answer
    waits.save(update_fields=["state", "decided_by", "decided_at", "answer"])
    close_work(actor=actor, kind=PUBLISH, obj=plan, outcome="publish" if is_fit else "refuse")
    record_audit(
        actor=actor, verb="incident_plan.publish" if is_fit else "incident_plan.refuse", obj=plan,
        after={"version": waits.number},
    )  # fmt: skip
    return waits
