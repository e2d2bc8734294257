"""Items and versions as pages, exports and the API show them."""

from django.utils.translation import get_language, gettext, pgettext

from .checks import differences
from .elements import BASIC, ITEM_TYPES, grouped, words_of
from .forms import label_of


def is_english() -> bool:
    return (get_language() or "").startswith("en")


def said(elements: dict, key: str) -> str:
    """A text with two languages in the reader's, else in Chinese."""
    english = elements.get(f"{key}_en", "") if is_english() else ""
    return english or elements.get(key, "")


def name_of(item) -> str:
    """The name of an item in the reader's language; a new one is called by its code."""
    current = item.current if hasattr(item, "item_type") else item.basic.current
    return said(current.elements, "task_name") if current else item.code


def rows(kind: str, elements: dict) -> list[tuple[object, list[tuple[str, str]]]]:
    """[(group, [(label, value)])] of every element that says something."""
    found = []
    for title, members in grouped(kind):
        lines = [
            (label_of(one), words_of(one, elements[one.key]))
            for one in members
            if elements.get(one.key)
        ]
        if lines:
            found.append((title, lines))
    return found


def changed_rows(kind: str, old: dict | None, new: dict) -> list[dict]:
    """What a version changes against `old` (None: everything is new), in words."""
    return [
        {
            "label": label_of(element),
            "old": words_of(element, before) or "—",
            "new": words_of(element, after) or "—",
        }
        for element, before, after in differences(kind, old or {}, new)
    ]


def inherited(basic_version, code: str) -> list[tuple[str, str]]:
    """The four that an implementing item has from its basic item: [(label, value)]."""
    elements = basic_version.elements if basic_version else {}
    return [
        (gettext("Basic code"), code),
        (pgettext("item", "Name"), said(elements, "task_name")),
        (gettext("Item type"), str(ITEM_TYPES.get(code[2:4], code[2:4]))),
        (gettext("Legal basis"), said(elements, "by_law")),
    ]


def basic_code_of(kind: str, item) -> str:
    return item.code if kind == BASIC else item.code[19:]
