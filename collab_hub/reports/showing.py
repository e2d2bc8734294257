"""Where a value comes from, in words."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.i18n import pick


def source_words(value) -> str:
    """Where a value comes from, with its day, in the reader's language."""
    day = f"{timezone.localtime(value.at):%Y-%m-%d}"
    if value.turn > 1:
        return _("Corrected by %(who)s, %(day)s") % {"who": value.filled_by, "day": day}
    if value.origin == "records":
        title = pick(value.source.get("title"))
        return _("Counted from the records of “%(title)s”, %(day)s") % {"title": title, "day": day}
    if value.origin == "dataset":
        title = pick(value.source.get("title"))
        return _("From the data set “%(title)s”, %(day)s") % {"title": title, "day": day}
    report = value.filling.campaign.number if value.filling else ""
    facts = {"report": report, "day": day, "who": value.filled_by or ""}
    return _("Filled in by %(who)s in report %(report)s, %(day)s") % facts
