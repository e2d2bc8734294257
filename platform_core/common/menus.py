"""Menus of the three service ends. A platform registers its entries; templates only draw them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import pgettext_lazy

# The headings of long menus, in their order; entries without a group stand first.
GROUPS = {
    "": "",
    "service": pgettext_lazy("menu", "Public service"),
    "together": pgettext_lazy("menu", "Working together"),
    "unit": pgettext_lazy("menu", "My unit"),
    "napps": pgettext_lazy("menu", "Applications"),
    "platform": pgettext_lazy("menu", "Platform"),
    "me": "",
}


@dataclass(frozen=True)
class Entry:
    """One menu entry of an `end`: "public", "enterprise" or "office", below the heading of its
    `group`, a key of GROUPS; what is in "me" stands with the account.

    `count` gives the number beside it for a request, `shown` says whether the request sees it.
    """

    end: str
    key: str
    label: object
    url_name: str
    icon: str
    order: int = 100
    group: str = ""
    tab: bool = False
    count: Callable | None = None
    shown: Callable | None = None


@dataclass
class Shown:
    """A menu entry resolved for one request."""

    key: str
    label: object
    url: str
    icon: str
    group: str
    tab: bool
    count: int | str | None = None
    current: bool = field(default=False)

    @property
    def heading(self):
        return GROUPS[self.group]


_entries: dict[tuple[str, str], Entry] = {}
_sources: list[Callable] = []


def register_menu(entry: Entry) -> None:
    """Add or replace the entry with the same end and key."""
    _entries[(entry.end, entry.key)] = entry


def register_menu_source(source: Callable) -> None:
    """Add a function (end, request) -> list[Shown], for entries that depend on data."""
    if source not in _sources:
        _sources.append(source)


def menu(end: str, request) -> list[Shown]:
    """The entries of `end` that this request's user may see, group by group in order."""
    shown = []
    for entry in sorted((e for e in _entries.values() if e.end == end), key=lambda e: e.order):
        if entry.shown and not entry.shown(request):
            continue
        url = reverse(entry.url_name)
        shown.append(
            Shown(
                key=entry.key,
                label=entry.label,
                url=url,
                icon=entry.icon,
                group=entry.group,
                tab=entry.tab,
                count=entry.count(request) if entry.count else None,
                current=request.path == url
                or (url.count("/") > 2 and request.path.startswith(url)),
            )
        )
    for source in _sources:
        shown.extend(source(end, request))
    places = list(GROUPS)
    return sorted(shown, key=lambda one: places.index(one.group))


def menus(request) -> dict:
    """Context processor: `menu_public`, `menu_enterprise`, `menu_office`, each built when drawn."""
    return {
        f"menu_{end}": (lambda end=end: menu(end, request))
        for end in ("public", "enterprise", "office")
    }
