"""The wording of what changed in decision tables: columns, rows as sentences, what else is said."""

from __future__ import annotations

import json
from difflib import SequenceMatcher

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.napps.changes import Talk, quoted, register_wording
from platform_core.napps.changes.matching import match

from .definition import Decision
from .wording import language_now, sentence


def tell_decisions(talk: Talk, old: list, new: list) -> None:
    """Every change of the section; a table that is gone is marked."""
    found = match(old, new)
    for table, _before in found.added:
        said = _("The decision %(table)s was added") % {"table": quoted(table)}
        talk.say(said, (f"[{table['key']}]",))
    for table in found.removed:
        said = _("The decision %(table)s was removed") % {"table": quoted(table)}
        talk.say(said, (f"[{table['key']}]",), breaking=True)
    for table, before in found.moved:
        talk.say(talk.moved(table, before), (f"[{table['key']}]",))
    for one, other in found.pairs:
        path = (f"[{other['key']}]",)
        about = _("Decision %(table)s") % {"table": quoted(other)}
        talk.rest(about, one, other, path, {"rows"})
        _tell_rows(talk, about, one, other, (*path, "rows"))


def _tell_rows(talk: Talk, about: str, old: dict, new: dict, path: tuple) -> None:
    """Rows have no names: those that read the same are the same, in their order."""
    before, after = (_read(table) for table in (old, new))
    texts = [[json.dumps(row, sort_keys=True) for row in table["rows"]] for table in (old, new)]
    for kind, a, b, c, d in SequenceMatcher(None, *texts, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        for place in range(max(b - a, d - c)):
            was = before[a + place] if a + place < b else ""
            now = after[c + place] if c + place < d else ""
            words = {"table": about, "number": (c if now else a) + place + 1}
            words |= {"before": was, "after": now}
            if was and now:
                said = _("%(table)s, row %(number)s: %(before)s → %(after)s")
            elif now:
                said = _("%(table)s: row %(number)s was added: %(after)s")
            else:
                said = _("%(table)s: row %(number)s was removed: %(before)s")
            talk.say(said % words, (*path, (c if now else a) + place))


def _read(table: dict) -> list[str]:
    decision = Decision.model_validate(table)
    return [sentence(decision, row, language_now()) for row in decision.rows]


register_wording("decisions", gettext_lazy("Decisions"), tell_decisions)
