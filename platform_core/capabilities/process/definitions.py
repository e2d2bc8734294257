"""From a stored version to a plan, and the bridge from conditions to the rules capability."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from platform_core.capabilities import decisions, rules
from platform_core.capabilities.decisions import Decision
from platform_core.capabilities.rules.reference import reference_now
from platform_core.napps.selectors import version_manifest

from .definition import Process, walk
from .plan import Plan
from .vocabulary import Conclude, Conclusion

_KEPT = 500
_plans: dict[tuple[int, str, str], Plan] = {}


class ProcessUnknown(LookupError):
    """The version has no process of that key."""


def plan_for(napp_version, process_key: str) -> Plan:
    """The plan of a version's process. Versions never change, so each process builds one once."""
    key = (napp_version.pk, napp_version.digest, process_key)
    if key not in _plans:
        if len(_plans) >= _KEPT:
            _plans.pop(next(iter(_plans)), None)
        processes = processes_of(napp_version)
        if process_key not in processes:
            raise ProcessUnknown(process_key)
        tables = decisions.decisions_of(napp_version)
        facts = frozenset(facts_used(processes[process_key], processes, tables))
        _plans[key] = Plan.of(processes[process_key], facts)
    return _plans[key]


def processes_of(napp_version) -> dict[str, Process]:
    """The processes of a version by key."""
    section = version_manifest(napp_version).section("processes", [])
    return {process.key: process for process in section}


def decider(today: date) -> Callable[[object, dict], bool]:
    """How the engine asks a condition: only a clear yes is a yes."""
    reference = reference_now(today)
    return lambda rule, facts: rules.is_true(rule, facts, today=today, reference=reference)


def concluder(napp_version, today: date) -> Conclude:
    """How the engine asks a decision table of the version. The outputs come as facts; which rows
    fired, or why the table says nothing, is the detail that the event keeps."""
    reference = reference_now(today)

    def conclude(key: str, facts: dict) -> Conclusion:
        table = decisions.decisions_of(napp_version)[key]
        found = decisions.evaluate(table, facts, today=today, reference=reference)
        outputs = {name: decisions.as_data(value) for name, value in found.outputs.items()}
        detail = {"decision": key, "rows": list(found.rows), "outputs": outputs}
        if found.problem:
            detail |= {"problem": found.problem, "place": found.place}
        # A table that says itself that it is incomplete may have nothing to say.
        is_meant = found.problem == "nothing" and table.incomplete
        return Conclusion(outputs, detail, is_silent=bool(found.problem) and not is_meant)

    return conclude


def facts_used(
    process: Process, processes: dict[str, Process], tables: dict[str, Decision]
) -> set[str]:
    """The field keys that the process asks, those that it runs, and those that run it: a child is
    given what it asks, and learns what its parents ask. Nothing else is kept in a state."""
    families = {key: generations(key, processes) for key in processes}
    related = [
        processes[key]
        for key, below in families.items()
        if process.key in below or key in families[process.key]
    ]
    steps = [step for one in related for _path, step in walk(one.steps)]
    return set().union(*(facts_asked(step, tables) for step in steps))


def generations(key: str, processes: dict[str, Process]) -> set[str]:
    """The keys of a process and of all that it runs, at any depth."""
    met, waiting = {key}, [key]
    while waiting:
        steps = [step for _path, step in walk(processes[waiting.pop()].steps)]
        below = {step.process for step in steps if step.kind == "subprocess"}
        new = (below & set(processes)) - met
        met |= new
        waiting += new
    return met


def facts_asked(step, tables: dict[str, Decision]) -> set[str]:
    """The field keys that one step asks for."""
    if step.kind == "decision":
        return decisions.fields_asked(tables[step.decision])
    if step.kind == "condition":
        return set().union(*(rules.fields_used(branch.when) for branch in step.branches[:-1]))
    if step.kind == "call":
        return set(step.asks)
    if step.kind == "timer":
        return {step.until} if step.until else set()
    named = getattr(getattr(step, "assign", None), "field", "")
    return {named} if named else set()


def needed_facts(plan: Plan, values: dict) -> dict:
    """The part of `values` that the process asks for."""
    return {key: values[key] for key in plan.facts if key in values}
