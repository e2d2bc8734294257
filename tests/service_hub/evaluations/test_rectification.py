"""A bad rating is followed up: who may do what, by when, and what the person reads and says."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from platform_core.capabilities.notifications.models import Message
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.trace import history_for
from security.actors import Actor
from security.audit.models import AuditEntry
from service_hub.evaluations import rectification_services as services
from service_hub.evaluations import selectors
from service_hub.evaluations.models import Evaluation, Rectification
from service_hub.evaluations.services import rate_case, rate_visit, record_visit
from service_hub.evaluations.tasks import sweep_rectifications
from service_hub.evaluations.todos import answers_of_offices
from service_hub.evaluations.tokens import receipt_of
from tests.factories import (
    actor_of,
    make_auditor,
    make_citizen,
    make_department,
    make_official,
    sign_in,
)
from tests.service_hub.makers import do, file_rent, make_office

pytestmark = pytest.mark.django_db
NOBODY = Actor.anonymous(ip="127.0.0.1", channel="qr")
State = Rectification.State


@pytest.fixture
def office(db):
    return make_office("housing_fund")


@pytest.fixture
def order(office):
    visit = record_visit(actor=actor_of(office["clerk"]), window="3 号")
    rated = rate_visit(actor=NOBODY, visit=visit, grade=1, options=["queue"], contact="13800002046")
    return rated.rectification


def by(user, order, **more) -> dict:
    return {"actor": actor_of(user), "order": order, **more}


def checked(office, order):
    services.sign_rectification(**by(office["reviewer"], order))
    return services.note_call_back(**by(office["reviewer"], order, note="属实"))


def answered(office, order):
    checked(office, order)
    services.choose_measure(**by(office["reviewer"], order, measure="at_once"))
    return services.answer_rectification(**by(office["reviewer"], order, answer="已增开窗口"))


def test_the_way_from_the_rating_to_solved(order, office):
    assert order.categories == ["time"]
    assert order.due_at == order.call_back_due_at < order.answer_due_at
    done = answered(office, order)
    assert done.state == State.ANSWERED
    assert Message.objects.filter(template="case.rating_answered").count() == 1
    closed = services.confirm_rectification(
        actor=NOBODY, order=order, is_solved=True, grade="4", text="快多了"
    )
    assert (closed.state, closed.outcome, closed.due_at) == ("closed", "solved", None)
    rating = Evaluation.objects.get()
    assert (rating.grade, rating.later_grade, rating.later_text) == (1, 4, "快多了")
    kinds = [event.kind for event in selectors.trace_of(order)]
    assert kinds == ["opened", "sign", "call_back", "fix_now", "answer", "solved"]


def test_the_history_names_no_rater_and_tells_auditors_no_words(office):
    alice = make_citizen("alice", name="Alice Chen", phone="13800002046")
    case = do(file_rent(alice))
    rate_case(actor=actor_of(alice), case=case, service_no=1, grade=1, options=(), text="慢")
    order = answered(office, Rectification.objects.get())
    services.confirm_rectification(
        actor=actor_of(alice), order=order, is_solved=False, text="没解决"
    )
    read = history_for(office["head"], "rectification", str(order.pk)).entries
    by_verb = {one.verb: one for one in read}
    for verb in ("rectification.opened", "rectification.not_solved"):
        assert by_verb[verb].who == gettext("Who rated")
    names = {person.name for person in office.values()}
    assert {one.who for one in read} <= names | {gettext("Who rated")}
    assert by_verb["rectification.answer"].note
    audited = history_for(make_auditor(), "rectification", str(order.pk)).entries
    assert len(audited) == len(read) and not any(one.note for one in audited)


def test_who_was_rated_can_do_nothing_and_does_not_see_it(order, office, client):
    clerk = office["clerk"]
    for act in (
        lambda: services.sign_rectification(**by(clerk, order)),
        lambda: services.read_contact(**by(clerk, order)),
    ):
        with pytest.raises(NotAllowed, match="your own work"):
            act()
    assert list(selectors.orders_for(clerk)) == []
    sign_in(client, clerk)
    assert client.get(reverse("rectification", args=[order.pk])).status_code == 404
    answered(office, order)
    services.confirm_rectification(actor=NOBODY, order=order, is_solved=True)
    assert b"13800002046" not in client.get(reverse("rectification", args=[order.pk])).content


def test_nothing_out_of_turn_and_nothing_twice(order, office):
    with pytest.raises(Conflict):
        services.answer_rectification(**by(office["head"], order, answer="好"))
    services.sign_rectification(**by(office["head"], order))
    with pytest.raises(Conflict):
        services.sign_rectification(**by(office["reviewer"], order))
    with pytest.raises(Conflict):
        services.confirm_rectification(actor=NOBODY, order=order, is_solved=True)


def test_only_the_head_gives_more_time_and_the_person_reads_why(order, office):
    checked(office, order)
    wish = {"days": "12", "reason": "要等设备到货"}
    with pytest.raises(NotAllowed, match="Only the head"):
        services.extend_rectification(**by(office["reviewer"], order, **wish))
    for days in ("16", "²", "9" * 5000):
        with pytest.raises(Unusable):
            services.extend_rectification(**by(office["head"], order, days=days, reason="长"))
    before = order.answer_due_at
    longer = services.extend_rectification(**by(office["head"], order, **wish))
    assert longer.answer_due_at > before
    with pytest.raises(Conflict):
        services.extend_rectification(**by(office["head"], order, **wish))
    rating = selectors.rating_by_receipt(receipt_of(order.evaluation_id))
    (rating,) = selectors.with_traces([rating])
    assert "要等设备到货" in [entry["note"] for entry in rating.entries]
    assert "属实" not in [entry["note"] for entry in rating.entries]


class TestAppeal:
    @pytest.fixture
    def appealed(self, order, office):
        checked(office, order)
        return services.appeal_rating(**by(office["head"], order, ground="评错了窗口"))

    def test_a_second_person_decides(self, appealed, office):
        wish = {"is_mistaken": True, "reason": "监控显示不是本窗口"}
        for user in (office["head"], office["reviewer"]):
            with pytest.raises(NotAllowed, match="second person"):
                services.decide_appeal(**by(user, appealed, **wish))
        second = make_official(department=appealed.department, duties=["head"])
        done = services.decide_appeal(**by(second, appealed, **wish))
        assert done.state == State.EXCLUDED
        assert Evaluation.objects.get().is_excluded

    def test_kept_it_goes_on_with_its_days_anew_and_no_second_appeal(self, appealed, office):
        second = make_official(department=appealed.department, duties=["head"])
        before = appealed.answer_due_at
        kept = services.decide_appeal(**by(second, appealed, is_mistaken=False, reason="评价属实"))
        assert kept.state == State.VERIFIED
        assert kept.answer_due_at >= before
        with pytest.raises(Conflict):
            services.appeal_rating(**by(office["head"], appealed, ground="再来"))

    def test_the_database_has_the_wall_too(self, appealed, office):
        appeal = appealed.appeal
        appeal.state, appeal.decided_by = "approved", office["head"]
        with pytest.raises(IntegrityError), transaction.atomic():
            appeal.save()


def test_not_solved_goes_to_the_organ_above_once(order, office):
    above = make_department("housing_fund", "330100")
    done = answered(office, order)
    due = done.answer_due_at
    again = services.confirm_rectification(actor=NOBODY, order=order, is_solved=False, text="没有")
    assert (again.state, again.round, again.department) == (State.TO_SIGN, 2, above)
    assert again.answer_due_at >= due
    boss = make_official(department=above, duties=["head"])
    services.sign_rectification(**by(boss, order))
    services.note_call_back(**by(boss, order))
    with pytest.raises(Conflict):
        services.appeal_rating(**by(boss, order, ground="不认"))
    services.choose_measure(**by(boss, order, measure="explained"))
    services.answer_rectification(**by(boss, order, answer="按规定只能这样"))
    closed = services.confirm_rectification(actor=NOBODY, order=order, is_solved=False)
    assert (closed.state, closed.outcome) == (State.CLOSED, "not_solved")


def test_the_clock_tells_the_head_once_and_closes_what_nobody_confirms(order, office):
    late = order.due_at + timedelta(minutes=1)
    assert sweep_rectifications(late) == 1
    assert sweep_rectifications(late) == 0
    assert Message.objects.filter(recipient=office["head"], template="rectification.late").exists()
    assert selectors.clock(order, late)["level"] == "r"
    answered(office, order)
    order.refresh_from_db()
    assert sweep_rectifications(order.due_at - timedelta(minutes=1)) == 0
    assert sweep_rectifications(order.due_at + timedelta(minutes=1)) == 1
    order.refresh_from_db()
    assert (order.state, order.outcome) == (State.CLOSED, "lapsed")


def test_the_organ_above_reviews_and_hears_of_what_is_late(order, office):
    boss = make_official(department=make_department("housing_fund", "330100"), duties=["head"])
    assert list(selectors.orders_for(boss)) == []
    checked(office, order)
    services.appeal_rating(**by(office["head"], order, ground="评错了窗口"))
    assert list(selectors.orders_for(boss, show="review")) == [order]
    done = services.decide_appeal(**by(boss, order, is_mistaken=False, reason="属实"))
    assert done.state == State.VERIFIED
    assert done.appeal.decided_by == boss


def test_without_another_head_the_organ_above_is_told(office):
    boss = make_official(department=make_department("housing_fund", "330100"), duties=["head"])
    visit = record_visit(actor=actor_of(office["head"]))
    order = rate_visit(actor=NOBODY, visit=visit, grade=1).rectification
    assert sweep_rectifications(order.due_at + timedelta(minutes=1)) == 1
    assert Message.objects.get(template="rectification.late").recipient == boss


def test_another_office_sees_nothing(order):
    stranger = make_official("mallory", kind="health", duties=["head"])
    assert list(selectors.orders_for(stranger)) == []


def test_the_office_pages(order, office, client):
    sign_in(client, office["head"])
    page = reverse("rectification", args=[order.pk])
    assert "138****2046" in client.get(page).content.decode()
    assert "13800002046" in client.post(page, {"act": "show"}).content.decode()
    assert AuditEntry.objects.filter(verb="read", actor=office["head"]).exists()
    for act in ("sign", "call_back", "fix_now"):
        assert client.post(page, {"act": act}).status_code == 302
    assert client.post(page, {"act": "answer", "answer": " "}).status_code == 422
    assert client.post(page, {"act": "answer", "answer": "已处理"}).status_code == 302
    assert client.post(page, {"act": "nonsense"}).status_code == 302
    for show in ("open", "late", "review", "answered", "closed", "excluded", "x"):
        assert client.get(reverse("rectifications"), {"show": show, "category": "time"})
    assert client.get(reverse("visits")).status_code == 200
    made = client.post(reverse("visits"), {"window": "5 号"})
    assert made.status_code == 302
    assert "qr.svg" in client.get(made["Location"]).content.decode()


def test_the_list_costs_the_same_with_one_and_with_three(office, client):
    sign_in(client, office["head"])
    client.get(reverse("rectifications"))
    counts = []
    for _number in range(3):
        visit = record_visit(actor=actor_of(office["clerk"]))
        rate_visit(actor=NOBODY, visit=visit, grade=2)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("rectifications"))
        counts.append(len(queries))
    assert counts[0] == counts[2]


def test_the_giver_s_own_page(order, office, client):
    page = f"/rate/mine/{receipt_of(order.evaluation_id)}/"
    assert client.get(page).status_code == 200
    assert client.post(page, {"addition": "还有一句"}).status_code == 302
    answered(office, order)
    assert "已增开窗口" in client.get(page).content.decode()
    assert client.post(page, {"confirm": ""}).status_code == 422
    wrong = client.post(page, {"confirm": "solved", "text": "长" * 1001})
    assert wrong.status_code == 422
    assert client.post(page, {"confirm": "solved", "grade": "3"}).status_code == 302
    order.refresh_from_db()
    assert order.closed_at <= timezone.now()
    assert client.get("/rate/mine/1.x/").status_code == 404


def test_a_rating_told_on_the_phone(alice, client):
    make_office("housing_fund")
    case = do(do(file_rent(alice)))
    sign_in(client, make_official("agent", kind="health"))
    page = reverse("phone_rating")
    wrong = client.post(page, {"number": case.number, "proof": "1111"})
    assert wrong.status_code == 422
    known = {"number": case.number, "proof": "2046"}
    assert client.post(page, known).status_code == 200
    assert client.post(page, {**known, "score": "5"}).status_code == 200
    assert client.post(page, {**known, "score": "5", "send": "1"}).status_code == 302
    assert Evaluation.objects.get().channel == "phone"


def test_the_giver_is_reminded_to_say_whether_it_is_solved(office, alice, client):
    visit = record_visit(actor=actor_of(office["clerk"]))
    order = rate_visit(actor=actor_of(alice), visit=visit, grade=2).rectification
    assert answers_of_offices(actor_of(alice)) == []
    answered(office, order)
    (todo,) = answers_of_offices(actor_of(alice))
    assert client.get(reverse(todo.url_name, args=todo.url_args)).status_code == 200
