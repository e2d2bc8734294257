"""Changes of two people: what fits together is put together, what does not is shown to somebody."""

import copy

from hypothesis import given
from hypothesis import strategies as st

from platform_core.napps.drafts.merging import merge

FIELDS = [{"key": key, "label": {"zh": key, "en": key}} for key in "abcd"]
BASE = {"title": {"zh": "甲", "en": "A"}, "icon": "bell", "fields": FIELDS}


def changed(**parts) -> dict:
    return copy.deepcopy(BASE) | parts


def keys(merged) -> list[str]:
    return [field["key"] for field in merged.content["fields"]]


class TestMerge:
    def test_changes_of_different_places_are_both_kept(self):
        found = merge(BASE, changed(icon="star"), changed(title={"zh": "乙", "en": "A"}))
        assert (found.content["icon"], found.content["title"]["zh"]) == ("star", "乙")
        assert found.overlaps == []

    def test_the_two_languages_of_a_text_are_two_places(self):
        found = merge(
            BASE, changed(title={"zh": "乙", "en": "A"}), changed(title={"zh": "甲", "en": "B"})
        )
        assert found.content["title"] == {"zh": "乙", "en": "B"} and not found.overlaps

    def test_one_place_twice_is_somebody_s_choice(self):
        theirs, mine = changed(icon="star"), changed(icon="moon")
        (overlap,) = merge(BASE, theirs, mine).overlaps
        assert (overlap.path, overlap.base, overlap.theirs, overlap.mine) == (
            "icon", "bell", "star", "moon",
        )  # fmt: skip
        assert merge(BASE, theirs, mine).content["icon"] == "star"
        assert merge(BASE, theirs, mine, {"icon": "mine"}).content["icon"] == "moon"

    def test_entries_are_known_by_their_key_wherever_they_stand(self):
        theirs = changed(fields=[{"key": "new"}, *FIELDS])
        mine = changed(fields=[*FIELDS[:3], {**FIELDS[3], "required": True}])
        found = merge(BASE, theirs, mine)
        assert keys(found) == ["new", "a", "b", "c", "d"] and not found.overlaps
        assert found.content["fields"][4]["required"] is True

    def test_entries_that_both_add_stand_where_they_were_put(self):
        theirs = changed(fields=[*FIELDS[:1], {"key": "x"}, *FIELDS[1:]])
        mine = changed(fields=[*FIELDS, {"key": "y"}])
        assert keys(merge(BASE, theirs, mine)) == ["a", "x", "b", "c", "d", "y"]

    def test_removed_by_one_and_changed_by_the_other_is_a_choice(self):
        theirs = changed(fields=FIELDS[1:])
        mine = changed(fields=[{**FIELDS[0], "required": True}, *FIELDS[1:]])
        (overlap,) = merge(BASE, theirs, mine).overlaps
        assert overlap.path == "fields[a]"
        assert keys(merge(BASE, theirs, mine)) == ["b", "c", "d"]
        assert keys(merge(BASE, theirs, mine, {"fields[a]": "mine"})) == ["a", "b", "c", "d"]

    def test_an_order_changed_by_one_is_kept(self):
        theirs = changed(icon="star")
        mine = changed(fields=FIELDS[::-1])
        assert keys(merge(BASE, theirs, mine)) == ["d", "c", "b", "a"]

    def test_halves_of_two_rules_never_make_a_third(self):
        rule = [{**FIELDS[0], "show_if": {"var": "x"}}]
        theirs = [{**FIELDS[0], "show_if": {"==": [{"var": "x"}, 1]}}]
        mine = [{**FIELDS[0], "show_if": {"and": [{"var": "x"}, {"var": "y"}]}}]
        found = merge({"fields": rule}, {"fields": theirs}, {"fields": mine})
        assert [one.path for one in found.overlaps] == ["fields[a].show_if"]
        assert found.content["fields"] == theirs


values = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from("abc"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from("kqvxyz"), inner, max_size=3)
        | st.lists(st.sampled_from("pqrs"), unique=True, max_size=4).map(
            lambda names: [{"key": name, "n": number} for number, name in enumerate(names)]
        )
    ),
    max_leaves=8,
)
manifests = st.dictionaries(st.sampled_from(["one", "two", "three"]), values)


@given(base=manifests, mine=manifests)
def test_whoever_changes_alone_gets_what_they_wrote(base, mine):
    for found in (merge(base, base, mine), merge(base, mine, base), merge(base, mine, mine)):
        assert found.content == mine and not found.overlaps


@given(base=manifests, theirs=manifests, mine=manifests)
def test_choosing_one_side_everywhere_never_fails_and_leaves_no_overlap_unsaid(base, theirs, mine):
    overlaps = merge(base, theirs, mine).overlaps
    paths = [one.path for one in overlaps]
    assert len(set(paths)) == len(paths)
    for side in ("mine", "theirs"):
        found = merge(base, theirs, mine, dict.fromkeys(paths, side))
        assert isinstance(found.content, dict)
        assert [one.path for one in found.overlaps] == paths
