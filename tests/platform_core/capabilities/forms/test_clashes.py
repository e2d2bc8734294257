"""One draft in two windows: nothing is overwritten unseen, nothing is lost."""

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from platform_core.capabilities.forms import clashes, selectors, services
from platform_core.capabilities.forms.binding import bind_draft
from platform_core.capabilities.forms.models import Draft
from platform_core.common.errors import Unusable
from tests.factories import actor_of, make_citizen
from tests.platform_core.capabilities.forms.makers import publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(db):
    return make_citizen("alice", name="陈小宁")


@pytest.fixture
def draft(alice):
    return services.start_draft(
        actor=actor_of(alice), napp_version=publish(), form_key="everything", purpose="x"
    )


def post(rev, pen, **answers) -> QueryDict:
    query = QueryDict(mutable=True)
    query.update({"_rev": rev, "_pen": pen, **answers})
    for key in answers:
        query.appendlist("_shown", key.strip("_"))
    return query


def save(alice, draft, rev, pen, **answers):
    page = "matter" if "story" in answers or "urgent" in answers else "you"
    return services.save_page(
        actor=actor_of(alice), draft=draft, page=page, values=post(rev, pen, **answers)
    )


def stored(draft) -> dict:
    return selectors.plain_values(Draft.objects.get(pk=draft.pk))


def test_the_second_window_is_told_and_both_answers_are_kept(alice, draft):
    save(alice, draft, 0, "phone", name="Chen Ning", email="a@example.org")
    bound = save(alice, draft, 0, "desk", name="Chen Xiaoning", email="a@example.org", _next="1")
    assert stored(draft)["name"] == "Chen Ning"
    assert bound.rivals == {"name": ["Chen Xiaoning"]}
    assert not bound.may_go_on and "another window" in bound.errors["name"][0]


def test_answers_that_only_one_window_changed_are_joined(alice, draft):
    save(alice, draft, 0, "phone", email="a@example.org")
    bound = save(alice, draft, 0, "desk", kind="person", email="")
    assert stored(draft)["kind"] == "person"
    assert stored(draft)["email"] == "a@example.org"
    assert set(bound.rivals) == {"email"}


@pytest.mark.parametrize(
    ("button", "outcome"), [({"_take": "name:0"}, "second"), ({"_keep": "name"}, "first")]
)
def test_the_person_chooses(alice, draft, button, outcome):
    save(alice, draft, 0, "phone", name="first", kind="person")
    bound = save(alice, draft, 0, "desk", name="second", kind="person")
    rev = bound.draft.saves
    bound = save(alice, draft, rev, "desk2", name="first", kind="person", **button)
    assert stored(draft)["name"] == outcome
    assert not bound.rivals
    assert "name" not in save(alice, draft, bound.draft.saves, "desk2", name=outcome).errors


def test_nothing_is_sent_while_a_choice_is_open(alice, draft):
    save(alice, draft, 0, "phone", name="first", kind="person")
    save(alice, draft, 0, "desk", name="second", kind="person")
    with pytest.raises(Unusable) as refused:
        services.submit_draft(actor=actor_of(alice), draft=draft)
    assert "name" in refused.value.errors


def test_a_page_never_clashes_with_itself(alice, draft):
    """Its savings may overtake one another, and Back shows it again as it was."""
    for text in ("a", "ab", "abc"):
        bound = save(alice, draft, 0, "phone", name=text)
    assert stored(draft)["name"] == "abc" and not bound.rivals


def test_typing_on_in_the_second_window_replaces_its_own_answer_only(alice, draft):
    save(alice, draft, 0, "phone", name="first")
    save(alice, draft, 0, "desk", name="sec")
    save(alice, draft, 0, "desk", name="second")
    bound = save(alice, draft, 0, "third", name="third")
    assert bound.rivals["name"] == ["second", "third"]


def test_a_sealed_answer_is_sealed_while_it_waits(alice, draft):
    save(alice, draft, 0, "phone", mobile="13800000001")
    save(alice, draft, 0, "desk", mobile="13800000002")
    row = Draft.objects.get(pk=draft.pk)
    assert "13800000002" not in str(row.rivals) + str(row.data)
    bound = bind_draft(row, page="you", actor=actor_of(alice), quiet=True)
    assert bound.rivals == {"mobile": ["13800000002"]}


@pytest.mark.parametrize("rev", ["", "x", "-1", "9" * 40, "\x00", "٣"])
def test_a_number_that_is_none_means_no_number(alice, draft, rev):
    save(alice, draft, 0, "phone", name="first")
    assert not save(alice, draft, rev, "desk", name="second").rivals
    assert stored(draft)["name"] == "second"


@pytest.mark.parametrize("button", ["name:7", "name:-1", "name", "nothing:0", "name:x", ":"])
def test_a_button_for_an_answer_that_is_not_there_changes_nothing(alice, draft, button):
    save(alice, draft, 0, "phone", name="first")
    save(alice, draft, 0, "desk", name="second")
    bound = save(alice, draft, 9, "desk", email="", _take=button)
    assert stored(draft)["name"] == "first"
    assert bound.rivals == {"name": ["second"]}


TYPED = st.dictionaries(st.sampled_from("abcd"), st.text(max_size=3), max_size=4)


@given(st.lists(st.tuples(st.sampled_from(["x", "y", "z"]), st.booleans(), TYPED), max_size=8))
def test_whatever_was_typed_last_in_a_window_stands_or_waits(steps):
    """Three windows, fresh or stale, in any order: what one typed is in the draft or waits beside
    it, and only a window that has seen an answer, or wrote it, replaces it.
    """
    draft = Draft()
    values, rivals, seen = {}, {}, dict.fromkeys("xyz", 0)
    for pen, reloads, typed in steps:
        if reloads:
            seen[pen] = draft.saves
        before_stamps = {key: one[0] for key, one in draft.stamps.items() if one[1] != pen}
        before, current = dict(values), values | typed
        for key in clashes.clashing(draft.stamps, clashes.Stand(seen[pen], pen), before, typed):
            rivals[key] = clashes.with_rival(rivals.get(key, []), pen, typed[key])
            current[key] = before.get(key)
        clashes.stamped(draft, clashes.Stand(seen[pen], pen), before, current)
        values = current
        for key, text in typed.items():
            kept = [values.get(key), *(one[1] for one in rivals.get(key, []))]
            assert any(clashes.same(text, one) for one in kept)
        for key in before:
            kept = [values.get(key), *(one[1] for one in rivals.get(key, []))]
            is_current = seen[pen] >= before_stamps.get(key, 0) or key not in typed
            assert is_current or any(clashes.same(before[key], one) for one in kept)
