"""When something is suspended: from a day to a day, or until further notice. Pure.

`thing` has `notice`, `suspended_from` and `suspended_until`; it is back on the day after the last.
"""

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from platform_core.common.errors import Unusable

MOST_WORDS = 400


def covers(thing, on: date) -> bool:
    """Whether the days of the suspension of `thing` include `on`."""
    begun = thing.suspended_from is None or thing.suspended_from <= on
    return begun and (thing.suspended_until is None or thing.suspended_until >= on)


def is_due_or_running(thing, on: date) -> bool:
    """Whether `thing` is suspended on the day `on` or will be later: what is over is neither."""
    over = thing.suspended_until is not None and thing.suspended_until < on
    return bool(thing.notice) and not over


def covering(on: date) -> Q:
    """The same as a condition of a query."""
    begun = Q(suspended_from=None) | Q(suspended_from__lte=on)
    return begun & (Q(suspended_until=None) | Q(suspended_until__gte=on))


def checked(notice: dict, start_on: date | None, end_on: date | None, today: date) -> dict:
    """The notice without blanks. Raises Unusable unless it is said in both languages and the days
    are in order.
    """
    said = {language: (notice.get(language) or "").strip() for language in ("zh", "en")}
    errors = {key: [_("Say it in both languages.")] for key, text in said.items() if not text}
    for key, text in said.items():
        if len(text) > MOST_WORDS:
            errors[key] = [_("Use at most %(n)d characters.") % {"n": MOST_WORDS}]
    if end_on is not None and end_on < (start_on or today):
        errors["until"] = [_("It ends on or after the first day.")]
    elif end_on is not None and end_on < today:
        errors["until"] = [_("This day has passed.")]
    if errors:
        raise Unusable(errors)
    return said
