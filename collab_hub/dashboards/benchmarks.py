"""What the platform measures of dashboards: one page over a hundred thousand steps."""

from __future__ import annotations

import time
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from collab_hub.inbox.benchmarks import Undo, put_rows, somebody
from platform_core.common.benchmarks import register_computation
from security.organs.models import Department

from .listing import oldest
from .page import compose
from .periods import Period
from .policies import scope_for

DONE_OF_TEN = 9


@register_computation("dashboard", "Open a unit's dashboard", 65, size=100_000)
def dashboard(size: int) -> dict[str, str]:
    """The page of a month, a quarter and a year over `size` rows of one unit, and how much more
    than over a hundredth of them; undone afterwards.
    """
    few, many = _measured(size // 100), _measured(size)
    found = {"rows": f"{size // 100} and {size}"}
    for kind, seconds in many.items():
        ratio = seconds / few[kind]
        found[f"a {kind}"] = f"{seconds * 1000:.0f} ms, {ratio:.1f} times that of the few"
    return found


def _measured(size: int) -> dict[str, float]:
    took: dict[str, float] = {}
    try:
        with transaction.atomic():
            organ = Department.objects.filter(is_active=True).order_by("path").first()
            head, now = somebody("head", organ), timezone.now()
            put_rows(size, organ=organ, now=now - timedelta(hours=1), done=DONE_OF_TEN)
            for kind in ("month", "quarter", "year"):
                began = time.perf_counter()
                scope = scope_for(head, {})
                compose(scope, Period.of(kind, timezone.localdate(now)), now)
                oldest(head, scope, now)
                took[kind] = time.perf_counter() - began
            raise Undo
    except Undo:
        return took
