"""What the terms of a field must agree on, and when its values stop being comparable. Pure."""

from __future__ import annotations

from django.utils.translation import gettext as _

AMOUNTS = ("number", "money")
# What these say decides what a value means; the rest is how it is asked.
SENSE = ("kind", "unit", "meaning", "choices")
TERMS = ("title", "meaning", "kind", "unit", "choices", "validity_days", "is_of_period",
         "aggregation", "source", "unit_en")  # fmt: skip


def wrong_terms(terms: dict) -> dict[str, str]:
    """{name of a term: why it cannot stand}; empty when all agree."""
    found = {}
    is_amount = terms["kind"] in AMOUNTS
    if not is_amount and terms["aggregation"] in ("sum", "avg", "max", "latest"):
        found["aggregation"] = _("Only numbers and money can be summed up.")
    if terms["kind"] == "choice" and len(terms["choices"]) < 2:
        found["choices"] = _("Give at least two choices.")
    if terms["kind"] != "choice" and terms["choices"]:
        found["choices"] = _("Only a choice has choices.")
    source = terms["source"]
    if source["kind"] == "records":
        if not is_amount:
            found["source"] = _("Records give numbers only.")
        elif source["what"] == "sum" and not source.get("question"):
            found["source"] = _("Say which answer is summed up.")
    return found


def changes_sense(old: dict, new: dict) -> bool:
    """Whether values under `old` terms are other facts than those under `new` ones."""
    return any(old[name] != new[name] for name in SENSE)
