"""Which steps may return to which, as a diagram has to show it. Pure."""

from __future__ import annotations

from functools import cached_property

from ..definition import HUMAN
from ..plan import Plan

RETURN = "return"


class Returns:
    """`by_step` maps a step to [(earlier step, how many parallel branches both share)]."""

    def __init__(self, plan: Plan):
        self.plan = plan
        self.by_step: dict[str, list[tuple[str, int]]] = {}
        for key, place in plan.places.items():
            if self.may_return(place.step):
                before = [k for k in plan.people_steps if plan.places[k].order < place.order]
                found = [(k, shared(place.scopes, plan.places[k].scopes)) for k in before]
                if found:
                    self.by_step[key] = found

    @staticmethod
    def may_return(step) -> bool:
        wanted = (getattr(step, "on_lost", ""), getattr(step, "on_rejected", ""))
        return RETURN in getattr(step, "actions", ()) or RETURN in wanted

    @cached_property
    def targets(self) -> dict[tuple, dict[str, list[str]]]:
        """By parallel branch: the steps and blocks that a return inside it enters, each with the
        steps wanted. A block that source and target do not share is entered as a whole."""
        found: dict[tuple, dict[str, list[str]]] = {}
        for source, pairs in self.by_step.items():
            for wanted, common in pairs:
                target = self.plan.places[wanted]
                scope = self.plan.places[source].scopes[:common]
                key = target.scopes[common][0] if len(target.scopes) > common else wanted
                steps = found.setdefault(scope, {}).setdefault(key, [])
                if wanted not in steps:
                    steps.append(wanted)
        return found

    def enters(self, key: str) -> bool:
        """Whether a return may enter the process here."""
        return any(key in entries for entries in self.targets.values())

    def leave(self, scope: tuple) -> bool:
        """Whether a return may leave this parallel branch."""
        return bool(scope) and any(
            common < len(scope)
            for source, pairs in self.by_step.items()
            if self.plan.places[source].scopes[: len(scope)] == scope
            for _wanted, common in pairs
        )

    def ways_out(self, step) -> list[str]:
        """The outcomes of a step besides going on."""
        if step.kind == "subprocess":
            ways = {"reject": ["rejected"], "return": [RETURN]}.get(step.on_rejected, [])
        elif step.kind in HUMAN:
            is_vote = getattr(step, "share", None) is not None
            ways = ["correct"] if "correct" in step.actions else []
            if "reject" in step.actions and not (is_vote and step.on_lost == RETURN):
                ways.append("rejected")
            if RETURN in step.actions or (is_vote and step.on_lost == RETURN):
                ways.append(RETURN)
        else:
            ways = []
        if RETURN in ways and step.key not in self.by_step:
            # Nothing stands before it: a lost vote or a refused sub-process then refuses the case.
            ways.remove(RETURN)
            is_turned_down = RETURN in (
                getattr(step, "on_lost", ""),
                getattr(step, "on_rejected", ""),
            )
            if is_turned_down and "rejected" not in ways:
                ways.append("rejected")
        return ways


def shared(one: tuple, other: tuple) -> int:
    """How many parallel branches, from the outside in, two places share."""
    common = 0
    while common < min(len(one), len(other)) and one[common] == other[common]:
        common += 1
    return common
