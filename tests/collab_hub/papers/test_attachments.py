"""Files that go with a paper: on its pages, to its receivers, to the public only by decision."""

from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.actions import JavaScript

from collab_hub.papers import annexing, draft_services, flow_services, selectors
from collab_hub.papers.attaching_services import take_in
from collab_hub.papers.elements import annexes, clean
from collab_hub.papers.merging import merge_content
from collab_hub.papers.models import Attachment, Publication
from platform_core.capabilities.files.models import StoredFile
from platform_core.common.errors import Unusable
from platform_core.common.trace import history_for
from security.audit.models import AuditEntry
from tests.factories import actor_of

from .makers import agree, make_draft, make_house, make_sent, notice, receipt_at, submit
from .test_publishing import decide, propose


@pytest.fixture
def house(db):
    return make_house()


def pdf(pages: int = 2) -> bytes:
    out, writer = BytesIO(), PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(595, 842)
    writer.add_open_action(JavaScript("app.alert(1)"))
    writer.write(out)
    return out.getvalue()


def picture(colour: str = "teal") -> bytes:
    out = BytesIO()
    Image.new("RGB", (300, 200), colour).save(out, "PNG")
    return out.getvalue()


FILES = {"plan.pdf": pdf(), "map.png": picture(), "list.csv": b"a,b\n1,2\n"}


def take(person, *names) -> list[str]:
    uploads = [SimpleUploadedFile(name, FILES[name]) for name in names]
    taken, refused = take_in(actor=actor_of(person), uploads=uploads)
    assert not refused
    return taken


def draft(house, *names, **more):
    return make_draft(house, files=take(house["clerk"], *names), **more)


def text_of(content: bytes) -> tuple[str, int]:
    pages = PdfReader(BytesIO(content)).pages
    return "".join("".join(page.extract_text().split()) for page in pages), len(pages)


def test_names_and_files_make_one_numbered_list():
    one, two = str(uuid4()), str(uuid4())
    content = clean({"attachments": "清单\n附图", "files": [one, two, "x", one]})
    assert content["files"] == [one, two]
    found = annexes(content, {one: "方案", two: "附图"})
    assert [(n.number, n.title, n.file) for n in found] == [
        (1, "清单", ""), (2, "附图", two), (3, "方案", one)
    ]  # fmt: skip


def test_two_editors_keep_both_persons_files():
    base = {"title": "A", "files": ["a", "b"]}
    merged, _texts, clashes = merge_content(
        base, {"title": "A", "files": ["a", "b", "c"]}, {"title": "A", "files": ["b", "d"]}
    )
    assert merged["files"] == ["b", "c", "d"] and not clashes
    merged, *_rest = merge_content({"title": "A"}, {"title": "A"}, {"title": "A", "files": ["d"]})
    assert merged["files"] == ["d"]


def test_pages_are_joined_after_the_text_and_other_files_listed_with_their_digest(house):
    paper = draft(house, "plan.pdf", "list.csv", "map.png")
    assert [one.pages for one in Attachment.objects.order_by("title")] == [0, 1, 2]
    submit(house, paper)
    agree(paper, house["second"], "review")
    agree(paper, house["head"], "sign")
    flow_services.seal_paper(actor=actor_of(house["clerk"]), paper=paper)
    paper.refresh_from_db()
    with annexing.open_content(paper.pdf) as file:
        content = file.read()
    text, pages = text_of(content)
    for words in ("附件：1.plan2.list3.map", "附件1", "附件3", "随附电子文件附件2", "list.csv"):
        assert words in text, words
    # The text, two pages and a picture, and the list with the foot.
    assert pages == 5
    digest = StoredFile.objects.get(name="list.csv").sha256
    assert digest in text
    # What a file carries besides its looks stays behind.
    assert b"app.alert" not in content and b"/JavaScript" not in content
    assert (
        text.index("附件1") < text.index("附件3") < text.index("抄送" if "抄送" in text else "印发")
    )


def test_what_does_not_fit_is_listed(house, monkeypatch):
    monkeypatch.setattr(annexing, "MOST_PAGES", 2)
    paper = draft(house, "plan.pdf", "map.png")
    job, files = selectors.draft_job(paper, selectors.content_of(paper))
    assert len(files) == 2 and [one["name"] for one in job["loose"]] == ["map.png"]
    long = take_in(actor=actor_of(house["clerk"]), uploads=[
        SimpleUploadedFile("long.pdf", pdf(3)), SimpleUploadedFile("bad.pdf", b"%PDF-1.4\n%%EOF"),
        SimpleUploadedFile("run.exe", b"MZ"),
    ])  # fmt: skip
    assert len(long[0]) == 2 and "run.exe" in long[1][0]
    make_draft(house, files=long[0])
    assert {one.pages for one in Attachment.objects.filter(title__in=["long", "bad"])} == {0}


def test_who_gets_the_files(house, office):
    paper = draft(house, "plan.pdf")
    key = selectors.content_of(paper)["files"][0]
    address = f"/files/{key}/"
    assert office(house["clerk"]).get(address).status_code == 200
    assert office(house["nurse"]).get(address).status_code == 404
    own = AuditEntry.objects.get(verb="paper.file_read")
    assert (own.actor, own.object_id) == (house["clerk"], str(paper.pk))
    for person, kind in (("second", "review"), ("head", "sign")):
        submit(house, paper) if kind == "review" else None
        agree(paper, house[person], kind)
    flow_services.seal_paper(actor=actor_of(house["clerk"]), paper=paper)
    flow_services.send_paper(actor=actor_of(house["clerk"]), paper=paper)
    nurse = office(house["nurse"])
    assert nurse.get(address).status_code == 200
    # Who at another organ opens it is that organ's to read, not the sender's.
    receipt = receipt_at(paper, house["health"])
    read = AuditEntry.objects.get(verb="paper.file_read", actor=house["nurse"])
    assert read.object_id == str(receipt.pk)
    for person, kind, thing, times in (
        ("nurse", "received", receipt, 1), ("clerk", "paper", paper, 1),
    ):  # fmt: skip
        told = history_for(house[person], kind, str(thing.pk)).entries
        assert [one.verb for one in told].count("paper.file_read") == times
    page = nurse.get(f"/office/papers/received/{receipt.pk}/")
    assert key in page.content.decode()
    assert office(house["builder"]).get(address).status_code == 404


def test_a_file_that_was_taken_off_is_not_for_receivers(house, office):
    paper = draft(house, "plan.pdf")
    key = selectors.content_of(paper)["files"][0]
    draft_services.save_revision(
        actor=actor_of(house["clerk"]), paper=paper, content=notice(house), base=1
    )
    paper.refresh_from_db()
    submit(house, paper)
    agree(paper, house["second"], "review")
    agree(paper, house["head"], "sign")
    flow_services.seal_paper(actor=actor_of(house["clerk"]), paper=paper)
    flow_services.send_paper(actor=actor_of(house["clerk"]), paper=paper)
    assert office(house["nurse"]).get(f"/files/{key}/").status_code == 404
    assert office(house["second"]).get(f"/files/{key}/").status_code == 200


def test_secret_papers_have_no_files_and_strange_files_are_refused(house):
    with pytest.raises(Unusable) as refused:
        draft(house, "plan.pdf", secrecy="secret", secret_for="5年")
    assert "secrecy" in refused.value.errors
    paper = draft(house, "plan.pdf")
    files = selectors.content_of(paper)["files"]
    for strange in (files, take(house["nurse"], "map.png"), [str(uuid4())]):
        with pytest.raises(Unusable) as refused:
            make_draft(house, files=strange)
        assert "files" in refused.value.errors
    # One that waits for the virus scan keeps the paper back.
    StoredFile.objects.filter(pk=files[0]).update(state="quarantined")
    with pytest.raises(Unusable) as refused:
        submit(house, paper)
    assert "virus scan" in refused.value.errors["files"][0]


def test_the_form_keeps_files_whatever_else_is_wrong(house, office):
    client = office(house["clerk"])
    sent = {key: value for key, value in notice(house).items() if value is not None}
    wrong = sent | {"title": "x" * 201, "uploads": SimpleUploadedFile("map.png", picture())}
    page = client.post("/office/papers/new/notice/", wrong)
    key = str(StoredFile.objects.get().pk)
    assert page.status_code == 422 and f'value="{key}" checked' in page.content.decode()
    bad = sent | {"files": [key], "uploads": SimpleUploadedFile("run.exe", b"MZ")}
    page = client.post("/office/papers/new/notice/", bad)
    assert page.status_code == 422 and "run.exe" in page.content.decode()
    assert client.post("/office/papers/new/notice/", sent | {"files": [key]}).status_code == 302
    paper = Attachment.objects.get().paper
    page = client.get(f"/office/papers/{paper.pk}/").content.decode()
    assert "map.png" in page and StoredFile.objects.get().sha256 in page
    # The second editor brings a file of their own: both stand in the form put together.
    client.post(
        f"/office/papers/{paper.pk}/edit/", sent | {"files": [key], "base": "1", "body": "一"}
    )
    client = office(house["second"])
    other = sent | {"files": [key], "base": "1", "body": "二",
                    "uploads": SimpleUploadedFile("plan.pdf", pdf())}  # fmt: skip
    page = client.post(f"/office/papers/{paper.pk}/edit/", other, follow=True).content.decode()
    assert page.count('name="files"') == 2


def test_each_file_is_published_by_decision_only(house, office, client):
    paper = make_sent(house, files=take(house["clerk"], "map.png", "list.csv"), attachments="")
    Attachment.objects.filter(file__name="map.png").update(title="王秀英住处")
    keys = {one.title: str(one.pk) for one in Attachment.objects.all()}
    open_key, kept = keys["王秀英住处"], keys["list"]
    hidden = ["王秀英", "13800007766"]
    for files in (None, {open_key: "open"}, {open_key: "open", kept: "x"}):
        with pytest.raises(Unusable) as refused:
            propose(house, paper, hidden, files=files)
        assert "files" in refused.value.errors
    found = propose(house, paper, hidden, files={open_key: "open", kept: "kept"})
    told = office(house["second"]).get(f"/office/papers/publications/{found.pk}/").content.decode()
    assert "everybody gets the file" in told and "its title only" in told
    first, second = (f"/papers/{found.key}/files/{n}/" for n in (1, 2))
    client.logout()
    assert client.get(first).status_code == 404
    decide(house["second"], found)
    answer = client.get(first)
    assert answer.status_code == 200 and "%E7%8E%8B" not in answer["Content-Disposition"]
    assert client.get(second).status_code == client.get(f"{second}9/").status_code == 404
    assert client.get(f"/files/{open_key}/").status_code in (302, 404)
    page = client.get(f"/papers/{found.key}/").content.decode()
    assert first in page and second not in page and "王秀英" not in page
    text, pages = text_of(client.get(f"/papers/{found.key}/pdf/").content)
    assert "附件：1.███住处2.list" in text and "王秀英" not in text and pages == 2
    assert "王秀英" not in str(Publication.objects.values().get())
