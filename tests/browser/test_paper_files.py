"""The scan of a paper from outside on a phone in Chinese, partly without scripts; a redacted
version compared and confirmed on a desktop in English.
"""

import pytest
from playwright.sync_api import expect

from collab_hub.papers import receiving_services
from collab_hub.papers.models import Attachment, Publication, Receipt
from tests.collab_hub.papers.makers import make_house, make_sent
from tests.collab_hub.papers.test_attachments import pdf, take
from tests.factories import actor_of, make_official

pytestmark = pytest.mark.usefixtures("transactional_db")


def upload(name: str, pages: int = 2) -> dict:
    return {"name": name, "mimeType": "application/pdf", "buffer": pdf(pages)}


def test_a_scan_is_registered_and_replaced_on_a_phone(browse, axe, overflows):
    house = make_house()
    doctor = make_official("doctor", department=house["health"], name="Dora")
    browse.expect("422")
    page = browse("/office/papers/register/", user=house["nurse"], javascript=False)
    page.locator("#id_sender").fill("杭州市疾病预防控制中心")
    page.locator("#id_kind").select_option("notice")
    page.locator("#id_scan").set_input_files(upload("流感通知扫描件.pdf"))
    page.locator("main form .btn").last.click()
    # The title is missing; the scan is kept.
    expect(page.locator("#scanned")).to_be_checked()
    assert not overflows(page)
    page.locator("#id_title").fill("关于流感防控的通知")
    page.locator("main form .btn").last.click()
    expect(page.locator("#ax")).to_have_text("扫描件和文件")
    receipt, old = Receipt.objects.get(), Attachment.objects.get()
    assert not overflows(page)
    receiving_services.circulate(actor=actor_of(house["nurse"]), receipt=receipt, people=[doctor])
    page = browse(f"/office/papers/received/{receipt.pk}/files/", user=house["nurse"])
    page.get_by_label("流感通知扫描件.pdf").check()
    page.locator("#id_uploads").set_input_files(upload("重新扫描.pdf", 3))
    page.locator("main form .btn").last.click()
    expect(page.get_by_role("alert").first).to_be_visible()
    assert not axe(page)
    assert not overflows(page)
    page.locator("#id_reason").fill("原扫描件缺第三页")
    page.locator("main form .btn").last.click()
    page.wait_for_url(f"**/received/{receipt.pk}/")
    page = browse(f"/office/papers/received/{receipt.pk}/", user=doctor)
    expect(page.locator("main")).to_contain_text("原扫描件缺第三页")
    assert not axe(page)
    assert not overflows(page)
    with page.expect_download() as got:
        page.get_by_role("link", name="1. 重新扫描").click()
    assert got.value.suggested_filename == "重新扫描.pdf"
    page.goto(f"/office/papers/received/{receipt.pk}/print/")
    expect(page.locator("main")).to_contain_text(old.file.sha256[:16])
    assert not axe(page)
    assert not overflows(page)


def test_a_redacted_version_is_compared_and_confirmed(browse, axe, overflows):
    house = make_house()
    paper = make_sent(house, files=take(house["clerk"], "plan.pdf"))
    original = Attachment.objects.get()
    browse.expect("422")
    page = browse(
        f"/office/papers/{paper.pk}/publish/", size="desktop", language="en", user=house["clerk"]
    )
    page.get_by_label("Publish a redacted version in its place").check()
    page.locator(f"#redacted-{original.pk}").set_input_files(upload("public.pdf"))
    page.locator("#more").fill("王秀英")
    assert not axe(page)
    assert not overflows(page)
    page.get_by_role("button", name="Propose to publish").click()
    page.wait_for_url(f"**/office/papers/{paper.pk}/")
    found = Publication.objects.get()
    version = Attachment.objects.get(redacts=original)
    page = browse(
        f"/office/papers/publications/{found.pk}/",
        size="desktop", language="en", user=house["second"],
    )  # fmt: skip
    for name, sent in (("1. plan", "plan.pdf"), ("1. Redacted version", "public.pdf")):
        with page.expect_download() as got:
            page.get_by_role("link", name=name).click()
        assert got.value.suggested_filename == sent
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("alert").first).to_be_visible()
    assert not axe(page)
    assert not overflows(page)
    page.locator(f'input[value="{version.pk}"]').check()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.wait_for_url(f"**/office/papers/{paper.pk}/")
    expect(page.locator("main")).to_contain_text("plan.pdf → public.pdf")
    page = browse(f"/papers/{found.key}/", size="desktop", language="en")
    expect(page.locator("article")).to_contain_text("redacted version")
    assert not axe(page)
