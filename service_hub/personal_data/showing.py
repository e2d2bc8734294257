"""Data requests as the person and the office see them."""

from platform_core.common.i18n import pick

from . import correcting, keeping
from .models import DataRequest
from .selectors import light


def lines(requests) -> list[dict]:
    """{one, due, change, document, kept} of each request: `change` is {what, before, wished, where}
    of a correction that names its datum, `kept` what the law kept after a deletion.
    """
    return [
        {
            "one": one,
            "due": light(one),
            "change": _change(one) if one.table else None,
            "document": one.outcome.get("document", ""),
            "kept": keeping.in_words(one.outcome.get("kept", [])),
        }
        for one in requests
    ]


def _change(one: DataRequest) -> dict:
    before, wished = correcting.opened(one)
    return {
        "what": pick(one.what),
        "before": pick(before),
        "wished": pick(wished),
        "where": f"{one.table} · {one.field} · {one.row[:8]}",
    }
