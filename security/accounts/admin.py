"""People, firms, mandates and API tokens in the admin site."""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from security.audit.admin import AuditedAdmin, ReadOnlyAdmin
from security.identifiers import mask_credit_code, mask_mobile

from . import mandate_services, services
from .forms import FirmForm, GuardianForm
from .models import ApiToken, Firm, FirmAgent, PersonMandate, User
from .rules import follow_kind

admin.site.site_header = _("Administration")
admin.site.site_title = _("Administration")
admin.site.index_title = _("Platform")
# One door for signing in: with the counters, the second factor and the audit trail.
admin.site.login = secure_admin_login(admin.site.login)

# Secrets and addresses are managed by their owners on the account pages, never here.
for hidden in (Authenticator, EmailAddress):
    if admin.site.is_registered(hidden):
        admin.site.unregister(hidden)


class StaffCreationForm(forms.ModelForm):
    """A new account has no password: nobody but its owner ever knows one."""

    class Meta:
        model = User
        fields = ("username", "name", "email", "kind")
        help_texts = {
            "email": _(
                "They set their password with this address, through “Forgotten your password?”."
            )
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].required = self.fields["name"].required = True


@admin.register(User)
class PersonAdmin(AuditedAdmin, UserAdmin):
    add_form = StaffCreationForm
    list_display = ["username", "name", "kind", "mobile", "is_active", "last_login"]
    list_filter = ["kind", "is_active", "is_demo", "groups"]
    search_fields = ["username", "name", "=email"]
    ordering = ["username"]
    readonly_fields = ["mobile", "is_demo", "last_login", "date_joined", "is_staff", "is_superuser"]
    filter_horizontal = ["groups"]
    fieldsets = [
        (_("Person"), {"fields": ["username", "name", "email", "mobile", "language"]}),
        (_("Rights"), {"fields": ["kind", "is_active", "is_staff", "is_superuser", "groups"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined", "is_demo"]}),
    ]
    add_fieldsets = [(None, {"fields": ["username", "name", "email", "kind"]})]

    def get_urls(self):
        # Without the page on which an administrator would set somebody else's password.
        return admin.ModelAdmin.get_urls(self)

    @admin.display(description=_("mobile number"))
    def mobile(self, user) -> str:
        return mask_mobile(user.phone)

    def save_model(self, request, obj, form, change):
        if change:
            follow_kind(obj)
            if "email" in form.changed_data:
                obj.out_of_use.pop("email", None)
            super().save_model(request, obj, form, change)
            return
        made = services.create_staff(actor=request.actor, password=None, **form.cleaned_data)
        obj.pk, obj._state.adding = made.pk, False


@admin.register(Firm)
class FirmAdmin(AuditedAdmin):
    list_display = ["name", "code", "region", "created_at"]
    search_fields = ["name"]
    list_select_related = ["region"]
    autocomplete_fields = ["region"]
    fields = ["name", "code", "region", "created_at"]
    readonly_fields = ["code", "created_at"]

    @admin.display(description=_("unified social credit code"))
    def code(self, firm) -> str:
        return mask_credit_code(firm.credit_code)

    def get_fields(self, request, obj=None):
        return self.fields if obj else ["name", "credit_code", "region"]

    def save_model(self, request, obj, form, change):
        if change:
            super().save_model(request, obj, form, change)
            return
        obj.pk = services.create_firm(actor=request.actor, **form.cleaned_data).pk

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is None:
            kwargs["form"] = FirmForm
        return super().get_form(request, obj, change=change, **kwargs)


@admin.register(FirmAgent)
class MandateAdmin(AuditedAdmin):
    list_display = ["firm", "user", "role", "valid_from", "valid_until"]
    list_filter = ["role"]
    search_fields = ["firm__name", "user__username", "user__name"]
    list_select_related = ["firm", "user"]
    autocomplete_fields = ["firm", "user"]


@admin.register(PersonMandate)
class PersonMandateAdmin(ReadOnlyAdmin):
    """Mandates are given by people themselves; a guardian is entered here, with the evidence."""

    list_display = ["principal", "agent", "relation", "valid_from", "valid_until", "ended_at"]
    list_filter = ["relation"]
    search_fields = ["principal__username", "agent__username"]
    list_select_related = ["principal", "agent"]
    exclude = ["evidence"]
    autocomplete_fields = ["principal", "agent"]
    actions = ["end_guardianship"]

    def has_add_permission(self, request) -> bool:
        return request.user.kind == User.Kind.ADMIN

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is None:
            kwargs |= {"form": GuardianForm, "exclude": None}
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fields(self, request, obj=None):
        return super().get_fields(request, obj) if obj else list(GuardianForm.Meta.fields)

    def get_readonly_fields(self, request, obj=None):
        return super().get_readonly_fields(request, obj) if obj else ()

    def save_model(self, request, obj, form, change):
        made = mandate_services.enter_guardianship(actor=request.actor, **form.cleaned_data)
        obj.pk, obj._state.adding = made.pk, False

    @admin.action(description=_("End the marked guardianships"))
    def end_guardianship(self, request, queryset):
        for mandate in queryset.filter(relation="guardian", ended_at=None):
            mandate_services.end_person_mandate(actor=request.actor, mandate=mandate)


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    list_display = ["hint", "user", "label", "created_at", "expires_at", "revoked_at"]
    list_filter = ["revoked_at"]
    search_fields = ["user__username", "label"]
    list_select_related = ["user"]
    exclude = ["digest"]
