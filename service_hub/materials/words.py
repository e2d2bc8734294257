"""How a material was had, in the reader's language and in both."""

from datetime import date

from django.utils.translation import gettext as _

from platform_core.common.i18n import pick
from platform_core.common.templatetags.ui import day
from service_hub.cases.words import in_both


def how(way: str, facts: dict) -> str:
    """One sentence on how a material was satisfied, and one on a better way that was closed."""
    said = _plainly(way, facts)
    if "certificate" not in facts.get("closed", ()):
        return said
    reason = _(
        "Your role for this firm does not open its wallet, so its certificates do not count. "
        "Give it in another way, or let somebody apply whose role does."
    )
    return f"{said} {reason}"


def _plainly(way: str, facts: dict) -> str:
    on = day(date.fromisoformat(facts["on"])) if facts.get("on") else ""
    title = pick(facts.get("title"))
    if way == "certificate":
        said = _("We hold it: %(title)s, number %(number)s, of %(day)s.")
        return said % {"title": title, "number": facts.get("number", ""), "day": on}
    if way == "shared":
        value = pick(facts.get("value"))
        said = _("Shared by %(title)s, as of %(day)s.") % {"title": title, "day": on}
        until = day(date.fromisoformat(facts["until"])) if facts.get("until") else ""
        counts = _("It counts until %(day)s.") % {"day": until} if until else ""
        return " ".join(one for one in (said, value, counts) if one)
    if way == "upload" and facts.get("same"):
        return _("You added it. The same file was given before.")
    return {
        "organ": _("We ask the responsible office for you."),
        "pledge": _("Your pledge is enough."),
        "upload": _("You added it."),
        "": _("We do not have it. Where it is needed, the office asks you for it."),
    }[way]


def spared_note(assessed) -> dict:
    """{"title", "note"} for a question that need not be answered, in both languages."""
    title = in_both(lambda: _("You need not bring: %(name)s") % {"name": assessed.material.name})
    return {"title": title, "note": in_both(lambda: how(assessed.way, assessed.facts))}
