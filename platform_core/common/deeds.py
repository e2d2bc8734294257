"""Admin pages that are read, and on which a few named deeds can be done: each through its service,
after a page that says what it means.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, Unusable
from security.access import may
from security.audit.admin import ReadOnlyAdmin


@dataclass(frozen=True)
class Deed:
    """What can be done with one row: `act(actor, row, **answers)` after asking `form`.

    `verb` is what the access policy is asked; `fits` says whether the row's state allows it.
    """

    label: str
    consequence: str
    verb: str
    fits: Callable[[object], bool]
    act: Callable
    form: type[forms.Form] = forms.Form


class DeedAdmin(ReadOnlyAdmin):
    """A read-only admin page with the deeds of its `deeds` dictionary."""

    deeds: dict[str, Deed] = {}
    change_form_template = "admin/deeds/readonly.html"

    def get_urls(self):
        own = [
            path(
                f"<path:pk>/{name}/",
                self.admin_site.admin_view(partial(self.deed_view, name=name)),
                name=f"{self.opts.app_label}_{self.opts.model_name}_{name}",
            )
            for name in self.deeds
        ]
        return own + super().get_urls()

    def _address(self, name: str, row) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=[row.pk])

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.get_object(request, object_id)
        open_deeds = [
            (self._address(name, row), deed.label)
            for name, deed in self.deeds.items()
            if row is not None and deed.fits(row) and may(request.user, deed.verb, row)
        ]
        extra = {**(extra_context or {}), "deeds": open_deeds}
        return super().change_view(request, object_id, form_url, extra)

    def deed_view(self, request, pk, name):
        """Ask for what the deed needs, say what it means, do it."""
        deed, row = self.deeds[name], self.get_object(request, pk)
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        if not may(request.user, deed.verb, row):
            raise PermissionDenied
        form = deed.form(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                deed.act(request.actor, row, **form.cleaned_data)
            except Unusable as error:
                for field, said in error.errors.items():
                    form.add_error(field if field in form.fields else None, said)
            except Conflict as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("Done: %(what)s.") % {"what": deed.label})
                return HttpResponseRedirect(self._address("change", row))
        context = self.admin_site.each_context(request) | {
            "title": f"{deed.label}: {row}",
            "opts": self.opts,
            "row": row,
            "back": self._address("change", row),
            "deed": deed,
            "form": form,
        }
        template = "admin/deeds/deed.html"
        return TemplateResponse(request, template, context, status=200 if not form.errors else 422)


def shown(label, **options):
    """A column or line whose value is computed."""
    return admin.display(description=label, **options)
