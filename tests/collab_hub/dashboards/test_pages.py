"""The pages: who reads which unit, whom they name, what few numbers are called, files and data."""

import io
import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from platform_core.capabilities.process.delegation.models import Delegation
from platform_core.capabilities.process.delegation.services import set_delegation
from platform_core.common import satisfaction
from platform_core.common.i18n import pick
from platform_core.common.satisfaction import Counted, Grade, Rated, RatingSource
from security.audit.models import AuditEntry
from tests.factories import (
    actor_of,
    make_admin,
    make_auditor,
    make_citizen,
    make_department,
    make_official,
)

from ..makers import make_case, open_task
from .makers import below, head_of, item, task

pytestmark = pytest.mark.django_db
PAGE, LIST = "/office/dashboard/", "/office/dashboard/list/"
API = "/api/v1/office/dashboard/"


def html(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def total(response) -> int:
    return int(re.search(r'data-total="(\d+)"', html(response))[1])


@pytest.fixture
def market(stall):
    return make_department("market")


def test_a_head_reads_down_the_tree_and_colleagues_their_unit_without_names(office, market, clerk):
    stalls, health = below(market), make_department("health")
    ben = make_official("ben", department=stalls, name="Ben Below")
    head, leader = head_of(market, "hua"), head_of(stalls, "lin")
    item(stalls, assignee=ben), item(market, assignee=clerk)
    seen = {
        (head, ""): 200, (head, stalls): 200, (head, health): 404,
        (leader, stalls): 200, (leader, market): 404,
        (clerk, market): 200, (clerk, stalls): 404,
        (make_auditor(), health): 200, (make_admin(), ""): 200, (make_citizen(), ""): 403,
    }  # fmt: skip
    for (person, unit), status in seen.items():
        sent = {"unit": unit.pk} if unit else {}
        client = office(person)
        for path in (PAGE, LIST, API):
            answer = client.get(path, sent)
            # Organs are no secret: for machines another one's figures are refused, not hidden.
            expected = 403 if status == 404 and path == API else status
            assert answer.status_code == expected, (person, unit, path)
    assert office(head).get(API, {"unit": "99999999"}).status_code == 404
    idle = make_official("idle", department=health)
    idle.posts.all().delete()
    assert office(idle).get(API).status_code == 403
    # The head reads both people, the one below only the own; nobody else reads a name.
    assert {"Ben Below", "Alice"} <= set(
        re.findall("Ben Below|Alice", html(office(head).get(PAGE)))
    )
    assert "Alice" not in html(office(leader).get(PAGE))
    for person, words in ((clerk, "Ben Below"), (make_auditor("eye"), "Alice")):
        assert "By person" not in html(office(person).get(PAGE))
        assert words not in html(office(person).get(LIST, {"what": "open"})), person
    assert total(office(head).get(LIST)) == 2 and total(office(head).get(LIST, {"alone": 1})) == 1
    # Nor can a colleague ask whose it is.
    for asked in (clerk, ben):
        assert total(office(clerk).get(LIST, {"person": asked.pk})) == 1
    assert total(office(head).get(LIST, {"person": ben.pk, "alone": 1})) == 0


def test_a_deputy_reads_what_the_head_reads_until_the_last_day(office, market, clerk):
    stalls, today = below(market), timezone.localdate()
    item(stalls, assignee=make_official("ben", department=stalls, name="Ben Below"))
    head = head_of(market, "hua")
    set_delegation(
        actor=actor_of(head), principal=head, deputy=clerk, valid_from=today, valid_until=today
    )

    def read() -> list[bool]:
        client, sent = office(clerk), {"what": "open", "unit": market.pk}
        pages = [client.get(path, sent) for path in (PAGE, LIST)]
        named = ["Ben Below" in html(one) and f"for {head}, whom you" in html(one) for one in pages]
        book = load_workbook(io.BytesIO(client.get(f"{PAGE}export/xlsx/").content))
        found = client.get(API).json()
        assert (found["on_behalf_of"], found["on_behalf_until"]) == (
            (str(head), today.isoformat()) if named[0] else (None, None)
        )
        is_below = client.get(PAGE, {"unit": stalls.pk}).status_code == 200
        named += ["By person" in book.sheetnames, is_below]
        return [*named, "people" in [one["key"] for one in found["tables"]]]

    assert read() == [True] * 5
    trail = AuditEntry.objects.filter(verb="dashboard.export", object_id=str(market.pk))
    assert [(one.actor, one.after["as"], one.after["on_behalf_of"]) for one in trail] == [
        (clerk, kind, head.pk) for kind in ("json", "xlsx")
    ]
    # Who stands in for some N-apps only reads no dashboard, which is of none; nor does yesterday's.
    before = today - timedelta(days=1)
    for facts in ({"napps": [1]}, {"napps": [], "valid_from": before, "valid_until": before}):
        Delegation.objects.update(**facts)
        assert read() == [False] * 5, facts
    assert trail.count() == 2
    # What is one's own is nobody else's: no line, and the trail names nobody besides.
    office(head).get(API)
    assert "whom you stand in for" not in html(office(head).get(PAGE))
    assert "on_behalf_of" not in trail.get(actor=head).after


def test_the_name_of_a_list_says_everything_that_narrows_it(office, market, stall, clerk):
    head, waits = head_of(market, "hua"), task(stall, market, assignee=clerk)
    process = waits.instance
    step = f"{process.napp_version_id}.{process.process_key}.{waits.node}"
    service = f"napp.{process.napp_version.napp_id}"

    def named(reader, /, **sent) -> list[str]:
        found = re.search(r"<h1>(.*?)</h1>", html(office(reader).get(LIST, sent)))[1]
        return found.split(" · ")

    everything = {"service": service, "step": step, "person": clerk.pk}
    words = [named(head, **{key: value})[1] for key, value in everything.items()]
    assert words == [pick(process.napp_version.napp.title), "Accept", "Alice"]
    assert named(head, **everything) == ["Waiting now", *words]
    assert named(head, what="finished", service="kind.test_oath")[1] == "Oath to sign"
    # Nobody finds out by trying who or what there is besides.
    citizen = make_citizen("dave", name="Dave Quiet")
    nowhere = {"service": "napp.99999999", "step": "99999999.a.b", "person": citizen.pk}
    assert named(head, **nowhere) == named(clerk, person=clerk.pk) == ["Waiting now"]


def test_whoever_may_not_open_a_line_reads_nothing_of_its_subject(office, market, clerk, stall):
    waits = open_task(make_case(stall, label="Chen Ning's stall"))
    page = html(office(clerk).get(LIST))
    assert "Chen Ning" in page and f"/office/tasks/{waits.pk}/" in page
    other = make_official("eve", kind="market", duties=[])
    for person in (other, make_auditor()):
        page = html(office(person).get(LIST))
        assert "Chen Ning" not in page and "/office/tasks/" not in page
        assert "Accept" in page and total(office(person).get(LIST)) == 1


def test_pages_cost_the_same_for_one_row_and_for_three(office, market, stall, clerk):
    head = head_of(market, "hua")

    def cost(path: str) -> int:
        client = office(head)
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    def add(count: int) -> None:
        for number in range(count):
            person = make_official(f"p{count}{number}", department=market)
            unit = below(market, code=f"stalls-{count}{number}")
            task(stall, market, assignee=person)
            item(unit, assignee=person, kind="test_oath")
            now = timezone.now()
            task(stall, unit, state="done", closed_at=now, due_at=now)
            item(market, state="done", closed_at=now)

    add(1)
    first = [cost(path) for path in (PAGE, LIST, f"{LIST}?what=finished", API)]
    add(3)
    assert [cost(path) for path in (PAGE, LIST, f"{LIST}?what=finished", API)] == first


def test_too_few_are_no_share(office, market):
    now = timezone.now()
    for late in (0, 0, 1, 0):
        due = now - timedelta(hours=1) if late else now + timedelta(days=1)
        item(market, state="done", opened_at=now - timedelta(days=1), due_at=due, closed_at=now)
    client = office(head_of(market, "hua"))
    page = html(client.get(PAGE))
    assert "3 of 4, too few for a share" in page and "There is too little to draw." in page
    item(market, state="done", opened_at=now, due_at=now + timedelta(days=1), closed_at=now)
    page = html(client.get(PAGE))
    assert "80%" in page and 'id="months-wide-hatched"' in page
    figures = {one["key"]: one for one in client.get(API).json()["figures"]}
    assert (figures["kept"]["value"], figures["kept"]["words"]) == (4, "80%")


def test_tables_leave_as_files_with_the_numbers_of_the_page(office, market, clerk):
    item(market, assignee=clerk)
    item(market, kind="test_oath")
    head = head_of(market, "hua")
    client = office(head)
    book = load_workbook(io.BytesIO(client.get(f"{PAGE}export/xlsx/").content))
    assert book.sheetnames[:3] == ["By light", "By kind", "By person"]
    people = list(book["By person"].values)
    assert [row[:2] for row in people[1:]] == [("Nobody yet", 1), ("Alice", 1)]
    answer = client.get(f"{PAGE}export/csv/", {"table": "kinds"})
    assert "dashboard-kinds-" in answer["Content-Disposition"]
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[1:] == [line for line in lines[1:] if ",1," in line] and len(lines) == 3
    tables = {one["key"]: one for one in client.get(API).json()["tables"]}
    assert [row["open"] for row in tables["kinds"]["rows"]] == [1, 1]
    # The table by kind names nobody, the one by person does, and so do all tables as data.
    trail = AuditEntry.objects.filter(verb="dashboard.export", actor=head)
    assert sorted(one.after["as"] for one in trail.all()) == ["json", "xlsx"]
    assert client.get(f"{PAGE}export/csv/", {"table": "people"}).status_code == 200
    assert trail.count() == 3
    for path in ("export/pdf/", "export/csv/?table=nothing"):
        assert client.get(PAGE + path).status_code == 404
    # A colleague's file names nobody and is no matter for the trail.
    book = load_workbook(io.BytesIO(office(clerk).get(f"{PAGE}export/xlsx/").content))
    assert "By person" not in book.sheetnames
    assert office(clerk).get(API).status_code == 200
    assert AuditEntry.objects.filter(verb="dashboard.export").count() == 3


@pytest.fixture
def rated(monkeypatch):
    """Ratings as another module keeps them: a list of (day, grade)."""
    kept = []

    def counted(departments, first, until):
        return [
            Counted(day.replace(day=1), grade, 1) for day, grade in kept if first <= day < until
        ]

    def listed(user, departments, first, until, grade, start, size):
        found = [Rated(timezone.now(), "Rent", "", one) for day, one in kept
                 if first <= day < until and grade in (None, one)]  # fmt: skip
        return found[start : start + size], len(found), 0

    scale = [Grade(2, "Good", True), Grade(1, "Bad", False)]
    source = RatingSource(lambda: scale, counted, listed)
    monkeypatch.setattr(satisfaction, "_sources", [source])
    return kept


def test_few_ratings_tell_nothing_and_only_heads_read_single_ones(office, market, clerk, rated):
    today = timezone.localdate()
    rated += [(today, 2), (today, 2), (today, 1), (today, 2)]
    head = head_of(market, "hua")
    path = f"{PAGE}ratings/?from={today}&to={today}"
    page = html(office(head).get(PAGE))
    assert "4 ratings in the period: too few" in page and "dashboard/ratings/" not in page
    assert office(head).get(path).status_code == 404
    rated.append((today, 2))
    page = html(office(head).get(PAGE))
    assert "80%" in page and "dashboard/ratings/" in page
    assert total(office(head).get(path)) == 5 and total(office(head).get(f"{path}&grade=1")) == 1
    assert "dashboard/ratings/" not in html(office(clerk).get(PAGE))
    assert office(clerk).get(path).status_code == 404


def test_a_month_of_too_few_is_in_no_sum_for_colleagues(office, market, clerk, rated):
    rated += [(date(2026, 10, 5), 2)] * 5 + [(date(2026, 11, 5), 1)]
    quarter = {"period": "quarter", "at": "2026-Q4"}

    def grades(person) -> list[int]:
        tables = {one["key"]: one for one in office(person).get(API, quarter).json()["tables"]}
        return [row["count"] for row in tables["grades"]["rows"]]

    assert grades(clerk) == [5, 0]
    assert grades(head_of(market, "hua")) == [5, 1]


def test_the_period_stays_in_the_address(office, market):
    client = office(head_of(market, "hua"))
    page = html(client.get(PAGE, {"period": "quarter", "at": "2026-Q1"}))
    assert "Quarter 1 of 2026" in page
    assert "period=quarter&amp;at=2025-Q4" in page and "period=quarter&amp;at=2026-Q2" in page
    assert "period=month&amp;at=2026-01" in page
    link = re.search(r'href="(/office/dashboard/list/[^"]+)"', page)[1].replace("&amp;", "&")
    assert "at=2026-Q1" in html(client.get(link))
    wrong = {"what": "finished", "from": "2026-02-30", "to": "x", "step": "1.a.\x00", "after": "x"}
    for nonsense in ({"period": "x", "at": "\x00"}, {"at": "2026-99"}, wrong):
        assert client.get(PAGE, nonsense).status_code == 200
        assert client.get(LIST, nonsense).status_code == 200


def test_the_home_page_leads_to_the_dashboard(office, clerk, market):
    assert f'href="{PAGE}"' in html(office(clerk).get("/office/"))
