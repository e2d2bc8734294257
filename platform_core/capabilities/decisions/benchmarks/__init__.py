"""`./gov bench decisions`: a hundred thousand answers put to one table, beside plain Python."""

import json
import random
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from platform_core.capabilities import rules
from platform_core.common.benchmarks import register_computation

from ..definition import Decision
from ..engine import evaluate, evaluate_many
from ..trees import as_rule_tree

TODAY = date(2026, 3, 2)
DEMO = Path(__file__).parents[1] / "demo.json"


def area_level(values: dict) -> str:
    """The table `area_level` of the demo, as a programmer would write it."""
    new, total, cluster = values["new_cases"], values["all_cases"], values["cluster"]
    if new == 0:
        return "low"
    if new is not None and new > 0:
        if total is not None and total > 50 and cluster is True:
            return "high"
        if total is not None and total <= 50:
            return "medium"
        if total is not None and total > 50 and cluster is False:
            return "medium"
    return "unknown"


def answers(size: int) -> list[dict]:
    """Random answers, always the same ones; one in ten is empty."""
    source = random.Random(size)  # noqa: S311 - test data

    def one(value):
        return None if source.random() < 0.1 else value

    return [
        {
            "new_cases": one(source.choice([0, 0, 1, 3, 20])),
            "all_cases": one(source.randrange(100)),
            "cluster": one(source.random() < 0.5),
        }
        for _number in range(size)
    ]


def timed(work: Callable) -> tuple[list, float]:
    started = time.perf_counter()
    found = work()
    return found, time.perf_counter() - started


@register_computation("decisions", "Decision tables, many answers at once", 110, size=100_000)
def measure_many(size: int) -> dict[str, str]:
    """Answers a second: together, one call each, as a rule tree, and as an if-chain in Python."""
    tables = {one["key"]: one for one in json.loads(DEMO.read_text(encoding="utf-8"))}
    decision = Decision.model_validate(tables["area_level"])
    tree = as_rule_tree(decision, "level")
    many = answers(size)
    plain, by_hand = timed(lambda: [area_level(values) for values in many])
    together, batch = timed(lambda: list(evaluate_many(decision, many, today=TODAY)))
    single, each = timed(lambda: [evaluate(decision, values, today=TODAY) for values in many])
    as_rule, ruled = timed(lambda: [rules.evaluate(tree, one, today=TODAY) for one in many])
    said = [result.outputs["level"] for result in together]
    differing = sum(len({*four}) > 1 for four in zip(
        plain, said, as_rule, [result.outputs["level"] for result in single], strict=True
    ))  # fmt: skip
    return {
        "answers": f"{size:,}",
        "disagreements": f"{differing:,}",
        "together": f"{size / batch:,.0f} answers/s",
        "one call each": f"{size / each:,.0f} answers/s ({each / batch:.2f} times as long)",
        "as a rule tree": f"{size / ruled:,.0f} answers/s ({ruled / batch:.2f} times as long)",
        "if-chain in Python": f"{size / by_hand:,.0f} answers/s (the table takes "
        f"{batch / by_hand:.1f} times as long)",
    }
