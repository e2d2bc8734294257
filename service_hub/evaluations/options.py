"""What a rating can name: the options shown depend on the grade (GB/T 39735: content of an
evaluation).
"""

from django.utils.translation import gettext_lazy as _

VERSION = 1
GOOD = {
    "fast": _("Quick"),
    "clear": _("The guide was clear"),
    "easy": _("Easy to fill in"),
    "kind": _("Friendly and patient"),
    "once": _("Done in one go"),
}
FAIR = {
    "could_be_faster": _("Could be quicker"),
    "could_be_clearer": _("The guide could be clearer"),
    "could_be_easier": _("Could be easier to fill in"),
}
BAD = {
    "late": _("Later than promised"),
    "unclear": _("The guide did not match what was asked"),
    "extra_papers": _("More documents were asked for than the guide says"),
    "hard": _("Hard to use"),
    "unkind": _("Unfriendly or pushed me around"),
    "wrong": _("The result is wrong or not explained"),
}


def options_for(grade: int) -> dict[str, object]:
    """{key: words} that may be ticked with `grade` (5 best … 1 worst)."""
    if grade >= 4:
        return GOOD
    return FAIR if grade == 3 else BAD


def option_words(key: str):
    """The words of an option, whatever its grade."""
    return (GOOD | FAIR | BAD).get(key, key)
