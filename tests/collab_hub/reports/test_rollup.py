"""Sums over the region tree, whatever the order in which organs report and correct."""

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collab_hub.reports.periods import bounds
from collab_hub.reports.rollup import Leaf, chain, roll_up

CITIES, TOWNS = ("3301", "3303"), ("01", "02", "03")
ORGANS = [(f"33/{city}/{city}{n}/", f"{city}{n}") for city in CITIES for n in TOWNS]
AMOUNTS = st.integers(-(10**11), 10**11).map(lambda n: Decimal(n) / 100)
SAYINGS = st.lists(st.tuples(st.sampled_from(range(len(ORGANS))), AMOUNTS), max_size=30)


def leaves(said: dict) -> list[Leaf]:
    return [Leaf(name, path, said.get(n)) for n, (path, name) in enumerate(ORGANS)]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SAYINGS, st.permutations(range(len(ORGANS))))
def test_every_sum_is_that_of_its_organs_and_of_its_children(sayings, order):
    """Later sayings correct earlier ones; only what stands last counts, in any order of organs."""
    said: dict[int, Decimal] = {}
    for n, amount in sayings:
        said[n] = amount
    rows = leaves(said)
    totals = roll_up([rows[n] for n in order], "sum")
    assert (totals["33/"].amount or 0) == sum(said.values())
    for path, total in totals.items():
        inside = [one for one in leaves(said) if one.path.startswith(path)]
        assert (total.amount or 0) == sum(one.amount or 0 for one in inside)
        assert total.missing == tuple(sorted(o.organ for o in inside if o.amount is None))
        assert total.answered + len(total.missing) == len(inside)
        below = [
            t
            for p, t in totals.items()
            if p.startswith(path) and p.count("/") == path.count("/") + 1
        ]
        if below:
            assert (total.amount or 0) == sum(one.amount or 0 for one in below)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(range(len(ORGANS))), AMOUNTS), AMOUNTS)
def test_a_correction_moves_every_sum_above_by_the_same_and_no_other(said, new):
    before = roll_up(leaves(said), "sum")
    after = roll_up(leaves(said | {0: new}), "sum")
    moved = new - said.get(0, Decimal(0))
    above = set(chain(ORGANS[0][0]))
    for path in before:
        change = (after[path].amount or 0) - (before[path].amount or 0)
        assert change == (moved if path in above else 0)


def test_a_gap_is_never_zero_and_other_ways_of_summing_up():
    rows = leaves({0: Decimal(4), 1: Decimal(10), 3: Decimal(1)})
    assert roll_up(rows, "avg")["33/3301/"].amount == 7
    assert roll_up(rows, "max")["33/"].amount == 10
    assert roll_up(rows, "none")["33/"].amount is None
    assert roll_up(leaves({}), "sum")["33/"].amount is None
    assert roll_up(rows, "sum", root="33/3301/").keys() == {
        "33/3301/", "33/3301/330101/", "33/3301/330102/", "33/3301/330103/"
    }  # fmt: skip


def test_periods():
    assert [str(day) for day in bounds("2024-02")] == ["2024-02-01", "2024-02-29"]
    assert [str(day) for day in bounds("2026-Q4")] == ["2026-10-01", "2026-12-31"]
    for wrong in (
        "2026-13",
        "2026-Q5",
        "26",
        "2026-02-30",
        "",
        "2026-11-",
        "2026-00",
        "2026-11-00",
        "２０２６",
        "20２6",
        "2026-１１",
    ):
        try:
            bounds(wrong)
        except ValueError:
            continue
        raise AssertionError(wrong)
