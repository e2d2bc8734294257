"""Spreadsheets of reports: out and in again, and what is wrong said at its cell."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook

from collab_hub.reports import selectors, services
from collab_hub.reports.counters import counters
from collab_hub.reports.models import ReportFilling
from collab_hub.reports.sheets import read_filled, sheet_to_fill
from platform_core.common.errors import Unusable
from platform_core.common.spreadsheets import read_sheet, write_csv, write_xlsx
from security.organs.models import Department
from tests.factories import actor_of, credit_code, make_department

from .makers import World, county

HEAD = ["Code of the organ", "Organ", "beds [beds]", "staff [staff]"]


@pytest.fixture
def world(db):
    found = World()
    found.field("beds"), found.field("staff")
    return found


@pytest.fixture
def campaign(world):
    return world.start(world.template("one", ["beds", "staff"]))


def read(world, campaign, data: bytes, name: str = "a.xlsx"):
    columns = selectors.columns_of(campaign)
    fillings = selectors.enterable(world.clerk, campaign)
    known = selectors.known_values(fillings, columns)
    return read_filled(io.BytesIO(data), name, columns, fillings, known)


def test_a_sheet_goes_out_with_what_is_known_comes_back_and_is_submitted(world, campaign):
    alone = world.start(world.template("two", ["beds"]))
    filling = world.filling(alone)
    services.submit_filling(
        actor=actor_of(world.people[0]), filling=filling, given={"beds": "12"}, version=1
    )
    columns = selectors.columns_of(campaign)
    fillings = selectors.enterable(world.clerk, campaign)
    data = sheet_to_fill(campaign, columns, fillings, selectors.known_values(fillings, columns))
    sheet = read_sheet(io.BytesIO(data), "a.xlsx")
    code = world.organs[0].code
    line = next(row.cells for row in sheet.rows if row.cells[sheet.headers[0]] == code)
    assert list(line.values())[2:] == ["12", ""]
    rows = [[organ.code, organ.name, n + 12, 30] for n, organ in enumerate(world.organs)]
    preview = read(world, campaign, write_xlsx("x", sheet.headers, rows))
    assert preview.errors == {}
    kept = services.keep_sheet(actor=actor_of(world.clerk), campaign=campaign, rows=preview.rows)
    assert kept == 3
    assert services.submit_drafts(actor=actor_of(world.clerk), campaign=campaign) == (3, [], "")
    assert not campaign.fillings.filter(state="open").exists()
    assert counters()["asked_again"] == 0


def test_every_wrong_cell_is_named_and_nothing_is_kept(world, campaign):
    a, b, c = (organ.code for organ in world.organs)
    filling = world.filling(world.start(world.template("two", ["beds"])))
    services.submit_filling(
        actor=actor_of(world.people[0]), filling=filling, given={"beds": "12"}, version=1
    )
    rows = [[a, "", 13, 1], [b, "", "many", 1], [b, "", 1, 1], ["nobody", "", 1, 1], [c, "", 1, ""]]
    preview = read(world, campaign, write_xlsx("x", HEAD, rows))
    assert list(preview.errors) == ["C2", "C3", "A4", "A5"]
    assert "Known already: 12" in preview.errors["C2"] and "line 3" in preview.errors["A4"]
    assert not ReportFilling.objects.exclude(draft={}).exists()


def test_formulas_wrong_letters_and_foreign_files_are_refused_at_their_place(world, campaign):
    book = Workbook()
    book.active.append(HEAD)
    book.active.append([world.organs[0].code, "", "=1+1", 2])
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(Unusable) as refused:
        read(world, campaign, out.getvalue())
    assert list(refused.value.errors) == ["C2"]
    with pytest.raises(Unusable) as refused:
        read(world, campaign, "机构,床位".encode("utf-16-le")[:-1], "a.csv")
    assert list(refused.value.errors) == ["file"]
    with pytest.raises(Unusable) as refused:
        read(world, campaign, write_csv(["x", "y"], [["1", "2"]]), "a.csv")
    assert list(refused.value.errors) == ["file"]
    line = [world.organs[0].code, "", "1,200", "3"]
    wide = read(
        world, campaign, write_csv(HEAD, [line]).decode("utf-8-sig").encode("gb18030"), "a.csv"
    )
    assert wide.errors == {} and wide.rows[0][1] == {"beds": "1,200", "staff": "3"}


def test_drafts_that_are_refused_do_not_stand_in_the_way_of_the_rest(world, campaign):
    rows = [[organ.code, "", 1, 2 if n else ""] for n, organ in enumerate(world.organs)]
    empty = make_department("health", county("330109"))
    ReportFilling.objects.create(campaign=campaign, department=empty)
    preview = read(world, campaign, write_xlsx("x", HEAD, [*rows, [empty.code, "", "", ""]]))
    assert len(preview.rows) == 3
    actor = actor_of(world.clerk)
    services.keep_sheet(actor=actor, campaign=campaign, rows=preview.rows)
    after, done, refused = "", 0, []
    for _turn in range(3):
        n, more, after = services.submit_drafts(actor=actor, campaign=campaign, after=after, most=1)
        done, refused = done + n, refused + more
    assert (
        done == 2
        and after == ""
        and [words for _one, words in refused] == ["staff: This is still missing."]
    )


def test_only_amounts_become_numbers_and_only_when_none_is_rounded(world):
    world.field("name", kind="text", unit="", aggregation="none")
    campaign = world.start(world.template("names", ["beds", "name"]))
    filling = world.filling(campaign)
    filling.draft = {"beds": "123,456,789,012,345.67", "name": "007"}
    columns = selectors.columns_of(campaign)
    sheet = read_sheet(io.BytesIO(sheet_to_fill(campaign, columns, [filling], {})), "a.xlsx")
    assert list(sheet.rows[0].cells.values())[2:] == ["123,456,789,012,345.67", "007"]


def test_ten_thousand_organs_are_read_and_kept_in_a_few_statements(world, campaign):
    region = world.organs[0].region
    organs = Department.objects.bulk_create(
        Department(code=f"t{n}", kind="health", name=f"t{n}", region=region, path=f"t{n}/",
                   credit_code=credit_code(1))
        for n in range(9_997)
    )  # fmt: skip
    ReportFilling.objects.bulk_create(
        ReportFilling(campaign=campaign, department=organ) for organ in organs
    )
    rows = [[organ.code, "", n, n] for n, organ in enumerate([*world.organs, *organs])]
    data = write_xlsx("x", HEAD, rows)
    with CaptureQueriesContext(connection) as queries:
        preview = read(world, campaign, data)
        kept = services.keep_sheet(
            actor=actor_of(world.clerk), campaign=campaign, rows=preview.rows
        )
    assert preview.errors == {} and kept == 10_000 and len(queries) < 40
