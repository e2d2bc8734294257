"""A redacted version takes a file's place: drawn anew, compared, confirmed by a second person."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfReader

from collab_hub.papers import publishing_services
from collab_hub.papers.attaching_services import take_in
from collab_hub.papers.elements import clean
from collab_hub.papers.layout import Printed, job_of, print_paper
from collab_hub.papers.models import Attachment, Publication, Trace
from platform_core.capabilities.files.models import StoredFile
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from tests.factories import actor_of

from .makers import make_house, make_sent
from .test_attachments import FILES, pdf, picture, take
from .test_publishing import decide

PHONE = "13800007766"
HIDDEN = ["王秀英", PHONE]


@pytest.fixture
def house(db):
    return make_house()


def give(house, name: str, content: bytes) -> str:
    upload = SimpleUploadedFile(name, content)
    (key,), refused = take_in(actor=actor_of(house["clerk"]), uploads=[upload])
    assert not refused
    return key


def told(text: str) -> bytes:
    """A PDF that still holds its text, as one on which bars were only laid."""
    content = clean({"title": "名单", "body": text, "direction": "down"})
    return print_paper(job_of("notice", content, Printed(organ="某局")), moment=0)


def text_in(content: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def start(house, name="plan.pdf"):
    paper = make_sent(house, files=take(house["clerk"], name))
    return paper, Attachment.objects.get()


def propose(house, paper, original, key, decision="redacted"):
    return publishing_services.propose_publication(
        actor=actor_of(house["clerk"]), paper=paper, hidden=HIDDEN,
        files={str(original.pk): decision}, redacted={str(original.pk): key},
    )  # fmt: skip


def test_everybody_gets_the_version_drawn_anew_and_never_the_original(house, client):
    paper, original = start(house)
    given = told(f"王秀英 {PHONE}")
    assert PHONE in text_in(given)
    found = propose(house, paper, original, give(house, "公开版.pdf", given))
    version = Attachment.objects.get(redacts=original)
    address = f"/papers/{found.key}/files/1/"
    for confirmed in ((), [str(original.pk)]):
        with pytest.raises(Unusable) as refused:
            decide(house["second"], found, confirmed=confirmed)
        assert list(refused.value.errors) == ["confirmed"]
    with pytest.raises(NotAllowed):
        decide(house["clerk"], found, confirmed=[str(version.pk)])
    assert client.get(address).status_code == 404
    decide(house["second"], found, confirmed=[str(version.pk)])
    content = b"".join(client.get(address).streaming_content)
    assert content[:5] == b"%PDF-" and text_in(content) == ""
    assert "redacted version" in client.get(f"/papers/{found.key}/").content.decode()
    pages = client.get(f"/papers/{found.key}/pdf/").content
    assert len(PdfReader(BytesIO(pages)).pages) == 2 and PHONE not in text_in(pages)
    # Neither the original nor what was given is named where everybody reads.
    row = str(Publication.objects.values().get())
    assert str(original.pk) not in row and str(version.pk) in row
    for key in (original.pk, version.pk):
        assert client.get(f"/files/{key}/").status_code in (302, 404)
    assert not StoredFile.objects.filter(name="公开版.pdf").exclude(pk=version.pk).exists()
    acts = list(Trace.objects.filter(receipt=None).values_list("act", flat=True))[-4:]
    assert acts == ["file_redacted", "publish_asked", "redaction_confirmed", "published"]
    assert Trace.objects.get(act="file_redacted").note == "plan.pdf → 公开版.pdf"


def test_what_will_not_do_as_a_redacted_version(house):
    paper, original = start(house)
    strange = take(house["second"], "map.png")[0]
    bad = {
        "": "Give the redacted version", strange: "Give the redacted version",
        "no id": "Give the redacted version",
        str(original.pk): "Give the redacted version",
        give(house, "plan2.pdf", FILES["plan.pdf"]): "the original itself",
        give(house, "long.pdf", pdf(31)): "cannot be drawn page by page",
        give(house, "list.txt", f"电话：{PHONE}".encode()): "Number of places: 1",
        give(house, "list.csv", "姓名\n王秀英\n".encode("gb18030")): "Number of places: 1",
        give(house, "loop.gif", _gif()): "can hide",
    }  # fmt: skip
    for key, said in bad.items():
        with pytest.raises(Unusable) as refused:
            propose(house, paper, original, key)
        assert said in refused.value.errors["files"][0], key
    assert not Publication.objects.exists()
    waiting = give(house, "later.pdf", pdf(3))
    StoredFile.objects.filter(pk=waiting).update(state="quarantined")
    with pytest.raises(Unusable, match="virus scan"):
        propose(house, paper, original, waiting)
    assert Attachment.objects.count() == 1


def _gif() -> bytes:
    out = BytesIO()
    Image.new("RGB", (20, 20), "teal").save(out, "GIF")
    return out.getvalue()


def test_a_version_serves_again_after_a_refusal_and_waits_for_the_scan(house, office):
    paper, original = start(house, "map.png")
    found = propose(house, paper, original, give(house, "公开.png", picture("black")))
    version = Attachment.objects.get(redacts=original)
    assert (version.file.name, version.pages) == ("公开.jpg", 1)
    decide(house["second"], found, grant=False, note="还有姓名")
    page = office(house["clerk"]).get(f"/office/papers/{paper.pk}/publish/").content.decode()
    assert f'value="{version.pk}"' in page
    again = propose(house, paper, original, str(version.pk))
    StoredFile.objects.filter(pk=version.pk).update(state="quarantined")
    with pytest.raises(Conflict, match="virus scan"):
        decide(house["second"], again, confirmed=[str(version.pk)])
    assert Attachment.objects.count() == 2


def test_the_form_keeps_the_version_whatever_else_is_wrong(house, office):
    paper, original = start(house)
    address = f"/office/papers/{paper.pk}/publish/"
    sent = {"found": [PHONE], "more": "不在文中", f"file-{original.pk}": "redacted",
            f"redacted-{original.pk}": SimpleUploadedFile("公开版.pdf", pdf(1))}  # fmt: skip
    client = office(house["clerk"])
    page = client.post(address, sent)
    key = str(StoredFile.objects.get(name="公开版.pdf").pk)
    assert page.status_code == 422 and f'value="{key}"' in page.content.decode()
    sent |= {"more": "王秀英", f"given-{original.pk}": key}
    del sent[f"redacted-{original.pk}"]
    assert client.post(address, sent).status_code == 302
    found, version = Publication.objects.get(), Attachment.objects.get(redacts=original)
    address = f"/office/papers/publications/{found.pk}/"
    second = office(house["second"])
    page = second.get(address).content.decode()
    for one in (original, version):
        assert f"/files/{one.pk}/" in page
        assert second.get(f"/files/{one.pk}/").status_code == 200
    refused = second.post(address, {"act": "publish"})
    assert refused.status_code == 422
    assert "beside its original, then confirm" in refused.content.decode()
    assert second.post(address, {"act": "publish", "confirmed": [version.pk]}).status_code == 302
