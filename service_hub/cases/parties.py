"""For whom a case is filed: whoever acts, or whoever stands before an official."""

from __future__ import annotations

from dataclasses import dataclass, field

from security.accounts.selectors import profile_answers


@dataclass(frozen=True)
class Party:
    """The applicant of a case, and who took it in where that was not the applicant.

    `number` is a citizen number where no account has it. `received_by` is the official who files
    it, for the organ `organ`; `where` are facts of the history's line, such as the window.
    `source_system` and `external_number` say from where another system sent it.
    `source` is the row of whatever took it in, for who listens to "case.filed".
    """

    applicant: object = None
    firm: object = None
    name: str = ""
    number: str = ""
    is_signed_in: bool = False
    received_by: object = None
    organ: object = None
    where: dict = field(default_factory=dict)
    source_system: str = ""
    external_number: str = ""
    source: object = None

    @property
    def first_line(self) -> str:
        """The kind of the first line of the history."""
        return "received" if self.received_by else "submitted"


def party_of(actor) -> Party:
    """Who applies when somebody acts for themselves, a firm or, under a mandate, another person."""
    return Party(
        applicant=actor.applicant,
        firm=actor.firm,
        name=_name(actor),
        is_signed_in=actor.user is not None,
    )


def _name(actor) -> str:
    if actor.firm:
        return actor.firm.name
    return profile_answers(actor.applicant).get("name", "") if actor.user else ""
