"""The ways a process can go, in words: what an official reads before it is published. Pure."""

from __future__ import annotations

from itertools import islice, product

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from platform_core.capabilities import rules
from platform_core.common.i18n import pick

from .definition import Process
from .plan import Plan

MOST = 30
LONGEST = 20


def ways(process: Process, labels: dict, options: dict | None = None) -> list[str]:
    """Each way from the start to an end when nobody refuses or returns, in the reader's language.

    `labels` maps field keys to their texts, `options` those of choices to {value: text}. At most
    `MOST` ways; a process with more of them ends with a line that says so.
    """
    speaker = _Speaker(labels, options or {})
    found = list(islice(speaker.sequence(process.steps), MOST + 1))
    lines = []
    for parts, has_ended in found[:MOST]:
        closing = [] if has_ended else [pgettext("process", "Approved")]
        lines.append(" → ".join([*parts, *closing]))
    if len(found) > MOST:
        lines.append(_("There are more ways than these %(count)d.") % {"count": MOST})
    return lines


def steps_in_words(plan: Plan, keys) -> str:
    """The titles of some steps, one after another."""
    return _(", ").join(pick(plan.step(key).title) or key for key in keys)


class _Speaker:
    def __init__(self, labels: dict, options: dict):
        self.labels, self.options = labels, options

    def sequence(self, steps):
        """Every (parts, whether it has ended) of a sequence of steps."""
        if not steps:
            yield [], False
            return
        for first, has_ended in self.step(steps[0]):
            if has_ended:
                yield first, True
                continue
            for rest, is_over in self.sequence(steps[1:]):
                yield first + rest, is_over

    def step(self, step):
        if step.kind == "condition":
            for number, branch in enumerate(step.branches):
                words = self.branch_words(step, number)
                for parts, has_ended in self.sequence(branch.steps):
                    yield [f"[{words}]", *parts], has_ended
        elif step.kind == "parallel":
            lanes = [list(islice(self.sequence(branch.steps), LONGEST)) for branch in step.branches]
            joint = pgettext("process branches", " and at the same time ")
            for chosen in product(*lanes):
                texts = [" → ".join(parts) for parts, _ended in chosen if parts]
                has_ended = any(ended for _parts, ended in chosen)
                yield [f"({joint.join(texts)})"] if texts else [], has_ended
        elif step.kind == "end":
            approved = pgettext("process", "Approved")
            yield [approved if step.outcome == "approved" else pgettext("process", "Refused")], True
        else:
            yield [pick(step.title)], False

    def branch_words(self, step, number: int) -> str:
        branch = step.branches[number]
        if pick(branch.title):
            return pick(branch.title)
        if branch.when is None:
            return pgettext("branch", "otherwise")
        language = get_language() or "zh"
        return rules.sentence(branch.when, self.labels, language, options=self.options)
