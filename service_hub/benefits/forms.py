"""The form in which an official writes a policy."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from service_hub.items.selectors import open_items

from .selectors import item_choices


class BenefitForm(forms.Form):
    title_zh = forms.CharField(label=_("Title (Chinese)"), max_length=100)
    title_en = forms.CharField(label=_("Title (English)"), max_length=100)
    gets_zh = forms.CharField(label=_("What firms get (Chinese)"), max_length=400)
    gets_en = forms.CharField(label=_("What firms get (English)"), max_length=400)
    formula = forms.CharField(
        label=_("Which firms"),
        help_text=_('A rule over the facts below, such as [staff] <= 300 and [city] == "330100".'),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    valid_from = forms.DateField(
        label=_("Valid from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    valid_until = forms.DateField(
        label=_("Valid until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    item = forms.ChoiceField(label=_("Service to apply for"), required=False)
    is_automatic = forms.BooleanField(label=_("No need to apply"), required=False)

    def __init__(self, *args, **named):
        super().__init__(*args, **named)
        self.fields["item"].choices = [("", "—"), *item_choices(open_items("enterprise"))]
        if not self.is_bound:
            self.initial["valid_from"] = timezone.localdate()

    def terms(self) -> dict:
        """What the service takes."""
        data = dict(self.cleaned_data)
        both = {
            name: {one: data.pop(f"{name}_{one}") for one in ("zh", "en")}
            for name in ("title", "gets")
        }
        chosen = data.pop("item")
        item = open_items("enterprise").filter(pk=int(chosen)).first() if chosen else None
        return data | both | {"item": item}
