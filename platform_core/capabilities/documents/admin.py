"""Documents in the admin site: looked up by number and taken back with a reason."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from platform_core.common.deeds import Deed, DeedAdmin, shown
from platform_core.common.i18n import pick

from . import services
from .models import Document


class ReasonForm(forms.Form):
    """Why a document is taken back; its holder reads it."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The holder is told this, and it stays on record."),
    )


def revoke(actor, document, *, reason: str):
    services.revoke_document(actor=actor, document=document, reason=reason)


@admin.register(Document)
class DocumentAdmin(DeedAdmin):
    list_display = ["number", "name", "kind", "issuer", "issued_at", "valid_until", "state"]
    list_filter = ["kind", "state", ("issued_at", admin.DateFieldListFilter)]
    list_select_related = ["issuer"]
    search_fields = ["^number", "=verify_code", "^subject_number"]
    search_help_text = _("Document number, verification code or case number")
    show_full_result_count = False
    ordering = ["-issued_at"]
    fields = [
        "number", "name", "kind", "verify_code", "subject_number", "issuer", "issued_at",
        "valid_until", "state", "revoked_at", "revoked_reason", "revoked_by", "content_sha256",
        "pdf_sha256", "pdf_sm3",
    ]  # fmt: skip
    deeds = {
        "revoke": Deed(
            _("Revoke"),
            _("Whoever checks it from now on sees that it is revoked. This cannot be undone."),
            "revoke",
            lambda one: one.state == Document.State.VALID,
            revoke,
            ReasonForm,
        )
    }

    @shown(_("title"))
    def name(self, document):
        return pick(document.title)
