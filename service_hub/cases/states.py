"""What a case may become (办件状态): the one table of states and moves. Pure, without database.

    submitted → received → accepted → reviewing → granted: [delivering →] approved
        ↓ ↺ passed on        ↕ suspended                ↘ refused
    returned, not accepted    (a correction is asked before or after acceptance, and comes back)

Sending is not taking in, and taking in is not accepting: `submitted` has a number and a receipt,
`received` (收件) was looked through and lies with the right organ, `accepted` (受理) starts the
clock of the decision. The term to accept runs from the day of receipt whatever an official clicks
(Licensing Law art. 32), so the first two share it. A decision that is handed over on paper is
`delivering` until somebody has it; only then the case is closed (办结).

Guards are facts of the case (`Standing`), never of the person: who may is asked in the policies.
"""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from platform_core.common.errors import Conflict


class State(TextChoices):
    SUBMITTED = "submitted", gettext_lazy("Sent")
    RECEIVED = "received", gettext_lazy("Taken in")
    ACCEPTED = "accepted", gettext_lazy("Accepted")
    REVIEWING = "reviewing", gettext_lazy("Being checked")
    CORRECTING = "correcting", gettext_lazy("Needs you")
    SUSPENDED = "suspended", pgettext_lazy("case", "Suspended")
    DELIVERING = "delivering", gettext_lazy("Granted, being delivered")
    APPROVED = "approved", gettext_lazy("Done")
    REFUSED = "refused", gettext_lazy("Refused")
    NOT_ACCEPTED = "not_accepted", gettext_lazy("Not accepted")
    RETURNED = "returned", gettext_lazy("Sent back")
    WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn")
    MERGED = "merged", gettext_lazy("Joined with another")
    VOID = "void", pgettext_lazy("case", "Void")


# Which clock runs: the term to accept, the term to decide, the term to hand over, or none.
ACCEPTANCE, DECISION, DELIVERY, NONE = "acceptance", "decision", "delivery", ""
S = State


@dataclass(frozen=True)
class Seen:
    """What a state is for the applicant: a sentence, the colour and icon of its tag, and how far
    the case is, of four steps.
    """

    headline: object
    kind: str
    icon: str
    step: int = 4


SEEN = {
    S.SUBMITTED: Seen(
        gettext_lazy("We have received it and are looking it through"), "info", "send", 1
    ),
    S.RECEIVED: Seen(
        gettext_lazy("It is complete and with the right office"), "info", "circle-check", 1
    ),
    S.ACCEPTED: Seen(gettext_lazy("We are checking it. All is well."), "info", "clock", 2),
    S.REVIEWING: Seen(gettext_lazy("We are checking it. All is well."), "info", "clock", 3),
    S.CORRECTING: Seen(gettext_lazy("We need something from you"), "warn", "circle-alert", 1),
    S.SUSPENDED: Seen(gettext_lazy("The clock stands while a procedure runs"), "warn", "pause", 3),
    S.DELIVERING: Seen(gettext_lazy("Granted: your paper is on its way"), "ok", "send", 4),
    S.APPROVED: Seen(gettext_lazy("Done: your application was approved"), "ok", "circle-check"),
    S.REFUSED: Seen(gettext_lazy("Your application was refused"), "bad", "circle-x"),
    S.NOT_ACCEPTED: Seen(gettext_lazy("Your application was not accepted"), "bad", "circle-x"),
    S.RETURNED: Seen(gettext_lazy("Your application was sent back"), "bad", "undo-2"),
    S.WITHDRAWN: Seen(gettext_lazy("You withdrew this application"), "", "undo-2"),
    S.MERGED: Seen(gettext_lazy("This application goes on under another number"), "", "copy"),
    S.VOID: Seen(gettext_lazy("This case was declared void"), "", "circle-x"),
}

WAITING = (S.SUBMITTED, S.RECEIVED)  # to be accepted
IN_WORK = (S.ACCEPTED, S.REVIEWING)
RUNNING = (*WAITING, *IN_WORK, S.CORRECTING, S.SUSPENDED)  # not decided
ENDED = (
    S.APPROVED, S.REFUSED, S.NOT_ACCEPTED, S.RETURNED, S.WITHDRAWN, S.MERGED, S.VOID,
)  # fmt: skip
# Ended without anything said about the matter itself.
TAKEN_BACK = (S.WITHDRAWN, S.MERGED)
GRANTED = (S.DELIVERING, S.APPROVED)
DECIDED = (*GRANTED, S.REFUSED)


@dataclass(frozen=True)
class Standing:
    """What a move is judged by: the state, whether the case was accepted, and whether its result
    is handed over on paper.
    """

    state: str = S.SUBMITTED
    is_accepted: bool = False
    has_paper: bool = False


def _to(target: str, *sources: str) -> dict[str, str]:
    return dict.fromkeys(sources, target)


def _stay(*sources: str) -> dict[str, str]:
    return {one: one for one in sources}


# Where a case goes on after something held it up, and what granting makes of it.
EARLIER, RESULT = "earlier", "result"
ANYWHERE = (*WAITING, *IN_WORK, S.CORRECTING)
MOVES: dict[str, dict[str, str]] = {
    "receive": _to(S.RECEIVED, S.SUBMITTED),
    "pass_on": _to(S.SUBMITTED, *WAITING),
    # One desk of several may go on while another waits for the applicant.
    "accept": _to(S.ACCEPTED, *WAITING) | _stay(S.CORRECTING),
    "review": _to(S.REVIEWING, *WAITING, *IN_WORK) | _stay(S.CORRECTING, S.SUSPENDED),
    "ask_correction": _to(S.CORRECTING, *WAITING, *IN_WORK),
    "answer_correction": _to(EARLIER, S.CORRECTING),
    "suspend": _to(S.SUSPENDED, *IN_WORK),
    "resume": _to(EARLIER, S.SUSPENDED),
    "extend": _stay(*IN_WORK),
    "join": _stay(*IN_WORK),
    "urge": _stay(*RUNNING),
    "return": _to(S.RETURNED, *WAITING, S.CORRECTING),
    "decline": _to(S.NOT_ACCEPTED, *WAITING, S.CORRECTING),
    "grant": _to(RESULT, *ANYWHERE),
    "refuse": _to(S.REFUSED, *ANYWHERE),
    "deliver": _to(S.APPROVED, S.DELIVERING),
    "withdraw": _to(S.WITHDRAWN, *RUNNING),
    "merge": _to(S.MERGED, *RUNNING),
    "part": _to(EARLIER, S.MERGED),
    "void": _to(S.VOID, *RUNNING, *GRANTED),
}
# Nothing of these once the organ has bound itself by accepting.
BEFORE_ACCEPTANCE = {"receive", "pass_on", "return", "decline"}
# Nothing of these before.
AFTER_ACCEPTANCE = {"suspend", "extend", "join"}
# What the law lets undo an end: a grant that should not be, and a merge on its day.
UNDOING = {"void", "part"}


def allows(standing: Standing, event: str) -> bool:
    """Whether the table has the move."""
    if standing.state not in MOVES[event]:
        return False
    if event in BEFORE_ACCEPTANCE:
        return not standing.is_accepted
    return standing.is_accepted or event not in AFTER_ACCEPTANCE


def after(standing: Standing, event: str) -> str:
    """The state after the move. Conflict when the table does not have it."""
    if not allows(standing, event):
        raise refusal(standing.state)
    target = MOVES[event][standing.state]
    if target == RESULT:
        return S.DELIVERING if standing.has_paper else S.APPROVED
    if target != EARLIER:
        return target
    if event == "part":
        return S.ACCEPTED if standing.is_accepted else S.SUBMITTED
    return S.REVIEWING if standing.is_accepted else S.SUBMITTED


def refusal(state: str) -> Conflict:
    """What is said to whoever wants a move that the table does not have."""
    if state in ENDED:
        return Conflict(_("This case is already closed."))
    said = _("This cannot be done now: the case stands at “%(state)s”.")
    return Conflict(said % {"state": State(state).label})


def clock_of(standing: Standing) -> str:
    """Which clock runs. While a procedure or, before acceptance, the applicant holds it up: none.

    A correction after acceptance stops nothing: the term to decide goes on.
    """
    if standing.state in WAITING:
        return ACCEPTANCE
    if standing.state in IN_WORK:
        return DECISION
    if standing.state == S.CORRECTING:
        return DECISION if standing.is_accepted else NONE
    return DELIVERY if standing.state == S.DELIVERING else NONE
