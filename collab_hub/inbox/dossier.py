"""Reads for one task: everything that its page shows besides the list."""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from platform_core.capabilities.forms.capability import forms_of
from platform_core.capabilities.forms.display import Section, answers
from platform_core.capabilities.forms.selectors import form_of
from platform_core.capabilities.process import selectors as process
from platform_core.capabilities.process.event_words import words_of
from platform_core.capabilities.process.models import ProcessEvent, ProcessInstance, Task
from platform_core.capabilities.process.rights import OPEN
from platform_core.common.i18n import pick
from platform_core.common.organs import organ_words
from platform_core.common.panels import Panel, panels_for

from .reasons import reasons
from .rows import Row, row

CARRIES_A_NAME = {"transferred", "signer_added", "timed_out", "opinion_asked", "opinion_withdrawn"}
OUTCOMES = {
    "approved": (pgettext_lazy("outcome", "Approved"), "ok"),
    "rejected": (pgettext_lazy("outcome", "Refused"), "bad"),
    "withdrawn": (pgettext_lazy("outcome", "Withdrawn"), ""),
}


@dataclass
class Dossier:
    """A task as one person sees it. `sections` are the answers of the record, page by page."""

    task: Task
    instance: ProcessInstance
    row: Row
    actions: list[str]
    sections: list[Section] = field(default_factory=list)
    questions: list[tuple[str, str]] = field(default_factory=list)
    earlier_steps: list[tuple[str, str]] = field(default_factory=list)
    colleagues: list = field(default_factory=list)
    signers: list = field(default_factory=list)
    fill_form: object = None
    rights: dict[str, str] = field(default_factory=dict)
    timeline: list[dict] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)
    drawing: object = None

    @property
    def open_fields(self) -> list[str]:
        """The applicant's answers that this step changes, as far as the form asks them."""
        if "approve" not in self.actions or not self.instance.record_id:
            return []
        named = {key for key, right in self.rights.items() if right in OPEN}
        return [one.key for one in form_of(self.record).questions() if one.key in named]

    @property
    def record(self):
        return self.instance.record

    @property
    def materials(self) -> list[tuple[str, object]]:
        """Every attachment with the question that it answers."""
        answers = [answer for part in self.sections for answer in part.answers]
        return [(answer.label, file) for answer in answers for file in answer.files]

    @property
    def has_masked(self) -> bool:
        return any(answer.is_masked for part in self.sections for answer in part.answers)

    @property
    def is_open(self) -> bool:
        return self.task.state == Task.State.OPEN

    @property
    def outcome(self) -> tuple[object, str] | None:
        """How the process ended, as (words, kind); None while it runs."""
        if self.instance.status != ProcessInstance.Status.ENDED:
            return None
        return OUTCOMES.get(self.instance.outcome, (_("Process closed"), ""))

    @property
    def is_waiting(self) -> bool:
        return self.instance.status == ProcessInstance.Status.WAITING


def dossier(user, task: Task, *, unmask: bool = False) -> Dossier:
    """Everything the page of `task` shows to `user`, who was already found to be let in.

    `unmask` is for after `services.unmask_answers`, which records the reading.
    """
    instance = task.instance
    found = Dossier(task, instance, row(task, user=user), process.allowed_actions(user, task))
    if instance.record_id:
        found.rights = process.field_rights(task)
        shown = answers(instance.record, unmask=unmask, may_name=True)
        found.sections = without(hidden_in(found.rights), shown)
    if instance.record_id and "correct" in found.actions:
        form = form_of(instance.record)
        hidden = hidden_in(found.rights)
        found.questions = [
            (one.key, pick(one.label)) for one in form.questions() if one.key not in hidden
        ]
    if "return" in found.actions:
        found.earlier_steps = [(key, pick(title)) for key, title in process.return_choices(task)]
    if "transfer" in found.actions:
        found.colleagues = [(str(one.pk), str(one)) for one in process.colleagues_for(user, task)]
    if "add_signer" in found.actions:
        found.signers = [(str(one.pk), str(one)) for one in process.signers_for(user, task)]
    if "submit" in found.actions:
        found.fill_form = forms_of(instance.napp_version).get(process.fill_form_key(task))
    hidden = hidden_in(found.rights)
    found.timeline = [entry(event, hidden) for event in reversed(list(process.history(instance)))]
    found.drawing = process.drawing(instance, user)
    found.panels = panels_for(user, instance.subject_type, instance.subject_id, hidden)
    return found


def hidden_in(rights: dict[str, str]) -> set[str]:
    """The answers that a step does not show."""
    return {key for key, right in rights.items() if right == "hidden"}


def without(hidden: set[str], sections: list[Section]) -> list[Section]:
    """The sections without the answers that are hidden from a step, and without empty ones."""
    if not hidden:
        return sections
    for section in sections:
        section.answers = [answer for answer in section.answers if answer.key not in hidden]
    return [section for section in sections if section.answers]


def entry(event: ProcessEvent, hidden: set[str]) -> dict:
    """A line of the timeline: what happened, who did it and where they work; `hidden` answers are
    not told by it.
    """
    words, state = words_of(event)
    step = pick(event.task.title if event.task else event.data.get("step") or "")
    department = event.post.department if event.post else None
    organ = organ_words(department)
    note = event.opinion
    if event.kind in CARRIES_A_NAME and event.data.get("to_name"):
        note = "\n".join(filter(None, [f"→ {event.data['to_name']}", note]))
    if event.kind == "migrated":
        note = _("%(before)s → %(after)s, approved by %(who)s: %(reason)s") % {
            "before": event.data.get("from"), "after": event.data.get("to"),
            "who": event.data.get("approved_by"), "reason": note,
        }  # fmt: skip
    if event.kind == "decided":
        note = reasons(event, event.instance.napp_version, hidden)
    if event.kind == "closed" and event.data.get("outcome") in OUTCOMES:
        words = f"{words}: {OUTCOMES[event.data['outcome']][0]}"
    who = event.actor_name
    if event.data.get("for_name"):
        who = _("%(deputy)s for %(principal)s") % {
            "deputy": who, "principal": event.data["for_name"]
        }  # fmt: skip
    return {
        "title": f"{step} · {words}" if step else words,
        "at": event.at,
        "who": " · ".join(filter(None, [who, organ])),
        "note": note,
        "state": state,
    }
