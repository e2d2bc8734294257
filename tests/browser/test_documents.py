"""The wallet and the public check in a real browser: download, verify, revoke, verify again."""

import pytest
from playwright.sync_api import expect

from platform_core.capabilities.documents import services
from service_hub.cases import services as cases
from service_hub.certificates.selectors import certificate_of
from tests.factories import MAKER, actor_of, make_citizen
from tests.service_hub.makers import do, elsewhere_values, item_of, make_office, photo, today

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = {
    "en": {
        "pdf": "Download the PDF",
        "genuine": "This document is genuine and counts today",
        "compare": "Compare",
        "same": "bit by bit",
        "other": "Do not rely on it",
        "revoked": "This document was revoked",
        "make": "Make a copy",
        "copy": "Make the copy",
        "for_one": "A copy for one use only",
        "missing": "Say who will use the copy.",
    },
    "zh-hans": {
        "pdf": "下载 PDF",
        "genuine": "该文书真实有效",
        "compare": "比对",
        "same": "逐字节一致",
        "other": "请勿采信",
        "revoked": "该文书已撤销",
        "make": "制作加注件",
        "copy": "生成加注件",
        "for_one": "本件为加注件",
        "missing": "请填写使用方。",
    },
}
WAYS = pytest.mark.parametrize(
    ("language", "size", "javascript"),
    [("zh-hans", "phone", False), ("en", "desktop", True)],
)


@pytest.fixture
def alice(transactional_db):
    return make_citizen("alice", phone="13800002046")


@pytest.fixture
def pass_of_alice(alice):
    make_office("civil_affairs")
    known = elsewhere_values(alice)
    values = {key: known[key] for key in ("name", "citizen_number", "mobile", "area")}
    values |= {"helper": False, "photo": photo(actor_of(alice)), "need_card": False}
    item = item_of("elder_pass", "pass")
    return certificate_of(
        do(cases.file_values(actor=actor_of(alice), item=item, values=values).case)
    )


def send(page, path, words) -> None:
    page.set_input_files("#file", path)
    page.get_by_role("button", name=words["compare"]).click()


@WAYS
def test_from_the_wallet_to_the_check_of_a_revoked_pass(
    browse, axe, overflows, alice, pass_of_alice, tmp_path, language, size, javascript
):
    words = WORDS[language]
    ways = {"language": language, "size": size, "javascript": javascript}
    page = browse("/wallet/", user=alice, **ways)
    assert not overflows(page)
    assert not javascript or not axe(page)
    page.locator(".wallet h2 a").click()
    expect(page.get_by_role("link", name=words["pdf"])).to_be_visible()
    assert not overflows(page)
    assert not javascript or not axe(page)
    with page.expect_download() as download:
        page.get_by_role("link", name=words["pdf"]).click()
    file = tmp_path / "pass.pdf"
    download.value.save_as(file)
    assert file.read_bytes().startswith(b"%PDF-")

    check = f"/verify/{pass_of_alice.verify_code}/"
    stranger = browse(check, **ways)
    expect(stranger.get_by_text(words["genuine"])).to_be_visible()
    send(stranger, file, words)
    expect(stranger.get_by_text(words["same"])).to_be_visible()
    file.write_bytes(file.read_bytes().replace(b"0", b"1", 1))
    send(stranger, file, words)
    expect(stranger.get_by_text(words["other"])).to_be_visible()
    assert not overflows(stranger)
    assert not javascript or not axe(stranger)

    services.revoke_document(actor=MAKER, document=pass_of_alice, reason="材料不实")
    stranger.goto(stranger.url)
    expect(stranger.get_by_role("heading", name=words["revoked"])).to_be_visible()
    page.goto(page.url)
    expect(page.get_by_text("材料不实")).to_be_visible()


@WAYS
def test_a_copy_for_one_use_is_made_and_checked(
    browse, axe, overflows, alice, pass_of_alice, language, size, javascript
):
    words = WORDS[language]
    ways = {"language": language, "size": size, "javascript": javascript}
    browse.expect("422")
    page = browse(f"/wallet/{pass_of_alice.pk}/", user=alice, **ways)
    page.get_by_role("link", name=words["make"]).click()
    page.fill("#purpose", "租房")
    page.fill("#expires_on", today(30))
    page.get_by_role("button", name=words["copy"]).click()
    expect(page.get_by_text(words["missing"])).to_be_visible()
    expect(page.locator("#purpose")).to_have_value("租房")
    assert not overflows(page)
    assert not javascript or not axe(page)
    page.fill("#recipient", "幸福公寓")
    page.get_by_role("button", name=words["copy"]).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="租房").click()
    assert download.value.suggested_filename.endswith(".pdf")
    stranger = browse(f"/verify/{pass_of_alice.copies.get().verify_code}/", **ways)
    expect(stranger.get_by_text(words["for_one"])).to_be_visible()
    expect(stranger.get_by_text("幸福公寓")).to_be_visible()


def test_the_code_is_shown_as_large_as_the_screen(browse, axe, alice, pass_of_alice):
    page = browse(f"/wallet/{pass_of_alice.pk}/show/", user=alice, size="phone", language="en")
    box = page.locator(".showing img").bounding_box()
    assert box["width"] > 280
    assert not axe(page)
