"""The form in which somebody gives a table answers to see what it says."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext as _

from platform_core.capabilities import rules
from platform_core.capabilities.rules.values import scaled_from_text, to_raw
from platform_core.common.i18n import pick

from .definition import NUMERIC, Decision, Input
from .literals import MAX_TEXT, compared
from .wording import Explanation, explain, language_now

PREFIX = "in"


class Amount(forms.CharField):
    """A number, kept exactly."""

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        scaled = scaled_from_text(text)
        if scaled is None:
            raise forms.ValidationError(_("Enter a number."))
        return to_raw(scaled)


class Guess(forms.CharField):
    """An answer that only an expression asks for: a number when it reads like one."""

    def clean(self, value):
        text = super().clean(value)
        scaled = scaled_from_text(text)
        return text or None if scaled is None else to_raw(scaled)


def _choice(answers: list, known: dict):
    return forms.TypedChoiceField(
        choices=[("", "—"), *answers], coerce=lambda text: known[text], empty_value=None
    )


def _field(column: Input) -> forms.Field:
    if column.type in NUMERIC:
        return Amount(max_length=60, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    if column.type == "choice":
        answers = [(option.value, pick(option.label)) for option in column.options]
        return _choice(answers, {value: value for value, _label in answers})
    if column.type == "yes_no":
        return _choice([("yes", _("Yes")), ("no", _("No"))], {"yes": True, "no": False})
    if column.type == "date":
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    return forms.CharField(max_length=MAX_TEXT)


class TrialForm(forms.Form):
    """A field for every answer that the table needs; what the input does not take is said there."""

    def __init__(self, decision: Decision, data=None):
        super().__init__(data, prefix=PREFIX)
        self.decision = decision
        self.plain = {one.key: one for one in decision.inputs if one.expression is None}
        asked = [rules.fields_used(one.expression) for one in decision.inputs if one.expression]
        for key, column in self.plain.items():
            self.fields[key] = _field(column)
            self.fields[key].label = pick(column.label)
            self.fields[key].required = column.required
        for key in sorted(set().union(*asked) - set(self.plain)):
            self.fields[key] = Guess(label=key, required=False, max_length=MAX_TEXT)

    def clean(self):
        values = super().clean()
        axes = dict(zip((one.key for one in self.decision.inputs), self.decision.table.axes,
                        strict=True))  # fmt: skip
        for key, column in self.plain.items():
            value = values.get(key)
            if isinstance(value, date):
                values[key] = value = value.isoformat()
            if value in (None, "") or key in self.errors:
                continue
            low, high = getattr(axes[key], "low", None), getattr(axes[key], "high", None)
            found = compared(value, column.type)
            if low is not None and (found is None or not low <= found <= high):
                self.add_error(key, _("This value is out of the bounds of the input."))
            elif low is not None and found % axes[key].step:
                self.add_error(key, _("This value has more decimals than the column."))
        return values


def told(decision: Decision, values: dict, today: date) -> Explanation:
    """What the table says of the answers, in the reader's language."""
    return explain(decision, values, today=today, language=language_now())
