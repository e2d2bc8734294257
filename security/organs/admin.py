"""Divisions, departments, posts and roles in the admin site."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from security.audit.admin import AuditedAdmin
from security.identifiers import credit_code_problem

from . import selectors, services
from .kinds import KINDS
from .models import Department, Post, Region


@admin.register(Region)
class RegionAdmin(AuditedAdmin):
    list_display = ["code", "name", "name_en", "level", "parent", "valid_from", "valid_to"]
    list_filter = ["level", "valid_to"]
    search_fields = ["^code", "name", "name_en"]
    list_select_related = ["parent"]
    autocomplete_fields = ["parent"]

    def get_readonly_fields(self, request, obj=None):
        # Cases keep the code and the place in the tree; a new one is a new row.
        return ["code", "parent", "level", "valid_from"] if obj else []

    def save_model(self, request, obj, form, change):
        if change:
            super().save_model(request, obj, form, change)
            return
        given = {name: form.cleaned_data.get(name) for name in form.fields}
        obj.pk = services.create_region(actor=request.actor, **given).pk


class DepartmentForm(forms.ModelForm):
    def clean_credit_code(self) -> str:
        code = self.cleaned_data["credit_code"]
        problem = credit_code_problem(code) if code else None
        if problem:
            raise ValidationError(problem)
        return code

    def clean_parent(self):
        parent, code = self.cleaned_data["parent"], self.instance.code
        if parent and code and f"{code}/" in parent.path:
            raise ValidationError(_("A department cannot be below itself."))
        return parent

    def clean_kind(self) -> str:
        kind = self.cleaned_data["kind"]
        if kind not in KINDS:
            raise ValidationError(
                _("Unknown function. Known are: %(kinds)s"), params={"kinds": ", ".join(KINDS)}
            )
        return kind


@admin.register(Department)
class DepartmentAdmin(AuditedAdmin):
    form = DepartmentForm
    list_display = ["code", "name", "name_en", "kind", "region", "phone", "is_active"]
    list_filter = ["kind", "is_active", "region__level"]
    search_fields = ["^code", "name", "name_en", "^credit_code"]
    list_select_related = ["region"]
    autocomplete_fields = ["region", "parent"]

    def get_readonly_fields(self, request, obj=None):
        return ["code"] if obj else []

    def get_exclude(self, request, obj=None):
        return [] if obj else ["is_active"]

    def save_model(self, request, obj, form, change):
        given = {name: form.cleaned_data[name] for name in form.fields}
        if not change:
            obj.pk = services.create_department(actor=request.actor, **given).pk
            return
        changed = {name: given[name] for name in form.changed_data}
        as_it_was = selectors.department_by_code(obj.code)
        services.change_department(actor=request.actor, department=as_it_was, **changed)


@admin.register(Post)
class PostAdmin(AuditedAdmin):
    list_display = ["user", "title", "department", "is_head", "valid_from", "valid_until"]
    list_filter = ["groups", "is_head"]
    search_fields = ["user__username", "user__name", "title", "department__name"]
    list_select_related = ["user", "department"]
    autocomplete_fields = ["user", "department"]
    filter_horizontal = ["groups"]


admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(AuditedAdmin, GroupAdmin):
    """Roles: standing duties and those of N-apps.

    What they may do on an N-app is given on the N-app.
    """
