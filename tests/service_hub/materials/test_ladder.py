"""Which way satisfies a material: the best that holds, whatever else does. Pure."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from service_hub.items.schema import LADDER, Material
from service_hub.materials.ladder import Held, assess, spared_fields

WAYS = {
    "certificate": {"way": "certificate", "napp": "household", "service": "newborn"},
    "shared": {"way": "shared", "data": "no_home"},
    "organ": {
        "way": "organ", "department_kind": "police", "question": {"zh": "是否属实？", "en": "So?"},
    },
    "pledge": {"way": "pledge", "field": "pledged"},
    "upload": {"way": "upload", "field": "paper"},
}  # fmt: skip
HELD = {
    "certificate": {"certificates": {"household/newborn": {"number": "1"}}},
    "shared": {"shared": {"no_home": {"on": "2026-09-01"}}},
    "organ": {"organs": frozenset({"police"})},
    "pledge": {"answered": "pledged"},
    "upload": {"answered": "paper"},
}
ways = st.sets(st.sampled_from(LADDER), min_size=1)


def material(names) -> Material:
    text = {"zh": "材料", "en": "Paper"}
    listed = [WAYS[name] for name in LADDER if name in names]
    return Material(name=text, source="upload", how=text, code="paper", ways=listed)


def held(names) -> Held:
    given_ = {key: value for name in names for key, value in HELD[name].items()}
    answered = frozenset(HELD[name]["answered"] for name in names & {"pledge", "upload"})
    return Held(**{k: v for k, v in given_.items() if k != "answered"}, answered=answered)


@given(ways, ways)
def test_the_best_way_that_holds_is_taken(offered, holding):
    found = assess(material(offered), held(holding))
    possible = [name for name in LADDER if name in offered & holding]
    assert found.way == (possible[0] if possible else "")
    better = [name for name in LADDER if name in offered]
    missed = better[: better.index(found.way)] if found.way else better
    assert list(found.missed) == missed


@given(ways, ways, st.sampled_from(LADDER))
def test_knowing_more_never_makes_it_worse(offered, holding, more):
    before = assess(material(offered), held(holding))
    after = assess(material(offered), held(holding | {more}))
    rank = [*LADDER, ""].index
    assert rank(after.way) <= rank(before.way)


@given(ways, ways)
def test_a_way_closed_to_a_role_leads_on_to_the_next_and_is_named(offered, holding):
    closed = replace(held(holding - {"certificate"}), closed=frozenset({"certificate"}))
    found = assess(material(offered), closed)
    assert found.way == assess(material(offered - {"certificate"}), closed).way
    assert found.facts.get("closed", []) == ["certificate"] * ("certificate" in offered)


@given(ways, ways)
def test_nothing_is_asked_for_that_is_held(offered, holding):
    found = assess(material(offered), held(holding))
    asks = {"pledged" for _ in offered & {"pledge"}} | {"paper" for _ in offered & {"upload"}}
    assert spared_fields(found) == (asks if found.is_spared else set())
