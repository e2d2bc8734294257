"""What is filled in to send a notice: the words, the people, the meeting; and the small forms of
those who get it.
"""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from platform_core.common.organs import organ_words

from . import choices, places
from .audience import DUTIES, Audience, Term
from .checks import LONGEST_TITLE
from .explaining import DUTY_WORDS
from .models import Meeting, Recipient
from .people import Scope

MOMENT = "%Y-%m-%dT%H:%M"


def moment_field(label, **more) -> forms.DateTimeField:
    widget = forms.DateTimeInput(format=MOMENT, attrs={"type": "datetime-local"})
    return forms.DateTimeField(label=label, required=False, widget=widget, **more)


class NoticeForm(forms.Form):
    """The words of a notice and what is asked of its people."""

    department = forms.ChoiceField(label=_("On behalf of"))
    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)
    body = forms.CharField(
        label=_("Text"), max_length=8000, widget=forms.Textarea(attrs={"rows": 6})
    )
    title_en = forms.CharField(
        label=_("Title in English"), max_length=LONGEST_TITLE, required=False,
        help_text=_("Without it everybody reads the words above."),
    )  # fmt: skip
    body_en = forms.CharField(
        label=_("Text in English"), max_length=8000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    needs_confirming = forms.BooleanField(
        label=_("Everybody confirms it"), required=False, initial=True,
        help_text=_("It waits in the inbox of each until they do."),
    )  # fmt: skip
    due_at = moment_field(_("Confirm by"))
    escalate_minutes = forms.IntegerField(
        label=_("Minutes until those who have not read are reached otherwise"),
        required=False,
        min_value=1,
        max_value=1440,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text=_(
            "A text message after so many minutes, a call after twice and their deputy after three"
            " times as many. Empty: nothing but the notice."
        ),
    )

    def __init__(self, *args, departments=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["department"].choices = [(str(one.pk), organ_words(one)) for one in departments]


class MeetingForm(forms.Form):
    """When and where a meeting is."""

    prefix = "meeting"
    wanted = forms.BooleanField(label=_("This notice calls a meeting"), required=False)
    starts_at = moment_field(_("Begins"))
    ends_at = moment_field(_("Ends"))
    room = forms.ChoiceField(
        label=pgettext_lazy("meeting", "Room"), required=False,
        help_text=_("It is booked in your name when the notice is sent."),
    )  # fmt: skip
    place = forms.CharField(
        label=pgettext_lazy("meeting", "Place"), max_length=200, required=False,
        help_text=_("When it is none of the rooms above."),
    )  # fmt: skip
    video_link = forms.URLField(
        label=_("Video link"), max_length=300, required=False, assume_scheme="https"
    )
    asks_reply = forms.BooleanField(
        label=_("Everybody says whether they come"), required=False, initial=True
    )

    def __init__(self, *args, user, held: Meeting | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.rooms = places.rooms_for(user, held.room if held else None)
        besides = held.booking_id if held else None
        self.fields["room"].choices = places.room_choices(self.rooms, self._times(), besides)
        if besides is not None:
            self.fields["room"].help_text = _("Its booking goes along with the meeting.")
        if not self.rooms:
            del self.fields["room"]
            self.fields["place"].help_text = ""

    def _times(self) -> tuple | None:
        """From when to when, as far as it is known already."""
        found = []
        for name in ("starts_at", "ends_at"):
            try:
                found.append(self.fields[name].clean(self[name].value()))
            except forms.ValidationError:
                return None
        return tuple(found) if None not in found and found[0] < found[1] else None

    def clean_room(self):
        return self.rooms.get(self.cleaned_data["room"])

    def facts(self) -> dict | None:
        """The fields of a Meeting; None when there is none."""
        given = {"room": None} | self.cleaned_data
        return given if given.pop("wanted", True) else None

    @staticmethod
    def initial_of(meeting: Meeting | None) -> dict:
        """What to fill in for a meeting that was made with this form."""
        if meeting is None:
            return {}
        names = ("starts_at", "ends_at", "place", "video_link", "asks_reply")
        found = {name: getattr(meeting, name) for name in names} | {"wanted": True}
        return found | ({"room": meeting.room_id, "place": ""} if meeting.room_id else {})


class AudienceForm(forms.Form):
    """Who gets it. Organs, functions, divisions and duties narrow one another; people and groups
    are added to them; the last part takes people out again.
    """

    prefix = "who"
    q_organ = forms.CharField(label=_("Find an organ by name"), required=False, max_length=60)
    organs = forms.MultipleChoiceField(
        label=_("Organs"), required=False, widget=forms.CheckboxSelectMultiple
    )
    below = forms.BooleanField(label=_("With the organs below them"), required=False)
    kinds = forms.MultipleChoiceField(
        label=_("Functions of organs"), required=False, widget=forms.CheckboxSelectMultiple
    )
    regions = forms.MultipleChoiceField(
        label=_("Divisions"), required=False, widget=forms.CheckboxSelectMultiple
    )
    duties = forms.MultipleChoiceField(
        label=_("Posts"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(one, DUTY_WORDS[one]) for one in DUTIES],
    )  # fmt: skip
    groups = forms.MultipleChoiceField(
        label=_("Saved groups"), required=False, widget=forms.CheckboxSelectMultiple
    )
    q_person = forms.CharField(label=_("Find somebody by name"), required=False, max_length=60)
    people = forms.MultipleChoiceField(
        label=_("Single people"), required=False, widget=forms.CheckboxSelectMultiple
    )
    not_organs = forms.MultipleChoiceField(
        label=_("Organs left out"), required=False, widget=forms.CheckboxSelectMultiple
    )
    not_people = forms.MultipleChoiceField(
        label=_("People left out"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, user, scope: Scope, with_groups: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        held = self._held
        organs = choices.organ_choices(scope, self._q("q_organ"), held("organs", "not_organs"))
        people = choices.person_choices(scope, self._q("q_person"), held("people", "not_people"))
        self.fields["organs"].choices = self.fields["not_organs"].choices = organs
        self.fields["people"].choices = self.fields["not_people"].choices = people
        self.fields["kinds"].choices = choices.kind_choices(scope)
        self.fields["regions"].choices = choices.region_choices(scope)
        self.fields["groups"].choices = choices.group_choices(user) if with_groups else []
        for name in ("kinds", "regions", "groups", "people", "not_people"):
            if not self.fields[name].choices:
                del self.fields[name]
        for kind, offered in choices.other_choices(user):
            if offered:
                self.fields[f"other_{kind.key}"] = forms.MultipleChoiceField(
                    label=kind.title, required=False, choices=offered,
                    widget=forms.CheckboxSelectMultiple,
                )  # fmt: skip

    def _held(self, *names: str) -> list[str]:
        """What is ticked in these questions, whether it was sent or stored."""
        if self.is_bound:
            return [one for name in names for one in self.data.getlist(self.add_prefix(name))]
        return [str(one) for name in names for one in self.initial.get(name, ())]

    def _q(self, name: str) -> str:
        sent = self.data.get(self.add_prefix(name), "") if self.is_bound else ""
        return sent.replace("\x00", "")[:60].strip()

    @property
    def others(self) -> list:
        """The questions of other modules' kinds."""
        return [self[name] for name in self.fields if name.startswith("other_")]

    def audience(self) -> Audience:
        """What was chosen."""
        given = self.cleaned_data
        post = Term(
            organ=_numbers(given.get("organs")), below=bool(given.get("below")),
            kind=frozenset(given.get("kinds") or ()), region=frozenset(given.get("regions") or ()),
            duty=frozenset(given.get("duties") or ()),
        )  # fmt: skip
        others = [
            Term(other=frozenset((name.removeprefix("other_"), one) for one in values))
            for name, values in given.items()
            if name.startswith("other_")
        ]
        terms = [post, *others, Term(group=_numbers(given.get("groups"))),
                 Term(person=_numbers(given.get("people")))]  # fmt: skip
        without = [
            Term(organ=_numbers(given.get("not_organs")), below=bool(given.get("below"))),
            Term(person=_numbers(given.get("not_people"))),
        ]
        return Audience(
            tuple(one for one in terms if not one.is_empty),
            tuple(one for one in without if not one.is_empty),
        )

    @staticmethod
    def initial_of(audience: Audience) -> dict:
        """What to tick for an audience that was made with this form."""
        found: dict = {}
        names = {"organ": "organs", "kind": "kinds", "region": "regions", "duty": "duties",
                 "person": "people", "group": "groups"}  # fmt: skip
        for term in audience.terms:
            for facet, name in names.items():
                values = {str(one) for one in getattr(term, facet)}
                found[name] = sorted({*found.get(name, ()), *values})
            for kind, values in term.others.items():
                found[f"other_{kind}"] = values
            found["below"] = found.get("below", False) or term.below
        for term in audience.without:
            for facet, name in {"organ": "not_organs", "person": "not_people"}.items():
                values = {str(one) for one in getattr(term, facet)}
                found[name] = sorted({*found.get(name, ()), *values})
        return found


def _numbers(values) -> frozenset[int]:
    return frozenset(int(one) for one in values or ())


class ReplyForm(forms.Form):
    """Whether somebody comes to a meeting."""

    answer = forms.ChoiceField(
        label=_("Will you come?"),
        widget=forms.RadioSelect,
        choices=[one for one in Recipient.Reply.choices if one[0]],
    )
    note = forms.CharField(
        label=_("Whom you send, or why you cannot come"), max_length=200, required=False
    )


class ReasonForm(forms.Form):
    """Why something is done that others read about."""

    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class GroupForm(forms.Form):
    """The name of a saved group and whose it is."""

    department = forms.ChoiceField(label=_("For the people of"))
    name = forms.CharField(label=_("Name of the group"), max_length=60)

    def __init__(self, *args, departments=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["department"].choices = [(str(one.pk), organ_words(one)) for one in departments]


class MinutesForm(forms.Form):
    """The minutes of a meeting."""

    minutes = forms.CharField(
        label=_("Minutes"), max_length=20000, required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
    )  # fmt: skip


class ItemForm(forms.Form):
    """What the minutes ask of an organ; a line without text is no item."""

    text = forms.CharField(
        label=_("What is to be done"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    lead = forms.ChoiceField(label=_("Organ that leads"), required=False)
    assisting = forms.MultipleChoiceField(
        label=_("Organs that assist"), required=False, widget=forms.CheckboxSelectMultiple
    )
    due_at = moment_field(pgettext_lazy("action item", "Until"))

    def __init__(self, *args, organs=(), **kwargs):
        super().__init__(*args, **kwargs)
        named = [(str(one.pk), organ_words(one)) for one in organs]
        self.fields["lead"].choices = [("", _("Choose")), *named]
        self.fields["assisting"].choices = named
