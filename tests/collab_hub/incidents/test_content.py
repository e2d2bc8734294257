"""Plans as data: pieces fit wherever they are put, the contact tree ends, nothing dangles."""

from hypothesis import given
from hypothesis import strategies as st

from collab_hub.incidents import content as plans

from .makers import SAID, role

KEYS = [f"r{number}" for number in range(1, 7)]


def whole() -> dict:
    found = plans.empty()
    for part, entries in SAID.items():
        for values in entries:
            assert plans.faults_of(found, part, values) == {}
            found = plans.with_entry(found, part, values)
    return found


@given(
    above=st.dictionaries(st.sampled_from(KEYS), st.sampled_from([*KEYS, ""])),
    holders=st.dictionaries(st.sampled_from(KEYS), st.one_of(st.none(), st.integers(1, 4))),
    key=st.sampled_from(KEYS),
)
def test_whoever_is_told_up_the_tree_is_told_once_and_it_ends(above, holders, key):
    chain = plans.chain_above(key, above, holders)
    assert len(chain) == len(set(chain)) and holders.get(key) not in chain
    assert set(chain) <= {one for one in holders.values() if one is not None}


@given(st.lists(st.sampled_from(["", "p1", "p2"]), max_size=4))
def test_a_piece_fits_beside_whatever_is_there(phases):
    here = whole()
    for phase in phases:
        piece = plans.fitted(plans.piece_of(whole(), phase), here)
        for part in plans.PARTS:
            assert not plans.keys(piece, part) & plans.keys(here, part)
            here.setdefault(part, []).extend(plans.of(piece, part))
        # Whoever has a role there already is not called into it twice.
        assert len(here["roles"]) == len(SAID["roles"])
    for part, fields in plans.NAMES.items():
        for one in plans.of(here, part):
            for field, named in fields.items():
                assert not one.get(field) or one[field] in plans.keys(here, named)


def test_a_phase_brings_the_roles_it_needs_and_those_above():
    piece = plans.piece_of(whole(), "p2")
    assert [one["title"]["en"] for one in piece["tasks"]] == ["Feed people"]
    assert [one["key"] for one in piece["roles"]] == ["r1", "r2", "r4"]


def test_what_a_plan_lacks_is_said():
    assert len(plans.faults(plans.empty())) == 3
    assert plans.faults(whole()) == []
    round_trip = whole()
    round_trip["roles"][0]["above"] = "r4"
    assert plans.faults(round_trip) == ["The contact tree runs in a circle."]
    nobody = whole()
    nobody["roles"] = [role("x", "health", "clerk") | {"key": "r1"}]
    assert "No role commands." in plans.faults(nobody)
    assert plans.users_of(whole(), "roles", "r3") == ["Trace contacts"]


@given(
    before=st.dictionaries(st.sampled_from(["f1", "f2"]), st.integers(0, 99)),
    given_now=st.dictionaries(st.sampled_from(["f1", "f2"]), st.integers(0, 99)),
)
def test_a_figure_is_what_is_given_else_what_was(before, given_now):
    known = [{"key": "f1"}, {"key": "f2"}]
    last = {key: {"value": value, "carried": False} for key, value in before.items()}
    found = plans.carried(known, last, given_now)
    assert {key: one["value"] for key, one in found.items()} == before | given_now
    assert {key for key, one in found.items() if one["carried"]} == set(before) - set(given_now)
