"""A form in a real browser: questions come and go, rows, towns, errors; with and without script."""

import pytest

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
    page.locator(".btn[name=_next]").click()
    page.wait_for_load_state()


def stored(draft):
    return selectors.plain_values(Draft.objects.get(pk=draft.pk))


@BOTH
def test_questions_follow_the_answers_as_one_types(
    browse, axe, overflows, alice, draft, size, language
):
    page = browse(f"/forms-test/{draft.pk}/you", user=alice, size=size, language=language)
    code = page.locator("[name=credit_code]")
    assert not code.is_visible()
    page.check("[name=kind][value=firm]")
    code.wait_for(state="visible")
    page.check("[name=kind][value=person]")
    code.wait_for(state="hidden")
    page.fill("[name=mobile]", "123")
    send(page)
    assert page.evaluate("document.activeElement.className") == "errors"
    assert page.input_value("[name=mobile]") == "123"
    assert not axe(page) and not overflows(page)
    page.click(".errors a")
    assert page.evaluate("document.activeElement.name") == "mobile"
    page.fill("[name=mobile]", "13800000000")
    send(page)
    assert "/matter" in page.url


@BOTH
def test_rows_and_towns_need_no_round_trip(browse, axe, overflows, alice, draft, size, language):
    page = browse(f"/forms-test/{draft.pk}/matter", user=alice, size=size, language=language)
    page.fill("[name=staff-0-name]", "甲")
    page.click("[name=_add]")
    page.fill("[name=staff-1-name]", "乙")
    assert not page.locator("[name=fever]").is_visible()
    page.fill("[name=staff-1-temp]", "37.3")
    page.locator("[name=fever]").wait_for(state="visible")
    page.click("[name=_add]")
    assert page.locator("[name=_add]").is_disabled() and page.locator("[data-row]").count() == 3
    page.locator("[name=_drop]").first.click()
    assert page.locator("[data-row]").count() == 2
    page.select_option("[name=town-in]", "330106")
    page.locator("[name=town] option").nth(2).wait_for(state="attached")
    page.select_option("[name=town]", "330106109")
    assert not axe(page) and not overflows(page)
    page.fill("[name=fever]", "回家")
    send(page)
    assert page.url.endswith("/check") and not axe(page)
    assert stored(draft)["town"] == "330106109"
    assert stored(draft)["staff"] == [{"name": "乙", "temp": "37.3", "mobile": ""}]


def test_the_same_form_without_script(browse, alice, draft):
    page = browse(f"/forms-test/{draft.pk}/you", user=alice, javascript=False, language="en")
    page.check("[name=kind][value=firm]")
    send(page)
    assert page.locator("[name=credit_code]").is_visible() and not page.locator(".errors").count()
    page.fill("[name=credit_code]", "91350100M000100Y43")
    page.locator("[name=credit_code]").press("Enter")
    page.wait_for_load_state()
    assert "/matter" in page.url
    page.fill("[name=staff-0-name]", "甲")
    page.fill("[name=people]", "many")
    page.click("[name=_add]")
    page.wait_for_load_state()
    assert page.locator("[data-row]").count() == 2 and page.input_value("[name=people]") == "many"
    page.select_option("[name=town-in]", "330106")
    page.click("[name=_towns]")
    page.wait_for_load_state()
    page.select_option("[name=town]", "330106001")
    page.fill("[name=people]", "101")
    send(page)
    assert page.url.endswith("/big")
    page.click("[name=_back]")
    page.wait_for_load_state()
    assert page.input_value("[name=town]") == "330106001"
