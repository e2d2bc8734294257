"""What an auditor searches for."""

from datetime import date, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from platform_core.common.trace import traceable_kinds

USUAL = timedelta(days=30)
LONGEST = timedelta(days=366)


def _day(label):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=False, widget=widget)


class SearchForm(forms.Form):
    """Person, organ, kind, deed and days; without days the last 30 of them."""

    who = forms.CharField(label=_("Person"), max_length=100, required=False)
    organ = forms.CharField(label=pgettext_lazy("trace", "Organ"), max_length=100, required=False)
    kind = forms.ChoiceField(label=_("Kind of thing"), required=False)
    verb = forms.CharField(
        label=_("What was done"), max_length=60, required=False,
        help_text=_("The beginning of its key, such as case or supervision.open"),
    )  # fmt: skip
    since = _day(pgettext_lazy("day", "From"))
    until = _day(pgettext_lazy("day", "Until"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        named = [(one.key, one.title) for one in traceable_kinds()]
        self.fields["kind"].choices = [("", _("All of them")), *named]

    def clean(self):
        given = super().clean()
        until = given.get("until") or timezone.localdate()
        since = given.get("since") or max(until, date.min + USUAL) - USUAL
        if since > until:
            self.add_error("since", _("The first day comes before the last one."))
        elif until - since > LONGEST:
            self.add_error("since", _("Search at most a year at once."))
        return given | {"since": since, "until": until}
