"""What officials fill in besides tasks: the fields, their words and what the boxes accept."""

from django import forms
from django.utils.translation import gettext_lazy as _

from platform_core.capabilities.process.suspension.models import Suspension
from platform_core.common.i18n import pick


def with_errors(form: forms.Form, errors: dict) -> forms.Form:
    """The form with a service's refusals, {field: [words]}, at their fields."""
    for name, messages in errors.items():
        for message in messages:
            form.add_error(name if name in form.fields else None, message)
    return form


class SuspendForm(forms.Form):
    """Which procedure the clock stands for, why, and until when as planned."""

    prefix = "suspend"
    kind = forms.ChoiceField(label=_("Procedure"), choices=Suspension.Kind.choices)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The applicant is told in writing."),
    )
    planned_until = forms.DateField(
        label=_("Planned last day"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Without it the clock stands until somebody lets it go on."),
    )


class DelegationForm(forms.Form):
    """Who acts for whom, from when to when, in which services."""

    deputy = forms.ChoiceField(label=_("Deputy"))
    valid_from = forms.DateField(
        label=_("First day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    valid_until = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("It ends by itself with this day."),
    )
    napps = forms.MultipleChoiceField(
        label=_("Only these services"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose none to hand over all of them."),
    )
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)

    def __init__(self, *args, deputies=(), napps=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["deputy"].choices = [(str(one.pk), str(one)) for one in deputies]
        self.fields["napps"].choices = [(str(one.pk), pick(one.title)) for one in napps]
