"""What is filled in about cards, rosters, swaps and rooms."""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.validators import MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from platform_core.common.organs import organ_words

from .bookings import LONGEST_TITLE
from .duties import moment_at
from .finding import day_or_none
from .weekly import MOST_TIMES
from .words import WEEKDAYS

TURNS = 6
NOBODY = "nobody"


def _day(label, **options):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, **options)


def _clock(label, **options):
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    return forms.TimeField(label=label, widget=widget, **options)


class CardForm(forms.Form):
    """One's own card."""

    room = forms.CharField(label=_("Room"), required=False, max_length=60)
    phone = forms.CharField(label=_("Office phone"), required=False, max_length=40)
    hides_mobile = forms.BooleanField(
        label=_("Do not show my mobile number to colleagues"),
        required=False,
        help_text=_("It is shown inside government only. Duty phones are never hidden."),
    )


class RosterForm(forms.Form):
    """A roster and its phone."""

    department = forms.ChoiceField(label=_("Organ"))
    name = forms.CharField(label=_("Name of the roster"), max_length=60)
    phone = forms.CharField(label=_("Duty phone"), required=False, max_length=40)
    is_always = forms.BooleanField(
        label=_("Somebody has to be there around the clock"),
        required=False,
        help_text=_("Hours without a shift are then shown as gaps too."),
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, *args, organs=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.organs = {str(one.pk): one for one in organs}
        self.fields["department"].choices = [
            (key, organ_words(one)) for key, one in self.organs.items()
        ]
        # What has just been made is in use.
        if not self.initial:
            del self.fields["is_active"]

    def clean_department(self):
        return self.organs[self.cleaned_data["department"]]


class ShiftForm(forms.Form):
    """Shifts of the weekly pattern: the same hours on several days, people in turn."""

    prefix = "shift"
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days of the week"),
        coerce=int,
        choices=list(enumerate(WEEKDAYS)),
        widget=forms.CheckboxSelectMultiple,
    )
    begins = _clock(_("Begins"))
    ends = _clock(_("Ends"), help_text=_("Not later than the beginning: the next day."))
    first_on = _day(_("From this day on"))
    last_on = _day(
        _("Last day"), required=False, help_text=_("Only for a time, as over a holiday.")
    )
    is_daily = forms.TypedChoiceField(
        label=_("People take turns"),
        choices=[("", _("by the week")), ("1", _("by the day"))],
        coerce=bool,
        empty_value=False,
        required=False,
    )

    def __init__(self, *args, staff=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.staff = {str(one.pk): one for one in staff}
        named = [("", _("Nobody")), *((key, str(one)) for key, one in self.staff.items())]
        for number in range(1, TURNS + 1):
            self.fields[f"person_{number}"] = forms.ChoiceField(
                label=_("Person %(n)s") % {"n": number}, required=False, choices=named
            )

    def clean(self):
        given = super().clean()
        chosen = [given.pop(f"person_{number}", "") for number in range(1, TURNS + 1)]
        return given | {"people": [self.staff[key] for key in chosen if key]}


class ExceptionForm(forms.Form):
    """Who has one duty instead of whose turn it is."""

    prefix = "put"
    person = forms.ChoiceField(label=_("Who is on duty"))
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args, staff=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.staff = {str(one.pk): one for one in staff}
        self.fields["person"].choices = [
            ("", _("Choose")),
            *((key, str(one)) for key, one in self.staff.items()),
            (NOBODY, _("Nobody: it stays a gap")),
        ]

    def clean_person(self):
        return self.staff.get(self.cleaned_data["person"])


class SwapForm(forms.Form):
    """Which duty of a colleague one would take for one's own."""

    prefix = "swap"
    theirs = forms.ChoiceField(label=_("Which duty you would take instead"))
    note = forms.CharField(label=_("Words to your colleague"), required=False, max_length=200)

    def __init__(self, *args, offers=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["theirs"].choices = [("", _("Choose")), *offers]


class RoomForm(forms.Form):
    """A room that an organ keeps."""

    department = forms.ChoiceField(label=_("Organ"))
    name = forms.CharField(label=_("Name of the room"), max_length=60)
    place = forms.CharField(label=_("Where it is"), required=False, max_length=120)
    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=2000)
    equipment = forms.CharField(label=_("Equipment"), required=False, max_length=120)
    is_shared = forms.BooleanField(
        label=_("Every organ of the division may book it"), required=False
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, *args, organs=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.organs = {str(one.pk): one for one in organs}
        self.fields["department"].choices = [
            (key, organ_words(one)) for key, one in self.organs.items()
        ]
        # What has just been made is in use.
        if not self.initial:
            del self.fields["is_active"]

    def clean_department(self):
        return self.organs[self.cleaned_data["department"]]


class BookingForm(forms.Form):
    """When a room is taken, and what for."""

    title = forms.CharField(label=_("What for"), max_length=LONGEST_TITLE)
    on = _day(pgettext_lazy("booking", "Day"), validators=[MinValueValidator(date(2000, 1, 1))])
    begins = _clock(_("Begins"))
    ends = _clock(_("Ends"))

    def moments(self) -> dict:
        """What for, and the moments from which to which."""
        given, zone = self.cleaned_data, timezone.get_default_timezone()
        return {
            "title": given["title"], "starts_at": moment_at(given["on"], given["begins"], zone),
            "ends_at": moment_at(given["on"], given["ends"], zone),
        }  # fmt: skip


class WeeklyForm(BookingForm):
    """A booking that may repeat. `without` are the days that were shown as taken."""

    times = forms.IntegerField(
        label=_("For how many weeks"),
        min_value=1,
        max_value=MOST_TIMES,
        initial=1,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text=_("1: only this once. More: every week on this day, at this time; at most 26."),
    )

    def clean_times(self) -> int:
        return self.cleaned_data["times"] or 1

    def asked(self) -> str:
        """The days and times that are asked for, as they were typed."""
        return "|".join(self.data.get(name, "") for name in ("on", "begins", "ends", "times"))

    def without(self) -> frozenset[date]:
        """The days that the person has seen taken at these times and does without."""
        is_seen = "free" in self.data and self.data.get("seen") == self.asked()
        sent = self.data.getlist("without")[:MOST_TIMES] if is_seen else ()
        return frozenset(filter(None, map(day_or_none, sent)))


class CancelForm(forms.Form):
    prefix = "cancel"
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)
