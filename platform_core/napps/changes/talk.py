"""Collects the sentences of one section, and tells by path whatever nobody has a wording for."""

import json
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.common.i18n import pick

from ..problems import written
from .matching import are_keyed, identity, match

ABSENT = object()
LONGEST_VALUE = 400
# What authors read instead of the names of keys.
NAMES = {
    "title": gettext_lazy("title"),
    "summary": gettext_lazy("summary"),
    "label": gettext_lazy("label"),
    "help": gettext_lazy("help text"),
    "icon": gettext_lazy("icon"),
    "ends": gettext_lazy("service ends"),
    "body": gettext_lazy("text"),
    "channels": gettext_lazy("channels"),
    "menu": gettext_lazy("menu"),
    "empty": gettext_lazy("words for an empty list"),
    "unit": gettext_lazy("unit"),
    "min": gettext_lazy("smallest value"),
    "max": gettext_lazy("largest value"),
    "min_length": gettext_lazy("fewest characters"),
    "max_length": gettext_lazy("most characters"),
    "min_rows": gettext_lazy("fewest rows"),
    "max_rows": gettext_lazy("most rows"),
    "min_choices": gettext_lazy("fewest answers"),
    "max_choices": gettext_lazy("most answers"),
    "max_files": gettext_lazy("most files"),
    "earliest": gettext_lazy("earliest day"),
    "latest": gettext_lazy("latest day"),
    "decimals": gettext_lazy("decimals"),
    "accept": gettext_lazy("kinds of files"),
    "prefill": gettext_lazy("filled in from"),
    "sensitive": gettext_lazy("kept sealed"),
    "form": gettext_lazy("form"),
    "process": gettext_lazy("process"),
    "promise_days": gettext_lazy("promised working days"),
    "legal_days": gettext_lazy("legal working days"),
    "keywords": gettext_lazy("keywords"),
    "theme": gettext_lazy("theme"),
    "guide": gettext_lazy("guide"),
    "result": gettext_lazy("result"),
    "anonymous_allowed": gettext_lazy("anonymous use"),
}


@dataclass(frozen=True)
class Sentence:
    """One change in words; `path` is its place in the manifest. `is_breaking`: what was possible
    or stood there before is gone, or more is asked than before."""

    section: str
    text: str
    path: str = ""
    is_breaking: bool = False


def quoted(entry) -> str:
    """What an entry is called by people: its label or title, else its key, in quotation marks."""
    if isinstance(entry, dict):
        words = entry.get("label") or entry.get("title") or entry.get("name")
        entry = pick(words) if is_text(words) else identity(entry) or entry.get("kind") or "?"
    return _("“%(name)s”") % {"name": entry}


def is_text(value) -> bool:
    """Whether a value is a text in two languages."""
    return isinstance(value, dict) and bool(value) and set(value) <= {"zh", "en"}


def shown(value) -> str:
    """A value as people read it."""
    if value is ABSENT or value is None:
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str):
        return _("“%(name)s”") % {"name": _short(value)}
    if is_text(value) and all(isinstance(words, str) for words in value.values()):
        return _("“%(name)s”") % {"name": _short(pick(value))}
    if isinstance(value, list) and all(isinstance(one, str | int) for one in value):
        return _short(", ".join(str(one) for one in value)) or "—"
    return _short(json.dumps(value, ensure_ascii=False))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


class Talk:
    """What a wording gets: both manifests to look names up in, and `say`."""

    def __init__(self, section: str, old: dict, new: dict):
        self.section, self.old, self.new = section, old, new
        self.said: list[Sentence] = []

    def say(self, text: str, path: tuple, *, breaking: bool = False) -> None:
        place = written((self.section, *path)).replace(".[", "[")
        self.said.append(Sentence(self.section, text, place, breaking))

    # -- whatever has no wording of its own --------------------------------------------------------

    def rest(self, about: str, old: dict, new: dict, path: tuple, told=()) -> None:
        """Every change of the keys that are not `told`, each as “about”: name: before → after."""
        for key in [*new, *(key for key in old if key not in new)]:
            if key not in told:
                self.compare(
                    about, (key,), old.get(key, ABSENT), new.get(key, ABSENT), (*path, key)
                )

    def compare(self, about: str, names: tuple, old, new, path: tuple) -> None:
        """Tell what changed from `old` to `new` at `path`, down to the plain values."""
        if isinstance(old, dict) and isinstance(new, dict):
            if is_text(old) and is_text(new):
                self._text(about, names, old, new, path)
                return
            for key in [*new, *(key for key in old if key not in new)]:
                self.compare(
                    about,
                    (*names, key),
                    old.get(key, ABSENT),
                    new.get(key, ABSENT),
                    (*path, key),
                )
        elif isinstance(old, list) and isinstance(new, list) and are_keyed(old, new):
            self.entries(about, names, old, new, path)
        elif isinstance(old, list) and isinstance(new, list) and _are_blocks(old, new):
            for place in range(max(len(old), len(new))):
                one = old[place] if place < len(old) else ABSENT
                other = new[place] if place < len(new) else ABSENT
                self.compare(about, (*names, place + 1), one, other, (*path, place))
        elif not same(old, new):
            self._value(about, names, old, new, path)

    def entries(self, about: str, names: tuple, old: list, new: list, path: tuple) -> None:
        """Keyed entries of a list: added, removed, moved, and what changed in each."""
        found = match(old, new)
        where = self._where(about, names)
        for entry, _before in found.added:
            self.say(
                _("%(where)s: %(entry)s was added") % {"where": where, "entry": quoted(entry)},
                (*path, f"[{identity(entry)}]"),
            )
        for entry in found.removed:
            self.say(
                _("%(where)s: %(entry)s was removed") % {"where": where, "entry": quoted(entry)},
                (*path, f"[{identity(entry)}]"),
                breaking=True,
            )
        for entry, before in found.moved:
            self.say(self.moved(entry, before, where), (*path, f"[{identity(entry)}]"))
        for one, other in found.pairs:
            inner = _("%(where)s %(entry)s") % {"where": where, "entry": quoted(other)}
            self.rest(inner, one, other, (*path, f"[{identity(other)}]"))

    def moved(self, entry, before, where: str = "") -> str:
        """The sentence for an entry that changed its place in a list."""
        words = {"entry": quoted(entry), "before": quoted(before) if before else ""}
        said = (
            _("%(entry)s moved behind %(before)s") % words
            if before
            else _("%(entry)s moved to the beginning") % words
        )
        return _("%(where)s: %(what)s") % {"where": where, "what": said} if where else said

    def _text(self, about: str, names: tuple, old: dict, new: dict, path: tuple) -> None:
        """A text in two languages is told once, in the language that changed."""
        if pick(old) != pick(new):
            self._value(about, names, pick(old), pick(new), path)
            return
        for language in ("zh", "en"):
            if not same(old.get(language, ABSENT), new.get(language, ABSENT)):
                self._value(about, (*names, language), old.get(language), new.get(language), path)

    def _value(self, about: str, names: tuple, old, new, path: tuple) -> None:
        words = {"where": self._where(about, names), "before": shown(old), "after": shown(new)}
        if old is ABSENT:
            said = _("%(where)s was added: %(after)s") % words
        elif new is ABSENT:
            said = _("%(where)s was removed: %(before)s") % words
        else:
            said = _("%(where)s: %(before)s → %(after)s") % words
        self.say(said, path)

    def _where(self, about: str, names: tuple) -> str:
        named = " · ".join(str(NAMES.get(name, name)) for name in names)
        if not about:
            return named or self.section
        return _("%(where)s: %(what)s") % {"where": about, "what": named} if named else about


def same(one, other) -> bool:
    """Whether two JSON values are written the same: 1, 1.0 and true are three things."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


def _are_blocks(*lists) -> bool:
    return any(isinstance(entry, dict | list) for entries in lists for entry in entries)
