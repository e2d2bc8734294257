"""Large text, high contrast and paper: what somebody reads who cannot read the page as it is."""

import pytest
from playwright.sync_api import expect

from service_hub.inquiries import services as inquiries
from tests.factories import actor_of, make_citizen, make_region
from tests.service_hub.booking.makers import make_hall
from tests.service_hub.makers import do, file_elsewhere, file_rent, make_office

pytestmark = pytest.mark.django_db(transaction=True)
LARGE = {"gov_type": "big", "gov_contrast": "more"}
OPEN_PAGES = ["/services/housing_fund/rent/", "/appointments/new/", "/questions/ask/", "/board/"]
OPEN_PAGES += ["/help/states/", "/contact/", "/enterprise/"]
OWN_PAGES = ["/", "/me/", "/me/held/"]
OFFICE_PAGES = ["/office/cases/", "/office/items/"]
# What nobody can use on paper.
ON_SCREEN_ONLY = "nav:not(.pages), footer, button, input, select, textarea, .btn, .skip, .back"
CUT = """() => [...document.querySelectorAll('.mark span')]
    .some(one => one.scrollWidth > one.clientWidth + 1)"""


@pytest.fixture
def alice(db):
    return make_citizen("alice", phone="13800002046")


@pytest.fixture
def offices(db):
    return [make_office("housing_fund"), make_office("medical_insurance")]


@pytest.fixture
def case(alice, offices):
    """One case that runs; another one is done and left a paper."""
    do(file_elsewhere(alice))
    return file_rent(alice)


@pytest.fixture
def question(alice, offices, case):
    """A published one, whose answer is folded away on the screen."""
    asked = inquiries.ask_question(
        actor=actor_of(alice), region=make_region("330106"), item=case.item,
        text="周六开门吗？", may_be_published=True,
    )  # fmt: skip
    to = {"actor": actor_of(offices[0]["clerk"]), "question": asked}
    inquiries.answer_question(**to, text="开门。")
    return inquiries.publish_question(**to, asked="周六开门吗？", answered="周六上午开门。")


@pytest.mark.usefixtures("question")
def test_large_text_and_high_contrast_fit_and_can_be_read(
    browse, axe, overflows, alice, offices, case
):
    make_hall()
    readers = [
        (None, OPEN_PAGES),
        (alice, [*OWN_PAGES, f"/cases/{case.pk}/"]),
        (offices[0]["clerk"], OFFICE_PAGES),
    ]
    found = []
    for user, paths in readers:
        # English takes more room, so it is the harder one on a phone.
        phone = browse("/about/privacy/", language="en", user=user, cookies=LARGE)
        desk = browse("/about/privacy/", size="desktop", user=user, cookies=LARGE)
        assert phone.locator("html.big-type.contrast").count() == 1
        for path in paths:
            for page in (phone, desk):
                status = page.goto(path).status
                if status != 200 or overflows(page) or page.evaluate(CUT):
                    found.append(f"{path} {page.viewport_size['width']}: {status}, cut or too wide")
            found += [f"{path}: {problem}" for problem in axe(phone)]
    assert not found, "\n".join(found)


@pytest.mark.usefixtures("question")
def test_paper_has_the_content_and_nothing_to_click(browse, alice, case):
    page = browse("/about/privacy/", size="desktop", language="zh-hans", user=alice)
    page.emulate_media(media="print")
    paths = ["/help/states/", "/board/", "/questions/", "/me/", "/me/held/", "/contact/"]
    paths += ["/services/housing_fund/rent/", f"/cases/{case.pk}/", f"/cases/{case.pk}/receipt/"]
    found = []
    for path in paths:
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_text("以线上为准")).to_be_visible()
        left = [one for one in page.locator(ON_SCREEN_ONLY).all() if one.is_visible()]
        found += [f"{path}: {one.evaluate('one => one.outerHTML')[:120]}" for one in left]
    assert not found, "\n".join(found)
    page.goto("/questions/")
    expect(page.get_by_text("周六上午开门。")).to_be_visible()
    page.goto("/help/states/")
    assert "(/cases/)" in page.evaluate(
        "getComputedStyle(document.querySelector('.ways a'), '::after').content.replace(/\"/g, '')"
    )
