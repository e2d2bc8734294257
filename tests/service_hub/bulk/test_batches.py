"""Many applications by spreadsheet: what is found wrong, and that each row is filed once."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from openpyxl import Workbook, load_workbook

from platform_core.capabilities.forms.capability import forms_of
from platform_core.capabilities.forms.sheets import columns_of, judge_rows, read_rows
from platform_core.capabilities.notifications.models import Message
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.outbox.models import OutboxMessage
from platform_core.common.spreadsheets import write_csv, write_xlsx
from security.accounts.firm_services import end_firm_mandate
from service_hub.bulk import files, selectors, services, tasks
from service_hub.bulk.models import Batch, BatchRow
from service_hub.cases.models import Case
from tests.factories import MAKER, actor_of, make_department, make_region
from tests.service_hub.firms.makers import make_members, mandate_of
from tests.service_hub.makers import item_of

pytestmark = pytest.mark.django_db
TITLES = [
    "Name of the firm", "Unified social credit code", "County or district",
    "Mobile number of the contact", "Insured employees last year, on average",
    "People dismissed last year", "Bank account of the firm",
]  # fmt: skip
GOOD = ["", "", "西湖区", "13800002046", "40", "1", "6222021202000006217"]


@pytest.fixture
def place(db):
    region = make_region("330106")
    region.name = "西湖区"
    region.save()
    make_department("social_security")
    return item_of("employment", "refund")


def checked(item, actor, rows, *, titles=TITLES, name="jobs.xlsx", data=None) -> Batch:
    data = data if data is not None else write_xlsx("x", titles, rows)
    return services.check_sheet(actor=actor, item=item, file=io.BytesIO(data), name=name)


def run(batch, most=1000) -> None:
    """Deliver the messages of the batch as the relay would, one after the other."""
    for _n in range(most):
        message = (
            OutboxMessage.objects.filter(topic=services.FILING, state="ready")
            .order_by("pk")
            .first()
        )
        if message is None:
            return
        tasks.on_filing(message)
        OutboxMessage.objects.filter(pk=message.pk).update(state="done")


def states(batch) -> list[str]:
    return list(batch.rows.order_by("number").values_list("state", flat=True))


def test_rows_are_checked_filed_and_told(place):
    firm, people = make_members()
    actor = actor_of(people["legal"], firm)
    wrong = [*GOOD[:3], "138", "0", "1", ""]
    batch = checked(place, actor, [GOOD, wrong, ["", "", "330106", *GOOD[3:]]])
    assert states(batch) == ["ready", "wrong", "ready"]
    found = selectors.cells_wrong(batch, batch.rows.get(state="wrong"))
    assert [one["cell"] for one in found] == ["D3", "E3", "G3"]
    assert "11 digits" in found[0]["said"]
    assert not Case.objects.exists()
    services.start_filing(actor=actor, batch=batch)
    services.start_filing(actor=actor, batch=batch)
    run(batch)
    batch.refresh_from_db()
    assert (batch.state, states(batch)) == ("done", ["filed", "wrong", "filed"])
    cases = list(Case.objects.order_by("number"))
    assert [case.channel for case in cases] == ["batch", "batch"]
    assert [int(case.number[-4:]) for case in cases] == [1, 2]
    assert {case.firm for case in cases} == {firm}
    assert {row.answers for row in batch.rows.filter(state="filed")} == {""}
    assert [one.template for one in Message.objects.all()] == ["batch.done"]
    sheet = load_workbook(io.BytesIO(files.result_file(batch))).worksheets[0]
    assert sheet["J2"].value.replace(" ", "") == cases[0].number
    assert sheet["D3"].value == "138"


def test_the_download_of_results_can_be_corrected_and_sent_again(place):
    firm, people = make_members()
    actor = actor_of(people["legal"], firm)
    batch = checked(place, actor, [[*GOOD[:5], "-1", GOOD[6]]])
    book = load_workbook(io.BytesIO(files.result_file(batch)))
    book.worksheets[0]["F2"] = "1"
    out = io.BytesIO()
    book.save(out)
    assert states(checked(place, actor, [], data=out.getvalue())) == ["ready"]


def test_chinese_titles_and_the_template(place):
    firm, people = make_members()
    actor = actor_of(people["legal"], firm)
    with translation.override("zh-hans"):
        data = files.template_file(place)
    book = load_workbook(io.BytesIO(data))
    first, hints = book.worksheets
    assert first["A1"].value == "企业名称"
    assert hints.max_row == 8
    titles = [cell.value for cell in first[1]]
    assert states(checked(place, actor, [GOOD], titles=titles)) == ["ready"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_files_of_any_usual_encoding(place, encoding):
    firm, people = make_members()
    text = write_csv(TITLES, [GOOD]).decode("utf-8-sig")
    batch = checked(
        place, actor_of(people["legal"], firm), [], data=text.encode(encoding), name="jobs.csv"
    )
    assert states(batch) == ["ready"]


def _formula() -> bytes:
    book = Workbook()
    book.active.append(TITLES)
    book.active.append([*GOOD[:4], "=20+20", *GOOD[5:]])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "where"),
    [
        (_formula(), "a.xlsx", "E2"),
        ("企業名稱,x\n測試,1\n".encode("big5"), "a.csv", "file"),
        (b"\xff\xfe\x00\xd8\x00\xd8", "a.csv", "file"),
        (write_csv(TITLES, [GOOD])[:20] + b"\x81\xff\xff", "a.csv", "file"),
        (b"PK\x03\x04 broken", "a.xlsx", "file"),
        (b"", "a.csv", "file"),
        (write_csv([*TITLES, "Colour"], [[*GOOD, "red"]]), "a.csv", "file"),
        (write_csv(TITLES, []), "a.csv", "file"),
        (b"x" * 10, "a.exe", "file"),
    ],
)
def test_what_cannot_be_read_is_said(place, portal, data, name, where):
    firm, people = make_members()
    with pytest.raises(Unusable) as caught:
        checked(place, actor_of(people["legal"], firm), [], data=data, name=name)
    assert where in caught.value.errors
    client = portal(people["legal"], firm)
    address = f"/enterprise/firm/batches/new/{place.napp.slug}/{place.key}/"
    answer = client.post(address, {"file": SimpleUploadedFile(name, data)} if data else {})
    assert answer.status_code == 422
    assert not Batch.objects.exists()


def test_a_service_that_needs_files_takes_no_spreadsheet(portal):
    firm, people = make_members()
    item = item_of("return_to_work", "resume")
    with pytest.raises(Conflict, match="file"):
        checked(item, actor_of(people["legal"], firm), [GOOD])
    client = portal(people["legal"], firm)
    page = client.get(f"/enterprise/firm/batches/new/{item.napp.slug}/{item.key}/")
    assert "takes no spreadsheet" in page.content.decode()


def test_whatever_dies_each_row_is_filed_once(place, monkeypatch):
    """The process dies in the middle of a step, after some rows were filed in it."""
    firm, people = make_members()
    actor = actor_of(people["legal"], firm)
    monkeypatch.setattr(services, "AT_ONCE", 3)
    batch = checked(place, actor, [GOOD] * 7)
    services.start_filing(actor=actor, batch=batch)
    real, seen = services._file_row, []

    def dies(doer, item, row):
        seen.append(row.number)
        real(doer, item, row)
        if len(seen) in (2, 5):
            raise SystemExit

    monkeypatch.setattr(services, "_file_row", dies)
    for _life in range(3):
        try:
            message = OutboxMessage.objects.filter(topic=services.FILING, state="ready").last()
            while message:
                with transaction.atomic():
                    tasks.on_filing(message)
                    message.state = "done"
                    message.save(update_fields=["state"])
                found = OutboxMessage.objects.filter(topic=services.FILING, state="ready")
                message = found.last()
        except SystemExit:
            continue
    assert len(seen) == 2 + 3 + 7
    assert states(batch) == ["filed"] * 7
    numbers = sorted(int(number[-4:]) for number in Case.objects.values_list("number", flat=True))
    assert numbers == list(range(1, 8))
    # A message that comes a second time files nothing.
    services.file_next(actor=MAKER, batch_id=batch.pk, step=0)
    assert Case.objects.count() == 7


def test_a_withdrawn_mandate_stops_it(place, monkeypatch):
    firm, people = make_members("agent")
    actor = actor_of(people["agent"], firm)
    monkeypatch.setattr(services, "AT_ONCE", 1)
    batch = checked(place, actor, [GOOD] * 3)
    services.start_filing(actor=actor, batch=batch)
    run(batch, 1)
    end_firm_mandate(
        actor=actor_of(people["legal"], firm), mandate=mandate_of(firm, people["agent"])
    )
    run(batch)
    batch.refresh_from_db()
    assert (batch.state, batch.reason, states(batch)) == (
        "stopped", "mandate", ["filed", "ready", "ready"],
    )  # fmt: skip
    assert Case.objects.count() == 1


def test_viewers_and_strangers_file_nothing(place, portal):
    firm, people = make_members("viewer")
    with pytest.raises(NotAllowed):
        checked(place, actor_of(people["viewer"], firm), [GOOD])
    batch = checked(place, actor_of(people["legal"], firm), [GOOD])
    client = portal(people["viewer"], firm)
    assert client.get(f"/enterprise/firm/batches/{batch.pk}/").status_code == 404


def test_ten_thousand_rows_are_checked_in_few_queries(place):
    firm, people = make_members()
    actor = actor_of(people["legal"], firm)
    form = forms_of(place.napp_version)[place.form_key]
    titles = [column.title for column in columns_of(form)]
    assert titles == TITLES

    def judge(count):
        with CaptureQueriesContext(connection) as seen:
            rows = [dict(zip(TITLES, GOOD, strict=True)) for _n in range(count)]
            values, unknown = read_rows(form, rows, TITLES)
            judged = judge_rows(form, values, actor=actor, napp_version=place.napp_version)
        assert not unknown
        assert not any(one.errors for one in judged)
        return len(seen)

    assert judge(1) == judge(10_000)


def test_more_rows_than_allowed_are_refused(place):
    firm, people = make_members()
    data = write_csv(["Bank account of the firm"], [["6222021202000006217"]] * 10_001)
    with pytest.raises(Unusable) as caught:
        checked(place, actor_of(people["legal"], firm), [], data=data, name="a.csv")
    assert "10000" in caught.value.errors["file"][0].replace(",", "")


def test_the_lists_take_as_many_queries_for_three(place, portal):
    firm, people = make_members()
    actor = actor_of(people["legal"], firm)
    client = portal(people["legal"], firm)
    counts = []
    for rows in (1, 3):
        batch = None
        for _n in range(rows):
            batch = checked(place, actor, [[*GOOD[:3], "1", *GOOD[4:]]] * rows)
        seen = []
        for path in ("/enterprise/firm/batches/", f"/enterprise/firm/batches/{batch.pk}/"):
            client.get(path)
            with CaptureQueriesContext(connection) as found:
                assert client.get(path).status_code == 200
            seen.append(len(found))
        counts.append(seen)
    assert counts[0] == counts[1]


def test_what_is_never_filed_is_forgotten(place):
    firm, people = make_members()
    batch = checked(place, actor_of(people["legal"], firm), [GOOD])
    assert json.loads(batch.rows.get().answers)["mobile"] == "13800002046"
    message = OutboxMessage.objects.get(topic=services.FORGETTING)
    assert (message.due_at - batch.made_at).days == services.KEPT_DAYS
    batch.state = "running"
    batch.save()
    tasks.on_forgetting(message)
    assert BatchRow.objects.get().answers
    later = OutboxMessage.objects.get(topic=services.FORGETTING, payload__step=1)
    batch.state = "checked"
    batch.save()
    tasks.on_forgetting(later)
    batch.refresh_from_db()
    assert BatchRow.objects.get().answers == "" and batch.state == "stopped"
    # What was deleted is not filed empty.
    by = actor_of(people["legal"], firm)
    assert services.start_filing(actor=by, batch=batch).state == "stopped"
