"""What steps that no official does may not be, and which facts they make known. Yields (path,
message)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from platform_core.capabilities.decisions import unfit_fields
from platform_core.capabilities.notifications.wording import blanks, has_stray_braces
from platform_core.capabilities.rules import Known
from platform_core.napps.code import hook_of

from .definition import HUMAN, Process, walk
from .definitions import generations
from .notices import NAMES

Found = Iterator[tuple[tuple, str]]
HOOK = "step"
MAX_DEPTH, MAX_STEPS_TOGETHER = 4, 1_000
KINDS = {
    "number": "number",
    "money": "number",
    "text": "text",
    "choice": "text",
    "yes_no": "bool",
    "date": "date",
}


def check_machines(path: tuple, step, manifest, fields: dict[str, Known]) -> Found:
    """Whether what one step names is there; `fields` is what may be asked at this place."""
    check = CHECKS.get(step.kind)
    if check is not None:
        yield from check(path, step, manifest, fields)


def _check_correct(path: tuple, step, manifest, fields) -> Found:
    asked = {one.key for form in manifest.section("forms") for one in form.questions()}
    yield from _unknown_fields((*path, "fields"), step.fields, asked)


def _check_decision(path: tuple, step, manifest, fields) -> Found:
    found = next((d for d in manifest.section("decisions") if d.key == step.decision), None)
    if found is None:
        words = _("There is no decision “%(key)s”.") % {"key": step.decision}
        yield (*path, "decision"), words
        return
    for place, message in unfit_fields(found, fields, manifest):
        words = _("Decision “%(key)s”, input %(number)s: %(message)s")
        values = {"key": step.decision, "number": place[1] + 1, "message": message}
        yield (*path, "decision"), words % values


def _check_call(path: tuple, step, manifest, fields) -> Found:
    if manifest.has_code and hook_of(manifest.slug, HOOK, step.hook) is None:
        words = _("The N-app's code has no hook “%(name)s” for a step of a process.")
        yield (*path, "hook"), words % {"name": step.hook}
    yield from _unknown_fields((*path, "asks"), step.asks, fields)


def _check_timer(path: tuple, step, manifest, fields) -> Found:
    known = fields.get(step.until)
    if step.until and known is None:
        yield (*path, "until"), _("There is no field “%(key)s”.") % {"key": step.until}
    elif step.until and known.kind not in {"date", "any"}:
        yield (*path, "until"), _("“%(key)s” is not a date.") % {"key": step.until}


def _check_notify(path: tuple, step, manifest, fields) -> Found:
    if step.template and step.template not in manifest.keys_of("notifications"):
        words = _("There is no notification “%(key)s”.") % {"key": step.template}
        yield (*path, "template"), words
    if step.notice and step.notice not in manifest.keys_of("notices"):
        words = _("There is no notice “%(key)s”.") % {"key": step.notice}
        yield (*path, "notice"), words
    for part in ("title", "body") if step.text else ():
        for language, text in getattr(step.text, part).model_dump().items():
            where = (*path, "text", part, language)
            if has_stray_braces(text):
                yield where, _("Braces may only hold a plain name, like {number}.")
            for name in sorted(blanks(text) - NAMES):
                words = _("Nobody fills in “%(name)s”. Known: %(names)s.")
                yield where, words % {"name": name, "names": ", ".join(sorted(NAMES))}


def _unknown_fields(path: tuple, keys, known) -> Found:
    for number, key in enumerate(keys):
        if key not in known:
            yield (*path, number), _("There is no field “%(key)s”.") % {"key": key}


CHECKS = {
    "correct": _check_correct,
    "decision": _check_decision,
    "call": _check_call,
    "timer": _check_timer,
    "notify": _check_notify,
}


def facts_of(step, manifest) -> dict[str, Known]:
    """What is known from this step on: the outputs of a decision, what a call gave back."""
    if step.kind == "call":
        return {f"{step.key}_{one.key}": Known(KINDS[one.type]) for one in step.returns}
    if step.kind != "decision":
        return {}
    found = next((d for d in manifest.section("decisions") if d.key == step.decision), None)
    if found is None:
        return {}
    return {
        f"{step.key}_{one.key}": Known("list")
        if found.aggregate == "list"
        else Known(KINDS[one.type], one.option_values)
        for one in found.outputs
    }


def check_ways_back(process: Process) -> Found:
    """What a lost vote or a refused sub-process returns to must stand before it."""
    has_people = False
    for path, step in walk(process.steps):
        for name in ("on_lost", "on_rejected"):
            if getattr(step, name, "") == "return" and not has_people:
                yield (*path, name), _("No step that people do comes before this one.")
        has_people = has_people or step.kind in HUMAN


def check_families(processes: list[Process]) -> Found:
    """Sub-processes are there, do not run in circles, are not too deep and not too many."""
    by_key = {process.key: process for process in processes}
    sizes: dict[str, tuple[int, int]] = {}
    for number, process in enumerate(processes):
        for path, step in walk(process.steps):
            if step.kind != "subprocess":
                continue
            where = (number, *path, "process")
            if step.process not in by_key:
                yield where, _("There is no process “%(key)s”.") % {"key": step.process}
            elif process.key in generations(step.process, by_key):
                yield where, _("This process would run itself, and never end.")
        steps, depth = _together(process.key, by_key, sizes, ())
        if depth > MAX_DEPTH:
            words = _("Sub-processes stand more than %(limit)d deep.")
            yield (number, "steps"), words % {"limit": MAX_DEPTH}
        elif steps > MAX_STEPS_TOGETHER:
            words = _("With its sub-processes this has more than %(limit)d steps.")
            yield (number, "steps"), words % {"limit": MAX_STEPS_TOGETHER}


def _children(key: str, by_key: dict) -> list[str]:
    found = [step for _path, step in walk(by_key[key].steps) if step.kind == "subprocess"]
    return [step.process for step in found if step.process in by_key]


def _together(key: str, by_key: dict, sizes: dict, above: tuple) -> tuple[int, int]:
    """(steps, depth) of a process with everything below it; a circle counts once."""
    if key in above:
        return 0, 0
    if key not in sizes:
        below = [_together(one, by_key, sizes, (*above, key)) for one in _children(key, by_key)]
        own = sum(1 for _one in walk(by_key[key].steps))
        steps = own + sum(count for count, _depth in below)
        sizes[key] = steps, 1 + max((depth for _count, depth in below), default=0)
    return sizes[key]
