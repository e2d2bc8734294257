"""What a rating can name: the options depend on the grade and on how the service was given
(GB/T 39735: content of an evaluation; online: efficiency, accuracy of the guide, convenience,
operability; on site: efficiency, skill, attitude).

A version is never changed, because ratings name the keys of theirs: a new list is a new version.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

VERSION = 2
ONLINE, ON_SITE = "online", "on_site"
GOOD, FAIR, BAD = "good", "fair", "bad"
BOTH = (ONLINE, ON_SITE)

# What a bad review is about (GB/T 39734 app. A): each option of a bad grade belongs to one.
CATEGORIES = {
    "time": _("Too slow"),
    "guide": _("Guide and advice"),
    "papers": _("Papers asked for"),
    "platform": _("Platform"),
    "attitude": _("Attitude"),
    "skill": _("Skill"),
    "result": pgettext_lazy("bad rating", "Result"),
    "other": pgettext_lazy("bad rating", "Something else"),
}


@dataclass(frozen=True)
class Option:
    """One box to tick: for which grades and scenes, and which category of bad review it means."""

    key: str
    words: object
    band: str
    scenes: tuple[str, ...]
    category: str = ""


FIRST = (
    Option("fast", _("Quick"), GOOD, BOTH),
    Option("clear", _("The guide was clear"), GOOD, BOTH),
    Option("easy", _("Easy to fill in"), GOOD, BOTH),
    Option("kind", _("Friendly and patient"), GOOD, BOTH),
    Option("once", _("Done in one go"), GOOD, BOTH),
    Option("could_be_faster", _("Could be quicker"), FAIR, BOTH),
    Option("could_be_clearer", _("The guide could be clearer"), FAIR, BOTH),
    Option("could_be_easier", _("Could be easier to fill in"), FAIR, BOTH),
    Option("late", _("Later than promised"), BAD, BOTH, "time"),
    Option("unclear", _("The guide did not match what was asked"), BAD, BOTH, "guide"),
    Option(
        "extra_papers",
        _("More documents were asked for than the guide says"),
        BAD,
        BOTH,
        "papers",
    ),
    Option("hard", _("Hard to use"), BAD, BOTH, "platform"),
    Option("unkind", _("Unfriendly or pushed me around"), BAD, BOTH, "attitude"),
    Option("wrong", _("The result is wrong or not explained"), BAD, BOTH, "result"),
)
_by_key = {option.key: option for option in FIRST}


def _again(key: str, *scenes: str) -> Option:
    """An option of the first version, in these scenes only."""
    first = _by_key[key]
    return Option(key, first.words, first.band, scenes, first.category)


SECOND = (
    _again("fast", *BOTH),
    _again("clear", ONLINE),
    _again("easy", ONLINE),
    _again("once", *BOTH),
    Option("smooth", _("The pages worked without trouble"), GOOD, (ONLINE,)),
    _again("kind", *BOTH),
    Option("knows", _("Knows the work well"), GOOD, (ON_SITE,)),
    _again("could_be_faster", *BOTH),
    _again("could_be_clearer", ONLINE),
    _again("could_be_easier", ONLINE),
    Option("could_explain", _("Could explain better"), FAIR, (ON_SITE,)),
    Option("could_be_kinder", _("Could be friendlier"), FAIR, (ON_SITE,)),
    _again("late", ONLINE),
    Option("queue", _("I waited too long"), BAD, (ON_SITE,), "time"),
    _again("unclear", ONLINE),
    _again("extra_papers", *BOTH),
    _again("hard", ONLINE),
    Option("repeat", _("I had to enter or come again for the same thing"), BAD, BOTH, "papers"),
    Option("unskilled", _("Did not know the rules of this matter"), BAD, (ON_SITE,), "skill"),
    _again("unkind", *BOTH),
    _again("wrong", *BOTH),
)
VERSIONS = {1: FIRST, 2: SECOND}
_words = {option.key: option for version in VERSIONS.values() for option in version}


def band_of(grade: int) -> str:
    """5 and 4 are good, 3 is fair, 2 and 1 are bad."""
    if grade >= 4:
        return GOOD
    return FAIR if grade == 3 else BAD


def options_for(grade: int, scene: str = ONLINE) -> dict[str, object]:
    """{key: words} that may be ticked with `grade` (5 best … 1 worst) of a service in `scene`."""
    band = band_of(grade)
    return {
        option.key: option.words
        for option in VERSIONS[VERSION]
        if option.band == band and scene in option.scenes
    }


def option_words(key: str):
    """The words of an option of any version."""
    return _words[key].words if key in _words else key


def categories_of(keys) -> list[str]:
    """The categories of bad review that the ticked options mean, in their order; "other" without
    any.
    """
    found = {_words[key].category for key in keys if key in _words}
    return [name for name in CATEGORIES if name in found] or ["other"]
