"""The benchmark of many answers, on a sample: all four ways agree."""

from platform_core.capabilities.decisions.benchmarks import measure_many


def test_together_one_by_one_as_a_rule_and_by_hand_agree():
    told = measure_many(2_000)
    assert (told["answers"], told["disagreements"]) == ("2,000", "0")
