"""What is known of a firm, as rules read it: what the business register says."""

from django.utils.translation import gettext as _

from platform_core.capabilities.rules import Known
from security.accounts.models import Firm, FirmRegistration
from security.accounts.selectors import registration_of_firm

KINDS = {"limited": lambda: _("limited company"), "sole": lambda: _("sole trader")}
INDUSTRIES = {
    "manufacturing": lambda: _("manufacturing"),
    "software": lambda: _("software and information"),
    "trade": lambda: _("trade"),
    "catering": lambda: _("catering"),
    "transport": lambda: _("transport"),
    "research": lambda: _("research and development"),
}
FIELDS = {
    "kind": Known("text", tuple(KINDS)),
    "industry": Known("text", tuple(INDUSTRIES)),
    "staff": Known("number"),
    "capital": Known("number"),
    "city": Known("text"),
    "county": Known("text"),
    "registered_on": Known("date"),
    "state": Known("text", ("active", "dissolved")),
}


def labels() -> dict[str, str]:
    """What each fact is called, in the reader's language."""
    return {
        "kind": _("Kind of firm"),
        "industry": _("Industry"),
        "staff": _("Employees"),
        "capital": _("Registered capital (yuan)"),
        "city": _("City code"),
        "county": _("County code"),
        "registered_on": _("Registered on"),
        "state": _("State in the register"),
    }


def options() -> dict[str, dict[str, str]]:
    """The words of facts that are chosen from a list."""
    return {
        "kind": {key: words() for key, words in KINDS.items()},
        "industry": {key: words() for key, words in INDUSTRIES.items()},
        "state": {"active": _("registered"), "dissolved": _("dissolved")},
    }


def facts_of(entry: FirmRegistration | None) -> dict:
    """The facts of an entry of the register; what it does not say is left out."""
    if entry is None:
        return {}
    found = {
        "kind": entry.kind,
        "industry": entry.industry,
        "staff": entry.staff,
        "capital": entry.capital,
        **_place(entry.region),
        "registered_on": entry.registered_on.isoformat(),
        "state": entry.state,
    }
    return {key: value for key, value in found.items() if value not in (None, "")}


def facts_of_firm(firm: Firm) -> dict:
    """The facts of a firm; of one that the register does not know, the place and that it is."""
    entry = registration_of_firm(firm)
    if entry is not None:
        return facts_of(entry)
    state = "dissolved" if firm.dissolved_on else "active"
    return {"state": state, **(_place(firm.region) if firm.region_id else {})}


def _place(region) -> dict:
    return {"city": region.code[:4].ljust(6, "0"), "county": region.code[:6]}
