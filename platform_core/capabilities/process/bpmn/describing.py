"""What the boxes of a diagram say besides their title: who, in how many days, by which rule."""

from __future__ import annotations

import json

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from platform_core.common.i18n import pick


def described(step) -> list[str]:
    """Lines of documentation for a step, in the reader's language."""
    lines = []
    assign = getattr(step, "assign", None)
    if assign is not None:
        lines.append(_("Role: %(role)s") % {"role": assign.role})
    mode = getattr(step, "mode", "any")
    if mode != "any":
        lines.append(mode_words(step))
    deadline = getattr(step, "deadline", None)
    if deadline is not None:
        days = deadline.working_days
        text = ngettext("Within %(count)d working day", "Within %(count)d working days", days)
        lines.append(text % {"count": days})
    for number, branch in enumerate(getattr(step, "branches", ())):
        rule = getattr(branch, "when", None)
        if rule is not None:
            text = json.dumps(rule, ensure_ascii=False)
            lines.append(f"{number} {pick(branch.title)}: {text}".strip())
    return lines


def mode_words(step) -> str:
    """How several people do a step together."""
    words = {
        "all": _("Everybody has to agree"),
        "in_order": _("One after another"),
        "vote": _("At least %(share)s percent have to agree"),
    }
    return words[step.mode] % {"share": getattr(step, "share", None)}
