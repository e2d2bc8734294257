"""Two supervising officials of Hangzhou, a lead organ in Xihu, and matters between them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from collab_hub.supervision import services, verdict_services
from collab_hub.supervision.models import Supervision
from security.accounts.models import User
from tests.factories import actor_of, make_department, make_official

MATTER = {"zh": "电梯加装", "en": "Lifts in old blocks"}


def person(username: str, **place) -> User:
    """The official with this name, made when asked for the first time."""
    found = User.objects.filter(username=username).first()
    return found or make_official(username, name=username.capitalize(), **place)


def supervisor(username: str = "sun") -> User:
    return person(username, kind="service_bureau", region="330100", duties=["clerk"])


def doer(username: str = "li", kind: str = "housing") -> User:
    return person(username, kind=kind, region="330106", duties=["head"])


def owner():
    return make_department("service_bureau", "330100")


def proposed(*, lead=None, assisting=(), at: datetime | None = None, title=None) -> Supervision:
    """A matter that Sun proposed."""
    at = at or timezone.now()
    return services.propose_supervision(
        actor=actor_of(supervisor("sun")), owner=owner(), kind="meeting", title=title or MATTER,
        requirement="Thirty lifts this year.", lead=lead or make_department("housing"),
        assisting=assisting, due_on=timezone.localdate(at) + timedelta(days=20), at=at,
    )  # fmt: skip


def opened(*, lead=None, assisting=(), at: datetime | None = None, title=None) -> Supervision:
    """A matter that Sun proposed and Zhou opened, due in 20 days."""
    at = at or timezone.now()
    lead = lead or make_department("housing")
    item = proposed(lead=lead, assisting=assisting, at=at, title=title)
    return services.open_supervision(
        actor=actor_of(supervisor("zhou")), item=item, lead=lead, assisting=assisting,
        due_on=timezone.localdate(at) + timedelta(days=20), requirement=item.requirement, at=at,
    )  # fmt: skip


def signed(*, at: datetime | None = None, **more) -> Supervision:
    """One that Li, of the lead organ, signed for."""
    item = opened(at=at, **more)
    return services.sign_supervision(actor=actor_of(doer()), item=item, at=at)


def reported(*, at: datetime | None = None, **more) -> Supervision:
    item = signed(at=at, **more)
    return services.report_supervision(actor=actor_of(doer()), item=item, note="Done.", at=at)


def judged(*, at: datetime | None = None, verdict: str = "partly", **more) -> Supervision:
    """One whose verdict Sun gave."""
    item = reported(at=at, **more)
    return verdict_services.accept_report(
        actor=actor_of(supervisor("sun")), item=item, verdict=verdict, text="Half of them.", at=at
    )
