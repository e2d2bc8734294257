"""Policies for firms: written by one official, put into force by another, told to whom they fit."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.rules import FormulaError, check, parse
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.outbox.services import send
from security.access import visible_to
from security.accounts.models import Firm, FirmRegistration
from security.accounts.selectors import managers_of
from security.audit.services import record_audit

from . import facts as known
from .letters import tell_fits
from .matching import FITS, match
from .models import Benefit
from .selectors import department_of

TELLING = "benefits.telling"
AT_ONCE = 200
State = Benefit.State


@transaction.atomic
def ask_benefit(
    *, actor, title: dict, gets: dict, formula: str = "", rule=None, valid_from, valid_until=None,
    item=None, is_automatic: bool = False, department=None,
) -> Benefit:  # fmt: skip
    """An official writes a policy; another one puts it into force. The rule is given as a formula
    over the names of the facts, or as a tree. Raises Unusable at a field, NotAllowed.
    """
    department = department or department_of(actor.user)
    if department is None:
        raise NotAllowed(_("Policies are written by departments that give something to firms."))
    errors = {}
    if not (title.get("zh") and title.get("en")):
        errors["title_zh"] = [_("Give the title in both languages.")]
    if not (gets.get("zh") and gets.get("en")):
        errors["gets_zh"] = [_("Say in both languages what firms get.")]
    if valid_until and valid_until < valid_from:
        errors["valid_until"] = [_("The last day is before the first.")]
    if rule is None:
        try:
            rule = parse(formula, known.labels())
        except FormulaError as error:
            errors["formula"] = [str(error)]
    if rule is not None and (wrong := list(check(rule, known.FIELDS))):
        errors["formula"] = [problem.message for problem in wrong[:3]]
    if errors:
        raise Unusable(errors)
    benefit = Benefit.objects.create(
        title=title, gets=gets, department=department, rule=rule, valid_from=valid_from,
        valid_until=valid_until, item=item, is_automatic=is_automatic, asked_by=actor.user,
    )  # fmt: skip
    record_audit(actor=actor, verb="benefit.ask", obj=benefit)
    return benefit


@transaction.atomic
def decide_benefit(*, actor, benefit: Benefit, is_approved: bool) -> Benefit:
    """Another official of the department puts it into force, or sends it back."""
    found = Benefit.objects.select_for_update()
    benefit = found.get(pk=benefit.pk)
    if benefit.state != State.ASKED:
        raise Conflict(_("This was settled already."))
    if not visible_to(actor.user, "decide", Benefit.objects.filter(pk=benefit.pk)).exists():
        raise NotAllowed(_("A reviewer of the department who did not write it decides."))
    benefit.state = State.APPROVED if is_approved else State.REFUSED
    benefit.decided_by, benefit.decided_at = actor.user, timezone.now()
    benefit.save(update_fields=["state", "decided_by", "decided_at"])
    record_audit(actor=actor, verb="benefit.decide", obj=benefit, after={"state": benefit.state})
    if is_approved:
        _tell_from(benefit, 0)
    return benefit


def _tell_from(benefit: Benefit, after: int) -> None:
    payload = {"benefit": str(benefit.pk), "after": after}
    send(topic=TELLING, key=f"{TELLING}:{benefit.pk}:{after}", payload=payload)


@transaction.atomic
def tell_next_firms(*, actor, benefit_id, after: int) -> int:
    """Tell the managers of the firms that the policy fits, some entries of the register at a time;
    gives how many firms.
    """
    benefit = Benefit.objects.get(pk=benefit_id)
    entries = FirmRegistration.objects.filter(pk__gt=after).select_related("region").order_by("pk")
    entries = list(entries[:AT_ONCE])
    today = timezone.localdate()
    fitting = [
        entry.credit_code_index
        for entry in entries
        if match(benefit.rule, known.facts_of(entry), today)[0] == FITS
    ]
    firms = Firm.objects.filter(credit_code_index__in=fitting, dissolved_on=None)
    count = 0
    for firm in firms:
        count += 1
        for person in managers_of(firm):
            tell_fits(benefit, firm, person, actor=actor)
    if len(entries) == AT_ONCE:
        _tell_from(benefit, entries[-1].pk)
    return count
