"""Who may see a file that belongs to something, and whether one that belongs to nothing yet is
still needed: the module that owns the thing decides.
"""

from collections.abc import Callable

_deciders: dict[str, Callable] = {}
_readings: dict[str, Callable] = {}
_needs: list[Callable] = []


def register_subject(subject_type: str, may_see: Callable) -> None:
    """Let `may_see(user, subject_id, request_key) -> bool` decide about files of `subject_type`.

    `request_key` is the owner key of a visitor who did not sign in, or "".
    """
    _deciders[subject_type] = may_see


def may_see_subject(user, subject_type: str, subject_id: str, request_key: str = "") -> bool:
    """Whether the person may see files of that subject. Unregistered subjects: nobody may."""
    decide = _deciders.get(subject_type)
    return bool(decide) and bool(decide(user, subject_id, request_key))


def register_reading(subject_type: str, note: Callable) -> None:
    """Let `note(actor=…, file=…)` record every time that a file of `subject_type` is opened."""
    _readings[subject_type] = note


def note_reading(actor, file) -> None:
    """Somebody opens the file: its owner's module records it, when it wants to."""
    if note := _readings.get(file.subject_type):
        note(actor=actor, file=file)


def register_need(needs: Callable) -> None:
    """Let `needs(file) -> bool` keep files that are linked to nothing yet."""
    _needs.append(needs)


def is_needed(file) -> bool:
    """Whether something that is still to be sent names the file."""
    return any(needs(file) for needs in _needs)
