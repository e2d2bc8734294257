"""Periods of reports: a year, quarter, month or day, written 2026, 2026-Q4, 2026-11, 2026-11-27.
Pure.
"""

import re
from datetime import date, timedelta

_PERIOD = re.compile(
    r"(20[0-9]{2})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])(?:-(0[1-9]|[12][0-9]|3[01]))?))?\Z"
)


def bounds(period: str) -> tuple[date, date]:
    """The first and the last day of `period`; ValueError for what is none."""
    match = _PERIOD.match(period)
    if not match:
        raise ValueError(period)
    year, quarter, month, day = (int(one) if one else None for one in match.groups())
    if day:
        first = date(year, month, day)
        return first, first
    if quarter:
        return date(year, 3 * quarter - 2, 1), _end(year, 3 * quarter)
    if month:
        return date(year, month, 1), _end(year, month)
    return date(year, 1, 1), date(year, 12, 31)


def _end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def period_words(period: str) -> dict[str, str]:
    """The period as people say it, in both languages."""
    year, _dash, rest = period.partition("-")
    if not rest:
        return {"zh": f"{year} 年", "en": year}
    if rest.startswith("Q"):
        return {"zh": f"{year} 年第 {rest[1:]} 季度", "en": f"{rest} {year}"}
    month, _dash, day = rest.partition("-")
    if day:
        return {"zh": f"{year} 年 {int(month)} 月 {int(day)} 日", "en": period}
    return {"zh": f"{year} 年 {int(month)} 月", "en": period}
