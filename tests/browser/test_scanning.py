"""A clerk scans a paper of several pages at the window: on a phone's camera and at a desk."""

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from platform_core.capabilities.files.models import StoredFile
from platform_core.capabilities.forms import selectors as forms
from security.accounts.models import User
from service_hub.intake import services
from service_hub.intake.models import Intake
from service_hub.intake.services import Person
from tests.factories import actor_of, citizen_number
from tests.service_hub.makers import item_of, make_office

pytestmark = pytest.mark.usefixtures("transactional_db")
KEY = "lease_photo"


def page_of_paper(name: str, colour: str) -> dict:
    """A photographed page, as a file chooser takes it."""
    out = BytesIO()
    Image.new("RGB", (300, 420), colour).save(out, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


def begun() -> tuple[User, Intake]:
    clerk = make_office("housing_fund")["clerk"]
    person = Person(name="王秀英", citizen_number=citizen_number(960), mobile="13800007788")
    intake = services.begin_intake(
        actor=actor_of(clerk), item=item_of("housing_fund", "rent"), person=person,
        channel="window", window="3 号窗口",
    )  # fmt: skip
    return clerk, intake


def files_of(intake: Intake) -> list[str]:
    """The names of what lies at the question, in order."""
    intake.draft.refresh_from_db()
    ids = forms.plain_values(intake.draft).get(KEY) or []
    names = dict(StoredFile.objects.values_list("pk", "name"))
    return [{str(key): name for key, name in names.items()}[one] for one in ids]


@pytest.mark.parametrize(
    ("language", "size"), [("zh-hans", "phone"), ("en", "desktop")], ids=["phone", "desktop"]
)
def test_pages_are_taken_one_by_one_and_become_one_paper(browse, axe, overflows, language, size):
    clerk, intake = begun()
    path = f"/office/intake/{intake.pk}/page/lease/"
    page = browse(path, user=clerk, language=language, size=size)
    field = page.locator(f'[data-files="{KEY}"]')
    camera = field.locator("input[data-page]")
    expect(camera).to_have_attribute("capture", "environment")
    rows = field.locator("ul.upl:not([data-waiting]) > li")
    waiting = field.locator("[data-waiting] > li")

    # Page by page with the camera; the chooser takes several at once, and a wrong one among them.
    camera.set_input_files(page_of_paper("two.jpg", "red"))
    expect(rows).to_have_count(1)
    field.locator(f'input[name="{KEY}"]').set_input_files(
        [
            page_of_paper("one.jpg", "green"),
            {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"x"},
            {"name": "broken.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"},
        ]
    )
    expect(rows).to_have_count(2)
    expect(waiting).to_have_count(2)
    assert files_of(intake) == ["two.jpg", "one.jpg"]
    assert not axe(page) and not overflows(page)
    for _row in range(2):
        waiting.first.locator("button").last.click()
    expect(waiting).to_have_count(0)

    # The first page is looked at, taken anew, and put behind the other one.
    rows.first.locator("summary").click()
    expect(rows.first.locator("details > img")).to_be_visible()
    rows.first.locator("input[data-instead]").set_input_files(page_of_paper("anew.jpg", "blue"))
    expect(rows.first).to_contain_text("anew.jpg")
    rows.nth(1).locator("button[name=_earlier]").click()
    expect(rows.first).to_contain_text("one.jpg")
    assert files_of(intake) == ["one.jpg", "anew.jpg"]

    # The connection is lost: the page stays here and goes when there is one again.
    browse.expect("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    camera.set_input_files(page_of_paper("three.jpg", "white"))
    expect(waiting.locator("button")).to_have_count(2)
    page.locator('button.lg[name="_next"]').click()
    expect(page.locator("#offline")).to_be_visible()
    page.context.set_offline(False)
    waiting.first.locator("button").first.click()
    expect(rows).to_have_count(3)

    field.locator("button[name=_join]").click()
    expect(rows).to_have_count(1)
    assert not axe(page) and not overflows(page)
    [name] = files_of(intake)
    assert name.endswith(".pdf") and "3" in name
    rows.first.locator("button[name=_remove]").click()
    expect(rows).to_have_count(0)


def test_without_javascript_the_buttons_do_the_same(browse):
    clerk, intake = begun()
    browse.expect("422")
    page = browse(
        f"/office/intake/{intake.pk}/page/lease/", user=clerk, language="en", javascript=False
    )
    field = page.locator(f'[data-files="{KEY}"]')
    pages = [page_of_paper("one.jpg", "green"), page_of_paper("two.jpg", "red")]
    field.locator(f'input[name="{KEY}"]').set_input_files(pages)
    field.locator("button[name=_upload]").click()
    field.locator("button[name=_earlier]").click()
    rows = field.locator("ul.upl:not([data-waiting]) > li")
    expect(rows.first).to_contain_text("two.jpg")
    assert files_of(intake) == ["two.jpg", "one.jpg"]
    field.locator("button[name=_join]").click()
    expect(rows).to_have_count(1)
    assert files_of(intake) == ["Scan, 2 pages.pdf"]
