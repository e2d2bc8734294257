"""One question as its template draws it, from its definition and what was typed."""

import re
from dataclasses import dataclass
from dataclasses import field as keep

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from platform_core.common.fields import Shown
from platform_core.common.i18n import pick

RADIOS_UP_TO = 6
INPUTS = {
    "text": {"kind": "text"},
    "textarea": {"kind": "textarea"},
    "number": {"kind": "text", "inputmode": "numeric", "autocomplete": "off", "width": "s"},
    "money": {
        "kind": "text",
        "inputmode": "decimal",
        "autocomplete": "off",
        "prefix": "¥",
        "width": "s",
    },
    "date": {"kind": "date", "width": "s"},
    "working_day": {"kind": "date", "width": "s"},
    "time": {"kind": "time", "width": "s"},
    "datetime": {"kind": "datetime-local", "width": "m"},
    "qr": {"kind": "text", "autocomplete": "off", "width": "m", "attrs": {"spellcheck": "false"}},
    "citizen_number": {"kind": "text", "autocomplete": "off", "width": "m"},
    "credit_code": {"kind": "text", "autocomplete": "off", "width": "m"},
    "mobile": {"kind": "tel", "inputmode": "tel", "autocomplete": "tel", "width": "s"},
    "email": {"kind": "email", "inputmode": "email", "autocomplete": "email"},
}
AUTOCOMPLETE = {
    "profile.name": "name",
    "profile.mobile": "tel",
    "profile.email": "email",
    "profile.firm_name": "organization",
}
TEMPLATES = {
    "note": "forms/note.html",
    "region": "forms/region.html",
    "attachment": "forms/attachment.html",
    "repeat": "forms/repeat.html",
    "address": "forms/parts.html",
    "location": "forms/parts.html",
    "signature": "forms/signature.html",
    "computed": "forms/computed.html",
    "qr": "forms/qr.html",
    "department": "forms/chosen.html",
    "person": "forms/chosen.html",
}
# What a browser's own control would hide when it was typed in another way.
WRITTEN = {
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z"),
    "working_day": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z"),
    "time": re.compile(r"[0-9]{2}:[0-9]{2}\Z"),
    "datetime": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}\Z"),
}


@dataclass
class Cell:
    """A cell as drawn; `rule` is its condition, `formula` how it is computed, as JSON."""

    shown: Shown | None
    key: str
    kind: str = "text"
    hidden: bool = False
    rule: str = ""
    formula: str = ""


@dataclass
class Row:
    number: int
    title: str
    cells: list[Cell]


@dataclass
class Asked:
    """One question as drawn. `rule` is its condition as JSON for the browser, `needed` the one
    under which it must be answered, `formula` how it is computed; `hidden` its state now.
    """

    key: str
    type: str
    template: str
    shown: Shown
    hidden: bool = False
    rule: str = ""
    needed: str = ""
    formula: str = ""
    part: str = ""
    parts: list = keep(default_factory=list)
    privacy: object = None
    rows: list[Row] = keep(default_factory=list)
    files: list = keep(default_factory=list)
    groups: list = keep(default_factory=list)
    towns: list = keep(default_factory=list)
    county: str = ""
    limits: dict = keep(default_factory=dict)
    blank: Row | None = None
    # What another window holds for this question, in words; sealed answers stay out of the browser.
    rivals: list[str] = keep(default_factory=list)
    is_private: bool = False
    is_point: bool = False
    locked_value: str = ""
    # What is held already, and the template that would ask for it.
    exempt: dict = keep(default_factory=dict)
    inner: str = ""


def described(question, value, name: str, errors: list) -> dict:
    """The question as a dict for `common.fields.from_dict`."""
    found = {
        "name": name,
        "label": pick(question.label),
        "hint": pick(question.help),
        "errors": errors,
        "required": question.required,
        "optional": not question.required,
        "value": typed(question, value),
        **INPUTS.get(question.type, {"kind": "text"}),
    }
    found["autocomplete"] = (
        getattr(question, "autocomplete", None)
        or AUTOCOMPLETE.get(question.prefill)
        or found.get("autocomplete")
    )
    if question.type == "textarea":
        found["rows"] = question.rows
    if question.type == "number":
        found["suffix"] = pick(question.unit)
        found["inputmode"] = "decimal" if question.decimals else "numeric"
    written = WRITTEN.get(question.type)
    if written and found["value"] and not written.match(found["value"]):
        # Such an input would hide what was typed; as text it stays readable and can be put right.
        found["kind"] = "text"
    if question.type in ("citizen_number", "credit_code"):
        found["attrs"] = {"spellcheck": "false", "autocapitalize": "characters"}
    if question.type in ("choice", "multi_choice", "yes_no"):
        found |= _choices(question)
    if question.type == "attachment":
        found |= {"kind": "file", "accept": ",".join(f".{kind}" for kind in question.accept)}
        found["multiple"] = question.max_files > 1
    return found


def typed(question, value):
    """A typed or stored value as a control holds it."""
    if question.type == "yes_no" and isinstance(value, bool):
        return "yes" if value else "no"
    if question.type == "multi_choice":
        return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
    if value is None or isinstance(value, list | dict | bool):
        return ""
    return str(value)


def _choices(question) -> dict:
    if question.type == "yes_no":
        return {
            "kind": "radio",
            "options": [("yes", pgettext("answer", "Yes")), ("no", pgettext("answer", "No"))],
        }
    options = [
        {"value": option.value, "label": pick(option.label), "hint": pick(option.help)}
        for option in question.options
    ]
    if question.type == "multi_choice":
        return {"kind": "checkboxes", "options": options}
    if len(options) <= RADIOS_UP_TO:
        return {"kind": "radio", "options": options}
    return {"kind": "select", "options": [{"value": "", "label": _("Choose…")}, *options]}
