"""Names in braces: which ones exist, and how they are filled in. Pure: nothing is evaluated, and
what a value contains is never read as a name.
"""

import re

from platform_core.capabilities.notifications.wording import LANGUAGES, both_languages

NAME = re.compile(r"\{([a-z][a-z0-9_]{0,39}(?:\.[a-z][a-z0-9_]{0,39}){0,2})\}")
_BRACE = re.compile(r"[{}]")
ANSWERS, DECISIONS = "answers.", "decisions."

# What every document knows, with a sample for the preview.
_known: dict[str, dict[str, str]] = {}


def register_facts(samples: dict[str, dict[str, str]]) -> None:
    """Make names known that whoever issues documents fills in: {name: {"zh": …, "en": …}}."""
    _known.update(samples)


def sample_facts() -> dict[str, dict[str, str]]:
    """Every known name with its sample."""
    return dict(_known)


def names_in(text) -> set[str]:
    """The names in braces that either language of `text` uses."""
    return {name for words in both_languages(text).values() for name in NAME.findall(words)}


def has_stray_braces(text) -> bool:
    """Whether a brace holds no name, such as {0}, { or {a.b.c.d}."""
    return any(_BRACE.search(NAME.sub("", words)) for words in both_languages(text).values())


def filled(text, values: dict) -> dict[str, str]:
    """Both languages of `text` with its names filled in; a name without value becomes nothing."""
    words = both_languages(text)
    return {
        language: NAME.sub(
            lambda found, language=language: both_languages(values.get(found[1]) or "")[language],
            words[language],
        )
        for language in LANGUAGES
    }


def is_empty(text, values: dict) -> bool:
    """Whether `text` asks for values and has none of them."""
    names = names_in(text)
    return bool(names) and not any(both_languages(values.get(name) or "")["zh"] for name in names)


register_facts(
    {
        "number": {"zh": "1.2.156.3005.2.…", "en": "1.2.156.3005.2.…"},
        "organ": {"zh": "西湖区民政局", "en": "Xihu District Civil Affairs Bureau"},
        "organ_phone": {"zh": "0571-12345", "en": "0571-12345"},
        "holder": {"zh": "陈宁", "en": "Chen Ning"},
        "issued_on": {"zh": "2026年5月6日", "en": "6 May 2026"},
        "valid_until": {"zh": "2027年5月5日", "en": "5 May 2027"},
    }
)
