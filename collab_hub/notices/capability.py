"""The manifest section "notices": wordings that an N-app offers to whoever sends a notice."""

from collections.abc import Iterable
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field

from platform_core.capabilities.notifications.wording import blanks, has_stray_braces
from platform_core.common.i18n import Text
from platform_core.napps.changes import register_wording
from platform_core.napps.manifest import (
    Key,
    Kind,
    Manifest,
    Section,
    Strict,
    entries,
    register_section,
)
from security.organs.kinds import KINDS

from .checks import LONGEST_ESCALATION

# What is filled in when somebody begins a notice with the template.
NAMES = frozenset({"organ", "date"})


class Rule(Strict):
    """Whom the template ticks, among those the sender may write to: functions and duties."""

    kinds: Annotated[list[Kind], Field(max_length=30)] = []
    duties: Annotated[list[Literal["head", "reviewer", "clerk"]], Field(max_length=3)] = []
    own_organ: bool = False
    below: bool = True


class NoticeTemplate(Strict):
    """One wording with its people. Names in braces are filled in: {organ}, {date}."""

    key: Key
    title: Text
    body: Text
    audience: Rule = Rule()
    confirm: bool = True
    escalate_minutes: Annotated[int, Field(ge=1, le=LONGEST_ESCALATION)] | None = None


def check(manifest: Manifest, notices: list[NoticeTemplate]) -> Iterable[tuple]:
    """Keys once, blanks that somebody fills in, functions that exist, somebody to write to."""
    seen: set[str] = set()
    for number, notice in enumerate(notices):
        if notice.key in seen:
            yield (number, "key"), _("This key is used twice.")
        seen.add(notice.key)
        yield from _texts(number, notice)
        for place, kind in enumerate(notice.audience.kinds):
            if kind not in KINDS:
                words = _("No organ has the function “%(kind)s”.") % {"kind": kind}
                yield (number, "audience", "kinds", place), words
        rule = notice.audience
        if not (rule.kinds or rule.duties or rule.own_organ):
            yield (number, "audience"), _("Say whom the notice is for.")


def _texts(number: int, notice: NoticeTemplate) -> Iterable[tuple]:
    for part in ("title", "body"):
        for language in ("zh", "en"):
            text, path = getattr(getattr(notice, part), language), (number, part, language)
            if has_stray_braces(text):
                yield path, _("Braces may only hold a plain name, like {number}.")
            for name in sorted(blanks(text) - NAMES):
                words = _("Nobody fills in “%(name)s”. Known: %(names)s.")
                yield path, words % {"name": name, "names": ", ".join(sorted(NAMES))}


register_section(Section("notices", entries(NoticeTemplate), check=check))
register_wording("notices", gettext_lazy("Notices to civil servants"))
