"""Questions to an organ: routed to its place, answered by its clock, asked once more, published."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from platform_core.capabilities.notifications.models import Delivery, Message
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.actors import Actor
from service_hub.indicators import Filters
from service_hub.inquiries import selectors, services
from service_hub.inquiries.models import Question
from service_hub.inquiries.registrations import answered, questions_to_answer
from tests.factories import actor_of, make_department, make_official, make_region, sign_in
from tests.service_hub.makers import item_of, make_office

pytestmark = pytest.mark.django_db
NOBODY = Actor.anonymous(ip="127.0.0.1")
TEXT = "租房提取要带原件吗？"


@pytest.fixture
def office(db):
    return make_office("housing_fund")


@pytest.fixture
def item(office):
    return item_of("housing_fund", "rent")


@pytest.fixture
def question(alice, item):
    return services.ask_question(
        actor=actor_of(alice), region=make_region("330106"), item=item, text=TEXT,
        may_be_published=True,
    )  # fmt: skip


def by(user, question, **more) -> dict:
    return {"actor": actor_of(user), "question": question, **more}


def test_it_goes_to_the_organ_of_the_place_and_has_five_working_days(question, office, item):
    assert question.department == office["clerk"].posts.first().department
    assert question.due_at > question.asked_at + timedelta(days=4)
    assert selectors.light(question)["level"] == "g"
    general = make_department("service_bureau", "330100")
    asked = services.ask_question(actor=NOBODY, region=make_region("330106"), text="周六开门吗？")
    assert asked.department == general
    assert asked.follow_code


def test_what_is_missing_is_said_all_at_once(office):
    with pytest.raises(Unusable) as refused:
        services.ask_question(actor=NOBODY, region=None, text=" ", contact="1")
    assert set(refused.value.errors) == {"text", "region", "contact"}


def test_answered_asked_once_more_and_said(question, office, alice):
    head = office["head"]
    services.take_question(**by(head, question))
    with pytest.raises(Conflict):
        services.take_question(**by(head, question))
    services.draft_answer(**by(head, question, text="要"))
    assert selectors.question_for(alice, question.pk).answer == ""
    done = services.answer_question(**by(head, question, text="不用，拍照上传即可。"))
    assert (done.state, done.due_at, done.draft) == ("answered", None, "")
    assert Message.objects.filter(recipient=alice, template="question.answered").count() == 1
    with pytest.raises(Conflict, match="already answered"):
        services.answer_question(**by(head, question, text="再答"))
    again = services.ask_again(**by(alice, question, text="复印件也行吗？"))
    assert again.state == "asked_again"
    assert again.due_at
    with pytest.raises(Conflict):
        services.say_satisfied(**by(alice, question, is_satisfied=True))
    services.answer_question(**by(head, question, text="行。"))
    with pytest.raises(Conflict):
        services.ask_again(**by(alice, question, text="还有一个问题"))
    said = services.say_satisfied(**by(alice, question, is_satisfied=False))
    assert (said.state, said.is_satisfied) == ("closed", False)
    with pytest.raises(Conflict):
        services.say_satisfied(**by(alice, question, is_satisfied=True))


def test_passed_on_once_and_the_clock_goes_on(question, office):
    other = make_department("health")
    due = question.due_at
    with pytest.raises(Unusable):
        services.pass_on_question(**by(office["head"], question, department=None, reason="x"))
    wish = {"department": other, "reason": "属于卫健部门"}
    moved = services.pass_on_question(**by(office["head"], question, **wish))
    assert (moved.department, moved.due_at, moved.officer) == (other, due, None)
    with pytest.raises(NotAllowed, match="Another office"):
        services.answer_question(**by(office["head"], question, text="好"))
    doctor = make_official(department=other)
    back = {"department": question.item and office["clerk"].posts.first().department}
    with pytest.raises(Conflict, match="passed on once"):
        services.pass_on_question(**by(doctor, question, **back, reason="退回"))


def test_published_only_with_consent_and_with_numbers_masked(question, office, item, alice):
    head = office["head"]
    wish = {"asked": "要带原件吗？我的电话 13800002046", "answered": "不用。"}
    with pytest.raises(Conflict, match="before publishing"):
        services.publish_question(**by(head, question, **wish))
    services.answer_question(**by(head, question, text="不用。"))
    services.publish_question(**by(head, question, **wish))
    (shown,) = selectors.published(item, "原件 电话")
    assert "138****2046" in shown.published_question
    assert not selectors.published(item, "没有的词")
    private = services.ask_question(
        actor=actor_of(alice), region=question.region, item=item, text=TEXT
    )
    services.answer_question(**by(head, private, text="不用。"))
    with pytest.raises(NotAllowed, match="has not agreed"):
        services.publish_question(**by(head, private, **wish))
    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.filter(pk=private.pk).update(published_at=timezone.now())


def test_without_an_account_number_and_code_lead_back(office, item, client):
    page = reverse("ask")
    typed = {"item": "housing_fund/rent", "text": TEXT, "contact": "13800002046"}
    wrong = client.post(page, typed)
    assert wrong.status_code == 422
    assert TEXT in wrong.content.decode()
    sent = client.post(page, {**typed, "region": "330106"})
    assert sent.status_code == 302
    question = Question.objects.get()
    assert client.get(sent["Location"]).status_code == 200
    services.answer_question(**by(office["head"], question, text="不用。"))
    assert Delivery.objects.filter(channel="sms").count() == 1
    client.session.flush()
    client.cookies.clear()
    assert client.get(sent["Location"]).status_code == 404
    follow, known = reverse("question_follow"), {"number": question.number.lower()}
    assert client.post(follow, {**known, "code": "WRONG"}).status_code == 422
    found = client.post(follow, {**known, "code": str(question.follow_code)})
    assert found.status_code == 302
    mine = found["Location"]
    assert "不用。" in client.get(mine).content.decode()
    long = client.post(mine, {"again": "长" * 2001})
    assert long.status_code == 422
    assert "长长" in long.content.decode()
    assert client.post(mine, {"helped": "maybe"}).status_code == 422
    assert client.post(mine, {"helped": "yes"}).status_code == 302
    question.refresh_from_db()
    assert question.is_satisfied


def test_too_many_questions_are_slowed_down(office, item, settings):
    services.PER_ADDRESS, kept = (1, 3600), services.PER_ADDRESS
    try:
        ask = {"actor": NOBODY, "region": make_region("330106"), "item": item, "text": TEXT}
        services.ask_question(**ask)
        with pytest.raises(Conflict, match="Too many"):
            services.ask_question(**ask)
    finally:
        services.PER_ADDRESS = kept


def test_strangers_see_nothing(question, bob, client):
    for user in (bob, make_official("mallory", kind="health", region="330302")):
        sign_in(client, user)
        assert client.get(reverse("question", args=[question.pk])).status_code == 404
        assert client.get(reverse("office_question", args=[question.pk])).status_code == 404


def test_the_office_pages_and_the_guide(question, office, client, item):
    sign_in(client, office["head"])
    page = reverse("office_question", args=[question.pk])
    for act in ("take", "nonsense"):
        assert client.post(page, {"act": act}).status_code == 302
    kept = client.post(page, {"act": "draft", "answer": "草稿一"})
    assert kept.status_code == 302
    assert "草稿一" in client.get(page).content.decode()
    assert client.post(page, {"act": "answer", "answer": " "}).status_code == 422
    assert client.post(page, {"act": "pass_on", "department": "x"}).status_code == 422
    assert client.post(page, {"act": "answer", "answer": "不用。"}).status_code == 302
    sent = {"act": "publish", "asked": "要带原件吗？", "answered": "不用。"}
    assert client.post(page, sent).status_code == 302
    for show in ("open", "mine", "answered"):
        assert client.get(reverse("office_questions"), {"show": show}).status_code == 200
    guide = client.get("/services/housing_fund/rent/").content.decode()
    assert "要带原件吗？" in guide
    assert "要带原件吗？" in client.get(reverse("questions"), {"q": "原件"}).content.decode()
    days = Filters(timezone.localdate(), timezone.localdate() + timedelta(days=1))
    assert answered(days) == 1


def test_lists_cost_the_same_with_one_and_with_three(alice, item, office, client):
    head, region = office["head"], make_region("330106")
    ask = {"actor": actor_of(alice), "region": region, "item": item, "text": TEXT}
    pages = {head: reverse("office_questions"), alice: reverse("my_questions")}
    counts = {}
    services.ask_question(**ask)
    for round_no in range(3):
        for user, page in pages.items():
            sign_in(client, user)
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                client.get(page)
            counts[round_no, user.pk] = len(queries)
        services.ask_question(**ask | {"text": f"{TEXT} {round_no}"})
    for user in pages:
        assert counts[0, user.pk] == counts[2, user.pk]
    assert questions_to_answer(head).count == 4
