"""From a stored version to a plan, and the bridge from conditions to the rules capability."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from platform_core.capabilities import rules
from platform_core.napps.selectors import version_manifest

from .definition import Condition, Process, walk
from .plan import Plan

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
        _plans[key] = Plan.of(_find(napp_version, process_key))
    return _plans[key]


def processes_of(napp_version) -> dict[str, Process]:
    """The processes of a version by key."""
    section = version_manifest(napp_version).section("processes", [])
    return {process.key: process for process in section}


def decider(today: date) -> Callable[[object, dict], bool]:
    """How the engine asks a condition: only a clear yes is a yes."""
    return lambda rule, facts: rules.evaluate(rule, facts, today=today) is True


def facts_used(plan: Plan) -> set[str]:
    """The field keys that conditions and assignments ask; nothing else is kept in a state."""
    used: set[str] = set()
    for _path, step in walk(plan.process.steps):
        if isinstance(step, Condition):
            for branch in step.branches[:-1]:
                used |= rules.fields_used(branch.when)
        elif getattr(step, "assign", None) is not None and step.assign.field:
            used.add(step.assign.field)
    return used


def needed_facts(plan: Plan, values: dict) -> dict:
    """The part of `values` that conditions and assignments ask for."""
    return {key: values[key] for key in facts_used(plan) if key in values}


def _find(napp_version, process_key: str) -> Process:
    try:
        return processes_of(napp_version)[process_key]
    except KeyError:
        raise ProcessUnknown(process_key) from None
