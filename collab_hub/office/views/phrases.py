"""Usual opinions: one's own, and those of one's departments."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from platform_core.capabilities.process.phrases import selectors, services
from platform_core.common.errors import Unusable
from security.organs.selectors import headed_organs

from ..access import office_page
from ..forms import PhraseForm, with_errors


@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def phrases(request):
    """What is kept, and the form for another one."""
    departments = headed_organs(request.user)
    if request.method != "POST":
        return _page(request, PhraseForm(departments=departments))
    form = PhraseForm(request.POST, departments=departments)
    if form.is_valid():
        try:
            services.add_phrase(actor=request.actor, **form.cleaned_data)
        except Unusable as error:
            with_errors(form, error.errors)
        else:
            messages.success(request, _("The opinion is kept."))
            return redirect("office:phrases")
    return _page(request, form, status=422)


def _page(request, form, status: int = 200):
    kept = [
        {"one": one, "may_change": selectors.may_change(request.user, one)}
        for one in selectors.phrases_of(request.user)
    ]
    return render(request, "office/phrases.html", {"kept": kept, "form": form}, status=status)


@require_POST
@office_page
def drop(request, phrase_id):
    services.drop_phrase(actor=request.actor, phrase_id=phrase_id)
    messages.success(request, _("The opinion is dropped."))
    return redirect("office:phrases")
