"""Spreadsheets in and out: what people send, what tools make of it, what must never happen."""

import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from platform_core.common.errors import Unusable
from platform_core.common.spreadsheets import read_sheet, write_csv, write_xlsx

TITLES = ["name", "number"]


def book(*rows) -> io.BytesIO:
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    out = io.BytesIO()
    workbook.save(out)
    out.seek(0)
    return out


def errors_of(file, name, **options) -> dict:
    with pytest.raises(Unusable) as caught:
        read_sheet(file, name, **options)
    return caught.value.errors


def rows_of(file, name) -> list[dict]:
    return [row.cells for row in read_sheet(file, name).rows]


def test_cells_of_a_workbook_become_text():
    file = book(
        ["name", "when", "at", "count", "share", "yes"],
        ["王伟", date(2026, 9, 18), datetime(2026, 9, 18, 14, 30), 12, 0.1, True],
    )
    (row,) = rows_of(file, "a.xlsx")
    assert list(row.values()) == ["王伟", "2026-09-18", "2026-09-18 14:30", "12", "0.1", "TRUE"]


def test_rows_keep_the_numbers_that_the_spreadsheet_shows():
    sheet = read_sheet(book([], TITLES, [], ["a", 1], [None, None], ["b", 2]), "a.xlsx")
    assert [row.number for row in sheet.rows] == [4, 6]


def test_formulas_errors_and_rounded_numbers_are_named_at_their_cells():
    file = book(TITLES, ["=1+1", 1], ["a", 110105194912310020], ["#REF!", 3])
    errors = errors_of(file, "a.xlsx")
    assert "formula" in errors["A2"][0]
    assert "text" in errors["B3"][0]
    assert "#REF!" in errors["A4"][0]


def test_a_long_number_kept_as_text_stays_whole():
    (row,) = rows_of(book(TITLES, ["a", "11010519491231002X"]), "a.xlsx")
    assert row["number"] == "11010519491231002X"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_the_usual_encodings_and_separators_of_csv(encoding, mark):
    text = f"姓名{mark}备注\r\n王伟{mark}“好”\r\n"
    assert rows_of(io.BytesIO(text.encode(encoding)), "a.csv") == [{"姓名": "王伟", "备注": "“好”"}]


@pytest.mark.parametrize(
    "data",
    [
        "姓名,备注\n王伟,好\n".encode("utf-16-le"),  # no mark
        "名前,備考\n山田太郎,ｱｲｳ\n".encode("shift_jis"),
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
    ],
)
def test_other_encodings_are_refused_and_not_guessed(data):
    assert "UTF-8" in errors_of(io.BytesIO(data), "a.csv")["file"][0]


def test_missing_doubled_and_untitled_columns():
    assert "number" in errors_of(book(["name"]), "a.xlsx", headers=TITLES)["file"][0]
    assert "B1" in errors_of(book(["name", "name"], [1, 2]), "a.xlsx")
    assert "B1" in errors_of(book(["name", None, "x"], [1, 2, 3]), "a.xlsx")
    assert "C2" in errors_of(book(TITLES, [1, 2, 3]), "a.xlsx")
    assert "file" in errors_of(book(), "a.xlsx")


def test_too_many_rows_and_columns():
    many = io.BytesIO(b"name\n" + b"a\n" * 11)
    assert "10" in errors_of(many, "a.csv", most_rows=10)["file"][0]
    assert "columns" in errors_of(io.BytesIO(b"a," * 300), "a.csv")["file"][0]


def test_ten_thousand_rows_are_read():
    data = write_xlsx("t", TITLES, ([f"a{n}", n] for n in range(10_000)))
    sheet = read_sheet(io.BytesIO(data), "a.xlsx")
    assert len(sheet.rows) == 10_000
    assert sheet.rows[-1].cells == {"name": "a9999", "number": "9999"}


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", b"0" * (160 * 1024 * 1024))
    return out.getvalue()


LAUGHS = '<!ENTITY l0 "secret">' + "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9)
)


def with_entities(part: str) -> bytes:
    """A workbook whose `part` declares entities and uses them as the text of its cells."""
    out = io.BytesIO()
    source = zipfile.ZipFile(book(["name", "secret"], ["a", "secret"]))
    with zipfile.ZipFile(out, "w") as package:
        for one in source.infolist():
            data = source.read(one)
            if one.filename == part:
                data = data.replace(b">secret<", b">&l8;<").replace(b"Sheet", b"&l8;")
                data = f"<!DOCTYPE w [{LAUGHS}]>".encode() + data
            package.writestr(one.filename, data)
    return out.getvalue()


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"]
)
def test_entities_are_never_expanded(part):
    try:
        sheet = read_sheet(io.BytesIO(with_entities(part)), "a.xlsx")
    except Unusable as refused:
        assert list(refused.errors) == ["file"]
    else:
        assert sum(len(cell) for row in sheet.rows for cell in row.cells.values()) < 100


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04 nothing", b"<html>", bomb(), b"\xd0\xcf\x11\xe0" * 99]
)
def test_damaged_and_hostile_workbooks_are_refused(data):
    assert list(errors_of(io.BytesIO(data), "a.xlsx")) == ["file"]


def test_other_files_are_refused():
    assert "file" in errors_of(io.BytesIO(b"x"), "a.xls")
    assert "file" in errors_of(io.BytesIO(b"a" * (10 * 1024 * 1024 + 1)), "a.csv")


HOSTILE = ["=1+1", "+1+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", '=HYPERLINK("x")']


def test_nothing_written_becomes_a_formula():
    data = write_xlsx("t", ["=title"], [[text] for text in HOSTILE])
    cells = [cell for row in load_workbook(io.BytesIO(data)).active for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}
    lines = write_csv(["=title"], [[text] for text in HOSTILE]).decode("utf-8-sig").splitlines()
    assert all(line.strip('"').startswith("'") for line in lines)


def test_negative_numbers_stay_numbers_in_csv():
    assert b"\r\n-12.5,+3\r\n" in write_csv(["a", "b"], [[-12.5, "+3"]])


texts = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20).filter(
    lambda text: not text.startswith(("=", "+", "-", "@", "'")) and text.strip() == text
)


@given(st.lists(st.lists(texts, min_size=2, max_size=2), max_size=5))
def test_what_is_written_is_read_again(rows):
    expected = [dict(zip(TITLES, row, strict=True)) for row in rows]
    for name, data in (
        ("a.csv", write_csv(TITLES, rows)),
        ("a.xlsx", write_xlsx("t", TITLES, rows)),
    ):
        assert rows_of(io.BytesIO(data), name) == expected
