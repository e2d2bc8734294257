"""What the platform measures of dashboards: one page over a hundred thousand steps."""

from __future__ import annotations

import time
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from collab_hub.inbox.models import WorkItem
from platform_core.common.benchmarks import register_computation
from security.accounts.models import User
from security.organs.models import Department, Post

from .page import compose
from .periods import Period
from .policies import scope_for

DONE_OF_TEN = 9
FILL = """
    INSERT INTO collab_hub_workitem (id, kind, object_type, object_id, holder, assignee_id,
        pool_department_id, pool_groups, title, reason, number, url_name, url_args, state, outcome,
        opened_at, due_at, closed_at, version)
    SELECT gen_random_uuid(), 'benchmark', 'benchmark', gen_random_uuid(), 'x', NULL, %s, '{}',
        '{}', '{}', '', '', '[]', CASE WHEN n %% 10 < %s THEN 'done' ELSE 'open' END, '',
        %s - n * interval '5 minutes', %s - n * interval '5 minutes' + interval '3 days',
        CASE WHEN n %% 10 < %s THEN %s - n * interval '4 minutes' END, 1
    FROM generate_series(1, %s) AS n
"""


class _Undo(Exception):
    pass


@register_computation("dashboard", "Open a unit's dashboard", 65, size=100_000)
def dashboard(size: int) -> dict[str, str]:
    """The page of a month, a quarter and a year over `size` rows of one unit; undone afterwards."""
    found: dict[str, str] = {}
    try:
        with transaction.atomic():
            found = _measured(size)
            raise _Undo
    except _Undo:
        return found


def _measured(size: int) -> dict[str, str]:
    organ = Department.objects.filter(is_active=True).order_by("path").first()
    head = User.objects.create(username="bench-head", name="Bench", kind=User.Kind.OFFICIAL)
    Post.objects.create(
        user=head, department=organ, title="Bench", is_head=True, valid_from="2018-01-01"
    )
    now = timezone.now()
    with connection.cursor() as cursor:
        done = DONE_OF_TEN
        cursor.execute(FILL, [organ.pk, done, now, now, done, now - timedelta(hours=1), size])
        cursor.execute(f"ANALYZE {WorkItem._meta.db_table}")
    took = {"rows": str(size)}
    for kind in ("month", "quarter", "year"):
        began = time.perf_counter()
        compose(head, scope_for(head, {}), Period.of(kind, timezone.localdate(now)), now)
        took[f"a {kind}"] = f"{(time.perf_counter() - began) * 1000:.0f} ms"
    return took
