"""Filling the blanks of a text. Pure: names only, no attributes, no formats, nothing is
evaluated."""

import re

from platform_core.common.i18n import Text

LANGUAGES = ("zh", "en")
_BLANK = re.compile(r"\{([a-z][a-z0-9_]{0,39})\}")
_BRACE = re.compile(r"[{}]")


def blanks(text: str) -> set[str]:
    """The names in braces that the text uses."""
    return set(_BLANK.findall(text))


def has_stray_braces(text: str) -> bool:
    """Whether the text has a brace that is no plain name, such as {a.b}, {0} or a single one."""
    return bool(_BRACE.search(_BLANK.sub("", text)))


def filled(text, values: dict) -> dict[str, str]:
    """Both languages of `text` with the blanks filled in: {"zh": …, "en": …}.

    `text` is a Text, a {"zh", "en"} dict or one string for both. A value may itself be a text in
    two languages. A name without value becomes nothing; what a value contains is never read as a
    blank.
    """
    both = both_languages(text)
    return {
        language: _BLANK.sub(
            lambda match, language=language: _value(values.get(match[1]), language), both[language]
        )
        for language in LANGUAGES
    }


def both_languages(text) -> dict[str, str]:
    """{"zh": …, "en": …} of a Text, a dict or one string."""
    if isinstance(text, Text):
        return {"zh": text.zh, "en": text.en}
    if isinstance(text, dict):
        return {
            "zh": str(text.get("zh") or text.get("en") or ""),
            "en": str(text.get("en") or text.get("zh") or ""),
        }
    return {"zh": str(text), "en": str(text)}


def _value(value, language: str) -> str:
    if value is None:
        return ""
    if isinstance(value, Text | dict):
        return both_languages(value)[language]
    return str(value)
