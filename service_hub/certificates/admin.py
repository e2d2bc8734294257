"""Certificates in the admin site: looked up by number and taken back with a reason."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from platform_core.common.i18n import pick
from service_hub.admin_deeds import Deed, DeedAdmin, shown

from . import services
from .models import Certificate


class ReasonForm(forms.Form):
    """Why a certificate is taken back; its holder reads it."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The holder is told this, and it stays on record."),
    )


def revoke(actor, certificate, *, reason: str):
    services.revoke_certificate(actor=actor, certificate=certificate, reason=reason)


@admin.register(Certificate)
class CertificateAdmin(DeedAdmin):
    list_display = ["number", "name", "issuer", "issued_at", "valid_until", "state"]
    list_filter = ["state", ("issued_at", admin.DateFieldListFilter)]
    list_select_related = ["issuer"]
    search_fields = ["^number", "=verify_code", "^case__number"]
    search_help_text = _("Certificate number, verification code or case number")
    show_full_result_count = False
    ordering = ["-issued_at"]
    fields = [
        "number", "name", "verify_code", "case", "issuer", "issued_at", "valid_until", "state",
        "revoked_at", "revoked_reason", "revoked_by",
    ]  # fmt: skip
    deeds = {
        "revoke": Deed(
            _("Revoke"),
            _("Whoever checks it from now on sees that it is revoked. This cannot be undone."),
            "revoke",
            lambda one: one.state == Certificate.State.VALID,
            revoke,
            ReasonForm,
        )
    }

    @shown(_("title"))
    def name(self, certificate):
        return pick(certificate.title)
