"""Two applications that are one: put together, and taken apart on the same day."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.forms.selectors import files_of
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.refusals import say_refused
from service_hub.cases.selectors import case_for

from . import merging
from .duplicates import duplicates_of, may_be_parted, surviving


@login_required
def merge(request, case_id):
    """One case, what says the same, and what was done about it."""
    case = case_for(request.user, case_id, "handle")
    twins = duplicates_of(request.user, case)
    errors, reason = {}, request.POST.get("reason", "").replace("\x00", "")
    if request.method == "POST":
        try:
            return redirect("case_merge", _done(request, case, twins, reason).pk)
        except Unusable as error:
            errors = error.errors
        except (Conflict, NotAllowed) as error:
            say_refused(request, error)
            return redirect("case_merge", case.pk)
    context = {
        "case": case,
        "twins": twins,
        "goes_on": surviving(case) if case.merged_into_id else None,
        "may_part": may_be_parted(case, timezone.now()),
        "files": _files(case),
        "errors": errors,
        "reason": reason,
    }
    status = 422 if errors else 200
    return render(request, "service_hub/intake/merge.html", context, status=status)


def _done(request, case, twins, reason: str):
    """Carry out what was pressed and give the case whose page comes next."""
    if "part" in request.POST:
        found = merging.part_cases(actor=request.actor, case=case, reason=reason)
        messages.success(request, _("It is a case of its own again."))
        return found
    wanted = request.POST.get("into", "")
    if wanted and wanted == str(case.merged_into_id):
        messages.info(request, _("They were put together already."))
        return case
    other = next((one for one in twins if str(one.pk) == wanted), None)
    if other is None:
        raise Conflict(_("No running case says the same."))
    earlier, later = sorted((case, other), key=lambda one: one.submitted_at)
    merging.merge_cases(actor=request.actor, case=later, into=earlier, reason=reason)
    messages.success(request, _("They are one case now. The applicant was told."))
    return later


def _files(case) -> list[dict]:
    """The documents of a case, seen from the one that goes on too."""
    return [
        {
            "name": file.name,
            "note": filesizeformat(file.size),
            "icon": "file-text",
            "url": reverse("files:download", args=[file.id]),
        }
        for file in files_of(case.record).values()
    ]
