"""The elements of an item as a form; what they must be is judged by `checks`."""

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from .elements import ELEMENTS, ITEM_TYPES, Element

KINDS = [("basic", _("Basic catalogue")), ("implementing", _("Implementing items"))]


def label_of(element: Element) -> str:
    if element.is_english:
        return gettext("%(label)s (English)") % {"label": element.label}
    return str(element.label)


def _field(element: Element) -> forms.Field:
    named = {"label": label_of(element), "required": element.required}
    if element.kind == "choice":
        choices = [("", _("Choose…")), *element.choices.items()]
        return forms.ChoiceField(choices=choices, **named)
    if element.kind == "choices":
        widget = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(
            choices=list(element.choices.items()), widget=widget, **named
        )
    widget = forms.Textarea(attrs={"rows": 4}) if element.kind == "long" else forms.TextInput()
    if element.kind == "number":
        widget.attrs["inputmode"] = "numeric"
    if element.is_english:
        widget.attrs["lang"] = "en"
    if element.kind == "day":
        widget = forms.DateInput(attrs={"type": "date"})
    most = element.most if element.kind in {"text", "long", "url"} else 10
    return forms.CharField(max_length=most, widget=widget, **named)


class ElementsForm(forms.Form):
    """Every element of an item of `kind`."""

    use_required_attribute = False

    def __init__(self, *args, kind: str, elements: dict | None = None, **named):
        initial = dict(elements or {})
        for key, element in ELEMENTS[kind].items():
            if element.kind == "choices":
                initial[key] = [code for code in initial.get(key, "").split(",") if code]
        super().__init__(*args, initial=initial, **named)
        self.kind = kind
        for key, element in ELEMENTS[kind].items():
            self.fields[key] = _field(element)

    def groups(self, titles) -> list[tuple[object, list]]:
        """[(title, bound fields)] in the order of `titles`."""
        return [(title, [self[one.key] for one in members]) for title, members in titles]

    def refuse(self, errors: dict[str, list[str]]) -> None:
        """Show what a service found wrong at its field."""
        for field, said in errors.items():
            self.add_error(field if field in self.fields else None, said)


class BeginForm(forms.Form):
    """Which item is to be added."""

    kind = forms.ChoiceField(label=_("Where to"), choices=KINDS, widget=forms.RadioSelect)
    code = forms.CharField(
        label=pgettext_lazy("item", "Code"),
        help_text=_("12 characters for the basic catalogue, 31 for an implementing item."),
        max_length=40,
    )
    use_required_attribute = False

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split()).upper()

    refuse = ElementsForm.refuse


class SuspensionForm(forms.Form):
    """From when to when an organ takes no cases, and why."""

    start = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Empty: at once."),
    )  # fmt: skip
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The last day. Empty: until further notice."),
    )  # fmt: skip
    zh = forms.CharField(
        label=_("Notice in Chinese"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2, "lang": "zh-CN"}),
    )
    en = forms.CharField(
        label=_("Notice in English"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2, "lang": "en"}),
    )
    use_required_attribute = False
    refuse = ElementsForm.refuse


class ImportForm(forms.Form):
    """A file with items."""

    kind = forms.ChoiceField(
        label=_("What does the file hold?"), choices=KINDS, widget=forms.RadioSelect
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("XLSX, CSV or JSON, at most 10 MB and 10,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.json"}),
    )
    use_required_attribute = False

    def refuse_cells(self, errors: dict[str, list[str]]) -> None:
        """Show what is wrong with the file, with the cell where it stands."""
        for cell, said in errors.items():
            for one in said:
                self.add_error("file", one if cell == "file" else f"{cell}: {one}")


class FilterForm(forms.Form):
    """What the list is narrowed by; whatever is not known is left out."""

    q = forms.CharField(required=False, max_length=60)
    type = forms.ChoiceField(required=False, choices=[("", ""), *ITEM_TYPES.items()])
    state = forms.ChoiceField(
        required=False, choices=[(key, key) for key in ("", "open", "new", "suspended")]
    )

    def narrowed(self) -> dict[str, str]:
        self.full_clean()
        known = getattr(self, "cleaned_data", {})
        text = known.get("q", "").replace("\x00", "").strip()
        return {"text": text, "item_type": known.get("type", ""), "state": known.get("state", "")}
