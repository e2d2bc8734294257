"""Hours, terms and days of a hall, as its head enters them."""

from datetime import time

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

DATE = {"type": "date"}
TIME = {"type": "time"}
DAYS = [
    (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")), (4, _("Friday")),
    (5, _("Saturday")), (6, _("Sunday")),
]  # fmt: skip


class DayForm(forms.Form):
    """Close a day, or give it other hours."""

    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs=DATE))
    opens = forms.TimeField(
        label=_("Opens"),
        help_text=_("Leave both empty to close the hall on this day."),
        required=False,
        widget=forms.TimeInput(attrs=TIME, format="%H:%M"),
    )
    closes = forms.TimeField(
        label=_("Closes"), required=False, widget=forms.TimeInput(attrs=TIME, format="%H:%M")
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Whoever has an appointment that day reads it."),
        max_length=200,
    )


class HoursForm(forms.Form):
    """The hours of a weekday: morning, afternoon, or one of them."""

    weekday = forms.TypedChoiceField(label=_("Weekday"), choices=DAYS, coerce=int)
    hours = forms.CharField(
        label=_("Opening hours"),
        help_text=_("Such as 9:00-11:30, 13:30-17:00. Empty: closed."),
        required=False,
        max_length=100,
    )

    def clean_hours(self) -> list[tuple[time, time]]:
        text = self.cleaned_data["hours"].replace("，", ",").replace("：", ":").replace("－", "-")
        try:
            return [_span(part) for part in text.split(",") if part.strip()]
        except ValueError:
            said = _("Write the hours like 9:00-11:30, 13:30-17:00.")
            raise forms.ValidationError(said) from None


def _span(text: str) -> tuple[time, time]:
    opens, closes = text.replace("–", "-").split("-")
    return _time(opens), _time(closes)


def _time(text: str) -> time:
    hour, minute = text.strip().split(":")
    return time(int(hour), int(minute))


class TermsForm(forms.Form):
    """How many appointments the queue `of` takes; the services judge the numbers."""

    line = forms.IntegerField(widget=forms.HiddenInput)
    capacity = forms.IntegerField(label=_("Appointments in a slot"))
    days_ahead = forms.IntegerField(label=_("Days ahead"))

    def __init__(self, *args, of, **named):
        super().__init__(*args, auto_id=f"id_{of.pk}_%s", **named)
        words = gettext("A slot has %(n)s minutes. 0: none can be booked.")
        self.fields["capacity"].help_text = words % {"n": of.slot_minutes}
        self.fields["days_ahead"].help_text = gettext("So far ahead people can book.")
        known = {"capacity": of.capacity, "days_ahead": of.days_ahead}
        for name, value in known.items():
            self.fields[name].initial = value
            self.fields[name].widget.attrs = {"inputmode": "numeric"}
