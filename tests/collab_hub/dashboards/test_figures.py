"""Every figure counted a second time in plain Python, and against the list that it opens."""

from collections import Counter
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collab_hub.dashboards import listing, selectors
from collab_hub.dashboards.page import compose
from collab_hub.dashboards.periods import Period
from collab_hub.dashboards.policies import scope_for
from collab_hub.dashboards.slices import Slice
from collab_hub.inbox import workload
from collab_hub.inbox.models import WorkItem
from platform_core.capabilities.process.models import Task
from tests.factories import make_department, make_official

from ..makers import make_case
from .makers import at, below, crowd, head_of, item, task

pytestmark = pytest.mark.django_db
NOW = at(2026, 11, 27, 15)


@pytest.fixture
def unit(stall):
    """The market department with a unit below, a head, a clerk, and sixty rows beside those of a
    stranger's department.
    """
    market = make_department("market")
    stalls, other = below(market), make_department("health")
    people = [make_official("ann", department=market), make_official("ben", department=stalls)]
    made = crowd(stall, [market, stalls], people, NOW, seed=2026)
    crowd(stall, [other], people, NOW, seed=7, count=9)
    return {"head": head_of(market, "hua"), "rows": made, "market": market, "people": people}


def light(row) -> str:
    if row.due_at is None:
        return "none"
    if row.due_at < NOW:
        return "red"
    return "yellow" if row.warn_at and row.warn_at <= NOW else "green"


def day_of(moment):
    return moment.astimezone(NOW.tzinfo).date()


def kind_of(row) -> str:
    return f"{'task' if isinstance(row, Task) else 'work'}.{row.kind}"


def test_the_load_is_what_is_open(unit):
    found = selectors.waiting(scope_for(unit["head"], {}), NOW)
    waits = [one for one in unit["rows"] if one.state == "open"]
    lights = Counter(light(one) for one in waits)
    assert vars(found.all) == {
        **{key: lights[key] for key in ("red", "yellow", "green", "none")},
        "oldest": min(one.opened_at for one in waits),
    }
    assert {key: one.total for key, one in found.kinds.items()} == Counter(map(kind_of, waits))
    people = Counter(one.assignee_id or 0 for one in waits)
    assert {key: one.total for key, one in found.people.items()} == people
    # The page of a head's own department says the same of its people.
    alone = selectors.waiting(scope_for(unit["head"], {"alone": "1"}), timezone.now())
    loads = workload.workload(unit["head"]).loads
    assert {one.key: one.open for one in loads if one.open} == {
        key: one.total for key, one in alone.people.items()
    }


@pytest.mark.parametrize("kind", ["month", "quarter", "year"])
def test_what_came_and_went_is_counted_by_the_day_of_the_office(unit, kind):
    period = Period.of(kind, NOW.date())
    lines = selectors.flow(scope_for(unit["head"], {}), period, NOW)
    for one in lines:
        inside = [one.days.first <= day_of(row.opened_at) < one.days.until for row in unit["rows"]]
        assert one.received == sum(inside)
        for name, state in (("finished", "done"), ("dropped", "cancelled")):
            ended = [row for row in unit["rows"] if row.state == state
                     and one.days.first <= day_of(row.closed_at) < one.days.until]  # fmt: skip
            assert getattr(one, name) == len(ended), (one.days, name)
    assert sum(one.received for one in lines) and sum(one.finished for one in lines)


def test_in_time_is_what_was_finished_before_its_deadline(unit):
    scope, period = scope_for(unit["head"], {}), Period.of("year", NOW.date())
    done = [row for row in unit["rows"] if row.state == "done"]
    for days, found in selectors.punctual_months(scope, period, NOW):
        rows = [row for row in done if days.first <= day_of(row.closed_at) < days.until]
        due = [row for row in rows if row.due_at]
        kept = [row for row in due if row.closed_at <= row.due_at]
        assert (found.kept, found.due, found.finished) == (len(kept), len(due), len(rows))
    services = selectors.punctual_services(scope, period, NOW)
    this_year = [row for row in done if day_of(row.closed_at).year == 2026]
    assert sum(one.figures.finished for one in services) == len(this_year)
    tasks = [row for row in this_year if isinstance(row, Task)]
    assert sum(one.figures.finished for one in services if one.key[:4] == "napp") == len(tasks)


def test_every_number_of_the_page_is_the_length_of_its_list(unit):
    page = compose(scope_for(unit["head"], {}), Period.of("quarter", NOW.date()), NOW)
    cells = [cell for table in page.tables.values() for row in table.rows for cell in row]
    opened = [(cell.value, cell.url) for cell in cells if "/list/" in cell.url]
    opened += [(one.value, one.url) for one in page.figures]
    assert len(opened) > 60
    for value, url in set(opened):
        sent = dict(parse_qsl(urlsplit(url).query))
        scope, chosen = scope_for(unit["head"], sent), Slice.read(sent, NOW.date())
        assert selectors.count_of(scope, chosen, NOW) == value, url
    sent = dict(parse_qsl(urlsplit(page.figures[0].url).query))
    shown = listing.page(unit["head"], page.scope, Slice.read(sent, NOW.date()), NOW)
    assert len(shown.rows) == page.figures[0].value < listing.PAGE


def test_a_minute_before_midnight_is_the_month_before(stall):
    market = make_department("market")
    head = head_of(market, "hua")
    item(market, opened_at=at(2026, 10, 30, 9), state="done", closed_at=at(2026, 10, 31, 23, 59))
    item(market, opened_at=at(2026, 10, 31, 23, 59), state="done", closed_at=at(2026, 11, 1))
    # Late by a second is late; on the stroke it is not.
    for second, due in ((1, at(2026, 11, 2, 12)), (0, at(2026, 11, 3, 12))):
        item(market, opened_at=at(2026, 11, 1), due_at=due, state="done",
             closed_at=due + timedelta(seconds=second))  # fmt: skip
    scope, flows = scope_for(head, {}), {}
    for month in (10, 11):
        period = Period.of("month", at(2026, month, 1).date())
        lines = selectors.flow(scope, period, NOW)
        flows[month] = (sum(one.received for one in lines), sum(one.finished for one in lines))
    assert flows == {10: (2, 1), 11: (2, 3)}
    november = selectors.punctual_months(scope, period, NOW)[-1][1]
    assert (november.kept, november.missed, november.without) == (1, 1, 1)


def test_the_oldest_stand_first_and_finished_ones_never(stall):
    market = make_department("market")
    head = head_of(market, "hua")
    for day in range(1, 13):
        item(market, opened_at=at(2026, 9, day), kind="test_oath")
    task(stall, market, opened_at=at(2026, 8, 1))
    item(market, opened_at=at(2026, 1, 1), state="done", closed_at=at(2026, 1, 2))
    found = listing.oldest(head, scope_for(head, {}), NOW)
    assert [day_of(one.opened_at).day for one in found] == [1, *range(1, 10)]
    assert found[0].title == "Chen Ning's stall" and found[0].url.startswith("/office/tasks/")


def test_what_waits_now_is_read_from_an_index_however_much_was_done(stall):
    market = make_department("market")
    head = head_of(market, "hua")
    item(market, due_at=NOW), make_case(stall)
    others = make_department("health")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO collab_hub_workitem (id, kind, object_type, object_id, holder,"
            " pool_department_id, pool_groups, title, reason, number, url_name, url_args, state,"
            " outcome, opened_at, closed_at, version)"
            " SELECT gen_random_uuid(), kind, object_type, gen_random_uuid(), holder,"
            " CASE WHEN n %% 2 = 0 THEN %s ELSE %s END, pool_groups, title, reason, number,"
            " url_name, url_args, 'done', '', opened_at - n * interval '20 minutes',"
            " opened_at - n * interval '19 minutes', 1"
            " FROM collab_hub_workitem, generate_series(1, 50000) AS n",
            [market.pk, others.pk],
        )
        cursor.execute("ANALYZE collab_hub_workitem")
    scope = scope_for(head, {})
    with CaptureQueriesContext(connection) as queries:
        assert selectors.waiting(scope, NOW).all.total == 2
        listing.oldest(head, scope, NOW)
        selectors.flow(scope, Period.of("month", NOW.date()), NOW)
    seen = []
    for query in [one["sql"] for one in queries if "collab_hub_workitem" in one["sql"]]:
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + query)
            seen += list(nodes(cursor.fetchone()[0][0]["Plan"]))
    read = [one for one in seen if one.get("Relation Name") == WorkItem._meta.db_table]
    assert read and not [one for one in read if one["Node Type"] == "Seq Scan"]
    assert max(one["Actual Rows"] for one in read) < 100


def nodes(plan: dict):
    yield plan
    for below_it in plan.get("Plans", ()):
        yield from nodes(below_it)
