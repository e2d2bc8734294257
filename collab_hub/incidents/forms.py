"""What is filled in about plans and incidents. Forms of parts serve both: the draft of a plan, and
what is added while an incident runs.
"""

from __future__ import annotations

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from platform_core.common.i18n import pick
from platform_core.common.organs import organ_words
from security.organs.kinds import KINDS, kind_title

from . import content as plans
from .models import IncidentTask, Kind, Level
from .words import CHANNELS, DUTY_WORDS

MOMENT = "%Y-%m-%dT%H:%M"


def _text(label, *, rows: int = 3, longest: int = 2000, required: bool = True, hint=""):
    return forms.CharField(
        label=label, max_length=longest, required=required, help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows}),
    )  # fmt: skip


def _name(label, hint=""):
    return forms.CharField(label=label, max_length=120, help_text=hint)


def _name_en():
    return forms.CharField(label=_("Name in English"), max_length=120, required=False)


def _number(label, *, least: int = 1, most: int = 10**8, required: bool = True, hint=""):
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, required=required, help_text=hint,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip


def _moment(label, hint=""):
    widget = forms.DateTimeInput(format=MOMENT, attrs={"type": "datetime-local"})
    return forms.DateTimeField(label=label, required=False, widget=widget, help_text=hint)


def _day(label, hint="", required=False):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, help_text=hint, required=required)


def _choices(entries, *, nothing="") -> list[tuple[str, str]]:
    first = [("", nothing)] if nothing else []
    return first + [(one["key"], pick(one["title"])) for one in entries]


# -- parts of plans and incidents ------------------------------------------------------------------


class PartForm(forms.Form):
    """One entry of a part; `content` is what it may name. Cleaned, it is the entry itself."""

    title = _name(_("Name"))
    title_en = _name_en()

    def __init__(self, *args, content: dict, **kwargs):
        super().__init__(*args, **kwargs)
        self.content = content

    def clean(self):
        given = super().clean()
        zh, en = given.pop("title", "").strip(), given.pop("title_en", "").strip()
        return {"title": {"zh": zh, "en": en or zh}, **given}


class PhaseForm(PartForm):
    """A phase of the response."""


class RoleForm(PartForm):
    organ = forms.ChoiceField(
        label=pgettext_lazy("incident", "Organ"), help_text=_("Found in the division of the event.")
    )
    duty = forms.ChoiceField(label=_("Filled from the post"), choices=list(DUTY_WORDS.items()))
    above = forms.ChoiceField(
        label=_("Who is told when nobody confirms"), required=False,
        help_text=_("This is the contact tree."),
    )  # fmt: skip
    commands = forms.BooleanField(label=_("This role commands"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organ"].choices = [(key, pick(kind_title(key))) for key in KINDS]
        self.fields["above"].choices = _choices(
            plans.of(self.content, "roles"), nothing=_("Nobody: the top of the tree")
        )


class TaskForm(PartForm):
    phase = forms.ChoiceField(label=_("Phase"))
    role = forms.ChoiceField(label=_("Role"))
    minutes = _number(_("Minutes until it is due"), most=plans.MOST_MINUTES)
    detail = _text(_("What exactly"), rows=2, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["phase"].choices = _choices(plans.of(self.content, "phases"))
        self.fields["role"].choices = _choices(plans.of(self.content, "roles"))


class ChecksForm(PartForm):
    phase = forms.ChoiceField(label=_("Phase"))
    items = _text(_("Lines"), rows=4, hint=_("One line for each thing to tick."))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["phase"].choices = _choices(plans.of(self.content, "phases"))

    def clean_items(self):
        lines = [line.strip()[:200] for line in self.cleaned_data["items"].splitlines()]
        return [line for line in lines if line][:100]


class ResourceForm(PartForm):
    unit = forms.CharField(label=_("Unit"), max_length=20, required=False)
    needed = _number(_("How much is needed"), least=0, required=False)
    place = forms.CharField(label=_("Where it lies"), max_length=200, required=False)


class FigureForm(PartForm):
    unit = forms.CharField(label=_("Unit"), max_length=20, required=False)


PART_FORMS = {
    "phases": PhaseForm, "roles": RoleForm, "tasks": TaskForm, "checks": ChecksForm,
    "resources": ResourceForm, "figures": FigureForm,
}  # fmt: skip


def part_form(part: str, content: dict, data=None) -> PartForm | None:
    """The form of one entry of the part, None for a part that there is not."""
    known = PART_FORMS.get(part)
    return known(data, prefix=part, content=content) if known else None


# -- plans -----------------------------------------------------------------------------------------


class PlanForm(forms.Form):
    owner = forms.ChoiceField(label=pgettext_lazy("incident", "Organ"))
    title = _name(_("Name of the plan"))
    title_en = _name_en()
    kind = forms.ChoiceField(label=_("For what"), choices=Kind.choices)

    def __init__(self, *args, organs, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [(str(one.pk), organ_words(one)) for one in organs]


class MinutesForm(forms.Form):
    minutes = _number(
        _("Minutes without an answer"), most=plans.MOST_ESCALATE,
        hint=_("Then the next one up the contact tree is told."),
    )  # fmt: skip


class AnswerForm(forms.Form):
    answer = _text(_("Remark"), rows=2, required=False, hint=_("Needed to send it back."))


class ActivateForm(forms.Form):
    """One click: everything but the place is filled in. `once` names the click."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    place = forms.CharField(label=pgettext_lazy("incident", "Where"), max_length=200)
    level = forms.TypedChoiceField(
        label=_("How grave"), choices=Level.choices, coerce=int, widget=forms.RadioSelect
    )
    region = forms.ChoiceField(label=_("Division"))
    title = forms.CharField(label=_("Name of the event"), max_length=120)
    occurred_at = _moment(_("When it happened"), _("Empty: now."))
    is_another = forms.BooleanField(
        label=_("This is another event than the one that runs"), required=False
    )

    def __init__(self, *args, version, regions, runs: bool, **kwargs):
        title = pick(version.plan.title)
        initial = {"once": uuid.uuid4(), "level": int(Level.THIRD), "title": title}
        super().__init__(*args, initial=initial, **kwargs)
        self.regions = {one.code: one for one in regions}
        self.fields["region"].choices = [(one.code, organ_words(one)) for one in regions]
        if not runs:
            del self.fields["is_another"]
        self.title = title
        self.plan_title = version.plan.title

    def clean(self):
        given = super().clean()
        if "region" in given:
            given["region"] = self.regions.get(given["region"])
        # Left as it stood, the name keeps both languages.
        if given.get("title") == self.title:
            given["title"] = self.plan_title
        return given


# -- in the room -----------------------------------------------------------------------------------


class MoveForm(forms.Form):
    """A task to another state or phase, with what was achieved."""

    to = forms.ChoiceField(label=_("State"), choices=IncidentTask.State.choices)
    phase = forms.ChoiceField(label=_("Phase"))
    note = _text(_("What was achieved, or why"), rows=3, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, task, phases, **kwargs):
        initial = {"to": task.state, "phase": str(task.phase_id), "version": task.version}
        super().__init__(*args, initial=initial, **kwargs)
        self.phases = {str(one.pk): one for one in phases}
        self.fields["phase"].choices = [(key, str(one)) for key, one in self.phases.items()]

    def clean_phase(self):
        return self.phases.get(self.cleaned_data["phase"])


class ReportForm(forms.Form):
    """A situation report: one box for each figure, filled in with what the last one said."""

    text = _text(_("How things stand"), rows=5, longest=4000)

    def __init__(self, *args, incident, last, **kwargs):
        super().__init__(*args, **kwargs)
        self.keys = {}
        for one in incident.figures:
            name = f"figure_{one['key']}"
            known = (last.figures if last else {}).get(one["key"])
            label = pick(one["title"])
            self.fields[name] = _number(
                f"{label} ({one['unit']})" if one.get("unit") else label, least=0,
                most=plans.LARGEST_FIGURE, required=False,
            )  # fmt: skip
            if known:
                self.fields[name].help_text = _("Last: %(n)s. Left empty, it is carried over.") % {
                    "n": known["value"]
                }
            self.keys[name] = one["key"]

    def given(self) -> dict:
        """The figures that were filled in, by key."""
        return {key: self.cleaned_data.get(name) for name, key in self.keys.items()}


class MessageForm(forms.Form):
    direction = forms.ChoiceField(
        label=_("Direction"), widget=forms.RadioSelect,
        choices=[("in", pgettext_lazy("message log", "In")),
                 ("out", pgettext_lazy("message log", "Out"))],
    )  # fmt: skip
    channel = forms.ChoiceField(
        label=pgettext_lazy("message log", "Way"), choices=list(CHANNELS.items())
    )
    counterpart = forms.CharField(label=_("From or to whom"), max_length=120)
    text = _text(pgettext_lazy("message log", "What was said"))
    happened_at = _moment(_("When"), _("Empty: now."))
    needs_confirming = forms.BooleanField(label=_("It has to be confirmed"), required=False)


class AmountForm(forms.Form):
    """Something received, lent, given back or used up."""

    deed = forms.ChoiceField(
        label=_("What happened"),
        choices=[("receive", _("Received")), ("lend", _("Given to an organ")),
                 ("give_back", _("Given back by an organ")), ("use_up", _("Used up by an organ"))],
    )  # fmt: skip
    amount = _number(_("How much"))
    organ = forms.ChoiceField(label=pgettext_lazy("incident", "Organ"), required=False)
    place = forms.CharField(label=_("Where it lies"), max_length=200, required=False)

    def __init__(self, *args, organs, commands: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.organs = {str(one.pk): one for one in organs}
        named = [(key, organ_words(one)) for key, one in self.organs.items()]
        self.fields["organ"].choices = [("", _("None")), *named]
        if not commands:
            self.fields["deed"].choices = [
                one for one in self.fields["deed"].choices if one[0] != "lend"
            ]

    def clean(self):
        given = super().clean()
        given["organ"] = self.organs.get(given.get("organ") or "")
        if given.get("deed") not in (None, "receive") and given["organ"] is None:
            self.add_error("organ", _("Choose one."))
        return given


class PieceForm(forms.Form):
    """A phase of a plan in force, or the whole of it."""

    piece = forms.ChoiceField(label=_("Which piece"))

    def __init__(self, *args, versions, **kwargs):
        super().__init__(*args, **kwargs)
        self.pieces = {}
        choices = []
        for version in versions:
            rows = [(f"{version.pk}:", _("The whole plan"))]
            rows += [
                (f"{version.pk}:{one['key']}", pick(one["title"]))
                for one in plans.of(version.content, "phases")
            ]
            for key, _label in rows:
                self.pieces[key] = (version, key.split(":", 1)[1])
            choices.append((f"{version.plan} · {organ_words(version.plan.owner)}", rows))
        self.fields["piece"].choices = choices

    def clean_piece(self):
        return self.pieces.get(self.cleaned_data["piece"])


class ProcessForm(forms.Form):
    process = forms.ChoiceField(label=_("Which process"))

    def __init__(self, *args, offered, **kwargs):
        super().__init__(*args, **kwargs)
        self.offered = {f"{one.napp}:{one.key}": one for one in offered}
        self.fields["process"].choices = [
            (key, pick(one.title)) for key, one in self.offered.items()
        ]


class EndForm(forms.Form):
    note = _text(_("Why it is over"), rows=3)


class PointForm(forms.Form):
    title = _name(_("What remains to be done"))
    text = _text(_("Requirement"), rows=3)
    lead = forms.ChoiceField(label=_("Lead organ"))
    due_on = _day(_("Due"), _("18:00 of this day."))

    def __init__(self, *args, organs, **kwargs):
        super().__init__(*args, **kwargs)
        self.organs = {str(one.pk): one for one in organs}
        self.fields["lead"].choices = [(key, organ_words(one)) for key, one in self.organs.items()]

    def clean_lead(self):
        return self.organs.get(self.cleaned_data["lead"])
