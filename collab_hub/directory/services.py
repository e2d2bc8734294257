"""Writes of the address book: a person's own card, what it is found by, the list as a file."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from platform_core.common.bounded_json import is_storable
from platform_core.common.errors import NotAllowed, Unusable
from security.accounts.models import User
from security.actors import Actor
from security.audit.services import record_audit
from security.crypto import blind_index

from .finding import END_DIGITS, barred
from .models import Card
from .policies import is_inside
from .selectors import END

AT_ONCE = 500
LONGEST = {"room": 60, "phone": 40}


@transaction.atomic
def save_card(*, actor: Actor, room: str, phone: str, hides_mobile: bool) -> Card:
    """The actor's own room and office phone, and whether colleagues see the mobile number.

    Raises Unusable at "room" or "phone", NotAllowed for whoever has no post.
    """
    if not is_inside(actor.user):
        raise NotAllowed(_("Only who has a post stands in the address book."))
    given = {"room": room.strip(), "phone": phone.strip()}
    wrong = {
        name: [_("Shorten this to %(limit)d characters.") % {"limit": LONGEST[name]}]
        for name, text in given.items()
        if not is_storable(text) or len(text) > LONGEST[name]
    }
    if wrong:
        raise Unusable(wrong)
    card, _is_new = Card.objects.select_for_update().get_or_create(user=actor.user)
    given["hides_mobile"] = bool(hides_mobile)
    before = {name: getattr(card, name) for name in given}
    for name, value in given.items():
        setattr(card, name, value)
    _index(card, actor.user)
    card.save()
    record_audit(actor=actor, verb="card.change", obj=card, before=before, after=given)
    return card


@transaction.atomic
def refresh_cards(*, actor: Actor) -> int:
    """Make the cards that are missing, and bring those up to date whose name or number changed;
    returns how many. At most 500, the rest comes next time.
    """
    officials = User.objects.filter(kind=User.Kind.OFFICIAL, is_active=True)
    stale = Q(card=None) | ~Q(card__named=F("name"))
    stale |= Q(phone_index=None) & ~Q(card__numbered="")
    stale |= Q(phone_index__isnull=False) & ~Q(card__numbered=F("phone_index"))
    found = list(officials.filter(stale).order_by("pk")[:AT_ONCE])
    known = Card.objects.select_for_update().in_bulk([one.pk for one in found])
    new = []
    for user in found:
        card = known.get(user.pk)
        if card is None:
            new.append(Card(user=user))
            _index(new[-1], user)
        else:
            _index(card, user)
            card.save()
    # Whoever saves their own first card at this moment keeps it.
    Card.objects.bulk_create(new, ignore_conflicts=True)
    return len(found)


def _index(card: Card, user: User) -> None:
    card.named, card.sounds = user.name, barred(user.name)
    card.numbered = user.phone_index or ""
    end = user.phone[-END_DIGITS:] if card.numbered else ""
    card.mobile_end = blind_index(end, END) if end else ""


@transaction.atomic
def note_export(*, actor: Actor, what: str, label: str, rows: int) -> None:
    """Write into the trail that somebody took a list away. Looking one person up is no event."""
    record_audit(
        actor=actor, verb="directory.export", obj=(f"collab_hub.{what}", "", label),
        after={"rows": rows},
    )  # fmt: skip
