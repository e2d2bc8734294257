"""An organ with a head and two clerks, a roster with people in turn, a room."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from collab_hub.directory import duty_selectors, duty_services, room_services
from platform_core.capabilities.process.delegation.services import set_delegation
from security.organs.duties import forget_posts
from security.organs.services import appoint, end_post
from tests.factories import LONG_AGO, MAKER, actor_of, make_department, make_official, make_staff

DAY = timedelta(days=1)
# A Monday far enough ahead that nothing in these tests has begun.
MONDAY = date.today() + timedelta(days=7 - date.today().weekday())
MORNING, EVENING = time(8), time(20)


def head(name: str = "hu", kind: str = "market", department=None):
    user = make_staff(name, kind="official")
    appoint(actor=MAKER, user=user, department=department or make_department(kind), title="局长",
            duties=("head",), is_head=True, valid_from=LONG_AGO)  # fmt: skip
    return user


def clerk(username: str, name: str = "", kind: str = "market", **more):
    return make_official(username, kind=kind, name=name, **more)


def away(person, deputy, first=None, last=None, **more):
    first = first or date.today()
    return set_delegation(actor=actor_of(person), principal=person, deputy=deputy,
                          valid_from=first, valid_until=last or first + DAY, **more)  # fmt: skip


def leave(person, on=None) -> None:
    """The person's last day in every post."""
    for post in person.posts.all():
        end_post(actor=MAKER, post=post, on=on or date.today() - DAY)
    forget_posts(person)


def roster(keeper, people=(), *, weekdays=range(7), name="值班", always=False, **more):
    """Days from 8 to 20 on `weekdays`, people in turn by the day."""
    department = keeper.posts.first().department
    made = duty_services.save_roster(actor=actor_of(keeper), department=department, name=name,
                                     phone="0571-1234", is_always=always)  # fmt: skip
    given = {"begins": MORNING, "ends": EVENING, "is_daily": True, "first_on": date.today()}
    duty_services.add_shifts(actor=actor_of(keeper), roster=made, weekdays=list(weekdays),
                             people=list(people), **(given | more))  # fmt: skip
    return made


def plan(made, days: int = 14, first: date = MONDAY):
    return duty_selectors.plan_of(made, first, first + timedelta(days=days))


def duty_of(made, person, skip: int = 0):
    """The (shift, day) of the person's next duty."""
    found = [one for one in plan(made).duties if one.person == person.pk]
    return found[skip].shift, found[skip].on


def room(keeper, name: str = "301", seats: int = 12, **more):
    return room_services.save_room(actor=actor_of(keeper), name=name, seats=seats,
                                   department=keeper.posts.first().department, **more)  # fmt: skip


def at(hour: int, minute: int = 0, days: int = 0) -> datetime:
    moment = datetime.combine(MONDAY + timedelta(days=days), time(hour, minute))
    return timezone.make_aware(moment)


def book(person, made, start: int = 9, end: int = 10, title: str = "周例会", **more):
    return room_services.book_room(actor=actor_of(person), room=made, title=title,
                                   starts_at=at(start), ends_at=at(end), **more)  # fmt: skip
