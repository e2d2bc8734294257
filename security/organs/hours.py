"""Office hours of an organ as one line of text. Pure."""

from datetime import time
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def validate_hours(text: str) -> None:
    """Raise ValidationError unless the text is spans of time in order: 9:00-12:00, 13:30-17:00."""
    try:
        times = [_time(one) for span in text.split(",") for one in _ends(span)]
    except ValueError:
        raise ValidationError(_("Write the hours like 9:00-11:30, 13:30-17:00.")) from None
    if any(one >= other for one, other in pairwise(times)):
        raise ValidationError(_("The end comes after the beginning."))


def _ends(span: str) -> list[str]:
    opens, closes = span.split("-")
    return [opens, closes]


def _time(text: str) -> time:
    hour, minute = text.strip().split(":")
    if not (text.strip().isascii() and len(minute) == 2):
        raise ValueError(text)
    return time(int(hour), int(minute))
