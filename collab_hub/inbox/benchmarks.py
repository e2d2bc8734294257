"""What the platform measures of the inbox: a page of a hundred thousand lines beside one of a
hundred.
"""

from __future__ import annotations

import time
from datetime import datetime
from statistics import median

from django.db import connection, transaction
from django.utils import timezone

from platform_core.common.benchmarks import register_computation
from security.accounts.models import User
from security.organs.models import Department, Post

from .lines import inbox_page
from .models import WorkItem
from .query import InboxQuery
from .selectors import box_counts

LONG_AGO = "2018-01-01"
FEW = 100
TIMES = 9
FILL = """
    INSERT INTO collab_hub_workitem (id, kind, object_type, object_id, holder, assignee_id,
        pool_department_id, pool_groups, title, reason, number, url_name, url_args, state, outcome,
        opened_at, due_at, closed_at, version)
    SELECT gen_random_uuid(), 'benchmark', 'benchmark', gen_random_uuid(), 'x', %(person)s,
        %(organ)s, '{}', '{"zh": "", "en": ""}', '{"zh": "", "en": ""}', '', '', '[]',
        CASE WHEN n %% 10 < %(done)s THEN 'done' ELSE 'open' END, '',
        %(now)s - n * interval '5 minutes',
        %(now)s - n * interval '5 minutes' + interval '3 days',
        CASE WHEN n %% 10 < %(done)s THEN %(now)s - n * interval '4 minutes' END, 1
    FROM generate_series(1, %(size)s) AS n
"""


class Undo(Exception):
    """Ends the transaction of a measurement, so that nothing of it is left."""


def somebody(name: str, organ: Department) -> User:
    """A head of `organ` for one measurement."""
    user = User.objects.create(username=f"bench-{name}", name="Bench", kind=User.Kind.OFFICIAL)
    Post.objects.create(
        user=user, department=organ, title="Bench", is_head=True, valid_from=LONG_AGO
    )
    return user


def put_rows(
    size: int, *, organ: Department, now: datetime, person: User | None = None, done: int = 0
) -> None:
    """`size` items of a unit, `done` of ten of them finished, waiting for `person` or a pool."""
    facts = {
        "size": size, "organ": organ.pk, "now": now, "done": done,
        "person": person.pk if person else None,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(FILL, facts)
        cursor.execute(f"ANALYZE {WorkItem._meta.db_table}")


@register_computation("long_inbox", "A long inbox beside a short one", 62, size=100_000)
def long_inbox(size: int) -> dict[str, str]:
    """The first page and the counts of `size` lines, and of a hundred; undone afterwards."""
    took = {}
    try:
        with transaction.atomic():
            organ = Department.objects.filter(is_active=True).order_by("path").first()
            now = timezone.now()
            for name, lines in (("short", FEW), ("long", size)):
                person = somebody(name, organ)
                put_rows(lines, organ=organ, person=person, now=now)
                took[name] = median(_opened(person, now) for _turn in range(TIMES))
            raise Undo
    except Undo:
        return {
            f"{FEW} lines": f"{took['short'] * 1000:.0f} ms",
            f"{size} lines": f"{took['long'] * 1000:.0f} ms",
            "the long one costs": f"{took['long'] / took['short']:.1f} times the short one",
        }


def _opened(person: User, now: datetime) -> float:
    reader = User.objects.get(pk=person.pk)
    began = time.perf_counter()
    inbox_page(reader, InboxQuery(), now)
    box_counts(reader)
    return time.perf_counter() - began
