"""Forms of the portal that are no N-app's."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from security.accounts.models import PersonMandate
from service_hub.mandates.selectors import service_choices

from .place import county_choices

Relation = PersonMandate.Relation
GIVEN = [("", _("Choose…")), *[one for one in Relation.choices if one[0] != Relation.GUARDIAN]]


class PlaceForm(forms.Form):
    """The county whose offices and services are shown; empty: no particular one."""

    place = forms.ChoiceField(
        label=_("Where you live, or where your firm is"),
        help_text=_("We show the office that is responsible there. Kept in this browser only."),
        required=False,
    )

    def __init__(self, *args, **named):
        super().__init__(*args, **named)
        self.fields["place"].choices = [("", _("No particular place")), *county_choices()]


class MailForm(forms.Form):
    """The e-mail address at which somebody wants to be told."""

    address = forms.CharField(
        label=_("E-mail address"),
        help_text=_("We send a code of six digits there. It is used once you have typed the code."),
        max_length=254,
        widget=forms.TextInput(
            attrs={"type": "email", "inputmode": "email", "autocomplete": "email"}
        ),
    )


class MobileForm(forms.Form):
    """The mobile number at which somebody wants to be told."""

    address = forms.CharField(
        label=_("Mobile number"),
        help_text=_("We send a code of six digits there. It is used once you have typed the code."),
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )


ADDRESS_FORMS = {"email": MailForm, "sms": MobileForm}


class AddressCodeForm(forms.Form):
    """The six digits that were sent to an address."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("Six digits."),
        max_length=20,
        error_messages={"required": _("Enter the six digits that we sent.")},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "w-s"}
        ),
    )


class MandateForm(forms.Form):
    """Who, what they are to each other, for which services, until when."""

    name = forms.CharField(
        label=_("Name of the other person"),
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    number = forms.CharField(
        label=_("Their mobile or citizen identity number"),
        help_text=_("Only who knows both finds a person. The number is not stored."),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    relation = forms.ChoiceField(label=_("What is the one who acts to the other?"), choices=GIVEN)
    valid_until = forms.DateField(
        label=_("Until"),
        help_text=_("At most five years. It can be ended at any time."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    services = forms.MultipleChoiceField(
        label=_("Only for these services"),
        help_text=_("If you mark none, it holds for all services."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, way: str, **named):
        super().__init__(*args, auto_id=f"{way}_%s", **named)
        self.way = way
        self.fields["services"].choices = service_choices()
        if not self.is_bound:
            self.initial["valid_until"] = timezone.localdate() + timedelta(days=365)
