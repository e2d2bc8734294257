"""What is wrong with a manifest, said so that its author finds the place."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

CORE = "manifest"


@dataclass(frozen=True)
class Problem:
    """One mistake: the section, the number of its entry (None for the section itself) and the
    field."""

    section: str
    index: int | None
    field: str
    message: str

    @property
    def place(self) -> str:
        """The address of the mistake, e.g. "forms[0].pages[1].fields[2].label"."""
        start = self.section if self.index is None else f"{self.section}[{self.index}]"
        dot = "." if self.field and not self.field.startswith("[") else ""
        return f"{start}{dot}{self.field}"

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class ManifestInvalid(Exception):
    """A manifest that cannot be used, with everything that is wrong with it."""

    def __init__(self, problems: list[Problem]):
        super().__init__("; ".join(str(problem) for problem in problems[:5]))
        self.problems = problems


def version_taken(version: str) -> Problem:
    """A version number stands for one content for ever."""
    message = _("Version %(version)s is registered with other content. Raise the number.")
    return Problem(CORE, None, "version", message % {"version": version})


def located(section: str, path, message) -> Problem:
    """A problem of `section` at `path`: a tuple of keys and numbers, or text like
    "[0].pages[1].key"."""
    parts = _parts(path)
    index = None
    if section != CORE and parts and isinstance(parts[0], int):
        index, parts = parts[0], parts[1:]
    return Problem(section, index, written(parts), str(message))


def _parts(path) -> list[str | int]:
    if isinstance(path, int):
        return [path]
    if isinstance(path, str):
        found = re.findall(r"\[(\d+)\]|([^.\[\]]+)", path)
        return [
            int(number or word) if (number or word).isdigit() else word for number, word in found
        ]
    return list(path)


def written(parts) -> str:
    """Keys and numbers as one path: a.b[0].c"""
    text = ""
    for part in parts:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def from_validation(section: str, value, errors: list[dict]) -> list[Problem]:
    """pydantic's errors about `value` as problems, in the reader's language."""
    problems, seen = [], set()
    for error in errors:
        problem = located(section, _real_path(value, error), _message(error))
        if problem not in seen:
            seen.add(problem)
            problems.append(problem)
    return problems


def _real_path(value, error: dict) -> list:
    # pydantic puts the tag of a discriminated union into the path; the author's file has no such
    # key.
    path, here = [], value
    parts = error["loc"]
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        if isinstance(here, dict):
            if part in here:
                here = here[part]
            elif not (last and error["type"] == "missing"):
                continue
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
        else:
            continue
        path.append(part)
    return path


def _message(error: dict) -> str:
    context = error.get("ctx", {})
    kind = error["type"]
    if kind in ("value_error", "assertion_error"):
        return str(context.get("error", error["msg"]))
    if kind == "extra_forbidden":
        return _("This key is not known.")
    if kind == "missing":
        return _("This is missing.")
    if kind in ("literal_error", "enum"):
        return _("This must be one of: %(choices)s.") % {"choices": context.get("expected", "")}
    if kind == "union_tag_invalid":
        return _("“%(tag)s” is not known here. Known: %(choices)s.") % {
            "tag": context.get("tag", ""),
            "choices": context.get("expected_tags", ""),
        }
    if kind == "union_tag_not_found":
        key = str(context.get("discriminator", "")).strip("'")
        return _("The key “%(key)s” is missing.") % {"key": key}
    if kind == "string_pattern_mismatch":
        return _("This is not written in the allowed form: %(pattern)s") % {
            "pattern": context.get("pattern", "")
        }
    return _measured(kind, context) or error["msg"]


def _measured(kind: str, context: dict) -> str:
    wrong_type = {
        "string_type": _("This must be text."),
        "bool_type": _("This must be true or false."),
        "bool_parsing": _("This must be true or false."),
        "int_type": _("This must be a whole number."),
        "int_parsing": _("This must be a whole number."),
        "int_from_float": _("This must be a whole number."),
        "float_type": _("This must be a number."),
        "float_parsing": _("This must be a number."),
        "list_type": _("This must be a list."),
        "dict_type": _("This must be an object with keys."),
        "model_type": _("This must be an object with keys."),
        "model_attributes_type": _("This must be an object with keys."),
        "date_from_datetime_parsing": _("This must be a date like 2026-05-01."),
        "date_type": _("This must be a date like 2026-05-01."),
    }
    if kind in wrong_type:
        return wrong_type[kind]
    limits = {
        "string_too_short": ("min_length", _("This needs at least %(limit)s characters.")),
        "string_too_long": ("max_length", _("This may have at most %(limit)s characters.")),
        "too_short": ("min_length", _("This needs at least %(limit)s entries.")),
        "too_long": ("max_length", _("This may have at most %(limit)s entries.")),
        "greater_than": ("gt", _("This must be more than %(limit)s.")),
        "greater_than_equal": ("ge", _("This must be at least %(limit)s.")),
        "less_than": ("lt", _("This must be less than %(limit)s.")),
        "less_than_equal": ("le", _("This must be at most %(limit)s.")),
    }
    if kind in ("string_too_short", "too_short") and context.get("min_length") == 1:
        return _("This must not be empty.")
    if kind in limits:
        name, message = limits[kind]
        return message % {"limit": context.get(name, "")}
    return ""
