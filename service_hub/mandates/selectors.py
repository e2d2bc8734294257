"""Reads of mandates between people, for the two of them."""

from dataclasses import dataclass

from django.http import Http404
from django.utils import timezone

from platform_core.common.i18n import pick
from security.accounts.models import PersonMandate
from security.accounts.selectors import mandates_between
from service_hub.items.models import ServiceItem
from service_hub.items.selectors import open_items


@dataclass(frozen=True)
class Line:
    """One mandate as its two people see it."""

    mandate: PersonMandate
    other: object
    services: list[str]


def service_choices() -> list[tuple[str, str]]:
    """("napp/item", title) of every service that people can use now."""
    items = open_items("public").order_by("napp__slug", "key")
    return [(f"{item.napp.slug}/{item.key}", pick(item.title)) for item in items]


def mandate_lines(user) -> dict[str, list[Line]]:
    """{"asked": wait for this person's answer, "waiting": for the other's, "given", "held"}."""
    today = timezone.localdate()
    found: dict[str, list[Line]] = {"asked": [], "waiting": [], "given": [], "held": []}
    current = mandates_between(user).filter(ended_at=None, valid_until__gte=today)
    mandates = list(current)
    titles = _titles({key for one in mandates for key in one.services})
    for one in mandates:
        is_principal = one.principal_id == user.pk
        if one.accepted_at is None:
            place = "asked" if is_principal else "waiting"
        else:
            place = "given" if is_principal else "held"
        other = one.agent if is_principal else one.principal
        found[place].append(Line(one, other, [titles.get(key, key) for key in one.services]))
    return found


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
