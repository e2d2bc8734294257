"""The dictionary: its fields, one field with its versions, proposing and publishing."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from collab_hub.office.forms import with_errors
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.access import may

from .. import dictionary_services as services
from .. import selectors
from ..forms import NewFieldForm, TermsForm, initial_terms
from ..offered import source_choices
from .doors import office_page, said

PAGE_SIZE = 50


@require_safe
@office_page
def fields(request):
    """Every field in use, with its owner and how long a value counts."""
    text = request.GET.get("q", "")[:60].replace("\x00", "")
    found = selectors.dictionary(request.user, text)
    shown = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = []
    for one in shown:
        versions = list(one.versions.all())
        in_force = next((v for v in versions if v.state in selectors.IN_FORCE), None)
        rows.append({"field": one, "version": in_force or (versions[0] if versions else None),
                     "waits": any(v.state == "asked" for v in versions)})  # fmt: skip
    context = {"rows": rows, "shown": shown, "q": text}
    return render(request, "office/reports/fields.html", context)


@office_page
def new_field(request):
    """Propose a field that the dictionary does not have."""
    departments = selectors.own_departments(request.user)
    data = request.POST if request.method == "POST" else None
    form = NewFieldForm(data, departments=departments, sources=source_choices())
    if data is not None and form.is_valid():
        owner = next(one for one in departments if str(one.pk) == form.cleaned_data["owner"])
        found = _propose(request, form, form.cleaned_data["code"], owner)
        if found is not None:
            return redirect("report_field", found.field.code)
    status = 422 if form.errors else 200
    return render(request, "office/reports/field_new.html", {"form": form}, status=status)


def _propose(request, form, code: str, owner):
    try:
        found = services.propose_field(
            actor=request.actor, code=code, owner=owner, terms=form.terms()
        )
    except Unusable as error:
        with_errors(form, error.errors)
    except (Conflict, NotAllowed) as error:
        form.add_error(None, str(error))
    else:
        messages.success(request, _("Proposed. A head of the department publishes it."))
        return found
    return None


@office_page
def field(request, code):
    """One field: what it means now, its versions, and another wish or the decision on one."""
    found = selectors.field_for(request.user, code)
    versions = selectors.versions_of(found)
    sources = source_choices()
    latest = next((one for one in versions if one.state in selectors.IN_FORCE), versions[0])
    form, note_error = None, ""
    if may(request.user, "change", found) and found.napp_id is None:
        wants = request.method == "POST" and "propose" in request.POST
        data = request.POST if wants else None
        form = TermsForm(data, sources=sources, initial=initial_terms(latest, sources))
        if wants and form.is_valid() and _propose(request, form, code, found.owner):
            return redirect("report_field", code)
    if request.method == "POST" and "propose" not in request.POST:
        try:
            _decide(request, versions)
        except Unusable as error:
            note_error = error.errors["note"][0]
        else:
            return redirect("report_field", code)
    asked = next((one for one in versions if one.state == "asked"), None)
    context = {
        "field": found, "versions": versions, "latest": latest, "form": form, "asked": asked,
        "decides": asked is not None and may(request.user, "decide", asked),
        "source": next((w for w, s in sources.values() if s == latest.source), ""),
        "note_error": note_error, "note": request.POST.get("note", ""),
        "is_in_force": latest.state in selectors.IN_FORCE,
        "changes_sense": asked is not None and asked.sense != latest.sense,
    }  # fmt: skip
    status = 422 if note_error or (form is not None and form.errors) else 200
    return render(request, "office/reports/field.html", context, status=status)


def _decide(request, versions) -> None:
    read = next((one for one in versions if str(one.pk) == request.POST.get("version")), None)
    publish = "publish" in request.POST

    def call():
        if read is None:
            raise Conflict(_("Read the version that waits now, then decide."))
        services.decide_field(
            actor=request.actor, version=read, publish=publish, note=request.POST.get("note", "")
        )

    if said(request, call):
        messages.success(request, _("Published.") if publish else _("Refused."))
