"""The draft's form, and the other things that are filled in about papers."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from platform_core.common.i18n import pick
from platform_core.common.organs import organ_words

from .elements import LONGEST
from .kinds import DOWN, KINDS, LEVEL, OPEN, UP, Kind
from .models import Paper

DIRECTIONS = {
    UP: pgettext_lazy("direction", "To a superior organ"),
    DOWN: pgettext_lazy("direction", "To organs below"),
    LEVEL: pgettext_lazy("direction", "Between equal organs"),
    OPEN: pgettext_lazy("direction", "Open to everybody"),
}


def organ_choices(organs) -> list[tuple[str, str]]:
    return [(str(one.pk), organ_words(one)) for one in organs]


def _area(label, rows: int, **more):
    return forms.CharField(
        label=label,
        required=False,
        widget=forms.Textarea(attrs={"rows": rows}),
        strip=False,
        **more,
    )


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class PaperForm(forms.Form):
    """Every element of a draft. What is missing is said when it is sent on, not when it is kept."""

    title = forms.CharField(
        label=_("Title"),
        required=False,
        help_text=_("Says the matter and ends with the kind of document."),
    )
    direction = forms.ChoiceField(label=_("Which way it goes"), required=False)
    main_to = forms.MultipleChoiceField(
        label=_("Addressed to"), required=False, widget=forms.SelectMultiple(attrs={"size": 6})
    )
    matters = _area(_("Matter"), 2, help_text=_("One a line. A request has exactly one."))
    reply_to = forms.CharField(label=_("Number of the request it answers"), required=False)
    body = _area(_("Text"), 16, help_text=_("A paragraph a line; indents are set by the layout."))
    attachments = _area(_("Names of attachments"), 2, help_text=_("One a line."))
    uploads = forms.FileField(
        label=_("Add files as attachments"), required=False,
        widget=SeveralFiles(attrs={"multiple": True}),
        help_text=_("PDF files and pictures are joined to the pages; others are listed and sent"
                    " along."),
    )  # fmt: skip
    contact = forms.CharField(label=_("Whom to ask"), required=False)
    contact_phone = forms.CharField(
        label=_("Their phone"), required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    remark = forms.CharField(label=_("Remark"), required=False)
    copy_to = forms.MultipleChoiceField(
        label=_("Copies to"), required=False, widget=forms.SelectMultiple(attrs={"size": 4})
    )
    countersign = forms.MultipleChoiceField(
        label=_("Countersigned by"), required=False, widget=forms.SelectMultiple(attrs={"size": 4}),
        help_text=_("Organs whose matter it touches; all are asked at once."),
    )  # fmt: skip
    signer = forms.ChoiceField(label=_("Signed by"), required=False)
    word = forms.ChoiceField(label=_("Word of the number"), required=False)
    urgency = forms.ChoiceField(label=_("Urgency"), required=False, choices=Paper.Urgency.choices)
    secrecy = forms.ChoiceField(
        label=_("Secrecy"), required=False, choices=Paper.Secrecy.choices,
        help_text=_("A secret document is read here only: no file of it leaves."),
    )  # fmt: skip
    secret_for = forms.CharField(
        label=_("Kept secret for"), required=False, help_text=_("A number of years, or until when.")
    )

    def __init__(self, *args, kind: Kind, organs=(), signers=(), words=(), **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("main_to", "copy_to", "countersign"):
            self.fields[name].choices = organ_choices(organs)
        nobody = ("", _("Choose"))
        self.fields["signer"].choices = [nobody, *((str(one.pk), str(one)) for one in signers)]
        self.fields["word"].choices = [nobody, *((one, one) for one in words)]
        self.fields["direction"].choices = [(one, DIRECTIONS[one]) for one in kind.directions]
        for name, most in LONGEST.items():
            if name in self.fields and name != "word":
                self.fields[name].widget.attrs["maxlength"] = most
        if not kind.is_reply:
            del self.fields["reply_to"]
        if len(kind.directions) == 1:
            del self.fields["direction"]


class OutsideForm(forms.Form):
    """A paper that came from outside."""

    sender = forms.CharField(label=pgettext_lazy("paper", "Issued by"), max_length=120)
    number = forms.CharField(label=pgettext_lazy("paper", "Number"), max_length=60, required=False)
    kind = forms.ChoiceField(label=pgettext_lazy("paper", "Kind"))
    title = forms.CharField(label=_("Title"), max_length=200)
    organ = forms.ChoiceField(label=_("For which organ"))
    urgency = forms.ChoiceField(label=_("Urgency"), required=False, choices=Paper.Urgency.choices)
    secrecy = forms.ChoiceField(label=_("Secrecy"), required=False, choices=Paper.Secrecy.choices)
    scan = forms.FileField(
        label=_("Scan of the paper"), required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,application/pdf"}),
        help_text=_("One PDF file. Whoever may read the paper may open it."),
    )  # fmt: skip
    uploads = forms.FileField(
        label=_("Further files"), required=False, widget=SeveralFiles(attrs={"multiple": True}),
        help_text=_("What came with the paper: PDF files, pictures, tables and texts."),
    )  # fmt: skip
    body = _area(_("Text"), 8, help_text=_("What is typed or scanned here can be searched."))

    def __init__(self, *args, organs=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(one.key, pick(one.title)) for one in KINDS.values()]
        self.fields["organ"].choices = organ_choices(organs)


class FilesForm(forms.Form):
    """A file that a paper from outside gets after it was registered."""

    place = forms.ChoiceField(label=_("What it is"), required=False, widget=forms.RadioSelect)
    uploads = forms.FileField(
        label=_("File"), required=False, widget=SeveralFiles(attrs={"multiple": True}),
        help_text=_("What is replaced is kept, and the history names both."),
    )  # fmt: skip
    reason = _area(_("Why"), 2, max_length=2000)

    def __init__(self, *args, files=(), needs_reason: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [("", _("A further file"))]
        if not any(one.is_scan for one in files):
            choices.append(("scan", _("The scan of the paper (PDF)")))
        said = _("In the place of “%(name)s”")
        choices += [(str(one.pk), said % {"name": one.file.name}) for one in files]
        self.fields["place"].choices = choices
        if needs_reason:
            self.fields["reason"].help_text = _("Others have had the paper; they are told.")
        else:
            del self.fields["reason"]


class WordForm(forms.Form):
    """A new word for an organ's numbers."""

    department = forms.ChoiceField(label=_("Organ"))
    word = forms.CharField(label=_("Word"), max_length=12)

    def __init__(self, *args, organs=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["department"].choices = organ_choices(organs)
