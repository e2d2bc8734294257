"""A case from the pre-check to the window, on both ends: corrected, handled jointly, extended,
granted and handed over.
"""

import pytest
from django.utils import translation
from django.utils.translation import gettext, ngettext, pgettext
from playwright.sync_api import expect

from security.organs.models import Post
from service_hub.cases import services
from service_hub.cases.models import Case
from service_hub.handling.models import Delivery
from service_hub.sample_answers import answers_for
from tests.factories import actor_of, make_citizen, make_region
from tests.service_hub.makers import item_of, make_office

pytestmark = pytest.mark.django_db(transaction=True)
WAYS = [("zh-hans", "phone", False), ("en", "desktop", True)]
ASKED = "One digit is missing."


def press(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def heading(page, words: str) -> None:
    expect(page.get_by_role("heading", level=1, name=words, exact=True)).to_be_visible()


def open_first_task(page) -> None:
    page.goto("/office/inbox/")
    page.locator(".item a").first.click()
    expect(page.locator("#subject")).to_be_visible()


def take_in_and_ask_for_a_correction(clerk, case) -> None:
    clerk.goto(f"/office/cases/{case.pk}/")
    press(clerk, gettext("Complete: take it in"))
    expect(clerk.get_by_text(gettext("It was taken in. The applicant is told."))).to_be_visible()
    open_first_task(clerk)
    # What is typed before the page has come again would be lost with it.
    with clerk.expect_navigation():
        press(clerk, pgettext("action", "Claim"))
    claim = clerk.get_by_role("button", name=pgettext("action", "Claim"), exact=True)
    expect(claim).to_have_count(0)
    clerk.locator("#opinion").fill(ASKED)
    clerk.locator("summary").filter(has_text=gettext("Ask for a correction")).click()
    clerk.locator("input[name=fields][value=mobile]").check()
    press(clerk, gettext("Ask the applicant"))
    clerk.wait_for_url("**/office/inbox/")


def correct(alice, case) -> None:
    alice.goto(f"/cases/{case.pk}/")
    alice.get_by_role("link", name=gettext("Correct it now")).click()
    press(alice, gettext("Begin"))
    alice.locator("#id_mobile").fill("13900002046")
    press(alice, gettext("Check and send"))
    press(alice, gettext("Send the correction"))
    heading(alice, gettext("We have received it and are looking it through"))


def approve(page) -> None:
    open_first_task(page)
    press(page, pgettext("action", "Approve"))
    said = gettext("Approved: %(subject)s").partition("%")[0]
    expect(page.get_by_role("status").filter(has_text=said)).to_be_visible()


def handle_jointly(lead, case, organ) -> None:
    lead.goto(f"/office/cases/{case.pk}/")
    lead.get_by_role("link", name=gettext("Handle it together with other organs")).click()
    press(lead, gettext("Ask them all at once"))
    expect(lead.locator(".err")).to_have_count(2)
    lead.get_by_label(organ.name, exact=True).check()
    lead.locator("#joint-question").fill("Is the address registered?")
    press(lead, gettext("Ask them all at once"))
    heading(lead, gettext("Joint handling"))
    expect(lead.get_by_role("heading", name=organ.name)).to_be_visible()


def ask_for_more_time(lead, case) -> None:
    lead.goto(f"/office/cases/{case.pk}/")
    lead.locator("summary").filter(has_text=gettext("Ask for more time")).click()
    lead.locator("#days").fill("3")
    lead.locator("#extend-reason").fill("Another office has to look.")
    press(lead, gettext("Ask the head"))
    expect(lead.get_by_text(gettext("The head of the office is asked."))).to_be_visible()


def grant_more_time(head, case) -> None:
    head.goto(f"/office/cases/{case.pk}/")
    press(head, gettext("Grant it"))
    title = ngettext(
        "The term was extended by %(n)d working day",
        "The term was extended by %(n)d working days",
        3,
    )
    expect(head.get_by_text(title % {"n": 3})).to_be_visible()


def give_an_opinion(other) -> None:
    open_first_task(other)
    other.locator("input[name=answer-answer][value=agree]").check()
    press(other, gettext("Give the opinion"))
    said = gettext("The opinion of your department is given.")
    expect(other.get_by_text(said).first).to_be_visible()


def fetch_at_the_window(alice, clerk, case) -> None:
    alice.goto(f"/cases/{case.pk}/")
    heading(alice, gettext("Granted: your paper is on its way"))
    alice.get_by_role("link", name=gettext("Choose the way")).click()
    alice.locator("input[name=way][value=window]").check()
    alice.locator("main form button").last.click()
    alice.wait_for_url(f"**/cases/{case.pk}/")
    clerk.goto(f"/office/cases/{case.pk}/")
    clerk.locator("#place").fill("Window 3")
    press(clerk, gettext("It lies ready"))
    expect(clerk.locator("#code")).to_be_visible()
    code = Delivery.objects.get(case=case).code
    alice.reload()
    expect(alice.get_by_text(code)).to_be_visible()
    clerk.locator("#code").fill(code)
    clerk.locator("#collected_by").fill("Chen Ning")
    press(clerk, gettext("Hand it over"))
    expect(clerk.locator("#code")).to_have_count(0)
    alice.reload()
    heading(alice, gettext("Done: here is the answer"))


@pytest.mark.parametrize(("language", "size", "javascript"), WAYS)
def test_from_the_pre_check_to_the_window(browse, axe, overflows, language, size, javascript):
    browse.expect("status of 422")
    user = make_citizen("alice", phone="13800002046")
    make_region("330106")
    office, others = make_office("police"), make_office("housing")
    Post.objects.filter(user=office["head"]).update(is_head=True)
    item, organ = item_of("household", "id_card"), others["reviewer"].posts.get().department
    values = answers_for("id_card", actor_of(user), "330106")
    case = services.file_values(actor=actor_of(user), item=item, values=values).case
    way = {"size": size, "language": language, "javascript": javascript}

    def fits(page) -> None:
        # Without scripts axe would wait for ever.
        assert not overflows(page) and not (javascript and axe(page))

    with translation.override(language):
        alice = browse(f"/cases/{case.pk}/", user=user, **way)
        clerk, lead, head, other = (
            browse("/office/", user=one, **way)
            for one in (office["clerk"], office["reviewer"], office["head"], others["reviewer"])
        )
        take_in_and_ask_for_a_correction(clerk, case)
        correct(alice, case)
        approve(clerk)
        handle_jointly(lead, case, organ)
        fits(lead)
        ask_for_more_time(lead, case)
        grant_more_time(head, case)
        alice.goto(f"/cases/{case.pk}/")
        expect(alice.get_by_text(gettext("Also with"))).to_be_visible()
        fits(alice)
        give_an_opinion(other)
        approve(lead)
        fetch_at_the_window(alice, clerk, case)
        fits(clerk)
    case.refresh_from_db()
    assert (case.state, case.extension_days, case.is_joint) == (Case.State.APPROVED, 3, True)
    assert case.decided_at < case.closed_at
