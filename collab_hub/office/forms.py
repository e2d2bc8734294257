"""What officials fill in besides tasks: the fields, their words and what the boxes accept."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from platform_core.capabilities.process.consultations.models import Consultation
from platform_core.capabilities.process.suspension.models import Suspension
from platform_core.common.i18n import pick
from platform_core.common.organs import organ_words


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


class CommentForm(forms.Form):
    """What colleagues read, and whom it calls."""

    prefix = "comment"
    text = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The applicant never reads it. Call a colleague with @ and the name."),
    )
    mentions = forms.MultipleChoiceField(
        label=_("Call"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, people=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mentions"].choices = [(str(one.pk), str(one)) for one in people]
        if not people:
            del self.fields["mentions"]


class AskForm(forms.Form):
    """A question to other organs."""

    prefix = "ask"
    question = forms.CharField(
        label=_("Question"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    working_days = forms.IntegerField(
        label=_("Answer within (working days)"), min_value=1, max_value=60, initial=5
    )
    is_mandatory = forms.BooleanField(
        label=_("This step waits for the answer"), required=False, initial=True
    )
    departments = forms.MultipleChoiceField(
        label=_("Which organs?"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, organs=(), **kwargs):
        super().__init__(*args, **kwargs)
        named = [(str(one.pk), organ_words(one)) for one in organs]
        self.fields["departments"].choices = named


class AnswerForm(forms.Form):
    """What a department says to a question."""

    prefix = "answer"
    answer = forms.ChoiceField(
        label=_("Opinion of the department"),
        choices=Consultation.Answer.choices,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("Reasons or conditions"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class PhraseForm(forms.Form):
    """A usual opinion of one's own or of a department one heads."""

    text = forms.CharField(
        label=_("Opinion"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    department = forms.ChoiceField(label=pgettext_lazy("phrase", "For whom?"), required=False)

    def __init__(self, *args, departments=(), **kwargs):
        super().__init__(*args, **kwargs)
        named = [(str(one.pk), organ_words(one)) for one in departments]
        self.fields["department"].choices = [("", _("Only for me")), *named]
        if not departments:
            del self.fields["department"]


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


class SnoozeForm(forms.Form):
    """Until when a line is not shown: one of the usual moments, or another one."""

    when = forms.ChoiceField(
        label=_("Show it again"), required=False, widget=forms.RadioSelect, choices=()
    )
    until = forms.DateTimeField(
        label=_("Another moment"),
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        help_text=_("Takes the place of the choice above."),
    )
    past_due = forms.BooleanField(
        label=_("Also what is due before then"),
        required=False,
        help_text=_("The deadline goes on running; reminders still come."),
    )

    def __init__(self, *args, moments=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["when"].choices = moments
        sent = self.data.get("when", "") if self.is_bound else ""
        # What was offered a minute ago may still be sent.
        if sent not in dict(moments) and (moment := datetime_or_none(sent)):
            self.fields["when"].choices = [*moments, (sent, f"{moment:%Y-%m-%d %H:%M}")]
        if moments and not self.is_bound:
            self.initial["when"] = moments[1][0]

    def clean(self):
        given = super().clean()
        until = given.get("until") or datetime_or_none(given.pop("when", ""))
        given.pop("when", None)
        return given | {"until": until}


class HandOnForm(forms.Form):
    """Who has the chosen lines from now on, and why."""

    to_user = forms.ChoiceField(label=_("To which colleague?"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Both colleagues read it, and it stands in the record."),
    )

    def __init__(self, *args, people=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to_user"].choices = [
            ("", _("Choose")),
            *((str(one.pk), str(one)) for one in people),
        ]


class OpinionForm(forms.Form):
    """One opinion for all of the chosen lines."""

    opinion = forms.CharField(
        label=_("One opinion for all of them"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Applicants can read it."),
    )


def datetime_or_none(text: str):
    """The moment that the text names with its zone, or None."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


class DeviceForm(forms.Form):
    """What a browser got from its push service, and what its owner calls it."""

    name = forms.CharField(label=_("Name of this device"), max_length=60)
    endpoint = forms.CharField(max_length=1000, widget=forms.HiddenInput)
    key = forms.CharField(max_length=200, widget=forms.HiddenInput)
    secret = forms.CharField(max_length=100, widget=forms.HiddenInput)

    def clean(self):
        # Nobody types these: what is wrong with them is said for the device as a whole.
        unseen = [name for name in ("endpoint", "key", "secret") if self.errors.pop(name, None)]
        if unseen:
            raise forms.ValidationError(_("The browser did not give usable keys. Try once more."))
        return super().clean()
