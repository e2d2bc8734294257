"""Reports: nothing known is asked again, definitions change, two submit at once, corrections flow
up, people leave, consumers sign.
"""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone, translation

from collab_hub.inbox.models import WorkItem
from collab_hub.reports import campaign_services, dictionary_services, selectors, services
from collab_hub.reports.counters import counters
from collab_hub.reports.models import (
    ReportAnswer,
    ReportFilling,
    ReportReceipt,
    ReportSumChange,
    ReportValue,
)
from collab_hub.reports.recount import differences, recounted
from collab_hub.reports.sums import table
from platform_core.capabilities.notifications.models import Message
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.events import emit, listen
from platform_core.common.locks import one_at_a_time
from tests.factories import (
    MAKER,
    actor_of,
    make_department,
    make_official,
    make_region,
)

from .makers import World, terms


@pytest.fixture
def world(db):
    return World()


def submit(world, campaign, given: dict, n: int = 0, person=None):
    filling = world.filling(campaign, n)
    actor = actor_of(person or world.people[n])
    return services.submit_filling(
        actor=actor, filling=filling, given=given, version=filling.version
    )


def asked(world, campaign, n: int = 0) -> list[str]:
    filling = world.filling(campaign, n)
    columns = selectors.columns_of(campaign)
    found, _known, _old = selectors.still_asked(filling, columns, selectors.answers_of(filling))
    return [column.version.field.code for column in found]


def test_a_field_is_published_by_a_second_person_of_the_owning_department(world):
    version = dictionary_services.propose_field(
        actor=actor_of(world.head), code="beds", owner=world.city, terms=terms("beds"),
    )  # fmt: skip
    for person, refusal in ((world.head, NotAllowed), (world.people[0], NotAllowed)):
        with pytest.raises(refusal):
            dictionary_services.decide_field(actor=actor_of(person), version=version, publish=True)
    assert selectors.current_versions() == {}
    with pytest.raises(NotAllowed):
        dictionary_services.propose_field(
            actor=actor_of(world.people[0]), code="beds", owner=world.organs[0],
            terms=terms("other"),
        )  # fmt: skip


def test_what_is_known_is_never_asked_again_and_shown_with_its_source(world):
    world.field("beds"), world.field("staff"), world.field("taken")
    first = world.start(world.template("one", ["beds", "staff"]))
    submit(world, first, {"beds": "1,200", "staff": "80"})
    second = world.start(world.template("two", ["beds", "taken"]))
    assert asked(world, second) == ["taken"] and asked(world, second, 1) == ["beds", "taken"]
    answer = world.filling(second).answers.get()
    assert answer.is_known_before and answer.value.amount == 1200
    assert answer.value.filling.campaign == first
    # Everything known: the organ is not asked at all, nobody has work.
    third = world.start(world.template("three", ["staff"]))
    done = world.filling(third)
    assert done.state == "submitted" and done.submitted_by is None
    assert not WorkItem.objects.filter(object_id=done.pk).exists()
    # Another month is another fact, unless the field does not belong to a period.
    assert asked(world, world.start(world.template("four", ["beds"]), "2026-10")) == ["beds"]
    assert recounted() == {"asked_again": 0, "spared": 2} and differences(recounted()) == []


def test_a_value_past_its_validity_is_asked_anew(world):
    world.field("area", is_of_period=False, validity_days=10)
    long_ago = timezone.now() - timedelta(days=11)
    old = world.start(world.template("one", ["area"]), "2026-10", at=long_ago)
    filling = world.filling(old)
    services.submit_filling(
        actor=actor_of(world.people[0]), filling=filling, given={"area": "5"},
        version=filling.version, at=long_ago,
    )  # fmt: skip
    assert asked(world, world.start(world.template("two", ["area"]))) == ["area"]
    submit(world, world.start(world.template("three", ["area"]), "2026-09"), {"area": "6"})
    assert world.filling(world.start(world.template("four", ["area"]))).state == "submitted"
    assert differences(recounted()) == [] and counters()["asked_again"] == 0


def test_a_changed_definition_leaves_running_collections_and_makes_old_values_unusable(world):
    first = world.field("beds")
    template = world.template("one", ["beds"])
    running = world.start(template)
    submit(world, running, {"beds": "10"})
    renamed = world.field("beds", title={"zh": "床位数", "en": "Number of beds"})
    assert renamed.sense == first.sense
    assert world.filling(world.start(world.template("two", ["beds"]))).state == "submitted"
    other = world.field("beds", unit="rooms")
    assert other.sense == first.sense + 1
    assert selectors.columns_of(running)[0].version == first
    submit(world, running, {"beds": "20"}, 1)
    after = world.start(world.template("three", ["beds"]))
    assert asked(world, after) == ["beds"]
    filling = world.filling(after)
    columns = selectors.columns_of(after)
    _asked, _known, old = selectors.still_asked(filling, columns, {})
    assert old == {columns[0].pk}


@pytest.mark.django_db(transaction=True)
def test_of_two_who_submit_at_once_one_wins_and_the_other_is_told():
    world = World(["330106"])
    world.field("beds")
    campaign = world.start(world.template("one", ["beds"]))
    second = make_official("second", department=world.organs[0])
    start, results = Barrier(2), []

    def send(person, text):
        start.wait()
        try:
            with translation.override("en"):
                results.append(submit(world, campaign, {"beds": text}, person=person))
        except Conflict as error:
            results.append(str(error))
        finally:
            connection.close()

    threads = [
        Thread(target=send, args=(world.people[0], "1")),
        Thread(target=send, args=(second, "2")),
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    told = [one for one in results if isinstance(one, str)]
    assert len(told) == 1 and "has submitted it already" in told[0]
    assert ReportValue.objects.count() == 1


def test_what_another_report_brings_meanwhile_is_taken_over_and_said(world):
    world.field("beds"), world.field("staff")
    one = world.start(world.template("one", ["beds"]))
    two = world.start(world.template("two", ["beds", "staff"]))
    assert asked(world, two) == ["beds", "staff"]
    submit(world, one, {"beds": "7"})
    outcome = submit(world, two, {"beds": "8", "staff": "3"})
    assert [column.version.field.code for column in outcome.taken_over] == ["beds"]
    assert ReportValue.objects.filter(version__field__code="beds").count() == 1
    assert counters()["asked_again"] == 0 and differences(recounted()) == []


def test_a_correction_is_a_new_row_with_a_trace_in_every_sum_that_contains_it(world):
    world.field("beds")
    one = world.start(world.template("one", ["beds"]))
    for n, text in enumerate(("10", "20")):
        submit(world, one, {"beds": text}, n)
    two = world.start(world.template("two", ["beds"]))
    answer = ReportAnswer.objects.get(filling=world.filling(one))
    facts = {"actor": actor_of(world.people[0]), "answer": answer, "turn": 1}
    with pytest.raises(Unusable):
        services.correct_value(**facts, raw="11", reason=" ")
    with pytest.raises(NotAllowed):
        services.correct_value(**(facts | {"actor": actor_of(world.clerk)}), raw="11", reason="x")
    services.correct_value(**facts, raw="15", reason="Typed wrongly")
    with pytest.raises(Conflict):
        services.correct_value(**facts, raw="16", reason="Again")
    rows = ReportValue.objects.filter(chain=answer.value.chain).order_by("turn")
    assert [(row.amount, row.reason) for row in rows] == [(10, ""), (15, "Typed wrongly")]
    changed = ReportSumChange.objects.filter(column__campaign=one)
    assert {(c.region.code, c.before, c.after) for c in changed} == {
        ("330106", 10, 15), ("330100", 30, 35)
    }  # fmt: skip
    assert ReportSumChange.objects.filter(column__campaign=two).count() == 2
    _columns, found = table(world.clerk, two, make_region("330100"), timezone.now())
    assert found[0].cells[0].text == "35" and len(found[0].cells[0].missing) == 1
    assert differences(recounted()) == []


def test_checks_between_fields_hold_before_anything_is_kept(world):
    world.field("beds"), world.field("taken")
    rule = ("[taken] <= [beds]", {"zh": "在用多于开放", "en": "More are taken than open"})
    campaign = world.start(world.template("one", ["beds", "taken"], [rule]))
    for given, where in (
        ({"beds": "5", "taken": "6"}, ""), ({"beds": "five", "taken": "1"}, "beds"),
        ({"beds": "5"}, "taken"),
    ):  # fmt: skip
        with pytest.raises(Unusable) as refused:
            submit(world, campaign, given)
        assert list(refused.value.errors) == [where]
    assert not ReportValue.objects.exists()
    with pytest.raises(Unusable) as refused:
        world.template("bad", ["beds"], [("[beds] <= [nothing]", rule[1])])
    assert "checks" in refused.value.errors


def test_the_task_belongs_to_the_organ_so_a_successor_goes_on(world):
    world.field("beds"), world.field("staff")
    campaign = world.start(world.template("one", ["beds", "staff"]))
    filling = world.filling(campaign)
    services.save_draft(
        actor=actor_of(world.people[0]), filling=filling, given={"beds": "12"}, version=1
    )
    post = world.people[0].posts.get()
    post.valid_until = date.today() - timedelta(days=1)
    post.save()
    leaver = type(world.people[0]).objects.get(pk=world.people[0].pk)
    assert not selectors.fillings_to_do(leaver).exists()
    successor = make_official("successor", department=world.organs[0])
    assert list(selectors.fillings_to_do(successor)) == [filling]
    item = WorkItem.objects.get(object_id=filling.pk)
    assert item.assignee is None and item.pool_department == world.organs[0]
    draft = selectors.filling_for(successor, filling.pk).draft
    with pytest.raises(Conflict):
        services.submit_filling(actor=actor_of(successor), filling=filling, given=draft, version=1)
    submit(world, campaign, draft | {"staff": "3"}, person=successor)
    item.refresh_from_db()
    assert item.state == "done" and item.closed_by == successor


def test_the_same_is_joined_not_collected_twice_and_every_consumer_signs_each_edition(world):
    world.field("beds")
    template = world.template("one", ["beds"])
    campaign = world.start(template)
    with pytest.raises(Conflict) as refused:
        world.start(template)
    assert refused.value.facts["campaign"] == campaign
    desk = make_official("desk", kind="emergency_desk", region="330100")
    office = make_department("emergency_desk", "330100")
    receipt = campaign_services.join_campaign(
        actor=actor_of(desk), campaign=campaign, department=office
    )
    for n in range(3):
        submit(world, campaign, {"beds": "1"}, n)
    with pytest.raises(Conflict):
        campaign_services.sign_receipt(actor=actor_of(desk), receipt=receipt)
    campaign_services.close_campaign(actor=actor_of(world.clerk), campaign=campaign)
    assert WorkItem.objects.filter(kind="report_sign", state="open").count() == 2
    with pytest.raises(NotAllowed):
        campaign_services.sign_receipt(actor=actor_of(world.clerk), receipt=receipt)
    campaign_services.sign_receipt(actor=actor_of(desk), receipt=receipt)
    answer = ReportAnswer.objects.filter(filling=world.filling(campaign)).get()
    services.correct_value(
        actor=actor_of(world.people[0]), answer=answer, raw="2", reason="Counted anew", turn=1
    )
    campaign.refresh_from_db()
    assert campaign.edition == 2
    owed = ReportReceipt.objects.filter(edition=2, signed_at=None)
    assert {one.department for one in owed} == {office, world.city}
    assert list(selectors.receipts_to_sign(desk)) == [owed.get(department=office)]


def test_closing_with_gaps_needs_a_reason_urging_reminds_once_a_day_and_late_ones_are_handed_over(
    world,
):
    wanted = []

    @listen("supervision.wanted")
    def hear(**facts):
        wanted.append(facts)

    world.field("beds")
    campaign = world.start(world.template("one", ["beds"]))
    clerk = actor_of(world.clerk)
    assert campaign_services.urge(actor=clerk, campaign=campaign) == 3
    assert campaign_services.urge(actor=clerk, campaign=campaign) == 0
    filling = world.filling(campaign)
    for _twice in range(2):
        campaign_services.tell_organ(actor=MAKER, kind="urged", filling_id=str(filling.pk))
    assert Message.objects.filter(recipient=world.people[0], template="report.urged").count() == 1
    with pytest.raises(Conflict):
        campaign_services.ask_supervision(actor=clerk, filling=filling)
    late = timezone.now() + timedelta(days=6)
    campaign_services.ask_supervision(actor=clerk, filling=filling, at=late)
    assert [(one["lead"], one["object_id"]) for one in wanted] == [(world.organs[0], filling.pk)]
    emit("supervision.closed", source="report", object_type="collab_hub.ReportFilling",
         object_id=filling.pk, outcome="done", actor=MAKER)  # fmt: skip
    filling.refresh_from_db()
    assert filling.supervised_at is None
    with pytest.raises(NotAllowed):
        campaign_services.urge(actor=actor_of(world.people[0]), campaign=campaign)
    with pytest.raises(Unusable):
        campaign_services.close_campaign(actor=clerk, campaign=campaign)
    campaign_services.close_campaign(actor=clerk, campaign=campaign, note="No more time")
    assert not WorkItem.objects.filter(kind="report_fill", state="open").exists()
    with pytest.raises(Conflict):
        submit(world, campaign, {"beds": "1"})


def test_an_organ_above_enters_for_one_below_and_a_stranger_sees_nothing(world):
    world.field("beds")
    campaign = world.start(world.template("one", ["beds"]))
    stranger = make_official("stranger", kind="market", region="330106")
    assert not selectors.campaigns(stranger).exists()
    with pytest.raises(NotAllowed):
        submit(world, campaign, {"beds": "1"}, person=stranger)
    submit(world, campaign, {"beds": "1"}, person=world.clerk)
    assert ReportFilling.objects.filter(state="submitted").count() == 1


def test_what_cannot_be_kept_is_refused_or_left_out_and_never_breaks(world):
    world.field("beds"), world.field("name", kind="text", unit="", aggregation="none")
    template = world.template("one", ["beds", "beds", "name"])
    campaign = world.start(template)
    with pytest.raises(Unusable) as refused:
        submit(world, campaign, {"beds": "1e1000000", "name": "x"})
    assert list(refused.value.errors) == ["beds"]
    services.save_draft(actor=actor_of(world.people[0]), filling=world.filling(campaign),
                        given={"name": "a\0b", "beds": "\0"}, version=1)  # fmt: skip
    assert world.filling(campaign).draft == {"name": "ab"}
    submit(world, campaign, {"beds": "1", "name": "a\0b"})
    assert ReportValue.objects.get(version__field__code="name").text == "ab"
    campaign_services.close_campaign(actor=actor_of(world.clerk), campaign=campaign, note="a\0b")
    campaign.refresh_from_db()
    assert campaign.closing_note == "ab"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["report collections", "report values", "report collection"])
def test_writes_that_would_cross_wait_for_one_another(name):
    """What begins, is sent in, or closes meanwhile is waited for by who corrects or sends in."""
    world = World(["330106"])
    world.field("beds")
    one = world.start(world.template("one", ["beds"]))
    values = f"report values {world.organs[0].pk}"
    submit(world, one, {"beds": "1"})
    answer = ReportAnswer.objects.get(filling=world.filling(one))
    other = world.start(world.template("two", ["beds"]), "2026-10")

    def correct():
        services.correct_value(actor=actor_of(world.people[0]), answer=answer, raw="2",
                               reason="x", turn=1)  # fmt: skip

    def send():
        submit(world, other, {"beds": "1"})

    lock, call = {
        "report collections": (name, correct), "report values": (values, correct),
        "report collection": (f"{name} {other.pk}", send),
    }[name]  # fmt: skip
    refused = []

    def impatient():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("set local lock_timeout = '300ms'")
                call()
        except OperationalError as error:
            refused.append(error)
        finally:
            connection.close()

    with transaction.atomic():
        one_at_a_time(lock)
        thread = Thread(target=impatient)
        thread.start()
        thread.join()
    assert len(refused) == 1
    call()
