"""The address book: the tree of organs with their people, the search, one's own card, the list as
a file.
"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from collab_hub.office.access import office_page
from collab_hub.office.forms import with_errors
from platform_core.common.errors import NotAllowed, Unusable
from platform_core.common.organs import organ_words
from platform_core.common.spreadsheets import write_xlsx

from .. import duty_selectors, selectors, services
from ..finding import understood
from ..forms import CardForm
from ..policies import is_inside

PAGE_SIZE = 50
MOST_EXPORTED = 5000


@require_safe
@office_page
def people(request):
    """An organ with its people and the organs below, or whoever was found."""
    wanted = understood(request.GET.get("q", ""))
    context = {"q": wanted.text, "is_inside": is_inside(request.user)}
    if wanted.text:
        found = selectors.people_found(request.user, wanted)
        page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
        context |= {"page": page, "lines": selectors.lines(request.user, page.object_list)}
        context["organs"] = selectors.organs_named(wanted.text)
        return render(request, "office/directory/found.html", context)
    code = request.GET.get("organ", "").replace("\x00", "")
    organ = selectors.organ_for(request.user, code)
    if organ is None and code:
        raise Http404
    if organ is None:
        return render(request, "office/directory/found.html", context | {"lines": []})
    page = Paginator(selectors.people_in(organ), PAGE_SIZE).get_page(request.GET.get("page"))
    context |= {
        "organ": organ,
        "may_take_away": selectors.may_take_away(request.user, organ),
        "way": selectors.way_to(organ),
        "below": selectors.organs_below(organ),
        "tops": selectors.tops() if organ.parent_id is None else [],
        "page": page,
        "lines": selectors.lines(request.user, page.object_list, organ),
        "on_duty": duty_selectors.on_now(request.user, organ),
    }
    return render(request, "office/directory/organ.html", context)


@require_safe
@office_page
def export(request):
    """The people of an organ as a spreadsheet. It leaves the house, so it stands in the trail."""
    if not is_inside(request.user):
        raise PermissionDenied(_("This is for whoever works in an organ."))
    organ = selectors.organ_for(request.user, request.GET.get("organ", "").replace("\x00", ""))
    if organ is None or not selectors.may_take_away(request.user, organ):
        raise Http404
    lines = selectors.lines(request.user, selectors.people_in(organ)[:MOST_EXPORTED])
    titles = [_("Name"), _("Post"), _("Room"), _("Office phone"), _("Mobile number")]
    rows = [
        [str(one.user), ", ".join(one.titles_in(organ)), one.room, one.phone, one.public_mobile]
        for one in lines
    ]
    services.note_export(actor=request.actor, what="card", label=organ.code, rows=len(rows))
    content = write_xlsx(organ_words(organ), titles, rows)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="people-{organ.code}.xlsx"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def card(request):
    """One's own card."""
    if not is_inside(request.user):
        raise PermissionDenied(_("This is for whoever works in an organ."))
    line = selectors.lines(request.user, [request.user])[0]
    known = {"room": line.room, "phone": line.phone, "hides_mobile": line.is_mobile_hidden}
    form = CardForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_card(actor=request.actor, **form.cleaned_data)
        except (Unusable, NotAllowed) as error:
            with_errors(form, getattr(error, "errors", {"": [str(error)]}))
        else:
            messages.success(request, _("Saved. Colleagues see it at once."))
            return redirect("directory:people")
    context = {"form": form, "line": line}
    status = 422 if form.errors else 200
    return render(request, "office/directory/card.html", context, status=status)
