"""What a process may not be, found when its manifest is registered. Yields (path, message)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from platform_core.capabilities import rules
from platform_core.capabilities.forms.capability import known_fields
from platform_core.capabilities.rules import Known

from .definition import HUMAN, STAGES, Process, walk
from .flaws import flaws
from .machine_checks import check_families, check_machines, check_ways_back, facts_of
from .plan import Plan
from .rights import check_rights
from .simulation import STATES, simulate

Found = Iterator[tuple[tuple, str]]
WORKING_VERBS = {"handle", "manage"}


def check_processes(manifest, processes: list[Process]) -> Found:
    """Everything wrong with the processes of a manifest that pydantic cannot see."""
    fields = _known_fields(manifest)
    forms = manifest.keys_of("forms")
    found = [
        ((number, *path), message)
        for number, process in enumerate(processes)
        for path, message in check_process(process, manifest, forms, fields)
    ]
    found += check_families(processes)
    yield from found or play_through(processes)


def check_process(process: Process, manifest, forms: set[str], fields: dict) -> Found:
    """What is wrong with one process; paths start inside it."""
    yield from _unique_keys(process)
    fields = dict(fields)
    for path, step in walk(process.steps):
        yield from _check_assignment(path, step, manifest)
        yield from _check_choice_of_person(path, step, process, fields)
        yield from _check_timeout(path, step)
        if step.kind == "fill" and step.form not in forms:
            yield (*path, "form"), _("There is no form “%(key)s”.") % {"key": step.form}
        if step.kind == "condition":
            yield from _check_condition(path, step, fields, manifest)
        yield from check_rights(path, step, manifest)
        yield from check_machines(path, step, manifest, fields)
        fields |= facts_of(step, manifest)
    yield from check_ways_back(process)
    yield from _unreachable(process.steps, ("steps",))
    yield from _stage_order(process)


def play_through(processes: list[Process]) -> Found:
    """What only shows when the processes of a manifest, sound as written, are played.

    They share one budget, so that many of them cost no more than one.
    """
    for number, process in enumerate(processes):
        plan = Plan.of(process)
        paths = {step.key: path for path, step in walk(process.steps)}
        report = simulate(plan, states=max(100, STATES // len(processes)))
        for key, message in flaws(plan, report):
            yield (number, *paths.get(key, ("steps",))), message


def ends_always(steps) -> bool:
    """Whether the process is over after `steps`, whichever way it takes."""
    return any(_step_ends(step) for step in steps)


def _step_ends(step) -> bool:
    if step.kind == "end":
        return True
    if step.kind == "condition":
        return all(ends_always(branch.steps) for branch in step.branches)
    if step.kind == "parallel":
        return any(ends_always(branch.steps) for branch in step.branches)
    return False


def _unique_keys(process: Process) -> Found:
    seen: set[str] = set()
    for path, step in walk(process.steps):
        if step.key in seen:
            yield (*path, "key"), _("The key “%(key)s” is given twice.") % {"key": step.key}
        seen.add(step.key)


def _check_assignment(path: tuple, step, manifest) -> Found:
    assign = getattr(step, "assign", None)
    if assign is None:
        return
    place = "to" if step.kind == "notify" else "assign"
    roles = [((*path, place, "role"), assign.role)]
    roles += [((*path, "order", n), key) for n, key in enumerate(getattr(step, "order", ()))]
    for where, key in roles:
        role = manifest.role(key)
        if role is None:
            yield where, _("There is no role “%(key)s”.") % {"key": key}
        elif step.kind in HUMAN and not WORKING_VERBS & set(role.verbs):
            words = _("The role “%(key)s” may not handle cases, so nobody could do this step.")
            yield where, words % {"key": key}


def _check_choice_of_person(path: tuple, step, process: Process, fields: dict) -> Found:
    """`assign.by` fits the step: one person is asked, and what it names is there."""
    assign = getattr(step, "assign", None)
    if assign is None or assign.by == "pool":
        return
    where = (*path, "assign")
    if step.kind not in HUMAN or step.mode != "any":
        yield (
            (*where, "by"),
            _("Only a step that one person does chooses that person; this one asks several."),
        )
    if assign.by == "field" and assign.field not in fields:
        yield (*where, "field"), _("There is no field “%(key)s”.") % {"key": assign.field}
    if assign.by == "same_as":
        order = [one.key for _place, one in walk(process.steps) if one.kind in HUMAN]
        if assign.step not in order or order.index(assign.step) >= order.index(step.key):
            yield (
                (*where, "step"),
                _("There is no earlier step “%(key)s” that people do.") % {"key": assign.step},
            )


def _check_timeout(path: tuple, step) -> Found:
    """What happens when the time is over fits the step; silence never decides by itself."""
    deadline = getattr(step, "deadline", None)
    what = deadline.on_timeout if deadline is not None else "tell"
    where = (*path, "deadline", "on_timeout")
    if what == "pass" and (step.kind != "approve" or step.mode == "vote"):
        yield where, _("Only an approval that is no vote can be passed by the system.")
    elif what == "pass" and step.stage == "decision" and deadline.silence_is_consent is None:
        yield (
            where,
            _(
                "Silence is not consent: a decision passes by itself only with its legal basis in "
                "`silence_is_consent`."
            ),
        )
    elif what in {"return", "reject"} and what not in step.actions:
        yield where, _("This step does not offer the action “%(action)s”.") % {"action": what}


def _check_condition(path: tuple, step, fields: dict, manifest) -> Found:
    last = len(step.branches) - 1
    for number, branch in enumerate(step.branches):
        where = (*path, "branches", number, "when")
        if number == last and branch.when is not None:
            yield where, _("The last branch is taken otherwise: it must have no rule.")
        elif number != last and branch.when is None:
            yield where, _("Give the rule of this branch; only the last one has none.")
        elif branch.when is not None:
            for problem in rules.check(branch.when, fields, manifest=manifest):
                yield (
                    where,
                    f"{problem.path}: {problem.message}" if problem.path else problem.message,
                )


def _unreachable(steps, path: tuple) -> Found:
    over = False
    for number, step in enumerate(steps):
        if over:
            yield (*path, number), _("This step can never be reached: the process ends before it.")
            return
        over = _step_ends(step)
        for branch_number, branch in enumerate(getattr(step, "branches", ())):
            yield from _unreachable(
                branch.steps, (*path, number, "branches", branch_number, "steps")
            )


def _stage_order(process: Process) -> Found:
    reached, sofar = -1, ""
    for path, step in walk(process.steps):
        stage = getattr(step, "stage", "")
        if not stage:
            continue
        if STAGES.index(stage) < reached:
            yield (
                (*path, "stage"),
                _("The stage “%(stage)s” stands after “%(sofar)s”. The order is: %(order)s.")
                % {"stage": stage, "sofar": sofar, "order": ", ".join(STAGES)},
            )
        else:
            reached, sofar = STAGES.index(stage), stage


def _known_fields(manifest) -> dict[str, Known]:
    """What conditions may ask: the fields of every form of the manifest.

    Two forms may ask under one key; the rule then reads the answer given last, of whatever kind.
    """
    known: dict[str, Known] = {}
    for form in manifest.section("forms"):
        for key, field in known_fields(form).items():
            known[key] = field if known.get(key, field) == field else Known()
    return known
