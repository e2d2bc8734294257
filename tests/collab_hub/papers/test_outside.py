"""The scan and further files of a paper from outside: given, replaced with a reason, read."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from collab_hub.papers import outside_services, receiving_services, selectors
from collab_hub.papers.elements import MOST_FILES
from collab_hub.papers.models import Attachment, Paper, Receipt
from platform_core.capabilities.files.models import StoredFile
from platform_core.capabilities.notifications.models import Message
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.trace import found, history_for
from security.audit.models import AuditEntry
from tests.factories import actor_of, make_official

from .makers import make_house, make_sent, receipt_at
from .test_attachments import FILES, pdf, take

SENT = {"sender": "杭州市疾控中心", "kind": "notice", "title": "关于流感防控的通知"}


@pytest.fixture
def house(db):
    made = make_house()
    made["doctor"] = make_official("doctor", department=made["health"], name="Dora")
    return made


def register(house, *names, scan=True, **more) -> Receipt:
    keys = take(house["nurse"], *names)
    return receiving_services.register_outside(
        actor=actor_of(house["nurse"]), organ=house["health"], kind="notice", number="杭疾控58号",
        sender=SENT["sender"], scan=keys[0] if scan and keys else "",
        content={"title": SENT["title"], "files": keys, **more},
    )  # fmt: skip


def add(house, receipt, *names, person="nurse", **more):
    keys = take(house[person], *names)
    return outside_services.add_files(
        actor=actor_of(house[person]), receipt=receipt, keys=keys, **more
    )


def page_of(client, receipt) -> str:
    return client.get(f"/office/papers/received/{receipt.pk}/").content.decode()


def circulate(house, receipt) -> None:
    receiving_services.circulate(
        actor=actor_of(house["nurse"]), receipt=receipt, people=[house["doctor"]]
    )


def test_the_form_keeps_the_scan_whatever_else_is_wrong(house, office):
    client = office(house["nurse"])
    upload = {"scan": SimpleUploadedFile("原件.pdf", pdf()),
              "uploads": SimpleUploadedFile("list.csv", FILES["list.csv"])}  # fmt: skip
    sent = {**SENT, "organ": str(house["health"].pk)}
    page = client.post("/office/papers/register/", sent | {"title": ""} | upload)
    assert page.status_code == 422
    scan, further = (str(StoredFile.objects.get(name=one).pk) for one in ("原件.pdf", "list.csv"))
    for name, key in (("scanned", scan), ("files", further)):
        assert f'name="{name}" value="{key}" checked' in page.content.decode()
    kept = sent | {"scanned": scan, "files": [further]}
    secret = kept | {"secrecy": "secret"}
    assert client.post("/office/papers/register/", secret).status_code == 422
    wrong = sent | {"scanned": further}
    page = client.post("/office/papers/register/", wrong).content.decode()
    assert "The scan of the paper is a PDF file." in page and not Paper.objects.exists()
    assert client.post("/office/papers/register/", kept).status_code == 302
    found = Attachment.objects.get(is_scan=True)
    assert (str(found.pk), found.pages) == (scan, 2)
    receipt = Receipt.objects.get()
    for part in ("", "print/"):
        page = client.get(f"/office/papers/received/{receipt.pk}/{part}").content.decode()
        assert f"/files/{scan}/" in page and StoredFile.objects.get(pk=scan).sha256 in page


def test_whoever_may_read_the_paper_opens_its_files_and_that_is_on_record(house, office):
    receipt = register(house, "plan.pdf")
    key = str(Attachment.objects.get().pk)
    outsider = make_official("outsider", department=house["housing"], name="Otto")
    for person, status in ((house["doctor"], 200), (outsider, 404)):
        assert office(person).get(f"/files/{key}/").status_code == status
    rows = AuditEntry.objects.filter(verb="paper.file_read", object_id=str(receipt.pk))
    assert [row.actor for row in rows] == [house["doctor"]]
    # A waiting file is offered to nobody.
    StoredFile.objects.filter(pk=key).update(state="quarantined")
    page = page_of(office(house["doctor"]), receipt)
    assert f"/files/{key}/" not in page and "Waiting for the virus scan" in page


def test_a_replaced_file_is_kept_with_the_reason_and_its_readers_are_told(house, office):
    receipt = register(house, "plan.pdf")
    (further,) = add(house, receipt, "list.csv")
    assert further.reason == ""
    circulate(house, receipt)
    old = Attachment.objects.get(is_scan=True)
    with pytest.raises(Unusable) as refused:
        add(house, receipt, "plan.pdf", place=str(old.pk))
    assert list(refused.value.errors) == ["reason"]
    before = Message.objects.filter(recipient=house["doctor"]).count()
    (new,) = add(house, receipt, "plan.pdf", place=str(old.pk), reason="第二页漏扫")
    assert new.is_scan and new.replaces == old
    assert Message.objects.filter(recipient=house["doctor"]).count() == before + 1
    receipt.paper.refresh_from_db()
    assert selectors.content_of(receipt.paper)["files"] == [str(new.pk), str(further.pk)]
    doctor = office(house["doctor"])
    for part in ("", "print/"):
        page = doctor.get(f"/office/papers/received/{receipt.pk}/{part}").content.decode()
        assert "第二页漏扫" in page and "File replaced" in page
        assert old.file.sha256 in page and new.file.sha256 in page
    assert doctor.get(f"/files/{old.pk}/").status_code == 200
    # Its history is one: what was done with it, and who opened which file.
    history = history_for(house["nurse"], "received", str(receipt.pk))
    told = [entry.verb for entry in history.entries]
    assert told.index("paper.registered") < told.index("paper.file_replaced")
    assert told[-1] == "paper.file_read" and found(house["nurse"], "received", "流感")
    assert f"/office/trace/received/{receipt.pk}/" in page_of(office(house["nurse"]), receipt)
    with pytest.raises(Conflict):
        add(house, receipt, "plan.pdf", place=str(old.pk), reason="再换")
    with pytest.raises(Conflict):
        add(house, receipt, "plan.pdf", place="scan", reason="再扫")


def test_more_files_than_a_paper_may_have_are_said_and_none_is_dropped(house):
    receipt = register(house, "plan.pdf")
    with pytest.raises(Unusable) as refused:
        add(house, receipt, *["list.csv"] * (MOST_FILES + 1))
    assert list(refused.value.errors) == ["files"]
    assert Attachment.objects.count() == 1


def test_a_secret_paper_is_read_on_the_page_only(house, office):
    receipt = register(house)
    address = f"/office/papers/received/{receipt.pk}/"
    assert f"{address}print/" in page_of(office(house["nurse"]), receipt)
    Paper.objects.filter(pk=receipt.paper_id).update(secrecy="secret")
    for part, status in (("", 200), ("print/", 404)):
        assert office(house["nurse"]).get(f"{address}{part}").status_code == status, part
        assert f"{address}print/" not in page_of(office(house["nurse"]), receipt)


def test_who_adds_files_and_until_when(house, office):
    receipt = register(house)
    for person in ("clerk", "builder"):
        with pytest.raises(NotAllowed):
            add(house, receipt, "map.png", person=person)
    two = ("map.png", "list.csv")
    for names, place, field in (
        ((), "", "files"),
        (two[:1], "scan", "scan"),
        (two, "scan", "files"),
    ):
        with pytest.raises(Unusable) as refused:
            add(house, receipt, *names, place=place)
        assert list(refused.value.errors) == [field]
    # One that we wrote ourselves gets no files where it was received.
    ours = receipt_at(make_sent(house), house["health"])
    with pytest.raises(Conflict):
        add(house, ours, "map.png")
    address = f"/office/papers/received/{receipt.pk}/files/"
    client = office(house["doctor"])
    assert client.get(address).status_code == 200
    receiving_services.file_receipt(actor=actor_of(house["nurse"]), receipt=receipt)
    assert client.get(address).status_code == 404
    late = {"uploads": SimpleUploadedFile("map.png", FILES["map.png"])}
    assert client.post(address, late).status_code == 409
    assert not Attachment.objects.exists()


def test_the_page_costs_the_same_for_many_files(house, office):
    counts = []
    for names in (["plan.pdf"], ["plan.pdf", "map.png", "list.csv"]):
        receipt = register(house, *names)
        old = Attachment.objects.filter(paper=receipt.paper).first()
        add(house, receipt, "plan.pdf", place=str(old.pk))
        client = office(house["nurse"])
        client.get(f"/office/papers/received/{receipt.pk}/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/office/papers/received/{receipt.pk}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
