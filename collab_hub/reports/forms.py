"""What officials fill in to describe fields, templates and collections."""

from __future__ import annotations

import json

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from platform_core.common.i18n import pick
from platform_core.common.organs import organ_words
from security.organs.kinds import kind_title
from security.organs.models import Region

from .dictionary_models import ReportFieldVersion

TEXT = {"widget": forms.Textarea(attrs={"rows": 2}), "max_length": 400}


def organ_choices(departments) -> list[tuple[str, str]]:
    return [(str(one.pk), organ_words(one)) for one in departments]


class TermsForm(forms.Form):
    """The terms of a field; `sources` is {key: (words, source)}."""

    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=80)
    title_en = forms.CharField(label=_("Title in English"), max_length=120)
    meaning_zh = forms.CharField(label=_("Meaning in Chinese"), **TEXT)
    meaning_en = forms.CharField(label=_("Meaning in English"), **TEXT)
    kind = forms.ChoiceField(label=_("Kind"), choices=ReportFieldVersion.Kind.choices)
    unit = forms.CharField(label=_("Unit"), max_length=20, required=False)
    unit_en = forms.CharField(label=_("Unit in English"), max_length=20, required=False)
    choices = forms.CharField(
        label=_("Choices"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One on each line, Chinese | English. Only for the kind “Choice”."),
    )  # fmt: skip
    aggregation = forms.ChoiceField(
        label=_("Summed up by"), choices=ReportFieldVersion.Aggregation.choices
    )
    validity_days = forms.IntegerField(
        label=_("Valid for (days)"), min_value=1, max_value=3650, initial=30,
        help_text=_("As long as a value is valid, nobody is asked for it again."),
    )  # fmt: skip
    is_of_period = forms.BooleanField(
        label=_("A value belongs to its period"), required=False, initial=True,
        help_text=_("Leave it out for what does not change with the month, such as an area."),
    )  # fmt: skip
    source = forms.ChoiceField(label=_("Where values come from"))

    def __init__(self, *args, sources: dict, **kwargs):
        super().__init__(*args, **kwargs)
        self.sources = sources
        self.fields["source"].choices = [(key, words) for key, (words, _s) in sources.items()]

    def clean_choices(self) -> list[dict]:
        found = []
        for line in self.cleaned_data["choices"].splitlines():
            if line.strip():
                zh, _bar, en = (part.strip() for part in line.partition("|"))
                if not zh or not en:
                    raise forms.ValidationError(_("Write each choice as Chinese | English."))
                found.append({"zh": zh, "en": en})
        return found

    def terms(self) -> dict:
        """The cleaned answers as `dictionary.TERMS`."""
        given = self.cleaned_data
        plain = (
            "kind",
            "unit",
            "unit_en",
            "choices",
            "validity_days",
            "is_of_period",
            "aggregation",
        )
        return {
            **{name: given[name] for name in plain},
            "title": {"zh": given["title_zh"], "en": given["title_en"]},
            "meaning": {"zh": given["meaning_zh"], "en": given["meaning_en"]},
            "source": self.sources[given["source"]][1],
        }


def initial_terms(version: ReportFieldVersion, sources: dict) -> dict:
    """A version's terms as the form shows them."""
    key = next((one for one, (_w, source) in sources.items() if source == version.source), "manual")
    plain = ("kind", "unit", "unit_en", "validity_days", "is_of_period", "aggregation")
    return {
        **{name: getattr(version, name) for name in plain},
        "title_zh": version.title.get("zh"), "title_en": version.title.get("en"),
        "meaning_zh": version.meaning.get("zh"), "meaning_en": version.meaning.get("en"),
        "choices": "\n".join(f"{one['zh']} | {one['en']}" for one in version.choices),
        "source": key,
    }  # fmt: skip


class NewFieldForm(TermsForm):
    """A field that the dictionary does not have yet."""

    field_order = ["code", "owner"]
    code = forms.CharField(
        label=pgettext_lazy("report", "Code"),
        max_length=40,
        help_text=_("Small letters, digits and _, never changed."),
    )
    owner = forms.ChoiceField(label=_("Department that answers for it"))

    def __init__(self, *args, departments, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = organ_choices(departments)


class TemplateForm(forms.Form):
    """A report: its fields, and what must hold between them."""

    code = forms.CharField(
        label=pgettext_lazy("report", "Code"),
        max_length=40,
        help_text=_("Small letters, digits and _, never changed."),
    )
    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=80)
    title_en = forms.CharField(label=_("Title in English"), max_length=120)
    owner = forms.ChoiceField(label=_("Department that answers for it"))
    fields_ = forms.MultipleChoiceField(
        label=_("Fields of the dictionary"), widget=forms.CheckboxSelectMultiple
    )
    checks = forms.CharField(
        label=_("Checks between fields"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One on each line: formula | what is wrong in Chinese | in English. Fields"
                    " stand in brackets, such as [open] <= [all]."),
    )  # fmt: skip

    needs_sign_off = forms.BooleanField(
        label=_("The organs above sign off"), required=False,
        help_text=_("What an organ submits is final once every organ above it has signed it off."),
    )  # fmt: skip

    def __init__(self, *args, departments, versions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = organ_choices(departments)
        self.fields["fields_"].choices = [
            (code, f"{pick(one.title)} [{code}]") for code, one in versions.items()
        ]

    def clean_checks(self) -> list[tuple[str, dict]]:
        found = []
        for line in self.cleaned_data["checks"].splitlines():
            if line.strip():
                parts = [part.strip() for part in line.split("|")]
                if len(parts) != 3:
                    raise forms.ValidationError(_("Write a check as formula | Chinese | English."))
                found.append((parts[0], {"zh": parts[1], "en": parts[2]}))
        return found


class StartForm(forms.Form):
    """Whom a template is asked of, for which period, until when, and who uses it."""

    owner = forms.ChoiceField(label=_("Department that collects"))
    region = forms.ChoiceField(label=_("Region"))
    organs = forms.ChoiceField(label=pgettext_lazy("report", "Which organs?"))
    period = forms.CharField(
        label=pgettext_lazy("report", "Period"),
        max_length=10,
        help_text=_("2026, 2026-Q4, 2026-11 or 2026-11-27"),
    )
    due_on = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    consumers = forms.MultipleChoiceField(
        label=_("Departments that use it too"), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("One submission serves all of them; each signs for it."),
    )  # fmt: skip

    def __init__(self, *args, departments, regions, organs, consumers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = organ_choices(departments)
        self.fields["region"].choices = [(one.code, organ_words(one)) for one in regions]
        self.fields["organs"].choices = [
            (json.dumps([one["kind"], one["level"]]), _organs_words(one)) for one in organs
        ]
        self.fields["consumers"].choices = organ_choices(consumers)
        if not self.is_bound:
            self.initial.setdefault("period", f"{timezone.localdate():%Y-%m}")


def _organs_words(one: dict) -> str:
    level = dict(Region.Level.choices).get(one["level"], one["level"])
    return f"{level} · {pick(kind_title(one['kind']))} ({one['n']})"


class CorrectionForm(forms.Form):
    """Another value, and why."""

    value = forms.CharField(label=_("New value"), max_length=500)
    reason = forms.CharField(
        label=_("Reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stands in the trace of every sum that contains the value."),
    )  # fmt: skip
    turn = forms.IntegerField(widget=forms.HiddenInput)
