"""How the history of a supervised matter is read (see platform_core/common/trace.py)."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from platform_core.common.organs import organ_words
from platform_core.common.trace import (
    Change,
    Entry,
    Ref,
    Traceable,
    from_log,
    register_deeds,
    register_traceable,
)

from . import selectors
from .models import Supervision
from .words import FIELDS, LINES, note_of, value_words


def found(user, text: str) -> list[Ref]:
    return [name(item) for item in selectors.items_for(user, box="all", text=text)[:20]]


def name(item: Supervision) -> Ref:
    url = reverse("supervision_item", args=[item.pk])
    return Ref(str(item.pk), item.title, item.number or "", url)


def own(item: Supervision) -> list[Entry]:
    """The log, each line with what it changed."""
    return [
        from_log(
            line, "supervision", LINES, acting_as=organ_words(line.organ), note=note_of(line),
            changes=[
                Change(str(FIELDS.get(key, key)), value_words(key, old), value_words(key, new))
                for key, (old, new) in line.facts.get("changed", {}).items()
            ],
        )
        for line in selectors.lines_of(item)
    ]  # fmt: skip


register_traceable(
    Traceable(
        "supervision",
        _("Supervised matter"),
        "siren",
        ("collab_hub.supervision",),
        find=found,
        load=selectors.item_for,
        name=name,
        own=own,
    )
)
register_deeds({f"supervision.{key}": words for key, words in LINES.items()})
