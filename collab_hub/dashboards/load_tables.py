"""Tables of what waits now: by light, kind, person and unit."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from platform_core.common.charts import lying
from platform_core.common.organs import organ_words
from platform_core.common.templatetags.ui import day

from .policies import Scope
from .selectors import Load, Waiting, people_named, title_of_kind
from .slices import LIGHTS, Slice
from .tables import Cell, Column, Link, Table, figure, light_titles, load_columns


def lights_table(found: Waiting, link: Link) -> Table:
    """How much waits under each light."""
    load, most = found.all, max(getattr(found.all, one) for one in LIGHTS)
    rows = []
    for key, title in light_titles().items():
        count = getattr(load, key)
        bar = lying([count], most)
        rows.append([Cell(title), figure(count, link(Slice(light=key)), bar=bar)])
    columns = [
        Column("name", _("Light"), is_number=False),
        Column("open", pgettext("count", "Open"), has_bars=True),
    ]
    return Table("lights", _("By light"), columns, rows)


def kinds_table(found: Waiting, link: Link) -> Table:
    """What waits, by kind of step and of item."""
    loads = sorted(found.kinds.items(), key=lambda one: (-one[1].total, one[0]))
    most = max((load.total for _key, load in loads), default=0)
    rows = [
        _line(Cell(str(title_of_kind(key))), load, most, lambda light, key=key: link(
            Slice(kind=key, light=light)))
        for key, load in loads
    ]  # fmt: skip
    return Table("kinds", _("By kind"), load_columns(_("Kind")), rows)


def people_table(found: Waiting, link: Link) -> Table:
    """What lies on whom; what nobody has taken stands first."""
    loads = sorted(found.people.items(), key=lambda one: (one[0] != 0, -one[1].total, one[0]))
    named = people_named(found.people)
    most = max((load.total for _key, load in loads), default=0)
    rows = [
        _line(Cell(str(named[key]) if key else _("Nobody yet")), load, most, lambda light, key=key:
              link(Slice(person=key, light=light)))
        for key, load in loads
    ]  # fmt: skip
    return Table("people", _("By person"), load_columns(_("Colleague")), rows)


def units_table(rolled_up, scope: Scope, parameters: dict) -> Table:
    """What waits in each unit below, with whatever is below that."""
    most = max((load.total for _unit, load in rolled_up), default=0)
    rows = []
    for unit, load in rolled_up:
        there = {**parameters, "unit": str(unit.pk)}
        there.pop("alone", None)
        name = organ_words(unit)
        page = f"{reverse('dashboard')}?{urlencode(there)}"

        def listed(light: str, there=there) -> str:
            sent = f"{Slice(light=light).address()}&{urlencode(there)}"
            return f"{reverse('dashboard_list')}?{sent}"

        rows.append(_line(Cell(name, url=page), load, most, listed))
    return Table("units", _("Units below"), load_columns(_("Unit")), rows)


def _line(name: Cell, load: Load, most: int, address) -> list[Cell]:
    total = figure(load.total, address(""), bar=lying([load.total], most))
    lights = [figure(getattr(load, key), address(key)) for key in LIGHTS]
    since = timezone.localdate(load.oldest) if load.oldest else None
    return [name, total, *lights, Cell(since.isoformat() if since else None, words=day(since))]
