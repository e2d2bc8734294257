"""A hall with hours, a queue and a window; a Tuesday of open offices."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from service_hub.booking import hall_services as halls
from service_hub.booking.models import Hall, Line
from tests.factories import MAKER, make_department

# Tuesday, 2026-03-03, eight in the morning.
NOW = timezone.make_aware(datetime(2026, 3, 3, 8, 0))


def text(words: str) -> dict:
    return {"zh": words, "en": words}


def make_hall(code: str = "xihu", *, capacity: int = 2, minutes: int = 30, **more) -> Hall:
    hall = halls.create_hall(
        actor=MAKER, code=code, name=text("西湖大厅"), address=text("文一西路 858 号"),
        department=make_department("service_bureau", phone="0571-1"), **more,
    )  # fmt: skip
    for weekday in range(5):
        hours = [(time(9), time(11, 30)), (time(13, 30), time(17))]
        halls.set_hours(actor=MAKER, hall=hall, weekday=weekday, hours=hours)
    line = halls.add_line(
        actor=MAKER, hall=hall, letter="A", title=text("医保"), slot_minutes=minutes,
        capacity=capacity,
    )  # fmt: skip
    halls.add_window(actor=MAKER, hall=hall, number=3, lines=[line])
    return hall


def first_line(hall: Hall) -> Line:
    line = hall.lines.select_related("hall").get(letter="A")
    return line


def at(hour: int, minute: int = 0, days: int = 0) -> datetime:
    """That time of the Tuesday, or days later."""
    return NOW.replace(hour=0) + timedelta(days=days, hours=hour, minutes=minute)
