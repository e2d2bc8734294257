"""How a version shows its processes before they run: drawn, played through, told in words, and as a
BPMN 2.0 file."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from platform_core.capabilities.forms.capability import forms_of
from platform_core.common.i18n import pick
from platform_core.napps.selectors import role_group_names, version_manifest
from platform_core.napps.showing import Download, Part, register_files, register_parts
from security.organs.selectors import names_held

from .bpmn import bpmn_of
from .bpmn.describing import mode_words
from .definition import HUMAN, walk
from .definitions import processes_of
from .drawing import Drawing, Lane, Planned, default_title
from .flaws import flaws
from .plan import Plan
from .simulation import simulate
from .ways import ways

TEMPLATE = "process/version_part.html"
ENDS = {
    "approved": pgettext_lazy("process", "Approved"),
    "rejected": pgettext_lazy("process", "Refused"),
}


def parts(version) -> list[Part]:
    """A part for each process of the version."""
    manifest = version_manifest(version)
    labels, options = wording_of(version)
    names = {role.key: role_group_names(manifest, role.key) for role in manifest.roles}
    held = names_held({name for found in names.values() for name in found})
    held = {key for key, found in names.items() if held.intersection(found)}
    return [
        Part(
            title=pick(process.title),
            template=TEMPLATE,
            context={
                "drawing": draw_definition(process, manifest),
                "report": report_lines(Plan.of(process)) + unstaffed(process, manifest, held),
                "ways": ways(process, labels, options),
            },
            files=((f"{key}.bpmn", _("As BPMN 2.0")),),
            section="processes",
        )
        for key, process in processes_of(version).items()
    ]


def files(version, name: str) -> Download | None:
    """The process as a BPMN 2.0 document; `name` is its key with the ending."""
    key, dot, ending = name.rpartition(".")
    processes = processes_of(version)
    if not dot or ending != "bpmn" or key not in processes:
        return None
    title = f"{version_manifest(version).slug}-{version.version}-{name}"
    return Download(title, "application/xml; charset=utf-8", bpmn_of(processes, key))


def wording_of(version) -> tuple[dict, dict]:
    """What fields and their choices are called, for rules in words."""
    labels, options = {}, {}
    for form in forms_of(version).values():
        for question in form.questions():
            labels.setdefault(question.key, question.label)
            known = getattr(question, "options", None)
            if known:
                options.setdefault(question.key, {one.value: one.label for one in known})
    return labels, options


def report_lines(plan: Plan) -> list[str]:
    """What playing the process through has shown, in words."""
    report = simulate(plan)
    lines = [
        ngettext(
            "Played through: %(count)d state, all of them.",
            "Played through: %(count)d states, all of them.",
            report.states,
        )
        if report.is_complete
        else ngettext(
            "Played through: %(count)d state, and a long way on at random.",
            "Played through: %(count)d states, and a long way on at random.",
            report.states,
        )
    ]
    lines[0] %= {"count": report.states}
    ends = _(", ").join(str(words) for end, words in ENDS.items() if end in report.ends)
    lines.append(_("It can end: %(ends)s.") % {"ends": ends})
    if report.is_sound:
        lines.append(_("It never gets stuck, and every step can be reached."))
    lines += [message for _path, message in flaws(plan, report)]
    return lines


def unstaffed(process, manifest, held: set[str]) -> list[str]:
    """The steps whose role nobody holds today; they would fall to the heads of the departments."""
    roles = {role.key: pick(role.title) for role in manifest.roles}
    words = _("Nobody holds the role “%(role)s” today: “%(step)s” would fall to the head.")
    return [
        words % {"role": roles.get(step.assign.role, step.assign.role), "step": pick(step.title)}
        for _path, step in walk(process.steps)
        if step.kind in HUMAN and step.assign.role not in held
    ]


def draw_definition(process, manifest) -> Drawing:
    """The picture of a process that has not begun."""
    roles = {role.key: pick(role.title) for role in manifest.roles}
    return Drawing(pick(process.title), _planned(process.steps, roles), process.key)


def _planned(steps, roles: dict) -> list[Planned]:
    return [_one(step, roles) for step in steps]


def _one(step, roles: dict) -> Planned:
    title = pick(step.title) if step.title else default_title(step)
    node = Planned(step.key, step.kind, title, "later")
    for number, branch in enumerate(getattr(step, "branches", ())):
        name = pick(branch.title) if branch.title else ""
        if not name and step.kind == "condition" and number == len(step.branches) - 1:
            name = _("Otherwise")
        node.lanes.append(Lane(name, _planned(branch.steps, roles)))
    assign = getattr(step, "assign", None)
    if assign is not None:
        node.people.append(roles.get(assign.role, assign.role))
    if getattr(step, "mode", "any") != "any":
        node.people.append(mode_words(step))
    deadline = getattr(step, "deadline", None)
    if deadline is not None:
        days = deadline.working_days
        text = ngettext("Within %(count)d working day", "Within %(count)d working days", days)
        node.people.append(text % {"count": days})
    return node


register_parts("processes", parts)
register_files("processes", files)
