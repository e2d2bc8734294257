"""Drafts and records through their services."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404, QueryDict

from platform_core.capabilities.files.models import StoredFile
from platform_core.capabilities.files.services import store_file
from platform_core.capabilities.files.tasks import drop_unlinked
from platform_core.capabilities.forms import selectors, services, storage
from platform_core.capabilities.forms.binding import bind, bind_draft
from platform_core.capabilities.forms.models import Draft, Record, RecordRevision
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.outbox.models import OutboxMessage
from security.actors import Actor
from tests.factories import actor_of, citizen_number, make_citizen, make_region

from .makers import publish

pytestmark = pytest.mark.django_db
KEY = "k" * 64


def post(**answers) -> QueryDict:
    """What a browser would send: every field that the page showed is named in `_shown`."""
    data = QueryDict(mutable=True)
    for name, value in answers.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


@pytest.fixture
def version():
    return publish()


@pytest.fixture
def alice():
    return make_citizen("alice", name="陈小宁")


@pytest.fixture
def draft(version, alice):
    return services.start_draft(
        actor=actor_of(alice), napp_version=version, form_key="everything", purpose="item:1"
    )


def save(draft, alice, page, **answers):
    return services.save_page(
        actor=actor_of(alice), draft=draft, page=page, values=post(**answers), owner_key=""
    )


def test_a_draft_begins_with_what_the_profile_knows(draft, alice):
    values = selectors.plain_values(draft)
    assert values["name"] == "陈小宁" and len(values["number"]) == 18
    bound = bind_draft(draft, page="you", actor=actor_of(alice), quiet=True)
    assert bound.sources == {key: {"source": "profile"} for key in ("name", "number")}
    assert not bound.errors


def test_sensitive_answers_lie_sealed_and_open_only_in_their_own_row(draft, version, alice):
    number = selectors.plain_values(draft)["number"]
    draft.refresh_from_db()
    assert number not in str(draft.data) and set(draft.data["number"]) == {"sealed"}
    other = services.start_draft(
        actor=actor_of(alice), napp_version=version, form_key="everything", purpose="item:2"
    )
    other.data["number"] = draft.data["number"]
    with pytest.raises(ValueError):
        selectors.plain_values(other)


def test_wrong_answers_are_kept_and_said_at_their_field(draft, alice):
    bound = save(draft, alice, "you", name="陈", number="110105194912310021", mobile="12", kind="x")
    assert set(bound.errors) == {"number", "mobile", "kind"}
    assert not bound.may_go_on
    draft.refresh_from_db()
    assert selectors.plain_values(draft)["number"] == "110105194912310021"
    assert selectors.plain_values(draft)["mobile"] == "12"


def test_a_right_page_leads_on_and_conditions_choose_the_pages(draft, alice):
    bound = save(draft, alice, "you", name="陈𠮷😀", number="", kind="person", _next="")
    assert bound.may_go_on and bound.next_page.key == "matter"
    assert [page.key for page in bound.pages] == ["you", "matter"]
    bound = save(draft, alice, "matter", people="101", _next="")
    assert bound.may_go_on and bound.next_page.key == "big"
    bound = save(draft, alice, "matter", people="100", _next="")
    assert bound.may_go_on and bound.next_page is None


def test_a_question_opened_by_an_answer_is_asked_before_it_is_missed(draft, alice):
    shown = ["name", "number", "mobile", "email", "kind", "intro"]
    bound = save(draft, alice, "you", name="陈", number="", kind="firm", _shown=shown)
    assert bound.opened == {"credit_code"} and not bound.errors and not bound.may_go_on
    bound = save(
        draft, alice, "you", name="陈", number="", kind="firm", _shown=[*shown, "credit_code"]
    )
    assert list(bound.errors) == ["credit_code"]


def test_rows_are_added_and_removed_without_script(draft, alice):
    bound = save(
        draft, alice, "matter", _add="staff", **{"staff-0-name": "甲", "staff-0-temp": "99x"}
    )
    assert bound.values["staff"] == [
        {"name": "甲", "temp": "99x", "mobile": ""},
        {"name": "", "temp": "", "mobile": ""},
    ]
    assert not bound.errors
    bound = save(
        draft, alice, "matter", _drop="staff:0", **{"staff-0-name": "甲", "staff-1-name": "乙"}
    )
    assert [row["name"] for row in bound.values["staff"]] == ["乙"]
    bound = save(draft, alice, "matter", _next="", **{"staff-0-name": "", "staff-0-temp": "99x"})
    assert set(bound.errors) == {"staff[0].name", "staff[0].temp"}


def answered(draft, alice):
    make_region("330106")
    save(
        draft,
        alice,
        "you",
        name="陈小宁",
        number=citizen_number(7),
        kind="person",
        mobile="138 0000 0000",
    )
    return save(
        draft,
        alice,
        "matter",
        story="街角的灯坏了。\r\n请修",
        people="12",
        rent="¥1,800.5",
        seen_on="2020/2/9",
        signs=["cough", "fever"],
        urgent="yes",
        why="天黑",
        place="330106",
        **{"staff-0-name": "甲", "staff-0-temp": "36.5", "staff-0-mobile": "13900000000"},
    )


def test_a_draft_becomes_a_record_once(draft, alice):
    assert answered(draft, alice).may_go_on
    record = services.submit_draft(actor=actor_of(alice), draft=draft)
    values = selectors.plain_values(record)
    assert values == {
        "name": "陈小宁",
        "number": citizen_number(7),
        "mobile": "13800000000",
        "kind": "person",
        "story": "街角的灯坏了。\n请修",
        "people": 12,
        "rent": "1800.50",
        "seen_on": "2020-02-09",
        "signs": ["fever", "cough"],
        "urgent": True,
        "why": "天黑",
        "place": "330106",
        "staff": [{"name": "甲", "temp": "36.5", "mobile": "13900000000"}],
    }
    assert values["number"] not in str(record.data) and "13900000000" not in str(record.data)
    assert selectors.values_for_rules(record)["rent"] == 1800.5
    assert list(selectors.records_with("citizen_number", citizen_number(7))) == [record]
    assert list(selectors.records_with("mobile", "+86 139 0000 0000")) == [record]  # in a table
    assert not selectors.records_with("mobile", "13900000001")
    draft.refresh_from_db()
    assert draft.data == {} and draft.record == record
    with pytest.raises(Conflict) as conflict:
        services.submit_draft(actor=actor_of(alice), draft=draft)
    assert conflict.value.facts == {"record": str(record.pk)}
    assert Record.objects.count() == 1


def test_an_unfinished_draft_is_not_sent(draft, alice):
    save(draft, alice, "you", name="", kind="")
    with pytest.raises(Unusable) as refusal:
        services.submit_draft(actor=actor_of(alice), draft=draft)
    assert set(refusal.value.errors) == {"name", "kind"}
    assert not Record.objects.exists()


def test_nobody_else_gets_at_a_draft(draft):
    mallory = make_citizen("mallory")
    with pytest.raises(Http404):
        selectors.draft_for(mallory, draft.pk, KEY)
    with pytest.raises(NotAllowed):
        services.save_page(actor=actor_of(mallory), draft=draft, page="you", values={})
    with pytest.raises(NotAllowed):
        services.submit_draft(actor=Actor.anonymous(), draft=draft, owner_key=KEY)


def test_somebody_not_signed_in_keeps_a_draft_by_the_cookie_and_takes_it_along(version, alice):
    nobody = Actor.anonymous()
    with pytest.raises(NotAllowed):
        services.start_draft(actor=nobody, napp_version=version, form_key="everything", purpose="x")
    draft = services.start_draft(
        actor=nobody, napp_version=version, form_key="everything", purpose="x", owner_key=KEY
    )
    assert selectors.draft_for(None, draft.pk, KEY) == draft
    with pytest.raises(Http404):
        selectors.draft_for(None, draft.pk, "")
    services.adopt_draft(actor=actor_of(alice), draft=draft, owner_key=KEY)
    assert selectors.draft_for(alice, draft.pk) == draft
    with pytest.raises(Http404):
        selectors.draft_for(None, draft.pk, KEY)


def test_what_arrives_after_the_session_ended_joins_the_draft_later(draft, alice):
    sent = post(name="还在", number="", kind="person", mobile="错")
    services.keep_rescued(
        actor=Actor.anonymous(), draft=draft, page="you", values=sent, owner_key=KEY
    )
    draft.refresh_from_db()
    assert selectors.plain_values(draft)["name"] == "陈小宁"
    assert not selectors.drafts_of(None, KEY)
    assert services.attach_rescued(actor=actor_of(alice), draft=draft, owner_key="other") == ""
    assert services.attach_rescued(actor=actor_of(alice), draft=draft, owner_key=KEY) == "you"
    draft.refresh_from_db()
    assert selectors.plain_values(draft)["name"] == "还在"
    assert selectors.plain_values(draft)["mobile"] == "错"
    assert Draft.objects.count() == 1


def test_a_correction_changes_only_flagged_fields_and_keeps_the_old_ones(draft, alice):
    answered(draft, alice)
    record = services.submit_draft(actor=actor_of(alice), draft=draft)
    with pytest.raises(Unusable) as refusal:
        services.correct_record(
            actor=actor_of(alice),
            record=record,
            values={"story": "新", "name": "别人"},
            only_fields=["story"],
        )
    assert set(refusal.value.errors) == {"name"}
    record = services.correct_record(
        actor=actor_of(alice), record=record, values={"story": "新"}, only_fields=["story"]
    )
    assert record.version == 2 and selectors.plain_values(record)["story"] == "新"
    revision = RecordRevision.objects.get()
    assert revision.changed == ["story"]
    assert selectors.revision_values(revision)["story"].startswith("街角")
    assert selectors.revision_values(revision)["number"] == citizen_number(7)


def test_a_correction_draft_opens_what_the_new_answer_brings_to_light(draft, alice):
    answered(draft, alice)
    record = services.submit_draft(actor=actor_of(alice), draft=draft)
    actor = actor_of(alice)
    fixing = services.start_correction(
        actor=actor, record=record, only_fields=["kind"], purpose="fix"
    )
    bound = services.save_page(
        actor=actor, draft=fixing, page="you", values=post(kind="firm", name="改")
    )
    assert set(bound.errors) == {"credit_code"} and bound.only == {"kind", "credit_code"}
    assert bound.values["name"] == "陈小宁"
    with pytest.raises(Unusable):
        services.submit_correction(actor=actor, draft=fixing)
    save(fixing, alice, "you", kind="firm", credit_code="91350100M000100Y43")
    record = services.submit_correction(actor=actor, draft=fixing)
    values = selectors.plain_values(record)
    assert (values["kind"], values["credit_code"], values["name"]) == (
        "firm",
        "91350100M000100Y43",
        "陈小宁",
    )
    assert record.version == 2


def test_answers_through_the_api_name_only_fields_and_have_the_right_shape(version, alice):
    def submit(**values):
        return services.submit_values(
            actor=actor_of(alice), napp_version=version, form_key="everything", values=values
        )

    with pytest.raises(Unusable) as refusal:
        submit(
            name={"a": 1}, kind="person", surprise=1, staff=[{"name": "甲", "x": "y"}], people=True
        )
    assert set(refusal.value.errors) == {"name", "surprise", "staff[0].x", "people"}
    record = submit(name="甲", kind="person", people=3, rent=0.1, urgent=False)
    assert selectors.plain_values(record) == {
        "name": "甲",
        "kind": "person",
        "people": 3,
        "rent": "0.10",
        "urgent": False,
    }


def test_controls_and_half_characters_are_refused_not_crashed_on(draft, alice):
    bound = save(draft, alice, "you", name="a\x00b\x07", number="", kind="person", email="\ud800")
    assert {"name", "email"} <= set(bound.errors)
    assert "U+0007" in bound.errors["name"][0]


def test_saving_and_binding_take_a_fixed_number_of_queries(draft, alice, django_assert_num_queries):
    draft = answered(draft, alice).draft
    form, values = selectors.form_of(draft), selectors.plain_values(draft)
    with django_assert_num_queries(1):
        bind(form, values, actor=actor_of(alice), subject=draft)
    values["staff"] = values["staff"] * 3
    with django_assert_num_queries(1):
        bind(form, values, actor=actor_of(alice), subject=draft)


def test_joining_what_is_no_paper_changes_nothing(draft, alice):
    save(draft, alice, "you", name="陈宁", kind="person", _join="name", _shown=["name", "kind"])
    draft.refresh_from_db()
    assert selectors.plain_values(draft)["name"] == "陈宁"


def test_a_file_waits_as_long_as_a_draft_names_it(version, draft, alice):
    upload = SimpleUploadedFile("a.pdf", b"%PDF-1.4 x")
    file = store_file(actor=actor_of(alice), upload=upload)
    values = {**selectors.plain_values(draft), "photos": [str(file.pk)]}
    draft.data = storage.pack(selectors.form_of(draft), values, "draft", draft.pk)
    draft.save(update_fields=["data"])
    first = OutboxMessage.objects.get(topic="files.drop_unlinked")
    drop_unlinked(first)
    drop_unlinked(first)
    again = OutboxMessage.objects.exclude(pk=first.pk).get(topic="files.drop_unlinked")
    assert again.due_at > first.due_at and StoredFile.objects.filter(pk=file.pk).exists()
    services.discard_draft(actor=actor_of(alice), draft=draft)
    drop_unlinked(again)
    assert not StoredFile.objects.filter(pk=file.pk).exists()
