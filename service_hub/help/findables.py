"""Guides of the help centre as findables, and the page of phone numbers and addresses."""

import re

from django.utils.translation import gettext_lazy as _

from service_hub.cases.words import in_both
from service_hub.finding.index import Findable
from service_hub.finding.registry import register_findables

from .guides import guides
from .shapes import Guide

KIND = "help"
COMMA = re.compile("[,\uff0c\u3001]")
CONTACT = {
    "title": _("Contact: phone, address, hours"),
    "summary": _("The offices and service halls of a place."),
    "keywords": _("phone number, address, opening hours, office"),
}


def stamp(end: str | None) -> str:
    """Guides change with a release only."""
    return ""


def load(end: str | None) -> list[Findable]:
    """Every guide and the contact page; the same at both ends."""
    contact = Findable(
        KIND,
        "contact",
        in_both(lambda: CONTACT["title"]),
        in_both(lambda: CONTACT["summary"]),
        both(CONTACT["keywords"]),
        view="contact",
        icon="phone",
    )
    return [*map(of_guide, guides()), contact]


def of_guide(guide: Guide) -> Findable:
    """The guide as the search knows it, in both languages."""
    body = in_both(lambda: " ".join(guide.words()))
    return Findable(
        KIND,
        guide.key,
        in_both(lambda: guide.title),
        in_both(lambda: guide.summary),
        both(guide.keywords),
        tuple(body.values()),
        "help_guide",
        (guide.key,),
        icon=guide.icon,
    )


def both(words) -> tuple[str, ...]:
    """What stands between the commas, in both languages."""
    texts = in_both(lambda: words).values()
    return tuple(one.strip() for text in texts for one in COMMA.split(text))


register_findables(KIND, _("Help"), stamp=stamp, load=load, order=30)
