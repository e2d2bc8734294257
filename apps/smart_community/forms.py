"""What is filled in about a grid."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from platform_core.common.organs import organ_words
from security.organs.models import Department
from security.organs.selectors import officials_of


class GridForm(forms.Form):
    """A grid with the people who work in it, all of the organ that keeps it. Of several `organs`
    one is chosen, and the people are named with theirs.
    """

    organ = forms.ChoiceField(label=_("Organ that keeps the grid"))
    code = forms.CharField(
        label=_("Code of the grid"), max_length=16,
        help_text=_("The code of the division and three digits."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    name = forms.CharField(label=_("Name of the grid"), max_length=60)
    households = forms.IntegerField(
        label=_("Households"), min_value=0, max_value=100_000,
        help_text=_("In a city 300 to 500, in the country a natural village."),
    )  # fmt: skip
    leader = forms.ChoiceField(label=_("Who leads the grid"))
    workers = forms.MultipleChoiceField(
        label=_("Who works in it"), required=False, widget=forms.CheckboxSelectMultiple
    )
    is_in_use = forms.BooleanField(
        label=pgettext_lazy("grid", "In use"), required=False, initial=True
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args, organs: Sequence[Department], **kwargs):
        super().__init__(*args, **kwargs)
        self.organs = {str(one.pk): one for one in organs}
        choices = [(key, organ_words(one)) for key, one in self.organs.items()]
        self.fields["organ"].choices = [("", _("Choose")), *choices]
        if len(organs) == 1:
            del self.fields["organ"]
        self.people, working = {}, {}
        for organ in organs:
            for one in officials_of(organ):
                self.people[str(one.pk)] = one
                working.setdefault(str(one.pk), []).append(organ_words(organ))
        named = [
            (key, f"{one} · {_(', ').join(working[key])}" if len(organs) > 1 else str(one))
            for key, one in self.people.items()
        ]
        self.fields["leader"].choices = [("", _("Choose")), *named]
        self.fields["workers"].choices = named

    def facts(self) -> dict:
        """What was entered, as the service takes it."""
        given = dict(self.cleaned_data)
        only = next(iter(self.organs))
        given["department"] = self.organs[given.pop("organ", only)]
        given["leader"] = self.people[given["leader"]]
        given["workers"] = [self.people[key] for key in given["workers"]]
        return given
