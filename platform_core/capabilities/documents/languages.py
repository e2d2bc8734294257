"""The same made twice: once for each language that a document may be read in."""

from collections.abc import Callable
from datetime import date
from string import Template

from django.utils import translation
from django.utils.translation import pgettext

from platform_core.common.templatetags.ui import parts

CODES = {"zh": "zh-hans", "en": "en"}


def in_both(make: Callable) -> dict:
    """What `make()` gives while each language is in force: {"zh": …, "en": …}."""
    found = {}
    for language, code in CODES.items():
        with translation.override(code):
            found[language] = make()
    return found


def days(value: date | None) -> dict[str, str]:
    """A day with its year, as it stands on paper: it is read in other years too. "" for none."""
    return in_both(lambda: _written(value) if value else "")


def _written(value: date) -> str:
    pattern = pgettext("day on paper", "$day $month_name $year")
    return Template(pattern).substitute(parts(value))
