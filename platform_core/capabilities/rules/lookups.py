"""The data sets that a rule may look something up in. Whoever keeps the data registers them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

NAME = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*){0,4}\Z")


@dataclass(frozen=True)
class Column:
    """`kind` is text, number, date or bool; `label` is {"zh": …, "en": …}."""

    kind: str
    label: dict


@dataclass(frozen=True)
class LookupSource:
    """A data set with one row for each key.

    `find(key, today)` gives the row as {column: value}, or None. `may_use(manifest)` says whether a
    definition may name it, None when every one may; `manifest` is None for a rule that belongs to
    no definition. The data are read on behalf of the definition, not of the reader.
    """

    name: str
    label: dict
    columns: dict[str, Column]
    find: Callable[[str, date], Mapping | None]
    may_use: Callable[[object], bool] | None = None


_sources: dict[str, LookupSource] = {}
_providers: dict[str, Callable[[str], LookupSource | None]] = {}


def register_lookup_source(
    name: str, *, label: dict, columns: dict[str, Column], find, may_use=None
) -> None:
    """Offer a data set under `name`, such as "regions"; see LookupSource."""
    if not NAME.match(name) or name.partition(".")[0] in _providers:
        raise ValueError(f"lookup source {name} is no name or taken")
    _sources[name] = LookupSource(name, label, columns, find, may_use)


def register_lookup_provider(prefix: str, provide: Callable[[str], LookupSource | None]) -> None:
    """Offer every data set named `prefix.…`: `provide(name)` gives it, or None when there is none.

    For data sets that come and go while the platform runs, such as the records of a form.
    """
    if not NAME.match(prefix) or any(name.partition(".")[0] == prefix for name in _sources):
        raise ValueError(f"lookup prefix {prefix} is no name or taken")
    _providers[prefix] = provide


def source_named(name: str) -> LookupSource | None:
    """The data set with this name, or None."""
    if not NAME.match(name):
        return None
    provide = _providers.get(name.partition(".")[0])
    return provide(name) if provide else _sources.get(name)


def may_look_up(source: LookupSource, manifest) -> bool:
    """Whether the definition `manifest` may name `source`."""
    return source.may_use is None or bool(source.may_use(manifest))


def sources_for(manifest) -> list[LookupSource]:
    """The registered data sets that `manifest` may name, for an editor's list. Those of a provider
    are not listed: their owner does.
    """
    return [one for _name, one in sorted(_sources.items()) if may_look_up(one, manifest)]


class Finder:
    """Answers lookups on one day; asks each data set once for each key."""

    def __init__(self, today: date):
        self.today = today
        self._rows: dict[tuple[str, str], Mapping | None] = {}

    def __call__(self, name: str, key: str, column: str):
        if (name, key) not in self._rows:
            source = source_named(name)
            self._rows[name, key] = source.find(key, self.today) if source else None
        row = self._rows[name, key]
        return None if row is None else row.get(column)
