"""What is wrong with a process that was played through, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from .plan import Plan
from .simulation import Report
from .ways import steps_in_words


def flaws(plan: Plan, report: Report) -> list[tuple[str, str]]:
    """What a play found wrong, as (step, message); the step is "" for the process as a whole."""
    found = []
    if report.stuck:
        found.append(("", _("The process can get stuck: nothing would wait for anybody.")))
    for keys in report.hopeless[:3]:
        words = _("From “%(steps)s” on the process can never be closed.")
        found.append((keys[0] if keys else "", words % {"steps": steps_in_words(plan, keys)}))
    if report.is_complete:
        found += [(key, _("This step can never be reached.")) for key in report.unreached]
        if "approved" not in report.ends:
            found.append(("", _("The process can only end with a refusal.")))
    return found
