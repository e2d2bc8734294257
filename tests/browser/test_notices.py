"""A notice from a desk in English to a phone in Chinese, and back to its roll."""

from collab_hub.notices.models import Notice
from tests.collab_hub.notices.makers import meeting, send, work
from tests.factories import make_official


def test_one_click_on_a_desk_and_one_hand_on_a_phone(browse, axe):
    head = make_official("alice", kind="market", duties=["head"], name="Alice")
    head.posts.update(is_head=True)
    clerk = make_official("bob", kind="market", name="Bob")

    desk = browse("/office/notices/new/", size="desktop", language="en", user=head)
    desk.get_by_label("Title", exact=True).fill("Flood watch")
    desk.get_by_label("Text", exact=True).fill("Keep somebody on duty.")
    assert desk.locator("#size").get_by_text("Nobody is chosen yet.").is_visible()
    desk.locator("[name=who-organs]").first.check()
    desk.get_by_text("2 people get it.").wait_for()
    assert not axe(desk)
    desk.get_by_role("button", name="See who gets it").click()
    assert desk.get_by_role("heading", name="2 people get this").is_visible()
    assert not axe(desk)
    desk.get_by_role("button", name="Send to 2 people").click()
    work()

    phone = browse("/office/notices/", user=clerk)
    phone.get_by_role("link", name="Flood watch").click()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert not axe(phone)
    phone.get_by_role("button", name="确认").click()
    phone.get_by_text("已确认", exact=False).first.wait_for()

    desk.reload()
    assert desk.get_by_role("row", name="Bob").get_by_text("Confirmed", exact=True).is_visible()
    assert not axe(desk)
    roll = browse(f"/office/notices/{Notice.objects.get().pk}/roll/", user=head)
    assert roll.evaluate("document.documentElement.scrollWidth") <= 390
    assert not axe(roll)


def test_a_meeting_without_javascript(browse, axe):
    head = make_official("alice", kind="market", duties=["head"], name="Alice")
    notice = send(head, meeting=meeting(hours=0.1))
    page = browse(f"/office/notices/{notice.pk}/", user=head, javascript=False)
    page.get_by_label("参加", exact=True).check()
    page.get_by_role("button", name="回复").click()
    assert notice.recipients.get().reply == "comes"
    screen = browse(
        f"/office/notices/{notice.pk}/screen/", size="desktop", language="en", user=head
    )
    code = screen.get_by_alt_text("Attendance code")
    assert code.bounding_box()["width"] >= 300
    assert not axe(screen)
    minutes = browse(f"/office/notices/{notice.pk}/minutes/", user=head)
    assert minutes.evaluate("document.documentElement.scrollWidth") <= 390
    assert not axe(minutes)
