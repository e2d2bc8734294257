"""A duty swapped and a room booked with one hand on a phone in Chinese; the calendar at a desk."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from collab_hub.directory import services
from security.actors import Actor
from tests.collab_hub.directory.makers import (
    MONDAY,
    at,
    away,
    book,
    clerk,
    duty_of,
    head,
    leave,
    room,
    roster,
)

pytestmark = pytest.mark.django_db(transaction=True)
HERE = "/office/directory/"


@pytest.fixture
def team(transactional_db):
    keeper = head()
    zeng, lv, gone = clerk("alice", "曾小波"), clerk("bob", "吕宁"), clerk("gone", "离岗人")
    made = roster(keeper, [zeng, lv, gone], always=True)
    hall = room(keeper, "3楼会议室", place="主楼", equipment="投影")
    book(gone, hall, 15, 16, title="旧例会")
    away(lv, zeng, MONDAY + timedelta(days=20))
    leave(gone)
    services.refresh_cards(actor=Actor.system("test"))
    return keeper, zeng, lv, made, hall


def test_a_colleague_is_found_a_duty_swapped_and_a_room_booked_on_a_phone(
    browse, axe, overflows, team
):
    _keeper, zeng, lv, made, hall = team
    phone = browse(f"{HERE}people/", size="phone", user=zeng)
    assert axe(phone) == [] and not overflows(phone)
    phone.locator("#dq").fill("ln")
    phone.locator("#dq").press("Enter")
    expect(phone).to_have_url(re.compile("q=ln"))
    expect(phone.locator(".people")).to_contain_text("吕宁")
    assert axe(phone) == [] and not overflows(phone)

    shift, on = duty_of(made, zeng)
    other = duty_of(made, lv)
    phone.goto(f"{HERE}duty/{made.pk}/{shift}/{on}/swap/")
    phone.locator("#id_swap-theirs").select_option(f"{other[0]}/{other[1]}")
    assert axe(phone) == [] and not overflows(phone)
    phone.locator("#main form .btn").click()
    expect(phone.locator("#main .note.warn")).to_contain_text("您已请吕宁换班")
    # What nobody has is said, and axe and the narrow page bear it.
    expect(phone.locator(".agenda")).to_contain_text("空岗")
    assert axe(phone) == [] and not overflows(phone)

    phone.goto(f"{HERE}rooms/{hall.pk}/?on={MONDAY}")
    phone.locator("#id_title").fill("周例会")
    phone.locator("#id_begins").fill("15:30")
    phone.locator("#id_ends").fill("16:30")
    browse.expect("409")
    phone.locator("#main form .btn").click()
    expect(phone.locator(".errors")).to_contain_text("已由离岗人预订")
    assert axe(phone) == [] and not overflows(phone)
    phone.locator("#id_begins").fill("16:00")
    phone.locator("#main form .btn").click()
    expect(phone.locator(".bookings")).to_contain_text("周例会")
    for view in ("list", "week", "month"):
        phone.goto(f"{HERE}?view={view}&on={MONDAY}")
        assert axe(phone) == [] and not overflows(phone), view


def test_a_head_sees_gaps_and_what_was_left_behind_at_a_desk(browse, axe, overflows, team):
    keeper, _zeng, _lv, made, _hall = team
    organ = keeper.posts.first().department_id
    desk = browse(f"{HERE}?view=month&on={MONDAY}&team={organ}", size="desktop",
                  language="en", user=keeper)  # fmt: skip
    expect(desk.locator(".month")).to_contain_text("旧例会")
    expect(desk.locator(".month .gap").first).to_be_visible()
    assert axe(desk) == [] and not overflows(desk)
    desk.goto(f"{HERE}rooms/?on={at(9).date()}")
    desk.get_by_role("button", name="Take over").click()
    expect(desk.locator("#main .note.ok")).to_contain_text("The booking is yours now.")
    assert axe(desk) == [] and not overflows(desk)
    desk.goto(f"{HERE}people/?q=zxb")
    expect(desk.locator(".people")).to_contain_text("曾小波")
    assert axe(desk) == [] and not overflows(desk)
    desk.goto(f"{HERE}duty/?view=gaps")
    expect(desk.locator(".tbl")).to_contain_text("No longer works here")
    assert axe(desk) == [] and not overflows(desk)
    desk.goto(f"{HERE}duty/{made.pk}/pattern/")
    assert axe(desk) == [] and not overflows(desk)
    desk.goto(f"{HERE}calendar/subscribe/")
    desk.locator("#main button").click()
    expect(desk.locator("#url")).to_have_value(re.compile(r"calendar\.ics\?key="))
    assert axe(desk) == [] and not overflows(desk)


def test_a_room_is_booked_every_week_at_a_desk(browse, axe, overflows, team):
    keeper, zeng, _lv, _made, hall = team
    book(zeng, hall, 9, 11)
    desk = browse(f"{HERE}rooms/{hall.pk}/?on={MONDAY}", size="desktop", language="en",
                  user=keeper)  # fmt: skip
    desk.get_by_label("What for").fill("Jour fixe")
    desk.get_by_label("Begins").fill("10:00")
    desk.get_by_label("Ends").fill("11:00")
    desk.get_by_label("For how many weeks").fill("4")
    browse.expect("409")
    desk.get_by_role("button", name="Book", exact=True).click()
    expect(desk.locator("#main form .bookings")).to_contain_text("曾小波")
    assert axe(desk) == [] and not overflows(desk)
    desk.get_by_role("button", name="Book the 3 free days").click()
    expect(desk.locator("#main .note.ok")).to_contain_text("The room is yours on 3 days.")
    desk.goto(f"{HERE}rooms/")
    desk.get_by_role("link", name="Jour fixe").first.click()
    expect(desk.get_by_role("button", name="Cancel this day only")).to_be_visible()
    assert axe(desk) == [] and not overflows(desk)
    desk.get_by_role("button", name="Cancel this and the 2 later days").click()
    expect(desk.locator("#main .note.ok")).to_contain_text("The room is free again on 3 days.")
