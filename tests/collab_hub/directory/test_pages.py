"""The pages of directory and calendar: who finds whom, what is hidden, files and secret links."""

import uuid
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collab_hub.directory import link_services, selectors, services
from collab_hub.directory.finding import understood
from collab_hub.directory.models import CalendarLink, DutySwap, Room, RoomBooking, Roster
from security.actors import Actor
from security.audit.models import AuditEntry
from security.organs.services import create_department
from tests.collab_hub.notices.makers import meeting, send
from tests.factories import MAKER, actor_of, make_auditor, make_department, make_region
from tests.platform_core.common.calendar_reader import read

from .makers import DAY, MONDAY, at, away, book, clerk, duty_of, head, leave, room, roster

pytestmark = pytest.mark.django_db
BOOK = "/office/directory/"
PEOPLE = f"{BOOK}people/"


def html(response) -> str:
    return response.content.decode()


def with_mobile(person, number: str):
    person.phone = number
    person.save()
    return person


@pytest.fixture
def team():
    return head(), clerk("alice", "曾小波"), clerk("bob", "吕宁")


def refresh() -> None:
    services.refresh_cards(actor=Actor.system("test"))


def found(reader, text: str) -> list[str]:
    people = selectors.people_found(reader, understood(text))
    return [one.name for one in people]


@pytest.mark.parametrize(
    ("typed", "name"),
    [("曾", "曾小波"), ("zengxiaobo", "曾小波"), ("zeng xiao", "曾小波"), ("zxb", "曾小波"),
     ("cxb", "曾小波"), ("ｚｘｂ", "曾小波"), ("lvning", "吕宁"), ("lyuning", "吕宁"),
     ("2046", "曾小波"), ("13800002046", "曾小波"), ("5210", "吕宁")],
)  # fmt: skip
def test_people_are_found_by_name_sound_first_letters_and_end_of_a_number(team, typed, name):
    _head, zeng, lv = team
    with_mobile(zeng, "13800002046")
    services.save_card(actor=actor_of(lv), room="301", phone="0571-8525-5210", hides_mobile=False)
    refresh()
    assert found(zeng, typed) == [name]


def test_names_and_numbers_that_change_are_found_and_the_old_ones_are_not(team):
    _head, zeng, lv = team
    with_mobile(zeng, "13800002046")
    refresh()
    zeng.name = "单雪"
    with_mobile(zeng, "13800001111")
    assert found(lv, "zxb") == []  # nobody is found by the sounds of a name they no longer have
    refresh()
    assert found(lv, "shanxue") == ["单雪"] and found(lv, "2046") == []
    assert found(lv, "1111") == ["单雪"]
    assert services.refresh_cards(actor=Actor.system("test")) == 0
    leave(zeng)
    assert found(lv, "单雪") == []


def test_mobile_numbers_stay_inside_government_and_may_be_hidden(team, office):
    keeper, zeng, lv = team
    with_mobile(zeng, "13800002046")
    refresh()
    assert "13800002046" in html(office(lv).get(PEOPLE, {"q": "曾小波"}))
    assert "13800002046" not in html(office(make_auditor()).get(PEOPLE, {"q": "曾小波"}))
    office(zeng).post(f"{BOOK}card/", {"room": "301", "phone": "", "hides_mobile": "on"})
    page = html(office(keeper).get(PEOPLE, {"q": "曾小波"}))
    assert "13800002046" not in page and "Mobile number hidden" in page
    assert found(keeper, "2046") == [] and found(keeper, "13800002046") == []
    assert "13800002046" in html(office(zeng).get(PEOPLE, {"q": "曾小波"}))
    # Looking somebody up is no event, taking the list away is one.
    before = AuditEntry.objects.count()
    office(keeper).get(PEOPLE)
    assert AuditEntry.objects.count() == before
    sheet = office(keeper).get(f"{BOOK}people.xlsx", {"organ": "330106-market"})
    assert sheet.status_code == 200
    far = office(clerk("far", kind="health", region="330302"))
    assert far.get(f"{BOOK}people.xlsx", {"organ": "330106-market"}).status_code == 404
    entry = AuditEntry.objects.get(verb="directory.export")
    assert entry.actor == keeper and entry.after == {"rows": 3}


def test_the_deputy_of_an_absent_deputy_is_shown(team, office):
    keeper, zeng, lv = team
    away(zeng, lv)
    away(lv, keeper)
    page = html(office(keeper).get(PEOPLE, {"q": "曾小波"}))
    assert "Away: 吕宁 stands in until" in page and "who is away too: Hu stands in" in page


def test_the_tree_asks_as_often_for_many_organs_and_people(team, office):
    keeper, zeng, lv = team
    top = make_department("market")
    client = office(keeper)

    def asked(**query) -> int:
        client.get(PEOPLE, query)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PEOPLE, query).status_code == 200
        return len(queries)

    away(zeng, lv)
    roster(keeper, [zeng])
    # The name that is looked for is in every count.
    first, searched = asked(organ=top.code), asked(q="曾")
    for number in range(30):
        create_department(actor=MAKER, code=f"below-{number}", kind="market", name=f"科室{number}",
                          region=make_region(), parent=top)  # fmt: skip
    for number in range(3):
        person = clerk(f"more{number}", f"曾{number}")
        away(person, keeper)
        roster(keeper, [person], name=f"第{number}")
    assert asked(organ=top.code) == first and asked(q="曾") == searched
    page = html(client.get(PEOPLE, {"organ": top.code}))
    assert "科室29" in page and "organ=below-0" in page
    assert client.get(PEOPLE, {"organ": "nowhere"}).status_code == 404


def test_a_roster_goes_its_whole_way_on_the_pages(team, office):
    keeper, zeng, lv = team
    client = office(keeper)
    organ = keeper.posts.first().department
    wrong = client.post(f"{BOOK}duty/new/", {"department": organ.pk, "name": ""})
    assert wrong.status_code == 422 and 'href="#id_name"' in html(wrong)
    client.post(f"{BOOK}duty/new/", {"department": organ.pk, "name": "总值班", "phone": "85210000"})
    made = Roster.objects.get()
    at_pattern = f"{BOOK}duty/{made.pk}/pattern/"
    sent = {"shift-weekdays": [0, 1, 2, 3, 4, 5, 6], "shift-begins": "08:00", "shift-ends": "20:00",
            "shift-first_on": MONDAY.isoformat(), "shift-is_daily": "1",
            "shift-person_1": zeng.pk, "shift-person_2": lv.pk}  # fmt: skip
    assert client.post(at_pattern, sent | {"shift-begins": "late"}).status_code == 422
    assert client.post(at_pattern, sent).status_code == 302
    month = {"month": f"{MONDAY:%Y-%m}"}
    page = html(client.get(f"{BOOK}duty/{made.pk}/", month))
    assert "曾小波" in page and "85210000" in page
    shift, on = duty_of(made, zeng)
    address = f"{BOOK}duty/{made.pk}/{shift}/{on}/put/"
    assert client.post(address, {"put-person": lv.pk, "put-reason": ""}).status_code == 422
    assert client.post(address, {"put-person": "", "put-reason": "培训"}).status_code == 422
    client.post(address, {"put-person": "nobody", "put-reason": "培训"})
    page = html(client.get(f"{BOOK}duty/{made.pk}/", {"month": f"{on:%Y-%m}"}))
    assert "Nobody is named" in page and "培训" in page
    assert made.name in html(client.get(f"{BOOK}duty/?view=gaps"))
    # Two colleagues swap.
    shift, on = duty_of(made, zeng)
    other = duty_of(made, lv)
    own = f"{BOOK}duty/{made.pk}/{shift}/{on}/swap/"
    assert client.get(own).status_code == 404  # not the head's duty
    office(zeng).post(own, {"swap-theirs": f"{other[0]}/{other[1]}", "swap-note": "家里有事"})
    swap = DutySwap.objects.get()
    page = html(office(lv).get(f"{BOOK}duty/{made.pk}/"))
    assert "曾小波 asks you to swap" in page and "家里有事" in page
    at_swap = f"{BOOK}duty/swaps/{swap.pk}/"
    assert office(keeper).post(at_swap, {"act": "agree"}).status_code == 404
    office(lv).post(at_swap, {"act": "agree"})
    swap.refresh_from_db()
    assert swap.state == "approved" and duty_of(made, lv)[1] == on
    for wrong in ("2026-13-01", "2026-02-30", "x", "9999-12-31"):
        assert client.get(f"{BOOK}duty/{made.pk}/{shift}/{wrong}/put/").status_code == 404
        assert client.get(f"{BOOK}duty/{made.pk}/", {"month": wrong}).status_code == 200


def test_a_room_is_booked_changed_and_given_back_on_the_pages(team, office):
    keeper, zeng, lv = team
    described = {"department": keeper.posts.first().department_id, "name": "301", "seats": "12"}
    assert office(keeper).post(f"{BOOK}rooms/new/", described | {"seats": "0"}).status_code == 422
    office(keeper).post(f"{BOOK}rooms/new/", described)
    made = Room.objects.get()
    client = office(zeng)
    address = f"{BOOK}rooms/{made.pk}/"
    sent = {"title": "周例会", "on": MONDAY.isoformat(), "begins": "09:00", "ends": "10:00"}
    wrong = client.post(address, sent | {"ends": "08:00"})
    assert wrong.status_code == 422 and "周例会" in html(wrong) and 'href="#id_ends"' in html(wrong)
    assert client.post(address, sent).status_code == 302
    taken = office(lv).post(address, sent | {"title": "另一个会"})
    assert taken.status_code == 409 and "曾小波 has the room" in html(taken)
    assert "Free for as long" in html(taken) and "另一个会" in html(taken)
    booking = RoomBooking.objects.get()
    at_booking = f"{BOOK}rooms/bookings/{booking.pk}/"
    assert office(lv).post(at_booking, sent).status_code == 404
    assert office(zeng).post(at_booking, sent | {"begins": "09:30"}).status_code == 302
    assert client.post(f"{at_booking}cancel/", {}).status_code == 302
    booking.refresh_from_db()
    assert booking.state == "cancelled" and booking.starts_at == at(9, 30)
    # Who may book the room but is of another organ sees who has it, not what for.
    shared = room(keeper, "大厅", is_shared=True)
    book(zeng, shared, title="人事议题")
    page = html(office(clerk("mallory", kind="health")).get(
        f"{BOOK}rooms/", {"on": MONDAY.isoformat()}))  # fmt: skip
    assert "人事议题" not in page and "曾小波" in page


def test_the_calendar_shows_own_and_team_and_hides_what_is_not_ones_own(team, office):
    keeper, zeng, lv = team
    roster(keeper, [zeng, lv])
    book(zeng, room(keeper), title="周例会")
    away(zeng, lv, MONDAY, MONDAY + DAY)
    send(keeper, meeting=meeting(starts_at=at(14), ends_at=at(15)))
    team_id = keeper.posts.first().department_id
    on = MONDAY.isoformat()
    for view in ("list", "week", "month"):
        mine = html(office(zeng).get(BOOK, {"view": view, "on": on}))
        assert "周例会" in mine and "值班" in mine and "stands in" in mine
        team_page = html(office(lv).get(BOOK, {"view": view, "on": on,
                                                             "team": team_id}))  # fmt: skip
        assert "周例会" in team_page and "值班" in team_page and "曾小波 is away" in team_page
    # Somebody else's team is not shown, nonsense in the address is the usual view.
    other = office(clerk("mallory", kind="health")).get(BOOK, {"team": team_id})
    assert other.status_code == 200 and "周例会" not in html(other)
    for wrong in ({"on": "2026-02-30"}, {"view": "x"}, {"team": "²"}, {"show": "nothing"}):
        assert office(zeng).get(BOOK, wrong).status_code == 200
    assert office(make_auditor()).get(BOOK).status_code == 404


def test_the_calendar_asks_as_often_for_three_as_for_one(team, office):
    keeper, zeng, _lv = team
    made = room(keeper)
    client = office(zeng)
    asks = {"team": keeper.posts.first().department_id, "on": MONDAY.isoformat()}

    def asked() -> list[int]:
        counts = []
        for query in ({"on": asks["on"]}, asks):
            client.get(BOOK, query)
            with CaptureQueriesContext(connection) as queries:
                client.get(BOOK, query)
            counts.append(len(queries))
        return counts

    roster(keeper, [zeng])
    book(zeng, made, 9, 10)
    first = asked()
    for number in (1, 2):
        roster(keeper, [zeng], name=f"第{number}", begins=datetime.min.time())
        book(zeng, made, 10 + number, 11 + number)
    assert asked() == first


def test_calendar_files_are_valid_and_the_export_stands_in_the_trail(team, office):
    keeper, zeng, lv = team
    made = roster(keeper, [zeng, lv], begins=datetime(1, 1, 1, 20).time(),
                  ends=datetime(1, 1, 1, 8).time())  # fmt: skip
    leave(lv)
    booked = book(zeng, room(keeper), title="周例会, 第二季度; 总结")
    away(zeng, keeper, MONDAY, MONDAY + DAY)
    client = office(zeng)
    mine = read(client.get(f"{BOOK}calendar/mine.ics").content)
    titles = {one["SUMMARY"][1] for one in mine["events"]}
    assert "周例会, 第二季度; 总结" in titles and any("stands in" in one for one in titles)
    days = [one for one in mine["events"] if one["DTSTART"][0] == {"VALUE": "DATE"}]
    assert [(one["DTSTART"][1], one["DTEND"][1]) for one in days] == [
        (f"{MONDAY:%Y%m%d}", f"{MONDAY + 2 * DAY:%Y%m%d}")
    ]
    file = read(client.get(f"{BOOK}duty/{made.pk}/duty.ics").content)
    gaps = [one for one in file["events"] if "gap" in one["SUMMARY"][1]]
    assert gaps and "吕宁" in gaps[0]["SUMMARY"][1], "gaps are in the file too"
    night = next(one for one in file["events"] if one not in gaps)
    assert night["DTSTART"][1].endswith("T200000") and night["DTEND"][1].endswith("T080000")
    rooms = read(client.get(f"{BOOK}rooms/{booked.room_id}/room.ics").content)
    assert [one["UID"][1] for one in rooms["events"]] == [f"room-{booked.pk}@govplatform"]
    assert AuditEntry.objects.filter(verb="directory.export").count() == 3


def test_times_are_right_where_clocks_change(team, office, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    timezone.get_default_timezone.cache_clear()
    try:
        keeper, zeng, _lv = team
        made = roster(keeper, [zeng], begins=datetime(1, 1, 1, 20).time(),
                      ends=datetime(1, 1, 1, 8).time())  # fmt: skip
        file = read(office(zeng).get(f"{BOOK}duty/{made.pk}/duty.ics").content)
        assert file["zones"] == ["Europe/Berlin"]
        # All year round the clock on the wall says the same, as the file says it too.
        assert {one["DTSTART"][1][8:] for one in file["events"]} == {"T200000"}
        assert {one["DTEND"][1][8:] for one in file["events"]} == {"T080000"}
    finally:
        settings.TIME_ZONE = "Asia/Shanghai"
        timezone.get_default_timezone.cache_clear()


def fetch(address: str):
    parts = urlsplit(address)
    return Client().get(f"{parts.path}?{parts.query}")


def secret(client) -> str:
    page = html(client.get(f"{BOOK}calendar/subscribe/"))
    return page.split('readonly value="')[1].split('"')[0].replace("&amp;", "&")


def test_a_secret_link_opens_the_calendar_until_it_is_renewed(team, office):
    keeper, zeng, _lv = team
    book(zeng, room(keeper), title="周例会")
    client = office(zeng)
    client.post(f"{BOOK}calendar/link/", {"act": "renew"})
    old = secret(client)
    assert "/calendar.ics?key=" in old
    told = fetch(old)
    assert told.status_code == 200 and "周例会" in html(told)
    assert told["Cache-Control"] == "private, no-store"
    client.post(f"{BOOK}calendar/link/", {"act": "renew"})
    new = secret(client)
    assert new != old and fetch(old).status_code == 404 and fetch(new).status_code == 200
    assert CalendarLink.objects.filter(user=zeng, ended_at=None).count() == 1
    # Nobody reads it in the database, and somebody who left has no calendar any more.
    kept = CalendarLink.objects.values_list("token", flat=True)
    assert not any(new.endswith(str(one)) for one in kept)
    leave(zeng)
    assert fetch(new).status_code == 404
    for wrong in ("", "?key=", "?key=x", "?key=%00", f"?key={'é' * 40}"):
        assert Client().get(f"/calendar.ics{wrong}").status_code == 404


def test_a_link_to_a_room_ends_with_the_right_to_see_it(team):
    keeper, _zeng, _lv = team
    made = room(keeper, is_shared=True)
    stranger = clerk("mallory", kind="health")
    link = link_services.renew_link(actor=actor_of(stranger), room=made)
    address = f"/calendar.ics?key={link.token}"
    book(keeper, made, title="人事议题")
    told = fetch(address)
    assert told.status_code == 200 and "人事议题" not in html(told) and "Hu" in html(told)
    room_id = made.pk
    type(made).objects.filter(pk=room_id).update(is_shared=False)
    assert fetch(address).status_code == 404
    assert link_services.end_link(actor=actor_of(stranger), room=made) == 1


def test_work_that_is_due_stays_inside(team, office):
    from collab_hub.inbox.work import put_work, register_work_kind

    _keeper, zeng, _lv = team
    register_work_kind("test_due", "Test")
    put_work(actor=MAKER, kind="test_due", obj=("test.thing", uuid.uuid4()), person=zeng,
             title="张三的申请", due_at=timezone.now() + timedelta(days=1))  # fmt: skip
    client = office(zeng)
    assert "张三的申请" in html(client.get(BOOK))
    assert "张三的申请" not in client.get(f"{BOOK}calendar/mine.ics").content.decode()
