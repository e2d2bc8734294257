"""The forms of a firm: binding it, inviting and changing members."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from platform_core.common.errors import Unusable
from security.accounts.models import FirmAgent
from service_hub.firms.selectors import service_choices

from .place import county_choices

ROLES = [
    ("agent", _("Agent: applies and withdraws, sees cases and wallet")),
    ("manager", _("Manager: as an agent, and looks after the members")),
    ("viewer", _("Viewer: sees the cases only")),
]


class BindForm(forms.Form):
    credit_code = forms.CharField(
        label=_("Unified social credit code"),
        help_text=_("18 characters, as on the business licence."),
        max_length=40,
    )
    name = forms.CharField(label=_("Name of the firm"), max_length=200)


class ClaimForm(BindForm):
    region = forms.ChoiceField(
        label=_("County in which the firm is registered"),
        help_text=_("The market organ of this county looks at it."),
    )
    licence = forms.FileField(
        label=_("Business licence"),
        help_text=_("A photograph or a PDF of the whole page, at most 10 MB."),
        required=False,
    )
    # A file that came with answers that have to be corrected is not sent again.
    kept = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **named):
        super().__init__(*args, **named)
        self.fields["region"].choices = [("", _("Choose…")), *county_choices()]

    def keep(self, store) -> None:
        """Take the file in with `store(upload)`, whatever is wrong with the answers."""
        upload = self.files.get("licence")
        if upload is None:
            return
        try:
            file = store(upload)
        except Unusable as error:
            self.add_error("licence", error.errors[""])
            return
        self.data = self.data.copy()
        self.data["kept"] = str(file.pk)
        self.cleaned_data["kept"] = file.pk

    @property
    def has_file(self) -> bool:
        """Whether a file has come that need not be chosen again."""
        return bool(self.data.get("kept")) and not self.errors.get("licence")


class MemberForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=ROLES, widget=forms.RadioSelect)
    valid_until = forms.DateField(
        label=_("Until"),
        help_text=_("At most three years. It can be ended at any time."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    services = forms.MultipleChoiceField(
        label=_("Only for these services"),
        help_text=_("If you mark none, it holds for all services."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, roles, **named):
        super().__init__(*args, **named)
        self.fields["role"].choices = [pair for pair in ROLES if pair[0] in roles]
        self.fields["services"].choices = service_choices()
        if not self.is_bound:
            self.initial.setdefault("role", FirmAgent.Role.AGENT)
            self.initial.setdefault("valid_until", timezone.localdate() + timedelta(days=365))


class InviteForm(MemberForm):
    name = forms.CharField(label=_("Name"), max_length=50)
    number = forms.CharField(
        label=_("Citizen or mobile number"),
        help_text=_("Whoever has an account is told at once. Else give them the link."),
        max_length=40,
        required=False,
    )
    field_order = ["name", "number", "role", "valid_until", "services"]
