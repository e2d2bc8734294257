"""Reads of a firm's members, invitations and history, for its members."""

from dataclasses import dataclass

from django.http import Http404
from django.utils import timezone

from platform_core.common.i18n import pick
from platform_core.common.workcalendar import days_light
from security.access import visible_to
from security.accounts.firm_roles import MANAGE, gives
from security.accounts.models import FirmAgent
from security.accounts.selectors import (
    firm_mandate,
    firms_of,
    firms_with,
    members_of,
    number_indexes,
)
from security.crypto import blind_index
from service_hub.items.models import ServiceItem
from service_hub.items.selectors import open_items

from .models import FirmEvent, FirmInvitation

# From so many days before, a mandate ends soon.
ENDING_DAYS = 30


@dataclass(frozen=True)
class Member:
    """One member as the others see them; `may_change` by the reader."""

    mandate: FirmAgent
    services: list[str]
    days_left: int | None
    state: str
    may_change: bool
    is_me: bool

    @property
    def light(self) -> dict | None:
        """How long the mandate holds; None for one that follows the register or is suspended."""
        if self.days_left is None or self.state != "valid":
            return None
        return days_light(self.days_left, ENDING_DAYS)

    @property
    def may_renew(self) -> bool:
        """Whether the reader may let it hold another year, because it ends soon or has ended."""
        is_ending = self.days_left is not None and self.days_left <= ENDING_DAYS
        return self.may_change and is_ending and self.state != "suspended"


def service_choices() -> list[tuple[str, str]]:
    """("napp/item", title) of every service that firms can use now."""
    items = open_items("enterprise").order_by("napp__slug", "key")
    return [(f"{item.napp.slug}/{item.key}", pick(item.title)) for item in items]


def may_manage(user, firm) -> bool:
    return firm in firms_with(user, MANAGE)


def member_lines(user, firm) -> list[Member]:
    """The firm's members for one of them; nobody for anybody else. As many queries however many."""
    if firm not in firms_of(user):
        return []
    mine, today = firm_mandate(user, firm), timezone.localdate()
    members = list(members_of(firm))
    titles = _titles({key for one in members for key in one.services})
    return [
        Member(
            mandate=one,
            services=[titles.get(key, key) for key in one.services],
            days_left=(one.valid_until - today).days if one.valid_until else None,
            state=_state(one, today),
            may_change=gives(mine.role, one.role),
            is_me=one.user_id == user.pk,
        )
        for one in members
    ]


def _state(mandate: FirmAgent, today) -> str:
    if mandate.suspended_at:
        return "suspended"
    is_over = mandate.valid_until is not None and mandate.valid_until < today
    return "over" if is_over else "valid"


def _titles(keys: set[str]) -> dict[str, str]:
    if not keys:
        return {}
    slugs = {key.partition("/")[0] for key in keys}
    items = ServiceItem.objects.filter(napp__slug__in=slugs).select_related("napp")
    return {f"{item.napp.slug}/{item.key}": pick(item.title) for item in items}


def member_for(user, firm, mandate_id) -> FirmAgent:
    """A member's mandate when `user` manages the firm, or it is their own; else Http404."""
    found = FirmAgent.objects.filter(pk=mandate_id, firm=firm, ended_at=None)
    found = found.select_related("firm", "user__identity").first()
    mine = firm_mandate(user, firm) if firm in firms_of(user) else None
    if found is None or mine is None:
        raise Http404
    if found.pk != mine.pk and not gives(mine.role, found.role):
        raise Http404
    return found


def open_invitations(user, firm):
    """Unanswered invitations, newest first, for whoever manages the firm."""
    waiting = FirmInvitation.objects.filter(
        firm=firm, settled_at=None, expires_at__gt=timezone.now()
    )
    return visible_to(user, "view", waiting).select_related("by").order_by("-made_at")


def invitation_for(user, firm, invitation_id) -> FirmInvitation:
    """An unanswered invitation of the firm for whoever manages it, else Http404."""
    found = open_invitations(user, firm).filter(pk=invitation_id).first()
    if found is None:
        raise Http404
    return found


def invitation_with(token: str) -> FirmInvitation:
    """The invitation that this link leads to, while it can be answered; else Http404."""
    found = FirmInvitation.objects.filter(
        token_index=blind_index(token, "firm_invitation"),
        settled_at=None,
        expires_at__gt=timezone.now(),
    )
    found = found.select_related("firm", "by").first()
    if found is None:
        raise Http404
    return found


def invitations_to(user):
    """Unanswered invitations that name a number of this person, newest first."""
    found = FirmInvitation.objects.filter(
        number_index__in=number_indexes(user), settled_at=None, expires_at__gt=timezone.now()
    )
    return found.select_related("firm").order_by("-made_at")


def history_of(user, firm):
    """Who did what for the firm, newest first."""
    lines = FirmEvent.objects.filter(firm=firm).select_related("actor", "subject")
    return visible_to(user, "view", lines).order_by("-at", "-pk")
