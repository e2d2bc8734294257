"""What the elements of an item must be. Pure: texts in, clean texts and errors out."""

import re
from datetime import date

from django.utils.translation import gettext as _

from .elements import AT_ONCE, ELEMENTS, ENTRUSTED, IMPLEMENTING, ITEM_TYPES, Element

BASIC_CODE = re.compile("^[0-9]{2}(?:" + "|".join(ITEM_TYPES) + ")[0-9A-Z]{8}$")
IMPLEMENTING_CODE = re.compile(r"^[0-9A-HJ-NPQRTUWXY]{18}[1-9][0-9]{4}[0-9A-Z]{8}$")
ADDRESS = re.compile(r"^https://[^\s<>\"']{3,190}$")


def check(kind: str, given: dict) -> tuple[dict[str, str], dict[str, list[str]]]:
    """(clean elements, errors by key) of what somebody entered for an item of `kind`.

    Every element stands in the clean ones, an empty one as "". Unknown keys are left out.
    """
    clean, errors = {}, {}
    for key, element in ELEMENTS[kind].items():
        text = _plain(given.get(key, ""))
        problem = _problem(element, text)
        if problem:
            errors[key] = [problem]
        clean[key] = _canonical(element, text) if not problem else text
    if not errors:
        errors = _together(kind, clean)
    return clean, errors


def _plain(value) -> str:
    if isinstance(value, list | tuple):
        value = ",".join(str(one) for one in value)
    text = str(value if value is not None else "").replace("\x00", "").replace("\r\n", "\n")
    return "\n".join(line.strip() for line in text.replace("\r", "\n").split("\n")).strip()


def _canonical(element: Element, text: str) -> str:
    if element.kind == "choices":
        return ",".join(sorted(_codes(text)))
    if element.kind == "number" and text:
        return str(int(text))
    return text


def _codes(text: str) -> set[str]:
    return {
        one.strip() for one in text.replace(";", ",").replace("，", ",").split(",") if one.strip()
    }


def _problem(element: Element, text: str) -> str:
    if not text:
        return _("Fill this in.") if element.required else ""
    if element.kind in {"choice", "choices"}:
        codes = _codes(text) if element.kind == "choices" else {text}
        if not codes <= set(element.choices):
            return _("Use one of these codes: %(codes)s.") % {"codes": ", ".join(element.choices)}
        return ""
    if element.kind == "number":
        if not (text.isascii() and text.isdigit()) or len(text) > 4 or int(text) > element.most:
            return _("Enter a whole number up to %(n)d.") % {"n": element.most}
        return ""
    if element.kind == "day":
        return "" if _is_day(text) else _("Enter a day as 2026-01-31.")
    if element.kind == "url":
        return "" if ADDRESS.match(text) else _("Enter an address that begins with https://.")
    if len(text) > element.most:
        return _("Use at most %(n)d characters.") % {"n": element.most}
    if element.kind == "text" and "\n" in text:
        return _("Write it in one line.")
    return ""


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _together(kind: str, clean: dict[str, str]) -> dict[str, list[str]]:
    """What only several elements together can get wrong."""
    errors: dict[str, list[str]] = {}
    until = clean["plan_cancel_date"]
    if until and until <= clean["plan_effective_date"]:
        errors["plan_cancel_date"] = [_("It ends after it began.")]
    if kind != IMPLEMENTING:
        return errors
    # The promise never exceeds the law (Licensing Law art. 42).
    if int(clean["promise_day"]) > int(clean["anticipate_day"]):
        errors["promise_day"] = [_("The promise may not be longer than the limit by law.")]
    elif (clean["project_type"] == AT_ONCE) != (clean["promise_day"] == "0"):
        errors["promise_day"] = [
            _("What is handled at once has 0 promised days, the rest has more.")
        ]
    if clean["is_fee"] == "1":
        for key in ("fee_explain", "fee_basis"):
            if not clean[key]:
                errors[key] = [_("Say what it costs and on what basis.")]
    if clean["power_source"] in ENTRUSTED and not clean["entrust_name"]:
        errors["entrust_name"] = [_("Name the organ that entrusted the power.")]
    return errors


def code_problem(code: str) -> str:
    """Why `code` is no basic code, or ""."""
    if BASIC_CODE.match(code):
        return ""
    return _("A basic code has 12 characters; the third and fourth are the item type.")


def implementing_code_problem(code: str) -> str:
    """Why `code` is no implementing code, or ""."""
    if IMPLEMENTING_CODE.match(code):
        return ""
    return _("An implementing code has 31 characters: credit code, one digit, basic code.")


def parent_problem(code: str, parent: str, known: dict[str, str]) -> str:
    """Why the basic item `code` cannot stand below `parent`, or "". `known` maps the basic items to
    the main items that they stand below, "" for main items themselves.
    """
    if not parent:
        return ""
    if parent == code or parent not in known:
        return _("The basic catalogue has no item %(code)s in force.") % {"code": parent}
    if known[parent] or parent[2:4] != code[2:4]:
        return _("The main item is of the same type and stands below no other.")
    return ""


def lines(text: str) -> list[str]:
    """The lines of a long element that are not empty."""
    return [line for line in text.split("\n") if line]


def differences(kind: str, old: dict, new: dict) -> list[tuple[Element, str, str]]:
    """[(element, old value, new value)] of what differs, in the order of the elements."""
    return [
        (element, old.get(key, ""), new.get(key, ""))
        for key, element in ELEMENTS[kind].items()
        if old.get(key, "") != new.get(key, "")
    ]
