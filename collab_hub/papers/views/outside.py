"""Papers from outside: registered with their files, and given further ones afterwards."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from collab_hub.office.access import office_page
from collab_hub.office.forms import with_errors
from platform_core.common.errors import Unusable
from security.access import may
from security.organs.selectors import own_organs

from .. import attaching_services, elements, outside_services, receiving_services, selectors
from ..forms import FilesForm, OutsideForm
from .acting import carry_out, chosen

FORM_METHODS = ("GET", "HEAD", "POST")


def at_fields(form, errors: dict):
    """The form with what a service refused; whatever is wrong with files stands where they are
    chosen.
    """
    form.is_valid()
    errors = {"uploads" if name == "files" else name: said for name, said in errors.items()}
    return with_errors(form, {k: v for k, v in errors.items() if k not in form.errors})


@require_http_methods(FORM_METHODS)
@office_page
def register(request):
    """A paper that came from outside is signed in and registered in one go."""
    organs = own_organs(request.user)
    form = OutsideForm(request.POST if request.method == "POST" else None, organs=organs)
    files, scan, status = [], "", 200
    if request.method == "POST":
        files, scan, refused = _sent_files(request)
        try:
            if refused:
                raise Unusable(refused)
            found = _registered(request, form, organs, files, scan)
        except Unusable as error:
            form, status = at_fields(form, error.errors), 422
        else:
            said = _("Registered as %(number)s.") % {"number": found.number}
            messages.success(request, said)
            return redirect("paper_receipt", found.pk)
    kept = selectors.files_to_show(request.user, None, files)
    context = {
        "form": form,
        "scan": next((one for one in kept if str(one.pk) == scan), None),
        "files": [one for one in kept if str(one.pk) != scan],
    }
    return render(request, "office/papers/register.html", context, status=status)


def _registered(request, form, organs, files, scan):
    post = request.POST
    content = {name: post.get(name, "") for name in elements.FIELDS if name in form.fields}
    return receiving_services.register_outside(
        actor=request.actor,
        organ=chosen(organs, post.get("organ")),
        kind=post.get("kind", ""),
        sender=post.get("sender", ""),
        number=post.get("number", ""),
        content=content | {"files": files},
        scan=scan,
    )


def _sent_files(request) -> tuple[list[str], str, dict]:
    """(ids of the files, the scan first; the id of the scan or ""; {field: why some were not
    taken}). What was taken in stays with the form, whatever else is wrong.
    """
    post, refused = request.POST, {}
    scan = (elements.clean({"files": post.getlist("scanned")[:1]})["files"] or [""])[0]
    files = elements.clean({"files": post.getlist("files")})["files"]
    sent = {name: request.FILES.getlist(name) for name in ("scan", "uploads")}
    if any(sent.values()) and post.get("secrecy"):
        return files, scan, {"secrecy": [_("A secret document has no files.")]}
    for name, uploads in sent.items():
        taken, wrong = attaching_services.take_in(actor=request.actor, uploads=uploads)
        refused |= {name: wrong} if wrong else {}
        if name == "scan":
            scan = (taken or [scan])[0]
        else:
            files += taken
    return [one for one in [scan, *files] if one], scan, refused


@require_http_methods(FORM_METHODS)
@office_page
def files(request, receipt_id):
    """A further file, or one in the place of another. Whoever sends one for a paper that has moved
    on meanwhile is told so.
    """
    verb = "handle" if request.method == "POST" else "attach"
    receipt = selectors.receipt_for(request.user, receipt_id, verb)
    keys, errors, status = [], {}, 200
    if request.method == "POST":
        keys = elements.clean({"files": request.POST.getlist("files")})["files"]
        # Nothing is taken in for a paper that takes none; the service says why.
        takes = may(request.user, "attach", receipt)
        uploads = request.FILES.getlist("uploads") if takes else []
        taken, refused = attaching_services.take_in(actor=request.actor, uploads=uploads)
        keys += taken
        is_done, errors, status = carry_out(
            request, lambda: _added(request, receipt, keys, refused)
        )
        if is_done:
            return redirect("paper_receipt", receipt.pk)
    content = selectors.content_of(receipt.paper)
    known = [one for _entry, one in selectors.entries(receipt.paper, content) if one]
    about = {"files": known, "needs_reason": selectors.needs_reason(receipt)}
    if request.method == "POST":
        errors = {"uploads" if name == "scan" else name: said for name, said in errors.items()}
        form = at_fields(FilesForm(request.POST, **about), errors)
    else:
        form = FilesForm(initial={"place": ""}, **about)
    context = {
        "receipt": receipt, "paper": receipt.paper, "form": form,
        "files": selectors.files_to_show(request.user, None, keys),
    }  # fmt: skip
    return render(request, "office/papers/files.html", context, status=status)


def _added(request, receipt, keys, refused) -> str:
    if refused:
        raise Unusable({"files": refused})
    made = outside_services.add_files(
        actor=request.actor, receipt=receipt, keys=keys, place=request.POST.get("place", ""),
        reason=request.POST.get("reason", ""),
    )  # fmt: skip
    said = ngettext("%(n)s file was added.", "%(n)s files were added.", len(made))
    return said % {"n": len(made)}
