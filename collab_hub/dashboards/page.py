"""A dashboard put together: figures, tables, pictures and words for one unit and period."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from platform_core.common.charts import Chart
from platform_core.common.organs import organ_words

from . import load_tables, selectors, steps, time_tables
from .periods import KINDS, Days, Period
from .policies import Scope
from .ratings import Ratings, ratings
from .selectors import Punctual, Waiting
from .slices import FINISHED, Slice
from .tables import Table
from .wording import loss_words, share, share_words

KIND_TITLES = {
    "month": pgettext_lazy("kind of period", "Month"),
    "quarter": pgettext_lazy("kind of period", "Quarter"),
    "year": pgettext_lazy("kind of period", "Year"),
}


@dataclass(frozen=True)
class Figure:
    """One of the figures at the top; `key` names it in the API. `note` says why it is no share."""

    key: str
    title: object
    value: int
    words: str
    url: str
    note: str = ""


@dataclass(frozen=True)
class Page:
    """Everything a dashboard shows. `tables` are in the order of the page, by key."""

    scope: Scope
    period: Period
    now: datetime
    figures: list[Figure]
    tables: dict[str, Table]
    charts: dict[str, Chart]
    loss: str
    ratings: Ratings | None
    parameters: dict[str, str] = field(default_factory=dict)

    @property
    def all_tables(self) -> list[Table]:
        return list(self.tables.values())

    @property
    def unit_name(self) -> str:
        return unit_name(self.scope)


def unit_name(scope: Scope) -> str:
    """What the scope is called."""
    unit = scope.unit
    return organ_words(unit) if unit else _("All organs")


def parameters_of(scope: Scope, period: Period) -> dict[str, str]:
    """What names unit and period in an address."""
    return scope.parameters(period=period.kind, at=period.key)


def compose(scope: Scope, period: Period, now: datetime | None = None) -> Page:
    """The dashboard of a scope and period, with a constant number of queries."""
    now = now or timezone.now()
    parameters = parameters_of(scope, period)
    tail = urlencode(parameters)

    def link(chosen: Slice) -> str:
        return f"{reverse('dashboard_list')}?{chosen.address()}&{tail}"

    def rated(days: Days, grade) -> str:
        sent = {"from": days.first, "to": days.last, "grade": grade}
        return f"{reverse('dashboard_ratings')}?{urlencode(sent)}&{tail}"

    waiting = selectors.waiting(scope, now)
    flow = selectors.flow(scope, period, now)
    services = selectors.punctual_services(scope, period, now)
    months = selectors.punctual_months(scope, period, now)
    found = steps.steps(scope, period, now)
    rating = ratings(scope, period, rated)
    tables = [load_tables.lights_table(waiting, link), load_tables.kinds_table(waiting, link)]
    if scope.has_names:
        tables.append(load_tables.people_table(waiting, link))
    if scope.below and not scope.is_alone:
        rolled = selectors.units_rolled_up(scope, waiting.units)
        tables.append(load_tables.units_table(rolled, scope, parameters))
    tables += [
        time_tables.flow_table(flow, period, link),
        time_tables.months_table(months, link),
        time_tables.services_table(services, period, link),
        time_tables.steps_table(found, period, link),
    ]
    if rating:
        tables += [one for one in (rating.grades, rating.months) if one]
    charts = {"flow": time_tables.flow_chart(flow, period),
              "months": time_tables.months_chart(months)}  # fmt: skip
    return Page(
        scope=scope,
        period=period,
        now=now,
        figures=_figures(waiting, selectors.punctual(services), period, link),
        tables={one.key: one for one in tables},
        charts={key: one for key, one in charts.items() if one},
        loss=loss_words(steps.loss(found)),
        ratings=rating,
        parameters=parameters,
    )


def _figures(waiting: Waiting, done: Punctual, period: Period, link) -> list[Figure]:
    load, days = waiting.all, period.days
    kept, note = share_words(done.kept, done.due), ""
    if done.due and share(done.kept, done.due) is None:
        values = {"part": done.kept, "whole": done.due}
        kept, note = _("%(part)d of %(whole)d") % values, _("too few for a share")
    return [
        Figure("open", _("Waiting now"), load.total, str(load.total), link(Slice())),
        Figure("late", _("Late now"), load.red, str(load.red), link(Slice(light="red"))),
        Figure("finished", _("Finished in the period"), done.finished, str(done.finished),
               link(Slice(FINISHED, days))),
        Figure("kept", _("Finished on time"), done.kept, kept,
               link(Slice(FINISHED, days, due="kept")), note),
    ]  # fmt: skip


def kinds_of_period(scope: Scope, period: Period) -> list[dict]:
    """Tabs that choose between month, quarter and year."""
    return [
        {
            "url": f"?{urlencode(parameters_of(scope, Period.of(kind, period.first)))}",
            "label": KIND_TITLES[kind],
            "current": kind == period.kind,
        }
        for kind in KINDS
    ]
