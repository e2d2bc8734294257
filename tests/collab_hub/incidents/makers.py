"""An emergency desk of Hangzhou with a plan, the organs that take part, and an incident."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from collab_hub.incidents import plan_services, services
from collab_hub.incidents.models import Incident, PlanVersion
from platform_core.common.outbox.models import OutboxMessage
from platform_core.common.outbox.services import deliver
from security.accounts.models import User
from tests.factories import actor_of, make_department, make_official


def both(en: str, zh: str = "") -> dict:
    return {"zh": zh or en, "en": en}


def role(en: str, organ: str, duty: str, above: str = "", commands: bool = False) -> dict:
    return {"title": both(en), "organ": organ, "duty": duty, "above": above, "commands": commands}


def task(en: str, phase: str, who: str, minutes: int = 60, detail: str = "") -> dict:
    return {"title": both(en), "phase": phase, "role": who, "minutes": minutes, "detail": detail}


SAID = {
    "phases": [{"title": both("First", "先期")}, {"title": both("Second", "后续")}],
    "roles": [
        role("Commander", "emergency_desk", "head", commands=True),
        role("Desk", "emergency_desk", "clerk", "r1"),
        role("Tracing", "health", "clerk", "r2"),
        role("Streets", "civil_affairs", "reviewer", "r2"),
    ],
    "tasks": [
        task("Set up the post", "p1", "r2", 60),
        task("Trace contacts", "p1", "r3", 120, "All of them."),
        task("Feed people", "p2", "r4", 600),
    ],
    "checks": [{"title": both("Post"), "phase": "p1", "items": ["Line works", "Masks"]}],
    "resources": [{"title": both("Suits", "防护服"), "unit": "套", "needed": 50, "place": "仓库"}],
    "figures": [{"title": both("Cases", "确诊"), "unit": "人"},
                {"title": both("Contacts", "密接"), "unit": "人"}],
}  # fmt: skip


def person(username: str, kind: str, *duties: str) -> User:
    """The official of Hangzhou with this name, made when asked for the first time."""
    found = User.objects.filter(username=username).first()
    return found or make_official(
        username, kind=kind, region="330100", duties=duties, name=username.capitalize()
    )


def head() -> User:
    return person("wu", "emergency_desk", "head")


def desk() -> User:
    """One who was given the duty to activate plans."""
    return person("qin", "emergency_desk", "clerk", "activator")


def colleague() -> User:
    """One of the desk without that duty."""
    return person("he", "emergency_desk", "reviewer")


def tracer() -> User:
    return person("li", "health", "clerk")


def street() -> User:
    return person("bao", "civil_affairs", "reviewer")


def team() -> list[User]:
    return [head(), desk(), tracer(), street()]


def drafted(said: dict | None = None, title: dict | None = None) -> PlanVersion:
    """A draft that Qin wrote."""
    team()
    owner = make_department("emergency_desk", "330100")
    to = {"actor": actor_of(desk())}
    version = plan_services.begin_plan(
        **to, owner=owner, title=title or both("Outbreak plan", "聚集性疫情预案"), kind="health"
    )
    for part, entries in (said or SAID).items():
        for values in entries:
            version = plan_services.add_entry(**to, plan=version.plan, part=part, values=values)
    return version


def published(**more) -> PlanVersion:
    """A plan that Qin wrote and Wu published; silence climbs after ten minutes."""
    version = drafted(**more)
    plan_services.ask_for_publication(actor=actor_of(desk()), plan=version.plan)
    return plan_services.decide_plan(actor=actor_of(head()), plan=version.plan, is_fit=True)


def activate(version: PlanVersion | None = None, by: User | None = None, **more) -> Incident:
    more = {"once": uuid4(), "level": 3, "place": "古荡市场", **more}
    version = version or published()
    return services.activate_incident(actor=actor_of(by or desk()), version=version, **more)


def todo(incident: Incident, en: str):
    return incident.tasks.get(title__en=en)


def move(who: User, one, to: str, **more):
    one.refresh_from_db()
    return services.move_task(actor=actor_of(who), task=one, version=one.version, to=to, **more)


def work(within=timedelta(0), topic: str = "incidents.") -> int:
    """Carry out what is due within `within` from now, and whatever that asks for; how many."""
    done = 0
    while True:
        due = OutboxMessage.objects.filter(
            topic__startswith=topic, state="ready", due_at__lte=timezone.now() + within
        )
        keys = list(due.order_by("due_at", "id").values_list("pk", flat=True))
        if not keys:
            return done
        OutboxMessage.objects.filter(pk__in=keys).update(state="leased")
        done += sum(deliver(message_id=key) for key in keys)
        if OutboxMessage.objects.filter(pk__in=keys, state="ready").exists():
            return done
