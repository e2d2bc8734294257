"""The wording of what changed in processes: steps, desks, deadlines, actions, conditions."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.capabilities.forms.changes import rule_words
from platform_core.common.i18n import pick
from platform_core.napps.changes import Talk, quoted, register_wording
from platform_core.napps.changes.matching import match

from .definition import KEYLESS

KINDS = {
    "approve": gettext_lazy("approval"),
    "fill": gettext_lazy("form to fill in"),
    "correct": gettext_lazy("question to the applicant"),
    "cc": gettext_lazy("copy to read"),
    "notify": gettext_lazy("notice"),
    "condition": gettext_lazy("condition"),
    "parallel": gettext_lazy("parallel branches"),
    "decision": gettext_lazy("decision table"),
    "call": gettext_lazy("call of the system"),
    "subprocess": gettext_lazy("sub-process"),
    "timer": gettext_lazy("waiting time"),
    "end": gettext_lazy("end"),
}
ACTIONS = {
    "approve": gettext_lazy("approve"),
    "submit": gettext_lazy("fill in"),
    "correct": gettext_lazy("ask for a correction"),
    "return": gettext_lazy("return"),
    "reject": gettext_lazy("refuse"),
    "transfer": gettext_lazy("hand over"),
    "add_signer": gettext_lazy("ask a signer"),
    "abstain": gettext_lazy("abstain"),
}
MODES = {
    "any": gettext_lazy("one of the role"),
    "all": gettext_lazy("all of the role at once"),
    "in_order": gettext_lazy("all of the role in turn"),
    "vote": gettext_lazy("a vote"),
}


def tell_processes(talk: Talk, old: list, new: list) -> None:
    """Every change of the section. Steps that are gone are marked: cases may stand there."""
    found = match(old, new)
    for process, _before in found.added:
        said = _("The process %(process)s was added") % {"process": quoted(process)}
        talk.say(said, (f"[{process['key']}]",))
    for process in found.removed:
        said = _("The process %(process)s was removed") % {"process": quoted(process)}
        talk.say(said, (f"[{process['key']}]",), breaking=True)
    for process, before in found.moved:
        talk.say(talk.moved(process, before), (f"[{process['key']}]",))
    for one, other in found.pairs:
        _tell_process(talk, one, other)


def _tell_process(talk: Talk, old: dict, new: dict) -> None:
    path = (f"[{new['key']}]",)
    about = _("Process %(process)s") % {"process": quoted(new)}
    talk.rest(about, old, new, path, {"steps"})
    before, after = ({s["key"]: s for s in flat(process["steps"])} for process in (old, new))
    found = match(list(before.values()), list(after.values()))
    for step, earlier in found.added:
        words = {"step": called(step), "before": called(earlier) if earlier else ""}
        said = (
            _("Step %(step)s was added after %(before)s")
            if earlier
            else _("Step %(step)s was added at the beginning")
        )
        talk.say(said % words, (*path, f"[{step['key']}]"))
    for step in found.removed:
        said = _("Step %(step)s was removed") % {"step": called(step)}
        talk.say(said, (*path, f"[{step['key']}]"), breaking=True)
    moved = {step["key"] for step, _earlier in found.moved}
    for step, earlier in found.moved:
        talk.say(_moved(step, earlier), (*path, f"[{step['key']}]"))
    for one, other in found.pairs:
        here = (*path, f"[{other['key']}]")
        if one["in"] != other["in"] and other["key"] not in moved:
            said = _("Step %(step)s now stands in another branch") % {"step": called(other)}
            talk.say(said, here, breaking=True)
        _tell_step(talk, one, other, here)


def _moved(step: dict, earlier: dict | None) -> str:
    words = {"step": called(step), "before": called(earlier) if earlier else ""}
    if earlier is None:
        return _("Step %(step)s moved to the beginning") % words
    return _("Step %(step)s moved behind %(before)s") % words


def flat(steps: list, block: str = "", branch: int = 0, taken: dict | None = None) -> Iterator:
    """Every raw step in reading order with its key (numbered like definition.py does when it has
    none) and `in`, the branch around it; branches keep no steps."""
    taken = {} if taken is None else taken
    for step in steps:
        key = step.get("key")
        if not key and step["kind"] in KEYLESS:
            taken[step["kind"]] = taken.get(step["kind"], 0) + 1
            key = f"{step['kind']}_{taken[step['kind']]}"
        branches = step.get("branches", ())
        own = {name: value for name, value in step.items() if name not in ("branches", "key")}
        if branches:
            own["branches"] = [
                {name: value for name, value in part.items() if name != "steps"}
                for part in branches
            ]
        yield {**own, "key": key, "in": (block, branch), "has_key": "key" in step}
        for number, part in enumerate(branches):
            yield from flat(part.get("steps", ()), key, number, taken)


def called(step: dict) -> str:
    """What people call a step; a block without a title by its kind."""
    title = step.get("title")
    if title:
        return _("“%(name)s”") % {"name": pick(title)}
    return str(KINDS.get(step["kind"], step["kind"]))


def _tell_step(talk: Talk, old: dict, new: dict, path: tuple) -> None:
    about = _("Step %(step)s") % {"step": called(new)}
    told = {"in", "has_key", "branches"}
    for tell in (_kind, _mode, _deadline, _actions, _assign):
        told |= tell(talk, about, old, new, path)
    _branches(talk, about, old.get("branches", []), new.get("branches", []), path)
    talk.rest(about, old, new, path, told)


def _kind(talk: Talk, about: str, old: dict, new: dict, path: tuple) -> set[str]:
    if old["kind"] == new["kind"]:
        return set()
    words = {
        "step": about,
        "before": KINDS.get(old["kind"], old["kind"]),
        "after": KINDS.get(new["kind"], new["kind"]),
    }
    talk.say(_("%(step)s: was %(before)s, is now %(after)s") % words, path, breaking=True)
    return {"kind"}


def _mode(talk: Talk, about: str, old: dict, new: dict, path: tuple) -> set[str]:
    """Who decides at an approval: "any" where nothing is said."""
    modes = [side.get("mode", "any") for side in (old, new)]
    if modes[0] == modes[1] or old["kind"] != "approve" or new["kind"] != "approve":
        return set()
    words = {"step": about, "before": MODES[modes[0]], "after": MODES[modes[1]]}
    said = _("%(step)s: decided by %(before)s → %(after)s") % words
    talk.say(said, (*path, "mode"), breaking=True)
    return {"mode"}


def _deadline(talk: Talk, about: str, old: dict, new: dict, path: tuple) -> set[str]:
    days = [(side.get("deadline") or {}).get("working_days") for side in (old, new)]
    if days[0] == days[1] or not all(day is None or isinstance(day, int) for day in days):
        return set()
    words = {"step": about, "before": days[0], "after": days[1]}
    if days[0] is None:
        said = _("%(step)s: now has a deadline of %(after)s working days")
    elif days[1] is None:
        said = _("%(step)s: no longer has a deadline (was %(before)s working days)")
    else:
        said = _("%(step)s: deadline %(before)s → %(after)s working days")
    talk.say(said % words, (*path, "deadline"))
    return {"deadline"} if _only_days(old) and _only_days(new) else set()


def _only_days(step: dict) -> bool:
    return set(step.get("deadline") or {}) <= {"working_days"}


def _actions(talk: Talk, about: str, old: dict, new: dict, path: tuple) -> set[str]:
    before, after = old.get("actions"), new.get("actions")
    if before is None or after is None or set(before) == set(after):
        return set()
    for action in [action for action in after if action not in before]:
        words = {"step": about, "action": ACTIONS.get(action, action)}
        talk.say(_("%(step)s may now also %(action)s") % words, (*path, "actions"))
    for action in [action for action in before if action not in after]:
        words = {"step": about, "action": ACTIONS.get(action, action)}
        said = _("%(step)s may no longer %(action)s") % words
        talk.say(said, (*path, "actions"), breaking=True)
    return {"actions"}


def _assign(talk: Talk, about: str, old: dict, new: dict, path: tuple) -> set[str]:
    before, after = old.get("assign") or {}, new.get("assign") or {}
    if before.get("role") == after.get("role") or not (before and after):
        return set()
    words = {
        "step": about,
        "before": _role(talk.old, before.get("role")),
        "after": _role(talk.new, after.get("role")),
    }
    talk.say(_("%(step)s: done by %(before)s → %(after)s") % words, (*path, "assign"))
    rest = [{k: v for k, v in side.items() if k != "role"} for side in (before, after)]
    talk.rest(about, *rest, (*path, "assign"))
    return {"assign"}


def _role(manifest: dict, key) -> str:
    roles = manifest.get("roles") or []
    found = next((one for one in roles if isinstance(one, dict) and one.get("key") == key), key)
    return quoted(found)


def _branches(talk: Talk, about: str, old: list, new: list, path: tuple) -> None:
    words = {"step": about}
    if len(new) > len(old):
        said = _("%(step)s: branches %(before)s → %(after)s")
        talk.say(said % {**words, "before": len(old), "after": len(new)}, (*path, "branches"))
    elif len(new) < len(old):
        said = _("%(step)s: branches %(before)s → %(after)s")
        talk.say(
            said % {**words, "before": len(old), "after": len(new)},
            (*path, "branches"),
            breaking=True,
        )
    for number, (one, other) in enumerate(zip(old, new, strict=False)):
        here = (*path, "branches", number)
        name = _("%(step)s, branch %(number)s") % {**words, "number": number + 1}
        if one.get("when") != other.get("when"):
            said = _("The condition of %(name)s changed: taken when %(before)s → when %(after)s")
            rules = {
                "name": name,
                "before": _when(talk.old, one.get("when")),
                "after": _when(talk.new, other.get("when")),
            }
            talk.say(said % rules, (*here, "when"))
            talk.rest(name, one, other, here, {"when"})
        else:
            talk.rest(name, one, other, here)


def _when(manifest: dict, tree) -> str:
    return rule_words(manifest, tree) if tree is not None else _("nothing else fits")


register_wording("processes", gettext_lazy("Processes"), tell_processes)
