"""Tables and pictures of a period: what came in and went out, what was in time, where time goes."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from platform_core.common.charts import Chart, Series, columns, lying
from platform_core.common.days import duration
from platform_core.common.i18n import pick

from .periods import Period, bucket_title, month_short, month_title, short
from .selectors import Flow, Punctual, Service
from .slices import DROPPED, FINISHED, RECEIVED, Slice
from .steps import MOST, Step
from .tables import Cell, Column, Link, Table, figure
from .wording import hours, queue_words, share, share_words


def flow_table(lines: list[Flow], period: Period, link: Link) -> Table:
    """What came in and went out."""
    first = {"month": _("Day"), "quarter": _("Week"), "year": pgettext("table", "Month")}
    rows = [
        [
            Cell(one.days.first.isoformat(), words=bucket_title(one.days, period.kind)),
            figure(one.received, link(Slice(RECEIVED, one.days))),
            figure(one.finished, link(Slice(FINISHED, one.days))),
            figure(one.dropped, link(Slice(DROPPED, one.days))),
        ]
        for one in lines
    ]
    titles = [
        Column("from", first[period.kind], is_number=False),
        Column("received", _("Received")),
        Column("finished", _("Finished")),
        Column("dropped", _("No longer needed")),
    ]
    return Table("flow", _("Received and finished"), titles, rows)


def flow_chart(lines: list[Flow], period: Period) -> Chart:
    received, finished = sum(one.received for one in lines), sum(one.finished for one in lines)
    words = _(
        "%(period)s: %(received)d received, %(finished)d finished. The table has the numbers."
    )
    values = {"period": period.title, "received": received, "finished": finished}
    return columns(
        "flow",
        words % values,
        [short(one.days, period.kind) for one in lines],
        [
            Series(_("Received"), [one.received for one in lines]),
            Series(_("Finished"), [one.finished for one in lines]),
        ],
    )


def _punctual_columns(first: Column) -> list[Column]:
    return [
        first,
        Column("on_time", _("Finished on time"), is_number=False),
        Column("with_deadline", _("With a deadline")),
        Column("kept", _("Before it")),
        Column("missed", _("After it")),
        Column("without", pgettext("lights", "Without deadline")),
    ]


def _punctual_cells(found: Punctual, address) -> list[Cell]:
    return [
        Cell(share(found.kept, found.due), words=share_words(found.kept, found.due)),
        figure(found.due, address("with")),
        figure(found.kept, address("kept")),
        figure(found.missed, address("missed")),
        figure(found.without, address("without")),
    ]


def months_table(months, link: Link) -> Table:
    """How much was finished in time, month by month."""
    rows = [
        [Cell(f"{days.first:%Y-%m}", words=month_title(days.first)),
         *_punctual_cells(found, lambda due, days=days: link(Slice(FINISHED, days, due=due)))]
        for days, found in months
    ]  # fmt: skip
    first = Column("month", pgettext("table", "Month"), is_number=False)
    return Table("months", _("On time, by month"), _punctual_columns(first), rows)


def months_chart(months) -> Chart | None:
    """The shares of the months that have one; None where no month has."""
    shares = [share(found.kept, found.due) for _days, found in months]
    known = [(one, days.first) for one, (days, _found) in zip(shares, months, strict=True)
             if one is not None]  # fmt: skip
    if not known:
        return None
    words = _(
        "Finished on time by month: lowest %(low)d%% (%(low_month)s), highest %(high)d%% "
        "(%(high_month)s). Months with too few to say are left out."
    )
    low, high = min(known), max(known, key=lambda one: (one[0], -one[1].toordinal()))
    values = {"low": low[0], "low_month": month_title(low[1]),
              "high": high[0], "high_month": month_title(high[1])}  # fmt: skip
    return columns(
        "months", words % values, [month_short(days.first) for days, _found in months],
        [Series(_("Finished on time"), shares)], most=100, unit="%",
    )  # fmt: skip


def services_table(services: list[Service], period: Period, link: Link) -> Table:
    """How much was finished in time, service by service."""
    rows = [
        [Cell(one.title),
         *_punctual_cells(one.figures, lambda due, key=one.key: link(
             Slice(FINISHED, period.days, due=due, service=key)))]
        for one in services
    ]  # fmt: skip
    first = Column("service", _("Service"), is_number=False)
    return Table("services", _("On time, by service"), _punctual_columns(first), rows)


def steps_table(steps: list[Step], period: Period, link: Link) -> Table:
    """How long each step waits and is worked on, and what waits there now."""
    shown = steps[:MOST]
    most = max(((hours(one.waits) or 0) + (hours(one.works) or 0) for one in shown), default=0)
    titles = [
        Column("step", _("Step"), is_number=False),
        Column("service", _("Service"), is_number=False),
        Column("done", _("Done in the period")),
        Column("waiting_hours", _("Waits: half longer than"), is_number=False),
        Column("waiting_hours_90", _("one in ten longer than"), is_number=False),
        Column("working_hours", _("Worked on: half longer than"), is_number=False),
        Column("working_hours_90", _("one in ten longer than"), is_number=False),
        Column("queue", _("Waiting there now")),
    ]
    note = ""
    if len(steps) > MOST:
        note = _("The %(n)d steps that took most time.") % {"n": MOST}
    rows = [_step_cells(one, most, period, link) for one in shown]
    legend = (("plain", _("waits until somebody sets about it")), ("hatched", _("is worked on")))
    return Table("steps", _("Steps"), titles, rows, note=note, legend=legend)


def _step_cells(one: Step, most: float, period: Period, link: Link) -> list[Cell]:
    waits, works = hours(one.waits), hours(one.works)
    bar = lying([waits or 0, works or 0], most) if one.done else []
    service = f"{pick(one.service)} {one.version}"
    return [
        Cell(pick(one.title), bar=bar),
        Cell(service),
        figure(one.done, link(Slice(FINISHED, period.days, step=one.key))),
        Cell(waits, words=duration(one.waits)),
        Cell(hours(one.waits_90), words=duration(one.waits_90)),
        Cell(works, words=duration(one.works)),
        Cell(hours(one.works_90), words=duration(one.works_90)),
        figure(one.queue, link(Slice(step=one.key)), words=queue_words(one.queue, one.late)),
    ]
