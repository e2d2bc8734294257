"""Whether and how personal data may be corrected, said by each model beside its data classes
(Personal Information Protection Law art. 46).

`change` leads to a request that two people decide on; every other way is a reason, in words that
the person reads, why the entry stays as it is and what helps instead.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

CHANGE = "change"
WAYS = {
    CHANGE: "",
    "yourself": _("You can change this yourself at once, on its own page. Nobody has to agree."),
    "reissue": _(
        "A document that was issued is not changed. Have the answer that it rests on corrected:"
        " the document is then issued anew, and this one no longer counts."
    ),
    "number": _(
        "A number or sign-in name that was given out once. It never changes, so that every register"
        " finds the same."
    ),
    "verified": _(
        "It was checked against the population register, which is kept by the police. When it is"
        " wrong there, go to a counter with your identity card, or call 12345."
    ),
    "decision": _(
        "An office decided or wrote this. Against a decision the law gives reconsideration within"
        " 60 days (Administrative Reconsideration Law art. 20), not a correction."
    ),
    "rating": _(
        "A rating stays as it was given, so that the published figures can be counted again."
        " You can add to it."
    ),
    "sent": _("Kept as it was sent, as evidence. What you send again does not replace it."),
    "history": _("A record of what happened. It can be added to, never rewritten."),
    "computed": _("Worked out from other entries. Have those corrected, and it follows."),
    "secret": _("A secret that only you know. Make a new one instead."),
}
_ways: dict[type, dict[str, str]] = {}


def declare_correction(model: type, way: str, **fields: str) -> None:
    """Declare how `model`'s data are corrected: `way` for all, and those `fields` that differ.

    Raises ValueError for an unknown way or field.
    """
    unknown = ({way} | set(fields.values())) - set(WAYS)
    names = {field.name for field in model._meta.local_fields}
    if unknown or set(fields) - names:
        raise ValueError(f"{model.__name__}: {sorted(unknown | (set(fields) - names))}")
    _ways[model] = {"": way, **fields}


def way_of(model: type, field: str = "") -> str:
    """The way in which a field is corrected; "" when the model never declared one."""
    found = _ways.get(model, {})
    return found.get(field, found.get("", ""))
