"""What is filled in about a supervised matter: the form of each act."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from platform_core.common.organs import organ_words

from .models import Supervision
from .selectors import organs_to_charge

MOST_ASSISTING = 3
ASSISTING = [f"assisting_{number}" for number in range(1, MOST_ASSISTING + 1)]


def _text(label, *, rows: int = 3, longest: int = 2000, required: bool = True, hint="", **options):
    return forms.CharField(
        label=label,
        max_length=longest,
        required=required,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows}),
        **options,
    )


def _day(label, hint=""):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, help_text=hint)


class ActForm(forms.Form):
    """The form of one act on the item's page; `prefix` is the act."""

    def __init__(self, *args, item: Supervision | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.item = item


class OrgansForm(ActForm):
    """Who has to do it: one lead organ, and up to three that help."""

    lead = forms.ChoiceField(label=_("Lead organ"))

    def __init__(self, *args, owner, **kwargs):
        super().__init__(*args, **kwargs)
        self.organs = {str(organ.pk): organ for organ in organs_to_charge(owner)}
        named = [(key, organ_words(organ)) for key, organ in self.organs.items()]
        self.fields["lead"].choices = [("", _("Choose")), *named]
        for number, name in enumerate(ASSISTING, 1):
            self.fields[name] = forms.ChoiceField(
                label=_("Assisting organ %(n)s") % {"n": number},
                required=False,
                choices=[("", _("None")), *named],
            )

    def clean(self):
        given = super().clean()
        chosen = [given.pop(name, "") for name in ASSISTING]
        given["assisting"] = [self.organs[key] for key in chosen if key in self.organs]
        if given.get("lead"):
            given["lead"] = self.organs.get(given["lead"])
        return given


class ProposeForm(OrgansForm):
    """A matter to be supervised."""

    kind = forms.ChoiceField(
        label=_("Where it comes from"),
        choices=[(key, words) for key, words in Supervision.Kind.choices if key != "rating"],
    )
    title = forms.CharField(label=_("Matter"), max_length=120)
    basis = forms.CharField(
        label=_("Basis"),
        max_length=200,
        required=False,
        help_text=_("The minutes, the instruction or the paper, with its number."),
    )
    requirement = _text(_("What has to be done"), rows=4)
    due_on = _day(_("Due"), _("18:00 of this day."))
    field_order = ["kind", "title", "basis", "requirement", "lead"]


class OpenForm(OrgansForm):
    """What is handed over, as the second person sees fit."""

    requirement = _text(_("What has to be done"), rows=4)
    due_on = _day(_("Due"), _("18:00 of this day."))
    field_order = ["requirement", "lead"]


class ReasonForm(ActForm):
    reason = _text(_("Reason"))


class ProgressForm(ActForm):
    note = _text(
        _("What was done"), hint=_("No photographs: what the log of a matter says can be linked.")
    )
    percent = forms.IntegerField(
        label=_("How much of it, in percent"), min_value=0, max_value=100, required=False
    )


class UrgeForm(ActForm):
    note = _text(_("Words to the organ"), rows=2, longest=300, required=False)


class ExtensionForm(ActForm):
    until_on = _day(pgettext_lazy("day", "Until"))
    reason = _text(_("Reason"))


class GrantForm(ActForm):
    answer = _text(_("Remark"), rows=2, required=False)


class RefuseForm(ActForm):
    answer = _text(_("Reason"), rows=2)


class ReportForm(ActForm):
    note = _text(
        _("What was achieved"), rows=4, hint=_("Say how it stands against what was asked.")
    )


class RedoForm(ActForm):
    reason = _text(_("What is missing"))
    due_on = _day(_("New day"))


class VerdictForm(ActForm):
    verdict = forms.ChoiceField(
        label=_("Verdict"), choices=Supervision.Verdict.choices, widget=forms.RadioSelect
    )
    text = _text(_("Grounds of the verdict"), hint=_("The organ reads it and may object."))


class ConcludeForm(ActForm):
    text = _text(_("Grounds of the verdict"))


class ObjectForm(ActForm):
    ground = _text(_("Why the verdict is wrong"), rows=4)


class ReviewForm(ActForm):
    verdict = forms.ChoiceField(
        label=_("Verdict after the review"),
        choices=Supervision.Verdict.choices,
        widget=forms.RadioSelect,
    )
    reason = _text(_("Answer to the objection"), hint=_("This answer is final."))


class SummaryForm(ActForm):
    title = forms.CharField(label=_("Title for the public"), max_length=120)
    text = _text(
        _("Summary"), rows=5, longest=1000,
        hint=_("What was wrong, what was done, how it ended. No names, no numbers of people."),
    )  # fmt: skip


FORMS: dict[str, type[ActForm]] = {
    "open": OpenForm, "drop": ReasonForm, "not_ours": ReasonForm, "progress": ProgressForm,
    "urge": UrgeForm, "ask_extension": ExtensionForm, "grant": GrantForm, "refuse": RefuseForm,
    "report": ReportForm, "redo": RedoForm, "accept": VerdictForm, "conclude": ConcludeForm,
    "object": ObjectForm, "review": ReviewForm, "write_summary": SummaryForm,
    "let_out": GrantForm, "hold_back": RefuseForm,
}  # fmt: skip


def asked_by(form: type[ActForm]) -> list[str]:
    """The names of all that a form asks, those included that it makes for the item at hand."""
    return [*form.declared_fields, *(ASSISTING if issubclass(form, OrgansForm) else ())]


def form_of(act: str, item: Supervision, data=None) -> ActForm | None:
    """The form of an act, filled in with what is known; None for an act that asks nothing."""
    known = FORMS.get(act)
    if known is None:
        return None
    more, initial = {}, {}
    if act == "open":
        more = {"owner": item.owner}
        initial = {"lead": item.lead_id, "requirement": item.requirement,
                   "due_on": item.due_at and timezone.localdate(item.due_at)}  # fmt: skip
        for name, one in zip(ASSISTING, item.assistances.all(), strict=False):
            initial[name] = one.organ_id
    if act == "review":
        initial = {"verdict": item.verdict}
    return known(data, prefix=act, item=item, initial=initial, **more)
