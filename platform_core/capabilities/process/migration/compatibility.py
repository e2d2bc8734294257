"""Whether a running process can go on under another plan, and its state there. Pure.

A case moves only when everything it waits at stands in the new plan at the same place: the same
kind of step inside the same branches of the same blocks. What lies behind and before may differ.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from platform_core.common.i18n import pick

from ..plan import Plan

WAITING = ("open", "parked", "work")
# What of a step says how those who are asked now decide, or whom the machine asks.
TERMS = ("mode", "share", "order", "on_lost", "hook", "process", "on_rejected")
REASONS = {
    "process_gone": gettext_lazy("The process is no longer there."),
    "step_gone": gettext_lazy("“%(step)s”, where the case stands, is no longer there."),
    "kind_changed": gettext_lazy("“%(step)s”, where the case stands, is another kind of step."),
    "place_changed": gettext_lazy("“%(step)s”, where the case stands, is inside other branches."),
    "terms_changed": gettext_lazy("“%(step)s” is under way and is now decided in another way."),
    "branches_changed": gettext_lazy("The branches of “%(step)s” are under way and changed."),
    "detour_changed": gettext_lazy("“%(step)s”, where the case is to go back to, has changed."),
    "fact_missing": gettext_lazy("A condition asks for “%(step)s”, which was never asked here."),
    "ended": gettext_lazy("The case has ended."),
    "elsewhere": gettext_lazy("The case is no longer on that version."),
    "outdated": gettext_lazy("The version is no longer the one in use."),
    "failed": gettext_lazy("The move failed again and again; the case was left as it was."),
}


@dataclass(frozen=True)
class Reason:
    """Why a case cannot move: a code, and the step or question it is about in both languages."""

    code: str
    node: str = ""
    title: dict | str = ""

    @property
    def words(self) -> str:
        return REASONS[self.code] % {"step": pick(self.title) or self.node}

    def as_json(self) -> dict:
        return {"code": self.code, "node": self.node, "title": self.title}


def compatibility(
    old: Plan, new: Plan | None, state: dict, known: frozenset[str] = frozenset()
) -> list[Reason]:
    """Why a process in `state` under `old` cannot go on under `new`; empty when it can.

    `known` are the questions that the case has been asked, answered or not, so that a new condition
    about one of them can be judged.
    """
    if state.get("end"):
        return [Reason("ended")]
    if new is None:
        return [Reason("process_gone")]
    reasons = []
    for name in WAITING:
        for node in state.get(name, {}):
            reasons += _step_reasons(old, new, node)
    for block in state.get("joins", {}):
        reasons += _block_reasons(old, new, block)
    for pair in state.get("detours", {}).items():
        for node in pair:
            if _place_reason(old, new, node):
                reasons.append(Reason("detour_changed", node, _title(old, node)))
    reasons += _fact_reasons(new, state, known)
    return reasons


def adapted(old: Plan, new: Plan, state: dict, facts: dict | None = None) -> dict:
    """The state of a process that can go on under `new`: steps passed or branches chosen that are
    no longer there, or stand ahead now, are forgotten, and what new conditions ask for is known."""
    took = {
        key: branch
        for key, branch in state.get("took", {}).items()
        if key in new.places
        and new.step(key).kind == "condition"
        and branch < len(new.step(key).branches)
    }
    return {
        **state,
        "seen": [
            key
            for key in state["seen"]
            if key in new.places and (_is_ahead(old, state, key) or not _is_ahead(new, state, key))
        ],
        "took": took,
        "facts": {**(facts or {}), **state["facts"]},
    }


def vanished(new: Plan, state: dict) -> list[str]:
    """Keys of the steps that the case passed and that the new plan does not have."""
    return [key for key in state["seen"] if key not in new.places]


def _is_ahead(plan: Plan, state: dict, key: str) -> bool:
    """Whether the process can still come to the step from where it waits."""
    tokens = [node for name in WAITING for node in state.get(name, {})]
    return any(
        plan.places[key].order > plan.places[node].order and not _beside(plan, key, node)
        for node in tokens
    )


def _beside(plan: Plan, one: str, other: str) -> bool:
    """Whether two steps stand in different branches of one parallel."""
    pairs = zip(plan.places[one].scopes, plan.places[other].scopes, strict=False)
    return any(a[0] == b[0] and a[1] != b[1] for a, b in pairs)


def _title(plan: Plan, node: str) -> dict | str:
    title = getattr(plan.places[node].step, "title", None) if node in plan.places else None
    return title.model_dump() if title else node


def around(plan: Plan, node: str) -> list[tuple[str, int, str]]:
    """The blocks around a step from the inside out: key, branch, kind."""
    chain, place = [], plan.places[node]
    while place.block:
        chain.append((place.block, place.branch, plan.step(place.block).kind))
        place = plan.places[place.block]
    return chain


def _place_reason(old: Plan, new: Plan, node: str) -> str:
    if node not in old.places or node not in new.places:
        return "step_gone"
    if old.step(node).kind != new.step(node).kind:
        return "kind_changed"
    return "place_changed" if around(old, node) != around(new, node) else ""


def _step_reasons(old: Plan, new: Plan, node: str) -> list[Reason]:
    code = _place_reason(old, new, node)
    if not code and any(
        getattr(old.step(node), term, None) != getattr(new.step(node), term, None) for term in TERMS
    ):
        code = "terms_changed"
    return [Reason(code, node, _title(old, node))] if code else []


def _block_reasons(old: Plan, new: Plan, block: str) -> list[Reason]:
    code = _place_reason(old, new, block)
    same_number = not code and (len(old.step(block).branches) == len(new.step(block).branches))
    return [] if same_number else [Reason("branches_changed", block, _title(old, block))]


def _fact_reasons(new: Plan, state: dict, known: frozenset[str]) -> list[Reason]:
    given = set(state["facts"]) | known | _to_come(new)
    return [Reason("fact_missing", key, key) for key in sorted(new.facts - given)]


def _to_come(new: Plan) -> set[str]:
    """Facts that steps of the plan itself bring along, known by the name of their step."""
    makers = [key for key, place in new.places.items() if place.step.kind in ("decision", "call")]
    return {fact for fact in new.facts if any(fact.startswith(f"{key}_") for key in makers)}
