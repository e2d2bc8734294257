"""The guides of the help centre, in the order in which they are listed."""

from django.utils.translation import gettext_lazy as _

from .shapes import Guide
from .topics import cases, data, people

GROUPS: tuple[tuple[object, tuple[Guide, ...]], ...] = (
    (_("An application from beginning to end"), cases.GUIDES),
    (_("Going there, acting for others, saying what you think"), people.GUIDES),
    (_("Your data, your account, this site"), data.GUIDES),
)


def guides() -> list[Guide]:
    """Every guide, in order."""
    return [guide for _title, group in GROUPS for guide in group]


def guide_named(key: str) -> Guide | None:
    """The guide with this key, or None."""
    return next((guide for guide in guides() if guide.key == key), None)
