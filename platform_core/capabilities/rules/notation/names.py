"""Which field a name in brackets means."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from platform_core.common.i18n import Text

from ..wording import pick

MARKS = "@.^"


class NoSuchName(Exception):
    """The message says what is wrong with a name, in the reader's language."""


def _labels(label) -> set[str]:
    if isinstance(label, Text | Mapping):
        texts = [pick(label, language) for language in ("zh", "en")]
    else:
        texts = [str(label)]
    return {text.strip() for text in texts if text.strip()}


class Names:
    """The fields of a formula: `labels` maps a key to its label, `cells` the key of a table to the
    labels of its columns.

    In brackets stands a label or a key; `@` before it: the key only. Where rows are looked at, a
    column is meant first; `.` before the name: only a column, `^`: only a field of the form.
    """

    def __init__(self, labels: Mapping, cells: Mapping[str, Mapping] | None = None):
        self.labels = labels
        self.cells = cells or {}

    def tree(self, name: str, table: str | None, in_rows: bool) -> dict:
        """{"var": key} or {"row": key} for a name where the rows of `table` are looked at."""
        columns = self.cells.get(table, {}) if in_rows else {}
        if name.startswith("."):
            if not in_rows:
                raise NoSuchName(_("A column can be named only where rows are looked at."))
            return {"row": _key(name[1:].strip(), columns)}
        if name.startswith("^"):
            return {"var": _key(name[1:].strip(), self.labels)}
        if columns and _found(name, columns):
            return {"row": _key(name, columns)}
        return {"var": _key(name, self.labels)}

    def written(self, node: dict, table: str | None, in_rows: bool, language: str) -> str | None:
        """The shortest way to name the field of `node` so that it is read back, or None."""
        ((op, key),) = node.items()
        labels = self.labels if op == "var" else self.cells.get(table, {})
        if not isinstance(key, str) or key not in labels:
            return None
        mark = "^" if op == "var" else "."
        label = pick(labels[key], language).strip()
        for name in (label, key, f"@{key}", mark + label, mark + key, f"{mark}@{key}"):
            if name and self._reads_as(name, node, table, in_rows):
                return f"[{name}]"
        return None

    def _reads_as(self, name: str, node: dict, table: str | None, in_rows: bool) -> bool:
        if any(char in "[]" or ord(char) < 32 for char in name) or name != name.strip():
            return False
        try:
            return self.tree(name, table, in_rows) == node
        except NoSuchName:
            return False


def _found(name: str, labels: Mapping) -> list[str]:
    if name.startswith("@"):
        return [name[1:]] if name[1:] in labels else []
    return [key for key, label in labels.items() if key == name or name in _labels(label)]


def _key(name: str, labels: Mapping) -> str:
    found = _found(name, labels)
    if not found:
        raise NoSuchName(_("There is no field “%(name)s”.") % {"name": name[:60]})
    if len(found) > 1:
        raise NoSuchName(
            _("“%(name)s” is the name of several fields: %(keys)s. Write [@%(first)s].")
            % {"name": name[:60], "keys": ", ".join(found[:5]), "first": found[0]}
        )
    return found[0]
