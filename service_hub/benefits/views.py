"""Policies for firms in the office: written by one, put into force by another."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, NotAllowed, Unusable

from . import selectors, services
from .facts import labels
from .forms import BenefitForm

PAGE_SIZE = 50


@login_required
def benefits(request):
    """The policies of my departments; POST writes one."""
    if not selectors.writes_policies(request.user):
        raise Http404
    form = BenefitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.ask_benefit(actor=request.actor, **form.terms())
            messages.success(request, _("Written. A reviewer puts it into force."))
            return redirect("benefit", made.pk)
        except Unusable as error:
            for name, said in error.errors.items():
                form.add_error(name, said)
        except NotAllowed as error:
            form.add_error(None, str(error))
    shown = Paginator(selectors.of_office(request.user), PAGE_SIZE)
    context = {
        "shown": shown.get_page(request.GET.get("page")),
        "form": form,
        "facts": labels(),
    }
    status = 422 if form.errors else 200
    return render(request, "service_hub/benefits/list.html", context, status=status)


@login_required
def benefit(request, benefit_id):
    """One policy; POST `do` "approve" or "refuse" decides."""
    found = selectors.for_office(request.user, benefit_id)
    if request.method == "POST":
        try:
            services.decide_benefit(
                actor=request.actor, benefit=found, is_approved=request.POST.get("do") == "approve"
            )
            messages.success(request, _("Done."))
        except (Conflict, NotAllowed) as error:
            messages.warning(request, str(error))
        return redirect("benefit", found.pk)
    context = {
        "benefit": found,
        "words": selectors.rule_in_words(found, selectors.language()),
        "may_decide": selectors.may_decide(request.user, found),
    }
    return render(request, "service_hub/benefits/one.html", context)
