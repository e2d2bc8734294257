"""How a bad review is put right (差评整改): the acts, their states, and whose they are.

    to sign → signed → verified → fixing → answered → closed
                          ↓  ↑ kept                ↺ not solved: once more, at the organ above
                       appealed → excluded

Pure: no database and no clock. A bad review is call back, check, put right or explain, answer, and
the person says whether it is solved (GB/T 39734 ch. 9). Every way ends: nothing is done twice
except by the organ above, and that once.
"""

from dataclasses import dataclass, replace

TO_SIGN, SIGNED, VERIFIED, FIXING = "to_sign", "signed", "verified", "fixing"
APPEALED, ANSWERED, CLOSED, EXCLUDED = "appealed", "answered", "closed", "excluded"
STATES = (TO_SIGN, SIGNED, VERIFIED, FIXING, APPEALED, ANSWERED, CLOSED, EXCLUDED)
FINAL = (CLOSED, EXCLUDED)
LAST_ROUND = 2

# Whose an act is. Nobody who was rated has any of the first four.
OFFICE, HEAD, RATED_ORGAN, REVIEWER = "office", "head", "rated_organ", "reviewer"
RATER, CLOCK = "rater", "clock"


@dataclass(frozen=True)
class Act:
    """From which states to which, and whose it is."""

    sources: tuple[str, ...]
    target: str
    whose: str


ACTS = {
    "sign": Act((TO_SIGN,), SIGNED, OFFICE),
    "call_back": Act((SIGNED,), VERIFIED, OFFICE),
    "fix_now": Act((VERIFIED,), FIXING, OFFICE),
    "explain": Act((VERIFIED,), FIXING, OFFICE),
    "fix_by": Act((VERIFIED, FIXING), FIXING, HEAD),
    "appeal": Act((VERIFIED,), APPEALED, RATED_ORGAN),
    "exclude": Act((APPEALED,), EXCLUDED, REVIEWER),
    "keep": Act((APPEALED,), VERIFIED, REVIEWER),
    "answer": Act((FIXING,), ANSWERED, OFFICE),
    "solved": Act((ANSWERED,), CLOSED, RATER),
    "not_solved": Act((ANSWERED,), TO_SIGN, RATER),
    "lapse": Act((ANSWERED,), CLOSED, CLOCK),
}


@dataclass(frozen=True)
class Standing:
    """Where an order stands: its state, in which round, and what can be done only once."""

    state: str = TO_SIGN
    round: int = 1
    is_extended: bool = False
    has_appealed: bool = False


@dataclass(frozen=True)
class Hand:
    """Who wants to act: what they are to this order."""

    is_rated: bool = False
    is_of_office: bool = False
    is_head: bool = False
    is_of_organ_above: bool = False
    has_asked_review: bool = False
    is_rater: bool = False
    is_clock: bool = False


def may(hand: Hand, act: str) -> bool:
    """Whether the act is this hand's, whatever the state."""
    whose = ACTS[act].whose
    if whose in (RATER, CLOCK):
        return hand.is_rater if whose == RATER else hand.is_clock
    if hand.is_rated or not (hand.is_of_office or hand.is_of_organ_above):
        return False
    if whose == REVIEWER:
        # A second person: never who asked, and somebody who answers for the organ or stands above.
        return not hand.has_asked_review and (hand.is_head or hand.is_of_organ_above)
    if whose == HEAD:
        return hand.is_head or hand.is_of_organ_above
    return hand.is_of_office if whose == RATED_ORGAN else True


def is_possible(standing: Standing, act: str) -> bool:
    """Whether the act can be done in this standing, whoever does it."""
    if standing.state not in ACTS[act].sources:
        return False
    if act == "fix_by":
        return not standing.is_extended
    if act == "appeal":
        return standing.round == 1 and not standing.has_appealed
    return True


def after(standing: Standing, act: str) -> Standing:
    """The standing after the act. ValueError when it is not possible."""
    if not is_possible(standing, act):
        raise ValueError(f"{act} in {standing}")
    if act == "not_solved":
        if standing.round >= LAST_ROUND:
            return replace(standing, state=CLOSED)
        return replace(standing, state=TO_SIGN, round=standing.round + 1, is_extended=False)
    return replace(
        standing,
        state=ACTS[act].target,
        is_extended=standing.is_extended or act == "fix_by",
        has_appealed=standing.has_appealed or act == "appeal",
    )


def acts_of(standing: Standing, hand: Hand) -> list[str]:
    """What this hand can do now."""
    return [act for act in ACTS if is_possible(standing, act) and may(hand, act)]
