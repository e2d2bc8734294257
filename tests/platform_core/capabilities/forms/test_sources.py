"""What is known already: where it comes from, who may use it, and what is locked or contested."""

import copy

import pytest

from platform_core.capabilities.forms import earlier, selectors, services
from platform_core.capabilities.forms.binding import bind_draft
from platform_core.capabilities.forms.display import answers
from platform_core.capabilities.forms.models import ContestedValue, Draft
from platform_core.capabilities.forms.sources import source_words
from platform_core.common.errors import Conflict, Unusable
from platform_core.common.events import listen
from platform_core.napps import services as napps
from platform_core.napps.manifest import ManifestInvalid, validate_manifest
from security.accounts import mandate_services
from tests.factories import MAKER, actor_of, make_citizen, make_official
from tests.platform_core.capabilities.forms.makers import TWO, manifest, publish

pytestmark = pytest.mark.django_db


def field(key, kind="text", **more):
    return {"key": key, "type": kind, "label": TWO("项", key.capitalize())} | more


def form(key, *fields):
    page = {"key": "main", "title": TWO("页", "Page"), "fields": list(fields)}
    return {"key": key, "title": TWO("表", key.capitalize()), "pages": [page]}


FIRST = form("first", field("street"), field("pet"), field("number", "citizen_number"))
SECOND = form(
    "second",
    field("name", prefill="profile.name", locked=True),
    field("street", prefill="earlier.first.street"),
    field("pet", prefill="register.paper_work.first.pet", locked=True),
)


@pytest.fixture
def version(db):
    return publish(FIRST, SECOND)


@pytest.fixture
def alice(db):
    return make_citizen("alice", name="陈小宁")


def send(user, version, key="first", **values):
    return services.submit_values(
        actor=actor_of(user), napp_version=version, form_key=key, values=values
    )


def begin(user, version, mandate=None) -> Draft:
    return services.start_draft(
        actor=actor_of(user).under(mandate), napp_version=version, form_key="second", purpose="x"
    )


def save(user, draft, **values):
    return services.save_page(actor=actor_of(user), draft=draft, page="main", values=values)


def values_of(draft) -> dict:
    return selectors.plain_values(Draft.objects.get(pk=draft.pk))


class TestEarlierAnswers:
    def test_they_are_used_only_with_the_persons_leave(self, version, alice):
        send(alice, version, street="Old 1")
        assert "street" not in values_of(begin(alice, version))
        earlier.allow_earlier(actor=actor_of(alice), is_allowed=True)
        draft = begin(alice, version)
        assert values_of(draft)["street"] == "Old 1"
        words = source_words(draft.sources["street"])
        assert words.startswith("From earlier answers of") and "First" in words
        earlier.allow_earlier(actor=actor_of(alice), is_allowed=False)
        assert "street" not in values_of(begin(alice, version))

    def test_the_newest_of_ones_own_counts(self, version, alice):
        earlier.allow_earlier(actor=actor_of(alice), is_allowed=True)
        send(alice, version, street="Old 1")
        send(alice, version, street="New 2")
        send(make_citizen("bob"), version, street="Bobs 3")
        assert values_of(begin(alice, version))["street"] == "New 2"

    def test_the_question_is_asked_once_and_only_to_the_person(self, version, alice):
        draft = begin(alice, version)
        assert earlier.may_be_asked(alice, draft)
        assert not earlier.may_be_asked(make_citizen("bob"), draft)
        earlier.allow_earlier(actor=actor_of(alice), is_allowed=False)
        assert not earlier.may_be_asked(alice, draft)

    def test_agreeing_in_the_middle_fills_only_what_is_empty(self, version, alice):
        send(alice, version, street="Old 1")
        draft = begin(alice, version)
        save(alice, draft, street="typed")
        earlier.allow_earlier(actor=actor_of(alice), is_allowed=True)
        services.fill_in_earlier(actor=actor_of(alice), draft=draft)
        assert values_of(draft)["street"] == "typed"

    def test_under_a_mandate_the_principals_leave_counts(self, version, alice):
        mother = make_citizen("mother", name="李国英")
        mandate = mandate_services.give_mandate(
            actor=actor_of(mother), agent=alice, relation="child"
        )
        send(mother, version, street="Mothers 1")
        send(alice, version, street="Mine 2")
        earlier.allow_earlier(actor=actor_of(alice), is_allowed=True)
        assert "street" not in values_of(begin(alice, version, mandate))
        earlier.allow_earlier(actor=actor_of(mother), is_allowed=True)
        draft = begin(alice, version, mandate)
        assert values_of(draft) == {"name": "李国英", "street": "Mothers 1"}
        assert "person you act for" in source_words(draft.sources["name"])


class TestRegisters:
    def test_what_an_official_entered_about_the_person_is_found(self, version, alice):
        number = alice.identity.citizen_number
        send(make_official("olga"), version, pet="cat", number=number)
        assert values_of(begin(alice, version))["pet"] == "cat"
        assert "pet" not in values_of(begin(make_citizen("bob"), version))

    def test_what_another_citizen_says_is_no_register(self, version, alice):
        send(make_citizen("bob"), version, pet="snake", number=alice.identity.citizen_number)
        assert "pet" not in values_of(begin(alice, version))

    def test_another_departments_n_app_may_not_read_it(self, version, alice):
        send(make_official("olga"), version, pet="cat", number=alice.identity.citizen_number)
        foreign = manifest(FIRST, SECOND, slug="other_work") | {"department": "police"}
        with pytest.raises(ManifestInvalid, match="no register"):
            napps.register_napp(actor=MAKER, manifest=foreign)


class TestLockedAndContested:
    @pytest.fixture
    def draft(self, version, alice):
        send(make_official("olga"), version, pet="cat", number=alice.identity.citizen_number)
        return begin(alice, version)

    def contest(self, alice, draft, reason="I have a dog.", field="pet", **values):
        return services.contest_value(
            actor=actor_of(alice), draft=draft, field=field, reason=reason, values=values
        )

    def test_a_locked_answer_stays_whatever_is_sent(self, alice, draft):
        bound = save(alice, draft, pet="dog", street="x")
        assert values_of(draft)["pet"] == "cat" and values_of(draft)["street"] == "x"
        assert bound.locked == {"name", "pet"}

    def test_contesting_opens_it_and_keeps_both(self, alice, draft):
        self.contest(alice, draft, pet="dog")
        assert values_of(draft)["pet"] == "dog"
        save(alice, draft, pet="old dog")
        assert values_of(draft)["pet"] == "old dog"
        row = ContestedValue.objects.get()
        assert (row.given, row.reason) == ("cat", "I have a dog.")
        raw = str(list(ContestedValue.objects.values_list("given", "reason")))
        assert "I have a dog." not in raw

    def test_the_record_remembers_and_the_owner_is_told(self, alice, draft):
        heard = []

        @listen("forms.value_contested")
        def hear(*, contest, record, **_facts):
            heard.append((contest.field, record.pk))

        self.contest(alice, draft, pet="dog")
        record = services.submit_draft(actor=actor_of(alice), draft=draft)
        assert heard == [("pet", record.pk)]
        shown = {one.key: one for section in answers(record) for one in section.answers}
        assert shown["pet"].text == "dog"
        assert shown["pet"].contest == {"given": "cat", "reason": "I have a dog."}
        assert shown["name"].source == "From your profile." and shown["name"].contest is None

    def test_asked_again_it_replaces_the_reason(self, alice, draft):
        self.contest(alice, draft, pet="dog")
        self.contest(alice, draft, reason="Two dogs.", pet="dogs")
        assert ContestedValue.objects.get().reason == "Two dogs."
        assert ContestedValue.objects.get().given == "cat"

    def test_without_a_reason_or_a_right_answer_nothing_is_kept(self, alice, draft):
        for wrong in ({"reason": " \x00"}, {"pet": "x" * 500}):
            with pytest.raises(Unusable):
                self.contest(alice, draft, **({"pet": "dog"} | wrong))
        assert values_of(draft)["pet"] == "cat" and not ContestedValue.objects.exists()

    @pytest.mark.parametrize("key", ["street", "nothing", ""])
    def test_only_what_a_source_filled_in_is_contested(self, alice, draft, key):
        with pytest.raises(Conflict):
            self.contest(alice, draft, field=key)

    def test_programs_cannot_get_around_a_locked_answer(self, version, alice, draft):
        with pytest.raises(Unusable) as refused:
            send(alice, version, "second", pet="dog")
        assert set(refused.value.errors) == {"pet"}
        record = send(alice, version, "second", street="x")
        assert selectors.plain_values(record)["pet"] == "cat"

    def test_a_changed_answer_is_the_persons_own(self, version, alice):
        earlier.allow_earlier(actor=actor_of(alice), is_allowed=True)
        send(alice, version, street="Old 1")
        draft = begin(alice, version)
        save(alice, draft, street="New 2")
        bound = bind_draft(Draft.objects.get(pk=draft.pk), actor=actor_of(alice))
        assert set(bound.sources) == {"name"}
        record = services.submit_draft(actor=actor_of(alice), draft=draft)
        assert set(record.sources) == {"name"}


def test_sealed_answers_stay_sealed_where_sources_are_kept(alice):
    sealed = form("first", field("id", "citizen_number", prefill="profile.citizen_number"))
    draft = services.start_draft(
        actor=actor_of(alice), napp_version=publish(sealed), form_key="first", purpose="x"
    )
    row = Draft.objects.get(pk=draft.pk)
    kept = f"{row.data}{row.filled}{row.sources}"
    assert alice.identity.citizen_number not in kept
    bound = bind_draft(row, actor=actor_of(alice))
    assert bound.sources == {"id": {"source": "profile"}}


@pytest.mark.parametrize("number", [1, 3])
def test_a_form_costs_as_many_queries_as_it_has_sources(
    version, alice, number, django_assert_max_num_queries
):
    earlier.allow_earlier(actor=actor_of(alice), is_allowed=True)
    for n in range(number):
        send(alice, version, street=str(n))
    begin(alice, version)
    with django_assert_max_num_queries(14):
        begin(alice, version)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"prefill": "profile.shoe_size"}, "no source"),
        ({"prefill": "moon.base"}, "no source"),
        ({"prefill": "earlier.first.nothing"}, "no such field"),
        ({"prefill": "earlier.nothing.street"}, "no such field"),
        ({"prefill": "earlier.first.number"}, "does not fit"),
        ({"prefill": "register.first.pet"}, "N-app, form and field"),
        ({"prefill": "certificate.a.b"}, "N-app, service and field"),
        ({"locked": True}, "with a source"),
    ],
)
def test_mistakes_in_sources_are_found_in_the_manifest(wrong, words):
    broken = copy.deepcopy(SECOND)
    broken["pages"][0]["fields"][1] = field("street") | wrong
    with pytest.raises(ManifestInvalid) as refused:
        validate_manifest(manifest(FIRST, broken))
    (problem,) = refused.value.problems
    assert problem.place == "forms[1].pages[0].fields[1].prefill"
    assert words in problem.message
