"""The seats of one open step: who may act now, who later, who signs for whom, what was said. Pure.

A ballot is a small JSON object and knows numbers, not people:
    seats  {number: {"is": …}}, one for each who has still to act: "now", "later" (not yet asked),
           "hold" (waits for a signer of its own), "gave" (has agreed, a signer is still asked);
           a signer's seat names whom it is "for" and "when": before or after that seat's own word
    said   {yes, no, abstain}, what the seats that are done have said
    last   the highest number given out; a number is never used twice
    turns  true where one seat is asked after another
Every function changes the ballot it is given, which belongs to the caller, and returns notes
(kind, number) for the rows: turn (may act now), wait (may not act now), sign (a new signer), drop
(is not asked any more).
"""

from __future__ import annotations

MAX_SIGNERS = 20
MAX_SIGNER_DEPTH = 3

Notes = list[tuple[str, str]]


class SeatRefused(Exception):
    """The move does not fit the seat."""


def ballot_of(count: int, turns: bool) -> dict:
    """A ballot with `count` seats (at least one), all asked at once or one after another."""
    count = max(1, count)
    seats = {
        str(number): {"is": "later" if turns and number > 1 else "now"}
        for number in range(1, count + 1)
    }
    return {"seats": seats, "last": count} | ({"turns": True} if turns else {})


def acting(ballot: dict, number: str) -> dict:
    """The seat `number`, which may act now; refuses every other."""
    seat = ballot["seats"].get(number)
    if seat is None or seat["is"] != "now":
        raise SeatRefused("not this seat's turn")
    return seat


def acting_for_itself(ballot: dict, number: str) -> dict:
    """As `acting`, for a seat of the step itself and not a signer's."""
    seat = acting(ballot, number)
    if "for" in seat:
        raise SeatRefused("a signer only agrees or declines")
    return seat


def free_seats(ballot: dict) -> list[str]:
    """The numbers of the seats that may act now, in order."""
    return sorted((n for n, seat in ballot["seats"].items() if seat["is"] == "now"), key=int)


def own_seats(ballot: dict) -> list[str]:
    """The numbers of the step's own seats that are not done, in order."""
    return sorted((n for n, seat in ballot["seats"].items() if "for" not in seat), key=int)


def say(ballot: dict, number: str, word: str, share: int | None) -> tuple[str, Notes]:
    """The seat says yes, no or abstain. The verdict ("", passed or lost), and what follows.

    `share` is the percentage of all the step's own seats that have to say yes; without one every
    seat has to, and nobody can say anything else.
    """
    seat = acting(ballot, number)
    if word != "yes" and (share is None or "for" in seat):
        raise SeatRefused("only in a vote one may vote against or abstain")
    notes: Notes = []
    if word == "yes":
        waiting = _signers(ballot, number)
        if waiting:
            seat["is"] = "gave"
            for signer in waiting:
                _turn(ballot, signer, notes)
            return "", notes
    _drop_signers(ballot, number, notes)
    return _done(ballot, number, word, share, notes), notes


def add(ballot: dict, number: str, when: str) -> Notes:
    """One more signer for the seat, to sign before it acts or after it has agreed."""
    seat = acting(ballot, number)
    if when not in {"before", "after"}:
        raise SeatRefused("before or after")
    signers = [one for one in ballot["seats"].values() if "for" in one]
    if len(signers) >= MAX_SIGNERS or _depth(ballot, number) >= MAX_SIGNER_DEPTH:
        raise SeatRefused("too many signers")
    ballot["last"] += 1
    new = str(ballot["last"])
    is_now = when == "before"
    ballot["seats"][new] = {"is": "now" if is_now else "later", "for": number, "when": when}
    if not is_now:
        return [("sign", new)]
    seat["is"] = "hold"
    return [("wait", number), ("sign", new)]


def decline(ballot: dict, number: str) -> Notes:
    """A signer gives a negative opinion: it comes back to the seat that asked, which acts again."""
    seat = acting(ballot, number)
    if "for" not in seat:
        raise SeatRefused("only a signer declines")
    notes: Notes = []
    asker = seat["for"]
    _drop_signers(ballot, number, notes)
    del ballot["seats"][number]
    if seat["when"] == "before":
        _after_a_signer(ballot, asker, notes)
        return notes
    for other in _signers(ballot, asker):
        # Whoever was asked to sign what is now open again is asked once it has been agreed to.
        if ballot["seats"][other]["is"] != "later":
            _drop_signers(ballot, other, notes)
            ballot["seats"][other]["is"] = "later"
            notes.append(("wait", other))
    _turn(ballot, asker, notes)
    return notes


def _done(ballot: dict, number: str, word: str, share: int | None, notes: Notes) -> str:
    seat = ballot["seats"].pop(number)
    if "for" in seat:
        asker = seat["for"]
        if seat["when"] == "before":
            _after_a_signer(ballot, asker, notes)
            return ""
        return "" if _signers(ballot, asker) else _done(ballot, asker, "yes", share, notes)
    said = ballot.setdefault("said", {"yes": 0, "no": 0, "abstain": 0})
    said[word] += 1
    left = own_seats(ballot)
    if share is not None:
        return _verdict(said, len(left), share)
    if not left:
        return "passed"
    if ballot.get("turns") and not free_seats(ballot):
        _turn(ballot, left[0], notes)
    return ""


def _verdict(said: dict, left: int, share: int) -> str:
    """In whole numbers: of all seats, `share` percent have said yes, or can no longer."""
    wanted = share * (sum(said.values()) + left)
    if said["yes"] * 100 >= wanted:
        return "passed"
    return "lost" if (said["yes"] + left) * 100 < wanted else ""


def _after_a_signer(ballot: dict, asker: str, notes: Notes) -> None:
    """The seat that asked acts again when all who sign before it have answered."""
    signers = _signers(ballot, asker)
    if not any(ballot["seats"][one]["when"] == "before" for one in signers):
        _turn(ballot, asker, notes)


def _signers(ballot: dict, number: str) -> list[str]:
    found = (one for one, seat in ballot["seats"].items() if seat.get("for") == number)
    return sorted(found, key=int)


def _drop_signers(ballot: dict, number: str, notes: Notes) -> None:
    for signer in _signers(ballot, number):
        _drop_signers(ballot, signer, notes)
        del ballot["seats"][signer]
        notes.append(("drop", signer))


def _depth(ballot: dict, number: str) -> int:
    depth = 0
    while "for" in ballot["seats"][number]:
        number, depth = ballot["seats"][number]["for"], depth + 1
    return depth


def _turn(ballot: dict, number: str, notes: Notes) -> None:
    ballot["seats"][number]["is"] = "now"
    notes.append(("turn", number))
