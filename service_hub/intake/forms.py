"""Who came, for which service, how."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Intake
from .selectors import item_choices
from .services import Person

OFF = {"autocomplete": "off"}


class IntakeForm(forms.Form):
    """The first page of an intake; the services judge what was entered."""

    channel = forms.ChoiceField(
        label=_("How did the person reach you?"),
        choices=[one for one in Intake.Channel.choices if one[0] != Intake.Channel.API],
        widget=forms.RadioSelect,
        initial=Intake.Channel.WINDOW,
    )
    window = forms.CharField(
        label=_("Window"),
        help_text=_("As people know it, e.g. window 3."),
        max_length=40,
        required=False,
    )
    item = forms.ChoiceField(
        label=_("Service"), error_messages={"required": _("Choose the service.")}
    )
    name = forms.CharField(
        label=_("Name on the identity card"),
        max_length=50,
        required=False,
        widget=forms.TextInput(attrs=OFF),
    )
    citizen_number = forms.CharField(
        label=_("Citizen identity number"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs=OFF),
    )
    credit_code = forms.CharField(
        label=_("Or for a firm: its unified social credit code"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs=OFF),
    )
    mobile = forms.CharField(
        label=_("Mobile number"),
        help_text=_("For messages about this case, when the person has no account."),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={**OFF, "type": "tel", "inputmode": "tel"}),
    )
    may_fill_in = forms.BooleanField(
        label=_("The person agrees that data we hold about them fill in the form"),
        required=False,
    )

    def __init__(self, *args, user, **named):
        super().__init__(*args, **named)
        self.fields["item"].choices = [("", _("Choose…")), *item_choices(user)]

    def person(self) -> Person:
        """Who came, as entered."""
        return Person(
            **{
                key: self.cleaned_data[key].replace("\x00", "")
                for key in ("name", "citizen_number", "mobile", "credit_code")
            }
        )

    def refuse(self, errors: dict[str, list[str]]) -> None:
        """Show what a service found wrong at its field."""
        for field, said in errors.items():
            self.add_error(field if field in self.fields else None, said)
