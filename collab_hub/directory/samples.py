"""A duty roster of this month with an exception, meeting rooms, some bookings."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from platform_core.common.samples import register_sample
from security.accounts.models import User
from security.actors import Actor
from security.organs.models import Department
from security.organs.selectors import active_posts

from . import duty_selectors, duty_services, room_services, series_services, services
from .models import DutyShift, DutyTurn, Room, Roster

ORGANS = (("hangzhou", "330100-service_bureau"), ("xihu", "330106-service_bureau"))
ROOMS = (
    ("3楼会议室", "政务中心3楼", 24, "投影、视频会议", True),
    ("5楼小会议室", "政务中心5楼", 8, "白板", False),
)
BOOKINGS = (
    (0, 0, "09:30", "11:00", "“一件事”改革周例会", "head"),
    (0, 1, "14:00", "15:30", "窗口培训", "reviewer"),
    (1, 0, "10:00", "11:00", "材料审核碰头会", "clerk"),
    (1, 2, "15:00", "16:30", "好差评整改复盘", "head"),
)


@register_sample("directory", order=75)
def directory() -> str:
    """Nothing when there are rosters already, or when the organs have nobody."""
    while services.refresh_cards(actor=Actor.system("sample data")):
        pass
    if Roster.objects.exists():
        return "0 added"
    made = 0
    for slug, code in ORGANS:
        organ = Department.objects.filter(code=code, is_active=True).first()
        team = {
            duty: User.objects.filter(username=f"{slug}-{duty}", is_active=True).first()
            for duty in ("clerk", "reviewer", "head")
        }
        if organ is None or not all(team.values()):
            continue
        actors = {duty: _actor(person, organ) for duty, person in team.items()}
        _cards(actors)
        _roster(organ, team, actors["head"])
        _rooms(organ, actors)
        made += 1
    return f"{made} rosters and {made * len(ROOMS)} rooms added"


def _actor(person: User, organ: Department) -> Actor:
    post = next((one for one in active_posts(person) if one.department_id == organ.pk), None)
    return Actor.of(person, post=post)


def _cards(actors: dict) -> None:
    for number, actor in enumerate(actors.values(), 1):
        services.save_card(
            actor=actor, room=f"{300 + number}", phone=f"0571-8525610{number}",
            hides_mobile=number == len(actors),
        )  # fmt: skip


def _roster(organ: Department, team: dict, head: Actor) -> None:
    """Days by turns, nights for the week, and no night shift on Sundays: a gap that is shown."""
    roster = duty_services.save_roster(
        actor=head, department=organ, name="总值班", phone="0571-85256000", is_always=True
    )
    first = timezone.localdate().replace(day=1)
    people = list(team.values())
    for begins, ends, weekdays, is_daily in (
        (time(8, 30), time(17, 30), range(7), True),
        (time(17, 30), time(8, 30), range(6), False),
    ):
        for weekday in weekdays:
            # As if it had been entered before the month began.
            shift = DutyShift.objects.create(
                roster=roster, weekday=weekday, begins=begins, ends=ends, first_on=first,
                is_daily=is_daily,
            )  # fmt: skip
            DutyTurn.objects.bulk_create(
                DutyTurn(shift=shift, order=number, person=one) for number, one in enumerate(people)
            )
    tomorrow = timezone.localdate() + timedelta(days=1)
    plan = duty_selectors.plan_of(roster, tomorrow, tomorrow + timedelta(days=1))
    day = next((one for one in plan.duties if one.shift and one.person), None)
    if day is not None:
        other = next(one for one in people if one.pk != day.person)
        duty_services.put_on_duty(
            actor=head, roster=roster, shift_id=day.shift, on=day.on, person=other,
            reason="外出参加培训",
        )  # fmt: skip


def _rooms(organ: Department, actors: dict) -> None:
    rooms = [
        room_services.save_room(
            actor=actors["head"], department=organ, name=name, place=place, seats=seats,
            equipment=equipment, is_shared=is_shared,
        )
        for name, place, seats, equipment, is_shared in ROOMS
    ]  # fmt: skip
    today = timezone.localdate()
    for number, days, begins, ends, title, duty in BOOKINGS:
        starts_at, ends_at = (
            timezone.make_aware(
                datetime.combine(today + timedelta(days=1 + days), time.fromisoformat(one))
            )
            for one in (begins, ends)
        )
        room_services.book_room(
            actor=actors[duty], room=Room.objects.get(pk=rooms[number].pk), title=title,
            starts_at=starts_at, ends_at=ends_at, department=organ,
        )  # fmt: skip
    series_services.book_weekly(
        actor=actors["head"], room=rooms[1], title="党支部学习", on=today + timedelta(days=4),
        begins=time(16), ends=time(17, 30), times=6, department=organ,
    )  # fmt: skip
