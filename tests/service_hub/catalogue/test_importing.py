"""Spreadsheets of items: errors at row and cell, nothing half-written, there and back."""

import json
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from service_hub.catalogue import importing, selectors, services, sheets
from service_hub.catalogue.elements import BASIC, IMPLEMENTING
from service_hub.catalogue.models import BasicItem, BasicVersion, Change, ImplementingVersion
from tests.factories import actor_of, make_official

from .makers import RENT, basic_elements, keepers, make_basic, make_organ_item, publish

pytestmark = pytest.mark.django_db
SAFE = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30)


def look(content: bytes, name="x.csv", kind=IMPLEMENTING, actor=None):
    actor = actor or keepers()[0]
    return importing.preview(actor=actor, kind=kind, file=BytesIO(content), name=name)


def all_of(kind):
    return selectors.items_found(keepers()[0].user, kind)


def as_json(*rows) -> bytes:
    return json.dumps(rows).encode()


def row(number: int, **changes) -> dict:
    return {"catalog_code": f"33201300{number:04d}"} | basic_elements() | changes


@pytest.mark.parametrize("ending", sheets.ENDINGS)
def test_what_goes_out_comes_back_unchanged(ending):
    make_organ_item(accept_condition="一\n二", fee_explain="=1+1", link_way="+86 571")
    for kind in (BASIC, IMPLEMENTING):
        content = sheets.written(kind, ending, all_of(kind))
        found = look(content, f"x.{ending}", kind)
        wrong = [line.errors for line in found.lines]
        assert [line.state for line in found.lines] == ["unchanged"], wrong


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(name=SAFE, basis=st.lists(SAFE, min_size=1, max_size=3))
def test_any_words_survive_the_way_there_and_back(name, basis):
    item = services.begin_item(actor=keepers()[0], kind=BASIC, code=RENT)
    wanted = basic_elements(task_name=name, by_law="\n".join(basis))
    if item.current is None or item.current.elements["task_name"] != name:
        publish(item, wanted | {"use_level": "2" if item.current else "3"})
    for ending in sheets.ENDINGS:
        content = sheets.written(BASIC, ending, all_of(BASIC))
        found = look(content, f"x.{ending}", BASIC)
        assert [line.state for line in found.lines] == ["unchanged"]


def test_nothing_is_written_before_everything_is_right_or_the_right_rows_are_taken():
    make_basic()
    rows = [row(1), row(2, use_level="9"), row(3, task_name=""), row(1), row(4, parent_code="1")]
    found = look(as_json(*rows), "x.json", BASIC)
    assert [line.state for line in found.lines] == ["new", "wrong", "wrong", "wrong", "wrong"]
    assert [set(line.errors) for line in found.lines[1:]] == [
        {"use_level"}, {"task_name"}, {"catalog_code"}, {"parent_code"},
    ]  # fmt: skip
    writer, second = keepers()
    with pytest.raises(Unusable) as refused:
        importing.take_in(actor=writer, found=found, why="x")
    assert "2.use_level" in refused.value.errors
    assert BasicItem.objects.count() == 1
    change = importing.take_in(actor=writer, found=found, why="x", only_right=True)
    assert BasicVersion.objects.get(change=change).item.current is None
    with pytest.raises(NotAllowed):
        services.decide(actor=writer, change=change, approve=True)
    services.decide(actor=second, change=change, approve=True)
    assert selectors.basic_item("332013000001").current.number == 1


def test_a_file_is_told_when_a_main_item_is_none():
    make_basic()
    services.begin_item(actor=keepers()[0], kind=BASIC, code="332013000009")
    rows = [
        row(1),
        row(2, parent_code="332013000001"),
        row(3, parent_code="332013000002"),
        row(4, parent_code=RENT.replace("3320", "3301")),
        row(5, parent_code="332013000009"),
        row(6, parent_code=RENT),
    ]
    found = look(as_json(*rows), "x.json", BASIC)
    assert [set(line.errors) for line in found.lines] == [
        set(), set(), {"parent_code"}, {"parent_code"}, {"parent_code"}, set(),
    ]  # fmt: skip


def test_new_changed_and_unchanged_are_told_apart():
    first = make_organ_item()
    second = make_organ_item(region="330110")
    rows = [sheets.row_of(IMPLEMENTING, one) for one in (first, second)]
    rows[0]["promise_day"] = "1"
    rows.append(rows[1] | {"task_code": rows[1]["task_code"].replace("4" + RENT, "3" + RENT)})
    found = look(as_json(*rows), "x.json")
    assert [line.state for line in found.lines] == ["changed", "unchanged", "new"]
    ((element, old, new),) = found.lines[0].changed
    assert (element.key, old, new) == ("promise_day", "2", "1")
    importing.take_in(actor=keepers()[0], found=found, why="x")
    assert ImplementingVersion.objects.filter(state="proposed").count() == 2
    with pytest.raises(Conflict):
        importing.take_in(actor=keepers()[0], found=found, why="x")
    assert Change.objects.filter(state="open").count() == 1


@pytest.mark.parametrize("key", ["task_name", "by_law", "task_type", "catalog_code"])
def test_the_four_cannot_be_changed_by_a_file(key):
    one = sheets.row_of(IMPLEMENTING, make_organ_item())
    found = look(as_json(one | {key: "别的"}), "x.json")
    assert set(found.lines[0].errors) == {key}


def test_a_file_of_another_organ_is_refused_row_by_row():
    one = sheets.row_of(IMPLEMENTING, make_organ_item())
    stranger = actor_of(make_official(kind="health"))
    found = look(as_json(one | {"promise_day": "1"}), "x.json", actor=stranger)
    assert set(found.lines[0].errors) == {"task_code"}
    with pytest.raises(Unusable):
        importing.take_in(actor=stranger, found=found, why="x", only_right=True)


def workbook(value) -> bytes:
    book = Workbook()
    book.active.append(["catalog_code", "task_name"])
    book.active.append(["332013000001", value])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "where"),
    [
        (workbook("=1+1"), "x.xlsx", "B2"),
        ("catalog_code,task_name\n332013000001,名".encode("utf-16-be"), "x.csv", "file"),
        (b"\x00\x01", "x.xlsx", "file"),
        (b"[1]", "x.json", "file"),
        (b"[" * 100_000, "x.json", "file"),
        (b'[{"catalog_code": {}}]', "x.json", "file"),
        (b"task_name\nx", "x.csv", "file"),
        (b"catalog_code,surprise\nx,y", "x.csv", "file"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_where(content, name, where):
    with pytest.raises(Unusable) as refused:
        look(content, name, BASIC)
    assert set(refused.value.errors) == {where}


def test_chinese_spreadsheets_in_their_own_encoding_are_read():
    lines = ["catalog_code,task_name,by_law,use_level,plan_effective_date",
             "332013000001,提取,依据,3,2020-01-01"]  # fmt: skip
    found = look("\n".join(lines).encode("gb18030"), "x.csv", BASIC)
    assert found.lines[0].state == "new" and found.lines[0].elements["task_name"] == "提取"


def test_ten_thousand_rows_go_in_and_are_published_at_once(django_assert_max_num_queries):
    writer, second = keepers()
    content = as_json(*(row(number) for number in range(10_000)))
    with django_assert_max_num_queries(80):
        found = look(content, "x.json", BASIC)
        change = importing.take_in(actor=writer, found=found, why="x")
    with django_assert_max_num_queries(120):
        services.decide(actor=second, change=change, approve=True)
    assert BasicItem.objects.filter(current__isnull=False).count() == 10_000
    with pytest.raises(Unusable):
        look(as_json(*[{"catalog_code": "x"}] * 10_001), "x.json", BASIC)
