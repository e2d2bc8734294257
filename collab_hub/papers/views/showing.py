"""How a paper's elements, way and history are shown."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from .. import selectors
from ..forms import DIRECTIONS
from ..models import Paper, Receipt
from ..words import ACTS

WAY = (
    ("draft", pgettext_lazy("paper way", "Draft")),
    ("review", pgettext_lazy("paper way", "Check")),
    ("countersign", pgettext_lazy("paper way", "Countersign")),
    ("sign", pgettext_lazy("paper way", "Sign")),
    ("numbered", pgettext_lazy("paper way", "Seal")),
    ("sealed", pgettext_lazy("paper way", "Send")),
    ("sent", pgettext_lazy("paper way", "File")),
)
WAY_IN = (
    ("waiting", pgettext_lazy("paper way", "Sign in")),
    ("registered", pgettext_lazy("paper way", "Propose")),
    ("proposed", pgettext_lazy("paper way", "Instruct")),
    ("handling", pgettext_lazy("paper way", "Handle")),
    ("answered", pgettext_lazy("paper way", "File")),
)
BAD = {"returned", "sent_back", "publish_refused", "urged"}


def elements_of(paper: Paper, content: dict) -> list[tuple]:
    """The elements that are there, as (name, value)."""
    names = selectors.organ_names(
        [*content["main_to"], *content["copy_to"], *content["countersign"]]
    )

    def organs(name: str) -> str:
        return ", ".join(names[pk] for pk in content[name] if pk in names)

    rows = [
        (pgettext("paper", "Kind"), paper.kind_name),
        (pgettext("paper", "Issued by"), paper.issuer),
        (_("Which way it goes"), DIRECTIONS.get(content["direction"], "")),
        (_("Addressed to"), organs("main_to")),
        (_("Copies to"), organs("copy_to")),
        (_("Countersigned by"), organs("countersign")),
        (_("Matter"), content["matters"]),
        (_("Number of the request it answers"), content["reply_to"]),
        (_("Whom to ask"), " ".join((content["contact"], content["contact_phone"])).strip()),
        (_("Remark"), content["remark"]),
        (_("Kept secret for"), content["secret_for"]),
        (_("Drafted by"), str(paper.drafter) if not paper.sender else ""),
        (_("Signed by"), str(paper.signed_by or "")),
    ]
    return [(name, value) for name, value in rows if value]


def step_bar(paper: Paper) -> list[dict]:
    """How far the paper is on its way out; nothing for one from outside or given up."""
    return _bar(WAY, paper.state, is_over=paper.state == Paper.State.FILED)


def receipt_bar(receipt: Receipt) -> list[dict]:
    return _bar(WAY_IN, receipt.state, is_over=receipt.state == Receipt.State.FILED)


def _bar(way, state: str, *, is_over: bool) -> list[dict]:
    keys = [key for key, _label in way]
    if state not in keys and not is_over:
        return []
    at = len(keys) if is_over else keys.index(state)
    return [
        {"label": label, "state": "done" if n < at else "now" if n == at else "todo"}
        for n, (_key, label) in enumerate(way)
    ]


def timeline(traces) -> list[dict]:
    """What happened, for `ui/timeline.html`."""
    return [
        {
            "title": ACTS.get(one.act, one.act),
            "at": one.at,
            "who": " · ".join(str(who) for who in (one.actor, one.organ) if who),
            "note": _note(one),
            "state": "warn" if one.act in BAD else "done",
        }
        for one in traces
    ]


def _note(trace) -> str:
    if trace.act == "revised":
        return _("Revision %(n)s") % {"n": trace.note}
    if trace.act == "sent":
        return pgettext("paper", "To %(n)s organs") % {"n": trace.note}
    return trace.note


SORTS = {
    "citizen_number": gettext_lazy("Identity number"),
    "mobile": gettext_lazy("Mobile number"),
    "phone": gettext_lazy("Phone number"),
    "address": gettext_lazy("Address"),
    "account": gettext_lazy("Account number"),
    "email": gettext_lazy("E-mail address"),
}
