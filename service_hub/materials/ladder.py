"""How a material is satisfied: the best way that holds, tried in the order of GB/T 36901's use
cases: certificate, shared data, confirmation by another organ, pledge, upload. Pure.
"""

from dataclasses import dataclass, field

from service_hub.items.schema import LADDER

# Nobody is asked for anything.
SPARED = ("certificate", "shared", "organ")


@dataclass(frozen=True)
class Held:
    """What is known of an applicant: facts of certificates by "napp/service", of shared data by
    kind, the organs that could confirm, and the fields that were answered. `closed` are the ways
    into which the role of whoever applies for a firm does not let them look.
    """

    certificates: dict[str, dict] = field(default_factory=dict)
    shared: dict[str, dict] = field(default_factory=dict)
    organs: frozenset[str] = frozenset()
    answered: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Assessed:
    """A material with the way that satisfies it ("" for none yet), the facts of it, and the better
    ways that do not hold.
    """

    material: object
    way: str
    facts: dict
    missed: tuple[str, ...] = ()

    @property
    def is_spared(self) -> bool:
        """Whether the applicant need not bring it."""
        return self.way in SPARED


def assess(material, held: Held) -> Assessed:
    """The first of the material's ways, in the order of the ladder, that holds.

    Where a better way is closed to the role of whoever applies, the facts say which: the next way
    is then not a sign that nothing is held.
    """
    missed = []
    for way in sorted(material.ways, key=lambda one: LADDER.index(one.way)):
        facts = _holds(way, held)
        if facts is not None:
            return Assessed(material, way.way, facts | _closed(missed, held), tuple(missed))
        missed.append(way.way)
    return Assessed(material, "", _closed(missed, held), tuple(missed))


def _closed(missed: list[str], held: Held) -> dict:
    closed = [way for way in missed if way in held.closed]
    return {"closed": closed} if closed else {}


def _holds(way, held: Held) -> dict | None:
    if way.way == "certificate":
        return held.certificates.get(f"{way.napp}/{way.service}")
    if way.way == "shared":
        return held.shared.get(way.data)
    if way.way == "organ":
        return {"kind": way.department_kind} if way.department_kind in held.organs else None
    return {"field": way.field} if way.field in held.answered else None


def spared_fields(assessed: Assessed) -> set[str]:
    """The fields that need no answer, because a better way holds than what they ask for."""
    if not assessed.is_spared:
        return set()
    return {way.field for way in assessed.material.ways if way.way in ("pledge", "upload")}
