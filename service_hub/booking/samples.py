"""Two halls with windows, people waiting in them, and appointments of the coming days."""

from datetime import time, timedelta

from django.db import transaction
from django.utils import timezone

from platform_core.common.errors import Conflict
from platform_core.common.samples import register_sample
from security.accounts.models import User
from security.actors import Actor
from security.organs.selectors import department_for, region_by_code
from service_hub.items.selectors import open_items

from . import hall_services, queue_services, selectors, services
from . import queue_selectors as queue
from .models import Hall

MAKER = Actor.system("sample data")
HALLS = (
    (
        "xihu",
        "330106",
        {"zh": "西湖区政务服务中心", "en": "Xihu District Service Hall"},
        {"zh": "文一西路 858 号", "en": "858 Wenyi West Road"},
    ),
    (
        "yueqing",
        "330382",
        {"zh": "乐清市政务服务中心", "en": "Yueqing Service Hall"},
        {"zh": "伯乐东路 888 号", "en": "888 Bole East Road"},
    ),
)
LINES = (
    (
        "A",
        {"zh": "医保、社保、公积金", "en": "Health cover, pensions, housing fund"},
        ("medical_insurance", "social_security", "housing_fund", "civil_affairs"),
        (1, 2, 3),
    ),
    ("B", {"zh": "身份证、户籍", "en": "Identity cards, residence"}, ("police",), (4, 5)),
    (
        "C",
        {"zh": "企业事项", "en": "Matters of firms"},
        ("market", "economy", "health", "housing", "fire", "education"),
        (6, 7),
    ),
)
MORNING, AFTERNOON = (time(9), time(12)), (time(13, 30), time(17))


@register_sample("halls", order=60)
def halls_with_people() -> str:
    """Nothing when there are halls already."""
    if Hall.objects.exists():
        return "0 added"
    made = 0
    for code, region, name, address in HALLS:
        place = region_by_code(region)
        department = department_for("service_bureau", place) if place else None
        if department is None:
            continue
        with transaction.atomic():
            _people(_hall(code, department, name, address))
        made += 1
    return f"{made} added"


def _hall(code: str, department, name: dict, address: dict) -> Hall:
    hall = hall_services.create_hall(
        actor=MAKER, code=code, name=name, address=address, department=department,
        phone=department.phone,
    )  # fmt: skip
    for weekday in range(5):
        hours = [MORNING, AFTERNOON]
        hall_services.set_hours(actor=MAKER, hall=hall, weekday=weekday, hours=hours)
    windows: dict[int, list] = {}
    for letter, title, kinds, numbers in LINES:
        items = open_items().filter(department_kind__in=kinds)
        line = hall_services.add_line(
            actor=MAKER, hall=hall, letter=letter, title=title, items=items
        )
        for number in numbers:
            windows.setdefault(number, []).append(line)
    for number, lines in windows.items():
        hall_services.add_window(actor=MAKER, hall=hall, number=number, lines=lines)
    return hall


def _people(hall: Hall) -> None:
    """Appointments on the next open days; numbers of today while the hall is open."""
    now, people = timezone.now(), User.objects.filter(kind=User.Kind.CITIZEN).order_by("username")
    for line in selectors.lines_of(hall):
        line.hall = hall
        free = selectors.next_free(line, now + timedelta(days=1), 12)
        for number, user in enumerate(people[:3]):
            try:
                services.book_appointment(
                    actor=Actor.of(user), line=line, starts_at=free[number * 3].starts_at
                )
            except (Conflict, IndexError):
                break
        if queue.takes_numbers(hall, now):
            for minutes in (12, 7, 3):
                at = now - timedelta(minutes=minutes)
                if queue.takes_numbers(hall, at):
                    queue_services.take_ticket(actor=MAKER, line=line, at=at)
