"""Drafts in a real browser: saved as one types, resumed elsewhere, two windows, no connection."""

import pytest
from playwright.sync_api import expect

from platform_core.capabilities.forms import selectors, services
from platform_core.capabilities.forms.models import Draft
from security.accounts.mandate_services import give_mandate
from tests.factories import actor_of, make_citizen, make_department
from tests.service_hub.makers import item_of, make_office
from tests.service_hub.portal.test_parts import open_with_part

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice(transactional_db):
    return make_citizen("alice", phone="13800002046")


@pytest.fixture
def draft(alice):
    make_department("medical_insurance")
    item = item_of("medical_insurance", "elsewhere")
    return services.start_draft(
        actor=actor_of(alice),
        napp_version=item.napp_version,
        form_key=item.form_key,
        purpose=f"item:{item.pk}",
    )


def address(draft, page: str = "you") -> str:
    return f"/apply/{draft.pk}/page/{page}/"


def stored(draft) -> dict:
    return selectors.plain_values(Draft.objects.get(pk=draft.pk))


def status(page, words: str) -> None:
    expect(page.locator("p[data-saved]")).to_contain_text(words)


def test_what_is_typed_is_saved_and_resumed_on_another_device(browse, alice, draft):
    phone = browse(address(draft), user=alice, language="en")
    phone.fill("[name=name]", "Chen on the phone")
    phone.locator("[name=mobile]").focus()
    status(phone, "Saved at")
    desk = browse("/cases/", user=alice, size="desktop", language="en")
    desk.get_by_role("link", name="Continue").click()
    expect(desk.locator("[name=name]")).to_have_value("Chen on the phone")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_two_windows_are_told_and_the_person_chooses(
    browse, axe, overflows, alice, draft, language
):
    first = browse(address(draft), user=alice, language=language)
    second = browse(address(draft), user=alice, size="desktop", language=language)
    first.fill("[name=name]", "typed first")
    first.locator("[name=mobile]").focus()
    expect(first.locator("[name=_rev]")).to_have_value("1")
    second.fill("[name=name]", "typed second")
    second.locator("[name=mobile]").focus()
    second.locator("p[data-saved] a").click()
    expect(second.locator("[name=name]")).to_have_value("typed first")
    assert not axe(second) and not overflows(second)
    second.locator("[name=_take]").click()
    expect(second.locator("[name=name]")).to_have_value("typed second")
    expect(second.locator("[name=_take]")).to_have_count(0)
    assert stored(draft)["name"] == "typed second"


def test_without_a_connection_the_text_stays_in_the_browser_until_it_is_saved(browse, alice, draft):
    browse.expect("ERR_INTERNET_DISCONNECTED")
    browse.expect("ERR_FAILED")
    page = browse(address(draft, "place"), user=alice, language="en")
    page.context.set_offline(True)
    page.fill("[name=province]", "typed in a tunnel")
    page.check("[name=kind][value=living]")
    status(page, "no connection")
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert "typed in a tunnel" in kept and "living" in kept
    page.context.set_offline(False)
    status(page, "Saved at")
    assert page.evaluate("Object.keys(localStorage).length") == 0
    assert stored(draft)["province"] == "typed in a tunnel"


def test_a_page_closed_without_a_connection_gives_its_text_back(browse, alice, draft):
    browse.expect("ERR_INTERNET_DISCONNECTED")
    page = browse(address(draft, "place"), user=alice, language="en")
    page.context.set_offline(True)
    page.fill("[name=province]", "typed in a tunnel")
    status(page, "no connection")
    page.on("dialog", lambda dialog: dialog.accept())
    other = page.context.new_page()
    page.close()
    other.context.set_offline(False)
    other.goto(address(draft, "place"))
    expect(other.locator("[name=province]")).to_have_value("typed in a tunnel")
    status(other, "Saved at")
    assert stored(draft)["province"] == "typed in a tunnel"


def test_sealed_answers_never_reach_the_storage_of_the_browser(browse, alice, draft):
    browse.expect("ERR_INTERNET_DISCONNECTED")
    page = browse(address(draft), user=alice, language="en")
    page.context.set_offline(True)
    page.fill("[name=mobile]", "13800009999")
    status(page, "no connection")
    assert "13800009999" not in page.evaluate("JSON.stringify(localStorage)")
    page.context.set_offline(False)
    status(page, "Saved at")


@pytest.mark.parametrize(("size", "language"), [("phone", "zh-hans"), ("desktop", "en")])
def test_two_people_fill_in_one_application(browse, axe, overflows, alice, size, language):
    make_office("medical_insurance")
    open_with_part()
    item = item_of("medical_insurance", "elsewhere")
    lina = make_citizen("lina", name="李娜")
    draft = services.start_draft(
        actor=actor_of(alice), napp_version=item.napp_version, form_key=item.form_key,
        purpose=f"item:{item.pk}",
    )  # fmt: skip
    owner = browse(f"/apply/{draft.pk}/parts/", user=alice, size=size, language=language)
    assert not axe(owner) and not overflows(owner)
    owner.fill("[name=name]", "李娜")
    owner.locator("main form .btn").click()
    link = owner.locator("[data-copy]").get_attribute("data-copy")
    code = owner.locator("b.mono").inner_text()
    assert not axe(owner) and not overflows(owner)
    guest = browse("/" + link.split("/", 3)[3], user=lina, size=size, language=language)
    assert not axe(guest) and not overflows(guest)
    guest.fill("#code", code)
    guest.locator("main form .btn").click()
    guest.fill("[name=job]", "教师")
    assert not axe(guest) and not overflows(guest)
    guest.locator(".btn[name=_next]").click()
    guest.wait_for_url("**/check/")
    with guest.expect_navigation():
        guest.locator("main form .btn").click()
    expect(guest.locator(".note.ok").last).to_be_visible()
    owner.goto(f"/apply/{draft.pk}/check/")
    expect(owner.locator("main")).to_contain_text("教师")
    assert not axe(owner) and not overflows(owner)


@pytest.mark.parametrize(("size", "language"), [("phone", "en"), ("desktop", "zh-hans")])
def test_a_daughter_applies_for_her_mother(browse, axe, overflows, alice, size, language):
    make_office("medical_insurance")
    item_of("medical_insurance", "elsewhere")
    mother = make_citizen("mother", name="李国英", phone="13800000001")
    give_mandate(actor=actor_of(mother), agent=alice, relation="child")
    page = browse("/me/mandates/", user=alice, size=size, language=language)
    assert not axe(page) and not overflows(page)
    page.goto("/services/medical_insurance/elsewhere/start/")
    assert not axe(page) and not overflows(page)
    page.locator("[name=for]").nth(1).click()
    expect(page.locator(".tag.info")).to_contain_text("李国英")
    number = mother.identity.citizen_number
    expect(page.locator("[name=citizen_number]")).to_have_value(number)
    assert not axe(page) and not overflows(page)
    page.goto("/cases/")
    expect(page.locator(".drafts")).to_contain_text("李国英")
    assert not axe(page) and not overflows(page)
