"""Reads of policies: for a firm with the reasons, for the office."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import get_language

from platform_core.capabilities.rules import sentence
from platform_core.common.i18n import pick
from security.access import get_or_404, visible_to
from security.accounts.selectors import firms_of
from security.organs.selectors import active_posts

from . import facts as known
from .matching import FITS, MAYBE, NO, match
from .models import Benefit

MOST = 500
NEW_FOR = timedelta(days=30)
ORDER = (FITS, MAYBE, NO)
KINDS = {"economy", "market", "social_security", "housing", "service_bureau"}


@dataclass(frozen=True)
class Match:
    """A policy and how it stands for the firm, with the words of each condition."""

    benefit: Benefit
    result: str
    conditions: list[dict]


def language() -> str:
    """The language in which conditions are said to the reader."""
    return "zh" if (get_language() or "").startswith("zh") else "en"


def in_force(today=None):
    """The policies that firms can have today."""
    today = today or timezone.localdate()
    found = Benefit.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=today),
        state=Benefit.State.APPROVED, valid_from__lte=today,
    )  # fmt: skip
    return found.select_related("department", "item__napp").order_by("-valid_from", "pk")


def matches_for(user, firm, language: str) -> list[Match]:
    """Every policy in force for one of the firm's members, those that fit first. Two queries,
    however many.
    """
    if firm not in firms_of(user):
        return []
    facts = known.facts_of_firm(firm)
    found = [_match(one, facts, language) for one in in_force()[:MOST]]
    return sorted(found, key=lambda one: ORDER.index(one.result))


def new_for(user, firm) -> list[Benefit]:
    """Policies that fit the firm and came into force in the last weeks, the newest first."""
    if firm not in firms_of(user):
        return []
    today, since = timezone.localdate(), timezone.now() - NEW_FOR
    fresh = list(in_force().filter(decided_at__gte=since).order_by("-decided_at", "pk")[:MOST])
    facts = known.facts_of_firm(firm) if fresh else {}
    return [one for one in fresh if match(one.rule, facts, today)[0] == FITS]


def match_for(user, firm, benefit_id, language: str) -> Match:
    """One policy in force for one of the firm's members, else Http404."""
    found = in_force().filter(pk=benefit_id).first()
    if found is None or firm not in firms_of(user):
        raise Http404
    return _match(found, known.facts_of_firm(firm), language)


def _match(benefit: Benefit, facts: dict, language: str) -> Match:
    result, conditions = match(benefit.rule, facts, timezone.localdate())
    labels, options = known.labels(), known.options()
    return Match(
        benefit,
        result,
        [
            {
                "words": sentence(one.rule, labels, language, options=options),
                "state": one.state,
                "missing": [labels[key] for key in one.missing],
            }
            for one in conditions
        ],
    )


def writes_policies(user) -> bool:
    """Whether the official sits in a department that gives something to firms."""
    return any(post.department.kind in KINDS for post in active_posts(user))


def department_of(user):
    """The department in whose name the official writes, or None."""
    posts = (post for post in active_posts(user) if post.department.kind in KINDS)
    return next((post.department for post in posts), None)


def of_office(user):
    """The policies of the official's departments, what waits first."""
    found = visible_to(user, "view", Benefit.objects.all())
    return found.select_related("department", "asked_by").order_by("decided_at", "-asked_at")


def for_office(user, benefit_id) -> Benefit:
    """One policy of the official's department, else Http404."""
    found = Benefit.objects.select_related("department", "item__napp", "asked_by", "decided_by")
    return get_or_404(user, "view", found, pk=benefit_id)


def may_decide(user, benefit: Benefit) -> bool:
    """Whether the official may approve or send back this policy now."""
    waiting = Benefit.objects.filter(pk=benefit.pk, state=Benefit.State.ASKED)
    return visible_to(user, "decide", waiting).exists()


def rule_in_words(benefit: Benefit, language: str) -> str:
    return sentence(benefit.rule, known.labels(), language, options=known.options())


def item_choices(items) -> list[tuple[str, str]]:
    return [(str(item.pk), pick(item.title)) for item in items]
