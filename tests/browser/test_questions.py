"""A form in a real browser: questions come and go, rows, towns, errors; with and without script."""

import re

import pytest
from playwright.sync_api import expect

from platform_core.capabilities.forms import selectors, services
from platform_core.capabilities.forms.models import Draft
from security.organs.services import create_region
from tests.factories import LONG_AGO, MAKER, actor_of, make_citizen, make_region
from tests.platform_core.capabilities.forms.makers import EVERYTHING, TWO, publish

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.platform_core.capabilities.forms.site"),
]
FEVER = {
    "key": "fever",
    "type": "text",
    "required": True,
    "label": TWO("发热的人怎么办", "What about those with a fever?"),
    "show_if": {"any": [{"var": "staff"}, {">=": [{"row": "temp"}, 37.3]}]},
}
TOWN = {"key": "town", "type": "region", "level": "town", "label": TWO("街道", "Town")}
BOTH = pytest.mark.parametrize(("size", "language"), [("phone", "zh-hans"), ("desktop", "en")])


@pytest.fixture
def alice():
    return make_citizen("alice", name="陈小宁")


@pytest.fixture
def draft(alice):
    for code, name, name_en in (
        ("330106109", "留下街道", "Liuxia"),
        ("330106001", "北山街道", "Beishan"),
    ):
        create_region(
            actor=MAKER,
            code=code,
            name=name,
            name_en=name_en,
            level=4,
            parent=make_region("330106"),
            valid_from=LONG_AGO,
        )
    you, matter, big = EVERYTHING["pages"]
    form = {
        **EVERYTHING,
        "pages": [you, {**matter, "fields": [*matter["fields"], TOWN, FEVER]}, big],
    }
    return services.start_draft(
        actor=actor_of(alice), napp_version=publish(form), form_key="everything", purpose="x"
    )


def send(page):
    press(page, ".btn[name=_next]")


def press(page, button):
    """Press what leads to another page, or to this one once more."""
    with page.expect_navigation():
        page.click(button)


def stored(draft):
    return selectors.plain_values(Draft.objects.get(pk=draft.pk))


@BOTH
def test_questions_follow_the_answers_as_one_types(
    browse, axe, overflows, alice, draft, size, language
):
    page = browse(f"/forms-test/{draft.pk}/you", user=alice, size=size, language=language)
    code = page.locator("[name=credit_code]")
    expect(code).to_be_hidden()
    page.check("[name=kind][value=firm]")
    expect(code).to_be_visible()
    page.check("[name=kind][value=person]")
    expect(code).to_be_hidden()
    page.fill("[name=mobile]", "123")
    send(page)
    expect(page.locator(".errors")).to_be_focused()
    expect(page.locator("[name=mobile]")).to_have_value("123")
    assert not axe(page) and not overflows(page)
    page.click(".errors a")
    expect(page.locator("[name=mobile]")).to_be_focused()
    page.fill("[name=mobile]", "13800000000")
    send(page)
    expect(page).to_have_url(re.compile("/matter"))


@BOTH
def test_rows_and_towns_need_no_round_trip(browse, axe, overflows, alice, draft, size, language):
    page = browse(f"/forms-test/{draft.pk}/matter", user=alice, size=size, language=language)
    page.fill("[name=staff-0-name]", "甲")
    page.click("[name=_add]")
    page.fill("[name=staff-1-name]", "乙")
    expect(page.locator("[name=fever]")).to_be_hidden()
    page.fill("[name=staff-1-temp]", "37.3")
    expect(page.locator("[name=fever]")).to_be_visible()
    page.click("[name=_add]")
    expect(page.locator("[name=_add]")).to_be_disabled()
    expect(page.locator("[data-row]")).to_have_count(3)
    page.locator("[name=_drop]").first.click()
    expect(page.locator("[data-row]")).to_have_count(2)
    page.select_option("[name=town-in]", "330106")
    expect(page.locator("[name=town] option").nth(2)).to_be_attached()
    page.select_option("[name=town]", "330106109")
    assert not axe(page) and not overflows(page)
    page.fill("[name=fever]", "回家")
    send(page)
    expect(page).to_have_url(re.compile("/check$"))
    assert not axe(page)
    assert stored(draft)["town"] == "330106109"
    assert stored(draft)["staff"] == [{"name": "乙", "temp": "37.3", "mobile": ""}]


def test_the_same_form_without_script(browse, alice, draft):
    page = browse(f"/forms-test/{draft.pk}/you", user=alice, javascript=False, language="en")
    page.check("[name=kind][value=firm]")
    send(page)
    expect(page.locator("[name=credit_code]")).to_be_visible()
    expect(page.locator(".errors")).to_have_count(0)
    page.fill("[name=credit_code]", "91350100M000100Y43")
    page.locator("[name=credit_code]").press("Enter")
    page.wait_for_url("**/matter")
    page.fill("[name=staff-0-name]", "甲")
    page.fill("[name=people]", "many")
    press(page, "[name=_add]")
    expect(page.locator("[data-row]")).to_have_count(2)
    expect(page.locator("[name=people]")).to_have_value("many")
    page.select_option("[name=town-in]", "330106")
    press(page, "[name=_towns]")
    page.select_option("[name=town]", "330106001")
    page.fill("[name=people]", "101")
    send(page)
    expect(page).to_have_url(re.compile("/big$"))
    press(page, "[name=_back]")
    expect(page.locator("[name=town]")).to_have_value("330106001")
