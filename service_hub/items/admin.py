"""Service items in the admin site: looked through, suspended and resumed. What an item says comes
from its N-app's manifest and is changed there.
"""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from platform_core.common.deeds import Deed, DeedAdmin, shown
from platform_core.common.i18n import pick
from security.organs.kinds import kind_title

from . import services
from .models import ServiceItem
from .themes import THEMES

State = ServiceItem.State


class NoticeForm(forms.Form):
    """What the guide says while the item is suspended, in both languages."""

    zh = forms.CharField(
        label=_("Notice in Chinese"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "zh-CN"}),
        help_text=_("Why, until when, and what people can do instead."),
    )
    en = forms.CharField(
        label=_("Notice in English"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "en"}),
    )
    start = forms.DateField(label=_("From"), required=False, help_text=_("Empty: at once."))
    until = forms.DateField(
        label=_("Until"),
        required=False,
        help_text=_("The last day. Empty: until further notice."),
    )


def suspend(actor, item, *, zh: str, en: str, start=None, until=None):
    notice = {"zh": zh, "en": en}
    services.suspend_item(actor=actor, item=item, notice=notice, start_on=start, end_on=until)


def resume(actor, item):
    services.resume_item(actor=actor, item=item)


@admin.register(ServiceItem)
class ServiceItemAdmin(DeedAdmin):
    list_display = ["basic_code", "name", "office", "audiences", "promise_days", "state"]
    list_filter = ["state", "napp"]
    list_select_related = ["napp"]
    search_fields = ["^basic_code", "title", "keywords"]
    search_help_text = _("Code, title or key word")
    fields = [
        "basic_code", "name", "words", "napp", "napp_version", "subject", "audiences", "office",
        "promise_days", "legal_days", "visits", "minutes", "state", "said",
        "suspended_from", "suspended_until", "published_at",
    ]  # fmt: skip
    deeds = {
        "suspend": Deed(
            _("Suspend"),
            _("Nobody can begin a new case; the guide stays and says why. Running cases go on."),
            "suspend",
            lambda item: item.state == State.IN_USE,
            suspend,
            NoticeForm,
        ),
        "resume": Deed(
            _("Resume"),
            _("New cases can be filed again at once. The notice disappears from the guide."),
            "suspend",
            lambda item: item.state == State.SUSPENDED,
            resume,
        ),
    }

    @shown(_("title"))
    def name(self, item):
        return pick(item.title)

    @shown(_("summary"))
    def words(self, item):
        return pick(item.summary)

    @shown(_("theme"))
    def subject(self, item):
        return THEMES[item.theme].title if item.theme in THEMES else item.theme

    @shown(_("department"), ordering="department_kind")
    def office(self, item):
        return pick(kind_title(item.department_kind))

    @shown(_("for whom"))
    def audiences(self, item):
        words = {"person": _("People"), "firm": _("Firms")}
        return " · ".join(str(words.get(one, one)) for one in item.audience)

    @shown(_("notice"))
    def said(self, item):
        return pick(item.notice) if item.notice else "—"
