"""One run: every benchmark at one and at several connections, the yardstick, and one table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from . import Benchmark, Call, NothingToMeasure, benchmarks
from .load import Load, send_all
from .processes import cpu_seconds, listeners
from .replay import Replay, replay
from .servers import HOST, serving

LEAST = Call("GET", "/least/")
WARM_UP = 12


@dataclass(frozen=True)
class Size:
    """How many requests: alone on one connection, together on several, recorded for replay."""

    alone: int = 40
    together: int = 120
    recorded: int = 16
    threads: int = 4

    @property
    def all(self) -> int:
        return WARM_UP + self.alone + self.together + self.recorded


@dataclass(frozen=True)
class Result:
    title: str
    alone: Load
    together: Load
    cpu_ms: float
    sql: Replay | None = None


def run(port: int, size: Size, names: set[str], say: Callable[[str], None]) -> list[Result]:
    """Measure the yardstick and every benchmark in `names` (empty: all)."""
    say("the minimal view")
    with serving("platform_core.common.benchmarks.minimal:application", LEAST.path) as least:
        results = [_measured("Minimal Django REST view", least, [LEAST] * size.all, size)]
    for benchmark in benchmarks():
        if names and benchmark.name not in names:
            continue
        say(benchmark.title)
        try:
            results.append(_result(benchmark, port, size))
        except NothingToMeasure as reason:
            say(f"{benchmark.title}: left out, {reason}")
    return results


def _result(benchmark: Benchmark, port: int, size: Size) -> Result:
    calls = benchmark.prepare(size.all)
    if len(calls) < size.all:
        raise NothingToMeasure(f"only {len(calls)} of {size.all} requests could be prepared")
    recorded, sent = calls[: size.recorded], calls[size.recorded :]
    sql = replay(benchmark, recorded, f"{HOST}:{port}")
    return _measured(benchmark.title, port, sent, size, sql)


def _measured(title: str, port: int, calls: list[Call], size: Size, sql=None) -> Result:
    send_all(HOST, port, calls[:WARM_UP], 2)
    servers = listeners(port)
    before = cpu_seconds(servers)
    alone = send_all(HOST, port, calls[WARM_UP : WARM_UP + size.alone], 1)
    together = send_all(
        HOST, port, calls[WARM_UP + size.alone : WARM_UP + size.alone + size.together], size.threads
    )
    used = cpu_seconds(servers) - before
    return Result(title, alone, together, used * 1000 / (alone.count + together.count), sql)


def table(results: list[Result], threads: int) -> str:
    """The results as one table of plain text, with ratios to the yardstick and to the SQL alone."""
    least = results[0]
    heads = (
        "benchmark",
        f"req/s x{threads}",
        "of minimal",
        "median ms",
        "p95 ms",
        "CPU ms",
        "x minimal",
        "queries",
        "SQL ms",
        "x SQL",
    )
    rows = [heads]
    for result in results:
        sql = result.sql
        rows.append(
            (
                result.title,
                f"{result.together.rate:.0f}",
                f"{result.together.rate / least.together.rate:.2f}",
                f"{result.alone.median_ms:.1f}",
                f"{result.alone.p95_ms:.1f}",
                f"{result.cpu_ms:.1f}",
                f"{result.cpu_ms / least.cpu_ms:.1f}" if least.cpu_ms else "-",
                str(sql.statements) if sql else "1",
                f"{sql.ms:.1f}" if sql else "-",
                f"{result.alone.median_ms / sql.ms:.1f}" if sql and sql.ms else "-",
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    lines = []
    for row in rows:
        first, rest = row[0].ljust(widths[0]), zip(row[1:], widths[1:], strict=True)
        lines.append("  ".join([first, *(cell.rjust(width) for cell, width in rest)]))
    lines.insert(1, "-" * len(lines[0]))
    return "\n".join(lines)
