"""`./gov bench rules_twins`: a million random rules, answered by both evaluators."""

import time

from platform_core.common.benchmarks import register_computation

from .cases import REFERENCE, Cases
from .twin import Twin

CHUNK = 1_000


@register_computation("rules_twins", "Rules in Python and in the browser", 100, size=1_000_000)
def measure_twins(size: int) -> dict[str, str]:
    """How many random rules were asked, how often the two disagreed, and how fast each was."""
    seed = int(time.time())
    source = Cases(seed)
    differing, seconds, shown = 0, 0.0, ""
    with Twin(REFERENCE) as twin:
        for start in range(0, size, CHUNK):
            cases = [source.one() for _case in range(min(CHUNK, size - start))]
            browser = twin.answers(cases)
            started = time.perf_counter()
            here = [twin.python_answer(*case) for case in cases]
            seconds += time.perf_counter() - started
            for case, one, other in zip(cases, here, browser, strict=True):
                if one != other:
                    differing += 1
                    shown = shown or f"{case}: {one} here, {other} there"
    return {
        "cases": f"{size:,} (seed {seed})",
        "disagreements": f"{differing:,}",
        **({"first disagreement": shown} if shown else {}),
        "Python": f"{size / seconds:,.0f} cases/s",
        "browser's evaluator (Node)": f"{size / twin.seconds:,.0f} cases/s",
    }
