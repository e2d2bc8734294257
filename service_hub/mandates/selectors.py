"""Reads of mandates between people, for the two of them."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils import timezone

from platform_core.common.i18n import pick
from platform_core.common.workcalendar import days_light
from security.accounts.models import PersonMandate
from security.accounts.selectors import mandates_between, valid_mandates
from service_hub.items.models import ServiceItem
from service_hub.items.selectors import open_items

# From so many days before, a mandate ends soon.
ENDING_DAYS = 30
MOST_ENDED = 20


@dataclass(frozen=True)
class Line:
    """One mandate as its two people see it."""

    mandate: PersonMandate
    other: object
    services: list[str]
    days_left: int
    is_mine: bool = False

    @property
    def light(self) -> dict:
        """How long it holds: yellow when it ends soon."""
        return days_light(self.days_left, ENDING_DAYS)

    @property
    def may_renew(self) -> bool:
        """Whether the reader gave it and it ends soon or ran out."""
        one = self.mandate
        is_given = self.is_mine and one.accepted_at is not None and one.ended_at is None
        is_ending = self.days_left <= ENDING_DAYS
        return is_given and is_ending and one.relation != one.Relation.GUARDIAN

    @property
    def ended_on(self):
        """The last day on which it held, or on which it was revoked."""
        ended = self.mandate.ended_at
        return timezone.localdate(ended) if ended else self.mandate.valid_until


def service_choices() -> list[tuple[str, str]]:
    """("napp/item", title) of every service that people can use now."""
    items = open_items("public").order_by("napp__slug", "key")
    return [(f"{item.napp.slug}/{item.key}", pick(item.title)) for item in items]


def mandate_lines(user) -> dict[str, list[Line]]:
    """{"asked": wait for this person's answer, "waiting": for the other's, "given", "held",
    "ended": the last ones that hold no longer}. As many queries however many.
    """
    today = timezone.localdate()
    found: dict[str, list[Line]] = {
        "asked": [], "waiting": [], "given": [], "held": [], "ended": [],
    }  # fmt: skip
    is_current = Q(ended_at=None, valid_until__gte=today)
    mandates = list(mandates_between(user).filter(is_current))
    over = mandates_between(user).exclude(is_current).exclude(accepted_at=None)
    mandates += list(over.order_by(Coalesce("ended_at", "asked_at").desc())[:MOST_ENDED])
    titles = _titles({key for one in mandates for key in one.services})
    for one in mandates:
        is_mine = one.principal_id == user.pk
        line = Line(
            mandate=one,
            other=one.agent if is_mine else one.principal,
            services=[titles.get(key, key) for key in one.services],
            days_left=(one.valid_until - today).days,
            is_mine=is_mine,
        )
        found[_place(one, is_mine, today)].append(line)
    found["ended"] = _without_renewed(found)
    return found


def _place(one: PersonMandate, is_mine: bool, today) -> str:
    if one.ended_at or one.valid_until < today:
        return "ended"
    if one.accepted_at is None:
        return "asked" if is_mine else "waiting"
    return "given" if is_mine else "held"


def _without_renewed(found: dict[str, list[Line]]) -> list[Line]:
    """What ended, without what another mandate between the two has taken the place of."""
    pairs = {
        (one.mandate.principal_id, one.mandate.agent_id)
        for place in ("given", "held")
        for one in found[place]
    }
    ended = found["ended"]
    return [one for one in ended if (one.mandate.principal_id, one.mandate.agent_id) not in pairs]


def mandates_to_tell_of(today, days: int):
    """The mandates that hold and end within so many days."""
    ending = valid_mandates(today).filter(valid_until__lte=today + timedelta(days=days))
    return ending.select_related("principal__identity", "agent__identity").order_by("pk")


def _titles(keys: set[str]) -> dict[str, str]:
    if not keys:
        return {}
    slugs = {key.partition("/")[0] for key in keys}
    items = ServiceItem.objects.filter(napp__slug__in=slugs).select_related("napp")
    return {f"{item.napp.slug}/{item.key}": pick(item.title) for item in items}


def mandate_for(user, mandate_id) -> PersonMandate:
    """The mandate when `user` is one of its two people, else Http404."""
    found = mandates_between(user).filter(pk=mandate_id).first()
    if found is None:
        raise Http404
    return found
