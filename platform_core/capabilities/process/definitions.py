"""From a stored version to a plan, and the bridge from conditions to the rules capability."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from platform_core.capabilities import rules
from platform_core.capabilities.rules.reference import reference_now
from platform_core.napps.selectors import version_manifest

from .definition import Process, walk
from .plan import Plan
from .run import nothing_concluded
from .vocabulary import Conclude

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
        facts = frozenset(facts_used(processes[process_key], processes))
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
    """How the engine asks a decision table of the version."""
    return nothing_concluded


def facts_used(process: Process, processes: dict[str, Process]) -> set[str]:
    """The field keys that steps of the process and of its sub-processes ask; nothing else is kept
    in a state."""
    used: set[str] = set()
    waiting, met = [process], {process.key}
    while waiting:
        for _path, step in walk(waiting.pop().steps):
            used |= facts_asked(step)
            if step.kind == "subprocess" and step.process not in met:
                met.add(step.process)
                waiting += [processes[step.process]] if step.process in processes else []
    return used


def facts_asked(step) -> set[str]:
    """The field keys that one step asks for."""
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
