"""What officials write to applicants: as it is kept, and what is wrong with it."""

from django.utils.translation import gettext as _

LONGEST_WORDS = 1000


def words(text: str) -> str:
    """What somebody wrote, as it is kept."""
    return text.replace("\x00", "").strip()[: LONGEST_WORDS + 1]


def problems_of_reason(reason: str) -> dict[str, list[str]]:
    """{"reason": what is wrong with it}; empty when it can be used."""
    if reason and len(reason) <= LONGEST_WORDS:
        return {}
    said = _("Write between 1 and %(n)s characters. The applicant reads it.")
    return {"reason": [said % {"n": LONGEST_WORDS}]}
