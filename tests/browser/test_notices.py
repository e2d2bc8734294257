"""A notice from a desk in English to a phone in Chinese, and back to its roll."""

from playwright.sync_api import expect

from collab_hub.directory.models import RoomBooking
from collab_hub.notices.models import Meeting, Notice
from tests.collab_hub.directory.makers import MONDAY, book, room
from tests.collab_hub.directory.makers import clerk as make_clerk
from tests.collab_hub.directory.makers import head as make_head
from tests.collab_hub.notices.makers import meeting, send, work
from tests.factories import make_official


def test_one_click_on_a_desk_and_one_hand_on_a_phone(browse, axe, overflows):
    head = make_official("alice", kind="market", duties=["head"], name="Alice")
    head.posts.update(is_head=True)
    clerk = make_official("bob", kind="market", name="Bob")

    desk = browse("/office/notices/new/", size="desktop", language="en", user=head)
    desk.get_by_label("Title", exact=True).fill("Flood watch")
    desk.get_by_label("Text", exact=True).fill("Keep somebody on duty.")
    expect(desk.locator("#size").get_by_text("Nobody is chosen yet.")).to_be_visible()
    desk.locator("[name=who-organs]").first.check()
    expect(desk.get_by_text("2 people get it.")).to_be_visible()
    assert not axe(desk)
    desk.get_by_role("button", name="See who gets it").click()
    expect(desk.get_by_role("heading", name="2 people get this")).to_be_visible()
    assert not axe(desk)
    with desk.expect_navigation():
        desk.get_by_role("button", name="Send to 2 people").click()
    work()

    phone = browse("/office/notices/", user=clerk)
    phone.get_by_role("link", name="Flood watch").click()
    expect(phone.get_by_role("button", name="确认")).to_be_visible()
    assert not overflows(phone)
    assert not axe(phone)
    phone.get_by_role("button", name="确认").click()
    expect(phone.get_by_text("已确认", exact=False).first).to_be_visible()

    desk.reload()
    row = desk.get_by_role("row", name="Bob")
    expect(row.get_by_text("Confirmed", exact=True)).to_be_visible()
    assert not axe(desk)
    roll = browse(f"/office/notices/{Notice.objects.get().pk}/roll/", user=head)
    assert not overflows(roll)
    assert not axe(roll)


def test_a_meeting_without_javascript(browse, axe, overflows):
    head = make_official("alice", kind="market", duties=["head"], name="Alice")
    notice = send(head, meeting=meeting(hours=0.1))
    page = browse(f"/office/notices/{notice.pk}/", user=head, javascript=False)
    page.get_by_label("参加", exact=True).check()
    with page.expect_navigation():
        page.get_by_role("button", name="回复").click()
    assert notice.recipients.get().reply == "comes"
    screen = browse(
        f"/office/notices/{notice.pk}/screen/", size="desktop", language="en", user=head
    )
    code = screen.get_by_alt_text("Attendance code")
    assert code.bounding_box()["width"] >= 300
    assert not axe(screen)
    minutes = browse(f"/office/notices/{notice.pk}/minutes/", user=head)
    assert not overflows(minutes)
    assert not axe(minutes)


def test_a_meeting_takes_a_room_with_one_hand(browse, axe, overflows):
    head, other = make_head("wang"), make_clerk("lin", "林静")
    hall = room(head, "3楼会议室", place="主楼")
    room(head, "5楼小会议室")
    phone = browse("/office/notices/new/", user=head)
    phone.get_by_label("标题", exact=True).fill("推进会")
    phone.get_by_label("正文", exact=True).fill("请准时参加。")
    phone.locator("[name=who-organs]").first.check()
    phone.locator("summary", has_text="会议").click()
    phone.locator("#id_meeting-wanted").check()
    phone.locator("#id_meeting-starts_at").fill(f"{MONDAY}T09:00")
    phone.locator("#id_meeting-ends_at").fill(f"{MONDAY}T10:30")
    phone.locator("#id_meeting-room").select_option(str(hall.pk))
    assert axe(phone) == [] and not overflows(phone)
    phone.get_by_role("button", name="核对接收人员").click()
    expect(phone.locator("#main")).to_contain_text("3楼会议室 主楼")
    assert axe(phone) == [] and not overflows(phone)
    # Somebody is faster: it is said at the field, with what is free, and nothing is lost.
    book(other, hall, 10, 11)
    phone.get_by_role("button", name="发送给").click()
    expect(phone.locator(".errors")).to_contain_text("林静")
    expect(phone.locator("#id_meeting-room-error")).to_contain_text("5楼小会议室")
    expect(phone.get_by_label("标题", exact=True)).to_have_value("推进会")
    assert axe(phone) == [] and not overflows(phone)
    free = phone.locator("#id_meeting-room optgroup").first.locator("option").first
    phone.locator("#id_meeting-room").select_option(free.get_attribute("value"))
    phone.get_by_role("button", name="核对接收人员").click()
    with phone.expect_navigation():
        phone.get_by_role("button", name="发送给").click()
    expect(phone.locator("#main")).to_contain_text("5楼小会议室")
    assert Meeting.objects.get().booking == RoomBooking.objects.get(person=head)
    phone.goto(f"/office/directory/rooms/bookings/{Meeting.objects.get().booking_id}/")
    expect(phone.get_by_role("link", name="查看会议通知")).to_be_visible()
    assert axe(phone) == [] and not overflows(phone)
