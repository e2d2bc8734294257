"""A unit with a unit below it, people, and rows at exactly known moments."""

import random
import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from collab_hub.inbox.models import WorkItem
from platform_core.capabilities.process.models import Task
from tests.factories import make_department, make_official

from ..inbox.kinds import NOTICE
from ..makers import make_case, open_task

SHANGHAI = ZoneInfo("Asia/Shanghai")
KINDS = (NOTICE.key, "test_oath")


def at(*parts) -> datetime:
    """A moment by the clock of the office."""
    return datetime(*parts, tzinfo=SHANGHAI)


def head_of(department, username: str):
    """A head of the department."""
    head = make_official(username, department=department, duties=["clerk", "head"])
    head.posts.update(is_head=True)
    return head


def below(department, code: str = "330106-stalls"):
    """A unit below the department."""
    return make_department("stalls", code=code, parent=department)


def item(department, **facts) -> WorkItem:
    """An item of the department as a row, with whatever of its columns is given."""
    facts.setdefault("opened_at", at(2026, 10, 5, 9))
    return WorkItem.objects.create(
        kind=facts.pop("kind", KINDS[0]), object_type="test.Notice", object_id=uuid.uuid4(),
        holder=f"department {department.pk}", pool_department=department,
        title={"zh": "通知", "en": "A notice"}, url_name="office:home", **facts,
    )  # fmt: skip


def task(stall, department, **facts) -> Task:
    """A step of a case as a row of the department, at the moments that are given."""
    found = open_task(make_case(stall))
    Task.objects.filter(pk=found.pk).update(pool_department=department, **facts)
    found.refresh_from_db()
    return found


def crowd(stall, departments, people, now: datetime, *, seed: int, count: int = 60) -> list:
    """Steps and items of the departments in every state, in the year before `now`."""
    pick, made = random.Random(seed), []
    for number in range(count):
        opened = now - timedelta(minutes=pick.randrange(1, 500_000))
        state = pick.choice(["open", "open", "done", "done", "done", "cancelled"])
        due = pick.choice([None, opened + timedelta(minutes=pick.randrange(1, 40_000))])
        facts = {
            "opened_at": opened,
            "state": state,
            "due_at": due,
            "warn_at": due and pick.choice([None, due - timedelta(days=2)]),
            "assignee": pick.choice([None, *people]),
        }
        if state != "open":
            ended = opened + timedelta(minutes=pick.randrange(0, 60_000))
            facts["closed_at"] = min(ended, now)
        department = pick.choice(departments)
        if number % 4 == 0:
            made.append(task(stall, department, **facts))
        else:
            made.append(item(department, kind=pick.choice(KINDS), **facts))
    return made
