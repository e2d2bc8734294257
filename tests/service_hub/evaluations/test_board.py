"""The public board: every figure counted twice, small groups hidden, pages, file and data."""

import random
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from platform_core.common.numbers import SMALLEST_GROUP
from platform_core.common.workcalendar import is_workday
from security.actors import Actor
from service_hub.evaluations import board
from service_hub.evaluations import rectification_services as orders
from service_hub.evaluations.figures import Counts, figures_of, is_small, published
from service_hub.evaluations.recount import differences, recounted
from service_hub.evaluations.services import rate_case, rate_visit, record_visit
from service_hub.indicators import register_indicator
from tests.factories import actor_of, make_official
from tests.service_hub.makers import do, file_elsewhere, make_office

NOBODY = Actor.anonymous(ip="127.0.0.1", channel="qr")
COUNTS = st.builds(Counts, ratings=st.integers(0, 9), excluded=st.integers(0, 2))


@given(st.lists(COUNTS, max_size=8))
def test_no_hidden_group_can_be_told_from_the_others(groups):
    shown = published(groups)
    for counts, figures in zip(groups, shown, strict=True):
        if is_small(counts):
            assert figures.is_hidden
        if figures.is_hidden:
            assert figures.ratings is figures.bad is figures.good_rate is figures.excluded is None
            assert figures.cases == counts.cases
    hidden = sum(one.is_hidden for one in shown)
    with_ratings = sum(bool(one.ratings + one.excluded) for one in groups)
    assert hidden != 1 or with_ratings == 1


def test_shares_are_rounded_as_people_round():
    assert figures_of(Counts(services=16, ratings=1)).active_rate == 6.3
    assert figures_of(Counts()).good_rate is None


class Town:
    """Offices in two counties, with random services, ratings and orders in every state."""

    def __init__(self, alice, seed: int):
        self.pick = random.Random(seed)
        self.offices = [make_office(kind, region) for kind, region in (
            ("housing_fund", "330106"), ("housing_fund", "330302"), ("health", "330110"),
        )]  # fmt: skip
        self.seconds = [
            make_official(department=one["clerk"].posts.first().department, duties=["head"])
            for one in self.offices
        ]
        self.alice, self.now = alice, timezone.now()
        make_office("medical_insurance")
        self.cases = [file_elsewhere(alice) for _number in range(3)]
        for case in self.cases[:2]:
            rate_case(
                actor=actor_of(alice), case=do(case), service_no=1, grade=self.pick.choice([1, 5])
            )

    def day(self):
        at = self.now - timedelta(days=self.pick.randint(2, 80), minutes=self.pick.randint(0, 999))
        while not is_workday(timezone.localdate(at)):
            at -= timedelta(days=1)
        return at

    def serve(self) -> None:
        number = self.pick.randrange(3)
        office, at = self.offices[number], self.day()
        item = self.pick.choice([None, self.cases[0].item])
        visit = record_visit(actor=actor_of(office["clerk"]), item=item, at=at)
        if self.pick.random() < 0.8:
            rated = rate_visit(
                actor=self.pick.choice([NOBODY, actor_of(self.alice)]), visit=visit,
                grade=self.pick.randint(1, 5), at=at + timedelta(minutes=5),
                contact=self.pick.choice(["", "13800002046"]),
            )  # fmt: skip
            if rated.is_bad:
                self.put_right(rated.rectification, office, self.seconds[number])

    def put_right(self, order, office, second) -> None:
        at, by = order.opened_at, {"actor": actor_of(office["head"]), "order": order}
        way = self.pick.choice(["left", "signed", "answered", "solved", "again", "out", "kept"])
        if way == "left":
            return
        orders.sign_rectification(**by, at=at + timedelta(hours=1))
        if way == "signed":
            return
        orders.note_call_back(**by, at=at + timedelta(hours=self.pick.randint(1, 60)))
        if way in {"out", "kept"}:
            orders.appeal_rating(**by, ground="误评", at=at + timedelta(days=1))
            by["actor"] = actor_of(second)
            orders.decide_appeal(**by, is_mistaken=way == "out", reason="查实", at=at)
            return
        orders.choose_measure(**by, measure="at_once", at=at)
        late = at + timedelta(seconds=self.pick.randint(90_000, 1_200_000))
        orders.answer_rectification(**by, answer="已整改，电话 13800002046", at=late)
        if way in {"solved", "again"}:
            orders.confirm_rectification(
                actor=NOBODY, order=order, is_solved=way == "solved", at=late
            )


@pytest.fixture
def town(alice):
    town = Town(alice, 20261127)
    for _number in range(60):
        town.serve()
    return town


@pytest.mark.django_db
def test_a_board_of_nothing_and_of_cases_alone_adds_up(alice, client):
    everything, _by = board.chosen({})
    assert differences(everything) == []
    assert client.get("/board/").status_code == 200
    make_office("medical_insurance")
    do(file_elsewhere(alice))
    assert differences(everything) == []


@pytest.mark.django_db
def test_every_published_figure_is_the_same_by_independent_sql(town, client, capsys):
    everything, _by = board.chosen({})
    again = recounted(everything, None)[""]
    assert again["services"] >= 60
    assert again["excluded"] > 0
    assert board.total(everything).in_time_rate not in (None, 100.0)
    region = town.offices[0]["clerk"].posts.first().department.region
    narrowed = (
        {},
        {"area": region.code},
        {"area": "330100"},
        {"organ": str(town.offices[1]["clerk"].posts.first().department_id)},
        {"item": str(town.cases[0].item_id)},
        {"channel": "window"},
        {"channel": "web"},
        {"from": f"{timezone.localdate() - timedelta(days=31):%Y-%m}"},
    )
    for query in narrowed:
        assert differences(board.chosen(query)[0]) == [], query
    call_command("audit_indicators")
    assert "the same" in capsys.readouterr().out
    hides = [one for by in board.WAYS for one in board.groups(everything, by)]
    assert any(one.figures.is_hidden for one in hides)
    pages_show(client, town)


def pages_show(client, town) -> None:
    """The pages, the file and the data of the same town."""
    register_indicator("x", "Queues", "min", lambda filters: 7)
    counts = []
    for query in ({}, {"by": "organ", "area": "330100"}, {"by": "item"}, {"by": "channel"},
                  {"by": "month"}, {"by": "x", "from": "x", "organ": "x", "area": "0"},
                  {"organ": "999999999", "channel": "\x00x"}):  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            answer = client.get("/board/", query)
        counts.append(len(queries))
        assert answer.status_code == 200
        assert client.get("/board/figures.csv", query).content.startswith(b"\xef\xbb\xbf")
        assert client.get("/api/v1/board/", query).status_code == 200
    assert max(counts) <= 22
    reviews = client.get("/board/reviews/").content.decode()
    assert "138****2046" in reviews
    assert "13800002046" not in reviews
    data = client.get("/api/v1/board/", {"by": "organ"}).json()
    shown = [one["figures"] for one in data["rows"]]
    assert all(not one["ratings"] or one["ratings"] >= SMALLEST_GROUP for one in shown)
