"""Invented contents for the style guide: enough of everything to see, test and compare."""

from datetime import timedelta

from django import forms
from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .charts import Series, columns

ENDS = {"portal", "office"}


class SampleForm(forms.Form):
    """One question of each kind, with mistakes in it."""

    name = forms.CharField(label=_("Name"), help_text=_("As on your identity card"))
    rent = forms.IntegerField(label=_("Monthly rent (yuan)"), help_text=_("Without utilities"))
    kind = forms.ChoiceField(
        label=_("Who lives there"),
        choices=[("alone", _("I alone")), ("family", _("My family"))],
        widget=forms.RadioSelect,
    )
    notes = forms.CharField(label=_("Remarks"), widget=forms.Textarea, required=False)
    agree = forms.BooleanField(label=_("I have read how my data is used"))


def samples() -> dict:
    """The context of both style pages."""
    now = timezone.now()
    form = SampleForm({"name": "陈思宁", "rent": "", "kind": ""})
    form.is_valid()
    return {"form": form, "now": now, **questions(), **case(now), **lists()}


def questions() -> dict:
    """Questions that come from dicts, as the form capability makes them."""
    return {
        "upload": {
            "name": "lease",
            "label": _("Photo of your lease"),
            "kind": "file",
            "hint": _("JPG, PNG or PDF, up to 10 MB"),
            "accept": "image/*,.pdf",
            "source": _("From the lease register, updated today"),
        },
        "choice": {
            "name": "city",
            "label": _("City"),
            "kind": "select",
            "options": [("330100", "杭州市"), ("330200", "宁波市")],
            "value": "330200",
            "optional": True,
        },
        "several": {
            "name": "ways",
            "label": _("How may we reach you"),
            "kind": "checkboxes",
            "value": ["sms"],
            "options": [
                {"value": "sms", "label": _("Text message"), "hint": "138****2046"},
                {"value": "mail", "label": _("E-mail")},
            ],
        },
        "money": {"name": "sum", "label": _("Amount"), "suffix": _("yuan"), "inputmode": "decimal"},
    }


def case(now) -> dict:
    """A case on its way."""
    return {
        "steps": [
            {"label": _("Sent"), "state": "done", "note": now},
            {"label": _("Accepted"), "state": "done"},
            {"label": _("Being checked"), "state": "now"},
            {"label": _("Decision"), "state": "todo"},
            {"label": _("Done"), "state": "todo"},
        ],
        "entries": [
            {"title": _("Decision"), "state": "todo", "at": now + timedelta(days=1)},
            {"title": _("Being checked"), "state": "now", "at": now, "who": "余杭分中心"},
            {
                "title": _("Needs you"),
                "state": "warn",
                "at": now - timedelta(hours=2),
                "who": "沈丽",
                "note": "门牌号看不清，请补一张照片。",
            },
            {"title": _("Sent"), "state": "done", "at": now - timedelta(days=1)},
        ],
        "docs": [
            {"name": _("Identity card"), "icon": "id-card", "tag": _("Checked"), "kind": "ok"},
            {
                "name": _("Photo of your lease"),
                "icon": "image",
                "note": "2.1 MB",
                "url": "#docs",
                "tag": _("Being checked"),
                "kind": "info",
            },
        ],
        "masked": "陈*宁",
    }


def lists() -> dict:
    """Lights, levels, tabs and pages."""
    return {
        "dues": [
            {"level": "green", "words": _("In time")},
            {"level": "yellow", "words": _("Today 18:00")},
            {"level": "red", "words": _("1 day late")},
            {"level": "none", "words": _("Clock stopped")},
        ],
        "tabs": [
            {"url": "#tabs", "label": _("All"), "current": True, "count": 12},
            {"url": "#tabs", "label": _("Done"), "count": None},
        ],
        "page": Paginator(range(45), 20).page(2),
        "chart": columns(
            "sample",
            _("Received and finished"),
            range(1, 8),
            [
                Series(_("Received"), [4, 7, 3, 0, 5, 2, 6]),
                Series(_("Finished"), [2, 5, 6, 1, 4, 3, 4]),
            ],
        ),
        "levels": [(4, "Ⅰ"), (3, "Ⅱ"), (2, "Ⅲ"), (1, "Ⅳ"), (0, "✓")],
    }
