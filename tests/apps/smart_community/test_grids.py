"""Grids: the register, and grids as an audience of notices."""

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.smart_community import samples, selectors, services
from apps.smart_community.models import Grid, GridWorker
from collab_hub.notices.audience import Audience, Term
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.napps import services as napps
from security.organs.models import Post
from security.organs.services import appoint
from tests.collab_hub.notices.makers import make_notice, send
from tests.factories import LONG_AGO, MAKER, actor_of, make_department, make_official, sign_in
from tests.service_hub.makers import open_app

pytestmark = pytest.mark.django_db
HOME = "/apps/smart_community/grids/"


@pytest.fixture
def organ():
    open_app("smart_community")
    return make_department("civil_affairs")


@pytest.fixture
def people(organ):
    """Five of the organ: a head and four workers, by name."""
    names = ("wang", "li", "zhao", "qian", "sun")
    return {name: make_official(name, department=organ, name=name.capitalize()) for name in names}


def make_grid(people, number: int = 1, leader="wang", workers=("li",), **more) -> Grid:
    return services.save_grid(
        actor=actor_of(people[leader]), department=people[leader].posts.get().department,
        code=f"330106{number:03d}", name=f"第{number}网格", households=400, leader=people[leader],
        workers=[people[one] for one in workers], **more,
    )  # fmt: skip


def to_grids(*codes) -> Audience:
    return Audience((Term(other=frozenset(("grid", code) for code in codes)),))


def on_roll(notice) -> set:
    return set(notice.recipients.values_list("user__username", flat=True))


def test_a_notice_reaches_the_people_of_its_grids_and_no_others(people):
    make_grid(people)
    make_grid(people, 2, "zhao", ("qian", "li"))
    make_grid(people, 3, "sun", ())
    assert on_roll(send(people["wang"], to_grids("330106001"))) == {"wang", "li"}
    both = send(people["wang"], to_grids("330106001", "330106002"))
    assert on_roll(both) == {"wang", "li", "zhao", "qian"} and both.reached == 4


def test_the_roll_is_frozen_when_the_grid_changes(people):
    grid = make_grid(people)
    notice = send(people["wang"], to_grids(grid.code))
    make_grid(people, 1, "zhao", ("qian",), grid=grid)
    assert on_roll(notice) == {"wang", "li"}
    assert on_roll(send(people["wang"], to_grids(grid.code))) == {"zhao", "qian"}
    # Who has left the service is asked for no more, though the register still names them.
    Post.objects.filter(user=people["qian"]).update(valid_until="2020-01-01")
    assert on_roll(send(people["wang"], to_grids(grid.code))) == {"zhao"}


def test_grids_are_no_way_round_whom_one_may_write_to(people, organ):
    from collab_hub.notices import services as notices

    make_grid(people)
    mallory = make_official("mallory", kind="market", region="330302")
    assert selectors.choices(mallory) == [] and len(selectors.choices(people["li"])) == 1
    draft = make_notice(mallory, to_grids("330106001"))
    with pytest.raises(Unusable) as refused:
        notices.send_notice(actor=actor_of(mallory), notice=draft)
    assert "audience" in refused.value.errors


def test_a_grid_or_an_napp_out_of_use_reaches_nobody(people):
    grid = make_grid(people)
    make_grid(people, 2, "zhao", ())
    make_grid(people, 1, grid=grid, is_in_use=False)
    assert [code for code, _words in selectors.choices(people["wang"])] == ["330106002"]
    notice = send(people["wang"], to_grids("330106001", "330106002"))
    assert on_roll(notice) == {"zhao"}
    napps.disable_napp(actor=MAKER, napp=napps.NApp.objects.get(slug="smart_community"))
    assert selectors.choices(people["wang"]) == []
    assert not selectors.people(["330106002"]).exists()
    # What was sent is still explained by its grids' names.
    assert "第2网格" in selectors.names(["330106002"])["330106002"]


def test_what_is_wrong_with_a_grid_is_named(people):
    grid = make_grid(people)
    stranger = make_official("mallory", kind="market")
    facts = {"code": "330106009", "name": "网格", "households": 1, "leader": people["wang"],
             "department": grid.department}  # fmt: skip
    for change, field in (
        ({"code": "330106001"}, "code"), ({"code": "330302001"}, "code"),
        ({"code": "3301069"}, "code"), ({"name": " "}, "name"), ({"leader": None}, "leader"),
        ({"workers": [stranger]}, "workers"),
    ):  # fmt: skip
        with pytest.raises(Unusable) as refused:
            services.save_grid(actor=actor_of(people["wang"]), **(facts | change))
        assert set(refused.value.errors) == {field}, change
    with pytest.raises(NotAllowed):
        services.save_grid(actor=actor_of(stranger), **facts)
    make_grid(people, grid=grid)
    with pytest.raises(Conflict):
        make_grid(people, grid=grid, version=1)
    assert GridWorker.objects.filter(grid=grid, is_leader=True).count() == 1


def test_the_register_is_kept_in_the_office(client, people):
    sign_in(client, people["wang"])
    assert HOME in client.get("/office/").content.decode()
    sent = {
        "code": "330106001", "name": "文三社区第一网格", "households": "412",
        "leader": people["wang"].pk, "workers": [people["li"].pk], "is_in_use": "on",
    }  # fmt: skip
    wrong = client.post(f"{HOME}new/", {**sent, "code": "1"})
    assert wrong.status_code == 422 and 'aria-invalid="true"' in wrong.content.decode()
    assert "文三社区第一网格" in wrong.content.decode()
    assert client.post(f"{HOME}new/", sent).status_code == 302
    grid = Grid.objects.get()
    page = client.get(HOME).content.decode()
    assert "文三社区第一网格" in page and "412" in page
    stale = {**sent, "version": grid.version}
    assert client.post(f"{HOME}{grid.pk}/", {**stale, "name": "甲"}).status_code == 302
    again = client.post(f"{HOME}{grid.pk}/", {**stale, "name": "乙"})
    assert get_messages(again.wsgi_request) and Grid.objects.get().name == "甲"
    reader = make_official("ruth", kind="market")
    sign_in(client, reader)
    assert HOME not in client.get("/office/").content.decode()
    assert client.get(f"{HOME}new/").status_code == 404
    assert 'name="code"' not in client.get(f"{HOME}{grid.pk}/").content.decode()


def test_who_works_for_several_organs_chooses_whose_grid_it_is(client, people, organ):
    wang, town = people["wang"], make_department("civil_affairs", "330302")
    make_official("ying", department=town, name="Ying")
    appoint(actor=MAKER, user=wang, department=town, title="副局长", valid_from=LONG_AGO)
    sign_in(client, wang)
    page = client.get(f"{HOME}new/").content.decode()
    assert 'name="organ"' in page and f"Ying · {town.name}" in page
    sent = {
        "code": "330302001", "name": "第一网格", "households": "400", "leader": wang.pk,
        "workers": [people["li"].pk], "is_in_use": "on",
    }  # fmt: skip
    for change, field in (
        ({}, "organ"), ({"organ": make_department("market").pk}, "organ"),
        ({"organ": town.pk}, "workers"), ({"organ": organ.pk}, "code"),
        ({"organ": town.pk, "workers": [], "leader": people["li"].pk}, "leader"),
    ):  # fmt: skip
        answer = client.post(f"{HOME}new/", sent | change)
        assert answer.status_code == 422 and "第一网格" in answer.content.decode()
        assert set(answer.context["form"].errors) == {field}, change
    assert client.post(f"{HOME}new/", sent | {"organ": town.pk, "workers": []}).status_code == 302
    grid = Grid.objects.get()
    assert grid.department == town
    # A grid stays where it was entered.
    assert 'name="organ"' not in client.get(f"{HOME}{grid.pk}/").content.decode()


def test_the_list_takes_the_same_number_of_queries(client, people):
    sign_in(client, people["wang"])

    def counted() -> int:
        client.get(HOME)
        with CaptureQueriesContext(connection) as found:
            client.get(HOME)
        return len(found)

    make_grid(people)
    few = counted()
    make_grid(people, 2, "zhao", ("qian",))
    make_grid(people, 3, "sun", ("qian", "li"))
    assert counted() == few


def test_sample_data_makes_grids_once(people):
    assert samples.grids() == "3 added" and samples.grids() == "0 added"
    assert all(grid.workers.filter(is_leader=True).exists() for grid in Grid.objects.all())
