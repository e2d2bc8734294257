"""Corrections keep what stood there; records keep the version of the form they were made with."""

import copy

import pytest

from platform_core.capabilities.forms import selectors, services
from platform_core.capabilities.forms.display import answers
from platform_core.capabilities.forms.models import Record, RecordRevision
from tests.factories import actor_of, make_citizen, make_official, make_region
from tests.platform_core.capabilities.forms.makers import EVERYTHING, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(db):
    return make_citizen("alice", name="陈小宁")


@pytest.fixture
def record(alice):
    values = {"name": "陈小宁", "mobile": "13800000001", "kind": "person", "story": "one"}
    return services.submit_values(
        actor=actor_of(alice), napp_version=publish(), form_key="everything", values=values
    )


def correct(user, record, reason="", **values):
    return services.correct_record(
        actor=actor_of(user), record=record, values=values, only_fields=list(values), reason=reason
    )


def shown(record, **how) -> dict:
    record = Record.objects.get(pk=record.pk)
    return {one.key: one for section in answers(record, **how) for one in section.answers}


def test_an_answer_tells_what_it_was_who_changed_it_and_why(alice, record):
    correct(alice, record, "Too short.", story="two")
    correct(make_official("olga", name="周明"), record, story="three", people="7")
    first, second = reversed(shown(record)["story"].changes)
    assert (first.old, first.new, first.reason) == ("one", "two", "Too short.")
    assert first.who == "The applicant"
    assert (second.old, second.new, second.who) == ("two", "three", "The office")
    assert shown(record, may_name=True)["story"].changes[0].who == "周明"
    (added,) = shown(record)["people"].changes
    assert (added.old, added.new) == ("(empty)", "7")
    assert shown(record)["name"].changes == []


def test_personal_answers_are_masked_in_their_history_too(alice, record):
    correct(alice, record, mobile="13900000009")
    (change,) = shown(record)["mobile"].changes
    assert "13800000001" not in change.old and "13900000009" not in change.new
    (full,) = shown(record, unmask=True)["mobile"].changes
    assert (full.old, full.new) == ("13800000001", "13900000009")


def test_places_of_old_answers_are_named(alice, record):
    for code in ("330106", "330110"):
        make_region(code)
    correct(alice, record, place="330106")
    correct(alice, record, place="330110")
    change = shown(record)["place"].changes[0]
    assert "Xihu" in change.old and "Yuhang" in change.new


def test_the_reason_is_sealed_and_the_revision_stays(alice, record):
    correct(alice, record, "地址不全", story="two")
    assert "地址不全" not in str(list(RecordRevision.objects.values("reason")))
    assert RecordRevision.objects.get().reason == "地址不全"


def test_a_record_without_corrections_costs_no_query_for_them(
    alice, record, django_assert_num_queries
):
    row = Record.objects.select_related("napp_version").get(pk=record.pk)
    answers(row)
    with django_assert_num_queries(0):
        answers(row)


def test_an_old_record_reads_and_corrects_under_its_own_version(alice, record):
    """Version 2 took a question away, renamed one and asks a new one."""
    later = copy.deepcopy(EVERYTHING)
    matter = later["pages"][1]
    matter["fields"] = [one for one in matter["fields"] if one["key"] != "story"]
    matter["fields"].append(
        {"key": "tale", "type": "text", "label": {"zh": "经过", "en": "Tale"}, "required": True}
    )
    later["retired"] = ["story"]
    newer = publish(later, version="2.0.0")
    assert newer.pk != record.napp_version_id
    correct(alice, record, story="two")
    answer = shown(record)
    assert answer["story"].text == "two" and answer["story"].changes[0].old == "one"
    assert "tale" not in answer
    row = Record.objects.get(pk=record.pk)
    assert selectors.form_of(row).question("story") is not None
    assert row.napp_version_id == record.napp_version_id
    assert selectors.values_for_rules(row)["story"] == "two"
    fresh = services.submit_values(
        actor=actor_of(alice), napp_version=newer, form_key="everything",
        values={"name": "x", "kind": "person", "tale": "new"},
    )  # fmt: skip
    assert "story" not in shown(fresh) and shown(fresh)["tale"].text == "new"
