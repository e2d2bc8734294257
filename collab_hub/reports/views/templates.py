"""Report templates: sets of fields of the dictionary."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from collab_hub.office.forms import with_errors
from platform_core.common.errors import NotAllowed, Unusable

from .. import dictionary_services as services
from .. import selectors
from ..forms import TemplateForm
from .doors import office_page

PAGE_SIZE = 50


@require_safe
@office_page
def templates(request):
    """Every template in use."""
    shown = Paginator(selectors.templates(request.user), PAGE_SIZE)
    context = {"shown": shown.get_page(request.GET.get("page"))}
    return render(request, "office/reports/templates.html", context)


@require_safe
@office_page
def template(request, code):
    """One template: its fields with their owners and sources, and its checks."""
    found = selectors.template_for(request.user, code)
    versions = selectors.template_versions(found)
    context = {"template": found, "versions": versions}
    return render(request, "office/reports/template.html", context)


@office_page
def new_template(request):
    """Put a template together."""
    departments = selectors.own_departments(request.user)
    versions = selectors.current_versions()
    data = request.POST if request.method == "POST" else None
    form = TemplateForm(data, departments=departments, versions=versions)
    if data is not None and form.is_valid():
        found = _create(request, form, departments)
        if found is not None:
            messages.success(request, _("The template is ready."))
            return redirect("report_template", found.code)
    status = 422 if form.errors else 200
    return render(request, "office/reports/template_new.html", {"form": form}, status=status)


def _create(request, form, departments):
    given = form.cleaned_data
    try:
        return services.create_template(
            actor=request.actor,
            code=given["code"],
            title={"zh": given["title_zh"], "en": given["title_en"]},
            owner=next(one for one in departments if str(one.pk) == given["owner"]),
            fields=given["fields_"],
            checks=given["checks"],
            needs_sign_off=given["needs_sign_off"],
        )
    except Unusable as error:
        errors = {"fields_" if k == "fields" else k: said for k, said in error.errors.items()}
        with_errors(form, errors)
    except NotAllowed as error:
        form.add_error(None, str(error))
    return None
