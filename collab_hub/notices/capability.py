"""The manifest section "notices": wordings that an N-app offers to whoever sends a notice."""

from collections.abc import Iterable
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field

from platform_core.capabilities.notifications.wording import blanks, has_stray_braces
from platform_core.capabilities.process.definition import walk
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

# What is filled in when somebody begins a notice with the template, and what a step of a process
# knows besides. The subject of a matter is not among them: it may name a citizen.
NAMES = frozenset({"organ", "date"})
STEP_NAMES = frozenset({"number", "napp"})


class Rule(Strict):
    """Whom the template ticks, among those the sender may write to: functions and duties."""

    kinds: Annotated[list[Kind], Field(max_length=30)] = []
    duties: Annotated[list[Literal["head", "reviewer", "clerk"]], Field(max_length=3)] = []
    own_organ: bool = False
    below: bool = True


class NoticeTemplate(Strict):
    """One wording with its people. Names in braces are filled in: {organ}, {date}; in a notice that
    a step of a process sends, {number} and {napp} too, and then nobody begins a notice with it.
    """

    key: Key
    title: Text
    body: Text
    audience: Rule = Rule()
    confirm: bool = True
    escalate_minutes: Annotated[int, Field(ge=1, le=LONGEST_ESCALATION)] | None = None


def check(manifest: Manifest, notices: list[NoticeTemplate]) -> Iterable[tuple]:
    """Keys once, blanks that somebody fills in, functions that exist, somebody to write to."""
    seen: set[str] = set()
    by_steps = sent_by_steps(manifest)
    for number, notice in enumerate(notices):
        if notice.key in seen:
            yield (number, "key"), _("This key is used twice.")
        seen.add(notice.key)
        known = NAMES | STEP_NAMES if notice.key in by_steps else NAMES
        yield from _texts(number, notice, known)
        for place, kind in enumerate(notice.audience.kinds):
            if kind not in KINDS:
                words = _("No organ has the function “%(kind)s”.") % {"kind": kind}
                yield (number, "audience", "kinds", place), words
        rule = notice.audience
        if not (rule.kinds or rule.duties or rule.own_organ):
            yield (number, "audience"), _("Say whom the notice is for.")


def sent_by_steps(manifest: Manifest) -> set[str]:
    """The keys of the notices that steps of the manifest's processes send."""
    steps = (step for one in manifest.section("processes") for _path, step in walk(one.steps))
    return {step.notice for step in steps if step.kind == "notify" and step.notice}


def is_for_steps(notice: NoticeTemplate) -> bool:
    """Whether only a step of a process can fill in its blanks."""
    texts = (notice.title.zh, notice.title.en, notice.body.zh, notice.body.en)
    return any(blanks(text) & STEP_NAMES for text in texts)


def _texts(number: int, notice: NoticeTemplate, known: frozenset) -> Iterable[tuple]:
    for part in ("title", "body"):
        for language in ("zh", "en"):
            text, path = getattr(getattr(notice, part), language), (number, part, language)
            if has_stray_braces(text):
                yield path, _("Braces may only hold a plain name, like {number}.")
            for name in sorted(blanks(text) - known):
                words = _("Nobody fills in “%(name)s”. Known: %(names)s.")
                yield path, words % {"name": name, "names": ", ".join(sorted(known))}


register_section(Section("notices", entries(NoticeTemplate), check=check))
register_wording("notices", gettext_lazy("Notices to civil servants"))
