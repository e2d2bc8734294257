"""`./gov bench documents`: how long issuing and printing takes, against an empty page."""

import time
from datetime import date

from platform_core.common.benchmarks import register_computation

from . import typesetting
from .freezing import frozen
from .placeholders import sample_facts
from .standard import standard_templates

ON = date(2026, 5, 6)


@register_computation("documents", "Documents printed", 110, size=40)
def measure_printing(size: int) -> dict[str, str]:
    """Documents a second with one press, and what one costs beside a page without any text."""
    templates = list(standard_templates().values())
    jobs = [_job(templates[number % len(templates)]) for number in range(size)]
    empty = _job(templates[0]) | {"blocks": []}
    seconds, printed = _print(jobs)
    nothing, _bytes = _print([empty] * max(1, size // 4))
    return {
        "documents": f"{size}",
        "one document": f"{seconds * 1000:,.0f} ms",
        "an empty page": f"{nothing * 1000:,.0f} ms",
        "ratio": f"{seconds / nothing:.2f}",
        "documents/s": f"{1 / seconds:,.1f}",
        "size": f"{printed / 1024:,.0f} kB each",
    }


def _job(template) -> dict:
    content = frozen(template, sample_facts(), None, issued_on=ON, valid_until=None)
    address = typesetting.public_address("/verify/")
    return typesetting.print_job(content, number="1", address=address, code="X" * 16)


def _print(jobs: list[dict]) -> tuple[float, float]:
    started = time.perf_counter()
    sizes = [len(typesetting.typeset(job, moment=0)) for job in jobs]
    return (time.perf_counter() - started) / len(jobs), sum(sizes) / len(jobs)
