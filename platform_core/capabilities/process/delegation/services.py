"""Naming a deputy for some days, and taking it back."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.notifications.services import notify_by_template
from platform_core.capabilities.notifications.templates import Template, register_template
from platform_core.common.bounded_json import is_storable
from platform_core.common.errors import Unusable
from platform_core.napps.models import NApp
from security.accounts.models import User
from security.actors import Actor
from security.audit.services import record_audit

from . import selectors
from .models import Delegation

LONGEST_DAYS = 366
LONGEST_REASON = 200

register_template(
    Template(
        key="delegation_set",
        title={"zh": "您受托代{principal}办理", "en": "You act for {principal}"},
        body={
            "zh": "{first}至{last}，{principal}的待办由您代为办理。",
            "en": "From {first} to {last} you handle what waits for {principal}.",
        },
        names=frozenset({"principal", "first", "last"}),
    )
)
register_template(
    Template(
        key="delegation_set_for_you",
        title={"zh": "已为您设置代办人{deputy}", "en": "{deputy} acts for you"},
        body={
            "zh": "{first}至{last}，您的待办由{deputy}代为办理，由{who}设置。",
            "en": "From {first} to {last} {deputy} handles what waits for you, as {who} arranged.",
        },
        names=frozenset({"deputy", "first", "last", "who"}),
    )
)


@transaction.atomic
def set_delegation(
    *,
    actor: Actor,
    principal,
    deputy,
    valid_from: date | None,
    valid_until: date | None,
    napps=(),
    reason: str = "",
) -> Delegation:
    """Let `deputy` act for `principal` from the first to the last day, in `napps` (none: in all).

    The principal sets it, or a head of the principal's department. `principal` and `deputy` are
    users or ids. Raises Unusable for what cannot be.
    """
    principal, deputy = _people(actor, principal, deputy)
    # Two delegations set at once would not see one another.
    list(User.objects.select_for_update(no_key=True).filter(pk__in=[principal.pk, deputy.pk])
         .order_by("pk"))  # fmt: skip
    _check_days(valid_from, valid_until)
    if not is_storable(reason) or len(reason.strip()) > LONGEST_REASON:
        raise Unusable(
            {"reason": [_("Shorten this to %(limit)d characters.") % {"limit": LONGEST_REASON}]}
        )
    wanted = sorted(NApp.objects.filter(pk__in=list(napps)).values_list("pk", flat=True))
    _check_others(principal, deputy, valid_from, valid_until, wanted)
    found = Delegation.objects.create(
        principal=principal,
        deputy=deputy,
        valid_from=valid_from,
        valid_until=valid_until,
        napps=wanted,
        reason=reason.strip(),
        set_by=actor.user,
        set_at=timezone.now(),
    )
    after = {
        "principal": principal.pk, "deputy": deputy.pk, "valid_from": valid_from.isoformat(),
        "valid_until": valid_until.isoformat(), "napps": wanted,
    }  # fmt: skip
    record_audit(actor=actor, verb="delegation.set", obj=found, after=after)
    _tell(actor, found)
    return found


@transaction.atomic
def end_delegation(*, actor: Actor, delegation_id) -> Delegation:
    """End a delegation at once. Http404 for who may not; ended before, it changes nothing."""
    found = selectors.delegation_for(actor.user, delegation_id)
    found = Delegation.objects.select_for_update().get(pk=found.pk)
    if found.ended_at is None:
        found.ended_at, found.ended_by = timezone.now(), actor.user
        found.save(update_fields=["ended_at", "ended_by"])
        record_audit(actor=actor, verb="delegation.end", obj=found)
    return found


def _people(actor: Actor, principal, deputy):
    """Both as users, when the actor may set it and the deputy is a colleague."""
    wanted = str(getattr(principal, "pk", principal) or "")
    mine = {str(one.pk): one for one in selectors.possible_principals(actor.user)}
    if wanted not in mine:
        raise Unusable({"principal": [_("Choose yourself, or somebody of a department you head.")]})
    person = mine[wanted]
    wanted = str(getattr(deputy, "pk", deputy) or "")
    if wanted == str(person.pk):
        raise Unusable({"deputy": [_("Nobody is their own deputy.")]})
    colleagues = {str(one.pk): one for one in selectors.possible_deputies(person)}
    if wanted not in colleagues:
        raise Unusable({"deputy": [_("Choose a colleague of the same department.")]})
    return person, colleagues[wanted]


def _check_days(first: date | None, last: date | None) -> None:
    problems = {}
    if first is None:
        problems["valid_from"] = [_("Give the first day.")]
    if last is None:
        problems["valid_until"] = [_("Give the last day.")]
    if not problems and last < first:
        problems["valid_until"] = [_("The last day is before the first.")]
    elif not problems and last < timezone.localdate():
        problems["valid_until"] = [_("These days have passed already.")]
    elif not problems and (last - first).days >= LONGEST_DAYS:
        problems["valid_until"] = [_("At most a year; set it again afterwards.")]
    if problems:
        raise Unusable(problems)


def _check_others(principal, deputy, first: date, last: date, napps: list[int]) -> None:
    """No two deputies for the same matters, and no deputy who is away and has one of their own:
    chains are not followed, and so a circle cannot come about either.
    """
    others = Delegation.objects.filter(
        ended_at=None, valid_from__lte=last, valid_until__gte=first
    ).select_related("deputy")
    if napps:
        same = others.filter(Q(napps=[]) | Q(napps__overlap=napps), principal=principal)
    else:
        same = others.filter(principal=principal)
    if found := same.first():
        raise Unusable(
            {"valid_from": [_("%(who)s is the deputy in these days already. End that first.")
                            % {"who": found.deputy}]}
        )  # fmt: skip
    if found := others.filter(principal=deputy).first():
        raise Unusable(
            {"deputy": [_("This colleague is away in these days and has named %(who)s.")
                        % {"who": found.deputy}]}
        )  # fmt: skip


def _tell(actor: Actor, found: Delegation) -> None:
    words = {
        "first": found.valid_from.isoformat(),
        "last": found.valid_until.isoformat(),
        "principal": str(found.principal),
        "deputy": str(found.deputy),
        "who": actor.name,
    }
    templates = {"delegation_set": found.deputy}
    if actor.user != found.principal:
        templates["delegation_set_for_you"] = found.principal
    for template, person in templates.items():
        notify_by_template(
            actor=actor,
            recipient=person,
            template=template,
            values=words,
            dedupe=f"{template}:{found.pk}",
        )
