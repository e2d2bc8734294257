"""What judging answers needs from outside the form. Plain data, so that judging stays pure."""

from dataclasses import dataclass, field
from datetime import date

from platform_core.capabilities import rules


@dataclass(frozen=True)
class RegionFact:
    code: str
    name: str
    level: int
    path: str
    name_en: str = ""


@dataclass(frozen=True)
class FileFact:
    id: str
    name: str
    size: int
    content_type: str
    state: str
    url: str = ""

    @property
    def is_picture(self) -> bool:
        """Whether it is shown as a picture, and can become a page of a document."""
        return self.content_type in ("image/jpeg", "image/png", "image/webp")


@dataclass(frozen=True)
class DepartmentFact:
    code: str
    name: str
    name_en: str
    kind: str
    path: str  # of its region


@dataclass(frozen=True)
class PersonFact:
    """A civil servant that the reader may choose; `is_colleague`: in one of their departments."""

    id: str
    name: str
    department: str
    department_en: str
    kinds: frozenset[str] = frozenset()
    is_colleague: bool = False


@dataclass(frozen=True)
class Facts:
    """The day, what the named regions, files, departments and people are, and what rules may
    ask.
    """

    today: date
    regions: dict[str, RegionFact] = field(default_factory=dict)
    files: dict[str, FileFact] = field(default_factory=dict)
    departments: dict[str, DepartmentFact] = field(default_factory=dict)
    people: dict[str, PersonFact] = field(default_factory=dict)
    reference: rules.Reference = field(default_factory=rules.Reference)
