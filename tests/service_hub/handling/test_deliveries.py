"""How the paper of a case reaches its applicant."""

import pytest

from platform_core.common.errors import Conflict, Unusable
from service_hub.cases import services
from service_hub.cases.timeline import overview
from service_hub.handling import deliveries, voiding
from service_hub.handling.models import Delivery
from service_hub.sample_answers import answers_for
from tests.factories import actor_of, make_region

from ..makers import do, item_of, manifest_of, open_app
from .makers import office_with_head, sign_in

pytestmark = pytest.mark.django_db
LIST_QUERIES = 15
ADDRESS = {"way": "post", "name": "陈宁", "phone": "13800002046", "address": "文一西路 969 号"}


@pytest.fixture
def office(db):
    return office_with_head("police")


@pytest.fixture
def case(alice, office):
    return granted(alice)


def granted(user):
    make_region("330106")
    item = item_of("household", "id_card")
    values = answers_for("id_card", actor_of(user), "330106")
    return do(do(services.file_values(actor=actor_of(user), item=item, values=values).case))


def choose(case, user, **more):
    return deliveries.choose_delivery(actor=actor_of(user), delivery=case.delivery, **more)


def test_a_granted_paper_waits_for_its_applicant_to_choose_and_the_case_for_the_paper(case):
    assert (case.delivery.state, case.delivery.way) == ("open", "")
    assert case.delivery.due_at is not None
    # Decided in time or not, that is settled; closed it is when the paper is there.
    assert (case.state, case.light, case.closed_at) == ("delivering", "", None)
    assert case.decided_at is not None
    assert overview(case)["headline"] == "Granted: your paper is on its way"
    with pytest.raises(Conflict):
        services.withdraw_case(actor=actor_of(case.applicant), case=case)


def test_by_post_from_the_address_to_the_door(case, alice, office):
    with pytest.raises(Unusable) as caught:
        choose(case, alice, way="post", phone="123", address="x")
    assert set(caught.value.errors) == {"name", "phone", "address"}
    choose(case, alice, **ADDRESS)
    clerk = actor_of(office["clerk"])
    sent = deliveries.send_parcel(
        actor=clerk, delivery=case.delivery, carrier="EMS", parcel_number="1234567890"
    )
    with pytest.raises(Conflict):
        choose(case, alice, way="window")
    done = deliveries.confirm_arrival(actor=actor_of(alice), delivery=sent)
    assert done.state == "delivered"
    case.refresh_from_db()
    assert (case.state, case.closed_at) == ("approved", done.delivered_at)
    kinds = [event.kind for event in case.events.all() if event.kind.startswith("deliver")]
    assert kinds == ["delivery_chosen", "delivery_sent", "delivered"]


def test_at_the_window_only_for_the_code(case, alice, office):
    choose(case, alice, way="window")
    clerk = actor_of(office["clerk"])
    ready = deliveries.make_ready(actor=clerk, delivery=case.delivery, place="Window 3")
    assert len(ready.code) == 6
    wrong = "0" * 6 if ready.code != "0" * 6 else "1" * 6
    for code in (wrong, "", "²²²²²²"):
        with pytest.raises(Unusable):
            deliveries.hand_over(actor=clerk, delivery=ready, code=code, collected_by="陈宁")
    done = deliveries.hand_over(
        actor=clerk, delivery=ready, code=f" {ready.code} ", collected_by="陈宁"
    )
    assert done.state == "delivered"


def test_it_is_laid_ready_although_nobody_chose_and_is_not_handed_over_once_void(case, office):
    clerk = actor_of(office["clerk"])
    ready = deliveries.make_ready(actor=clerk, delivery=case.delivery, place="Window 3")
    assert (ready.state, ready.way) == ("ready", "window")
    wish = voiding.ask_voiding(actor=clerk, case=case, reason="Obtained by deceit.")
    voiding.decide_voiding(actor=actor_of(office["head"]), voiding=wish, grant=True)
    case.refresh_from_db()
    assert case.state == "void"
    with pytest.raises(Conflict):
        deliveries.hand_over(actor=clerk, delivery=ready, code=ready.code, collected_by="陈宁")


def test_who_does_without_the_paper_has_the_result_at_once(alice, office):
    offered = manifest_of("household")["services"]
    for one in offered:
        if one["key"] == "id_card":
            one["result"]["delivery"] = ["window", "electronic"]
    open_app("household", services=offered)
    case = granted(alice)
    done = choose(case, alice, way="electronic")
    case.refresh_from_db()
    assert (done.state, case.state, case.closed_at) == (
        "delivered",
        "approved",
        done.delivered_at,
    )


def test_the_second_press_is_told_so(case, alice, office):
    choose(case, alice, way="window")
    seen = Delivery.objects.get().version
    clerk = actor_of(office["clerk"])
    deliveries.make_ready(actor=clerk, delivery=case.delivery, place="Window 3", version=seen)
    with pytest.raises(Conflict, match="changed meanwhile"):
        deliveries.make_ready(actor=clerk, delivery=case.delivery, place="W", version=seen)


def test_the_pages_of_both_sides(case, alice, office):
    citizen, clerk = sign_in(alice), sign_in(office["clerk"])
    tracking = f"/cases/{case.pk}/"
    assert "Choose the way" in citizen.get(tracking).content.decode()
    wrong = citizen.post(f"{tracking}delivery/", ADDRESS | {"phone": "1"})
    assert wrong.status_code == 422
    assert "文一西路" in wrong.content.decode()
    assert citizen.post(f"{tracking}delivery/", {"way": "window"}).status_code == 302
    found = Delivery.objects.get()
    office_page = f"/office/cases/{case.pk}/"
    assert "It lies ready" in clerk.get(office_page).content.decode()
    ready = {"ready": "1", "place": "Window 3", "version": found.version}
    assert clerk.post(f"/office/cases/deliveries/{found.pk}/", ready).status_code == 302
    found.refresh_from_db()
    assert found.code in citizen.get(tracking).content.decode()
    assert found.code not in clerk.get(office_page).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_cases_asks_as_often_for_one_as_for_three(
    alice, office, rows, django_assert_num_queries
):
    make_region("330106")
    item = item_of("household", "id_card")
    for _n in range(rows):
        values = answers_for("id_card", actor_of(alice), "330106")
        do(do(services.file_values(actor=actor_of(alice), item=item, values=values).case))
    clerk = sign_in(office["clerk"])
    clerk.get("/office/cases/?view=deliver")
    with django_assert_num_queries(LIST_QUERIES):
        page = clerk.get("/office/cases/?view=deliver").content.decode()
    assert page.count("/office/cases/") > rows
