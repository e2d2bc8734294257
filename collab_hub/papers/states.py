"""The way of a paper out of the house, and of one that came in. Pure: two tables and their rules.

Out: draft, check, countersigning by several organs at once, sign-off with the number, seal,
sending, filing. In: sign in, register, propose, instruct, handle, answer, file. Legal source:
Regulations on the handling of official documents (2012) arts. 19 to 27.
"""

from __future__ import annotations


class NotPossible(ValueError):
    """The act does not fit the state."""


OUTGOING = {
    ("draft", "submit"): "review",
    ("draft", "discard"): "discarded",
    ("review", "pass"): "countersign",
    ("review", "pass_straight"): "sign",
    ("review", "return"): "draft",
    ("review", "withdraw"): "draft",
    ("countersign", "agree"): "countersign",
    ("countersign", "agree_last"): "sign",
    ("countersign", "return"): "draft",
    ("countersign", "withdraw"): "draft",
    ("sign", "sign"): "numbered",
    ("sign", "return"): "draft",
    ("sign", "withdraw"): "draft",
    ("numbered", "seal"): "sealed",
    ("sealed", "send"): "sent",
    ("sent", "send"): "sent",
    ("sent", "file"): "filed",
}
INCOMING = {
    ("waiting", "sign_in"): "signed",
    ("waiting", "send_back"): "sent_back",
    ("signed", "register"): "registered",
    ("registered", "propose"): "proposed",
    ("registered", "file"): "filed",
    ("proposed", "instruct"): "handling",
    ("handling", "answer"): "answered",
    ("answered", "file"): "filed",
}
EDITABLE = frozenset({"draft", "review"})
# Where a paper that came in may be passed round, and where somebody may be urged.
CIRCULATES = frozenset({"registered", "proposed", "handling", "answered"})
OPEN_IN = frozenset({"waiting", "signed", "registered", "proposed", "handling"})
TABLES = {"out": OUTGOING, "in": INCOMING}


def move(course: str, state: str, act: str) -> str:
    """The state after `act` on the way "out" or "in"; raises NotPossible."""
    try:
        return TABLES[course][state, act]
    except KeyError:
        raise NotPossible(f"{course}: {act} in {state}") from None


def acts(course: str, state: str) -> set[str]:
    """What is possible in a state."""
    return {act for (at, act) in TABLES[course] if at == state}


def after_check(countersigners) -> str:
    """The act of the checker who agrees: countersigning comes first where it was asked for."""
    return "pass" if countersigners else "pass_straight"


def after_countersigning(still_open: int) -> str:
    """The act of a countersigner who agrees while `still_open` others have said nothing yet."""
    return "agree" if still_open else "agree_last"
