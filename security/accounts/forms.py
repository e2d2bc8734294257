"""Forms about people: registering, the profile, the real-name identity."""

from __future__ import annotations

from allauth.account.forms import SignupForm
from allauth.account.models import EmailAddress
from allauth.account.utils import setup_user_email
from allauth.core.exceptions import ImmediateHttpResponse
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from security import identifiers

from . import services
from .models import Firm, PersonMandate, User
from .selectors import firm_by_credit_code


class SignUpForm(SignupForm):
    """A citizen opens an account: name, user name, e-mail, mobile number if they like, password."""

    name = forms.CharField(
        label=_("Name"),
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("Mobile number"),
        help_text=_("We send a message when something in your case needs you."),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    field_order = ["name", "username", "email", "phone", "password1", "password2"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        words = {
            "username": (_("User name"), _("Letters, digits and @ . + - _. You sign in with it.")),
            "email": (_("E-mail address"), _("For resetting a forgotten password.")),
            "password1": (_("Password"), _("At least 10 characters; not only digits.")),
            "password2": (_("Password again"), ""),
        }
        for name, (label, hint) in words.items():
            self.fields[name].label, self.fields[name].help_text = label, hint
            self.fields[name].widget.attrs.pop("placeholder", None)

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"]
        problem = identifiers.mobile_problem(phone) if phone.strip() else None
        if problem:
            raise ValidationError(problem)
        return phone

    def save(self, request):
        given = self.cleaned_data
        try:
            user = self._register(request, given)
        except ValidationError as error:
            # A second click on the button: the first one has just made the account.
            messages.info(request, " ".join(error.messages))
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_login"))) from None
        setup_user_email(request, user, [EmailAddress(email=user.email)])
        return user

    def _register(self, request, given):
        return services.register_citizen(
            actor=request.actor, username=given["username"], email=given["email"],
            password=given["password1"], name=given["name"], phone=given["phone"],
            is_proved=False,
        )  # fmt: skip


class ProfileForm(forms.Form):
    """What a person may change about themselves at any time."""

    name = forms.CharField(
        label=_("Name"), max_length=50, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )


class IdentityForm(forms.Form):
    """Real name and citizen number, checked digit by digit."""

    real_name = forms.CharField(
        label=_("Name on the identity card"),
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    citizen_number = forms.CharField(
        label=_("Citizen identity number"),
        help_text=_("18 characters, as on the card. It is kept encrypted and shown masked."),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_citizen_number(self) -> str:
        number = identifiers.normalise(self.cleaned_data["citizen_number"])
        problem = identifiers.citizen_number_problem(number)
        if problem:
            raise ValidationError(problem)
        return number


class FirmForm(forms.ModelForm):
    """A firm as an administrator enters it. The code may be given once and is masked ever after."""

    class Meta:
        model = Firm
        fields = ("name", "credit_code", "region")
        widgets = {"credit_code": forms.TextInput(attrs={"autocomplete": "off", "maxlength": "18"})}

    def clean_credit_code(self) -> str:
        code = identifiers.normalise(self.cleaned_data["credit_code"])
        problem = identifiers.credit_code_problem(code)
        if not problem and firm_by_credit_code(code):
            problem = _("A firm with this code is already entered.")
        if problem:
            raise ValidationError(problem)
        return code


class GuardianForm(forms.ModelForm):
    """A guardian, entered after seeing the document that shows it."""

    class Meta:
        model = PersonMandate
        fields = ("principal", "agent", "valid_until", "evidence")
        widgets = {"evidence": forms.Textarea(attrs={"rows": 3, "maxlength": "1000"})}
        help_texts = {
            "principal": _("The person under guardianship."),
            "agent": _("The guardian."),
            "evidence": _("Which document was shown, its number, and who issued it."),
        }

    def clean_evidence(self) -> str:
        text = self.cleaned_data["evidence"].strip()
        if len(text) < 5:
            raise ValidationError(_("Say which document showed the guardianship."))
        return text

    def clean(self):
        given = super().clean()
        pair = [given.get("principal"), given.get("agent")]
        if any(one is not None and one.kind != User.Kind.CITIZEN for one in pair):
            raise ValidationError(_("Both are citizens."))
        if pair[0] is not None and pair[0] == pair[1]:
            raise ValidationError(_("Nobody is their own guardian."))
        return given
