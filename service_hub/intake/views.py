"""The intake desk: who came, the same form as online, check, send, receipt."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from platform_core.capabilities.documents.typesetting import Unprintable
from platform_core.capabilities.forms import selectors as forms
from platform_core.capabilities.forms import services as form_services
from platform_core.capabilities.forms.binding import bind_draft
from platform_core.capabilities.forms.sessions import saving_of, typed
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from service_hub.cases.codes import shown_code
from service_hub.cases.numbers import grouped

from . import selectors, services
from .duplicates import likely_duplicate
from .forms import IntakeForm
from .receipts import receipt_of

PAGE_SIZE = 50


def at_a_desk(view):
    """A page for clerks who take applications in; 404 for everybody else."""

    @login_required
    def wrapped(request, *args, **kwargs):
        if not selectors.sits_at_a_desk(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped


@at_a_desk
def desk(request):
    """What my desks took in or are taking in."""
    found = Paginator(selectors.intakes_of(request.user), PAGE_SIZE)
    shown = found.get_page(request.GET.get("page"))
    rows = [
        {
            "intake": one,
            "name": selectors.person_name(one),
            "number": grouped(one.case.number) if one.case_id else "",
        }
        for one in shown
    ]
    return render(request, "service_hub/intake/desk.html", {"rows": rows, "shown": shown})


@at_a_desk
def begin(request):
    """Who came, for which service."""
    form = IntakeForm(request.POST or None, user=request.user, initial=_from_address(request))
    if request.method == "POST" and form.is_valid():
        item = get_object_or_404(
            selectors.items_for_desk(request.user), pk=form.cleaned_data["item"]
        )
        try:
            intake = services.begin_intake(
                actor=request.actor,
                item=item,
                person=form.person(),
                channel=form.cleaned_data["channel"],
                window=form.cleaned_data["window"].replace("\x00", ""),
                may_fill_in=form.cleaned_data["may_fill_in"],
            )
            request.session["intake_window"] = intake.window
            return redirect("intake_resume", intake.pk)
        except Unusable as error:
            form.refuse(error.errors)
        except (Conflict, NotAllowed) as error:
            form.add_error(None, str(error))
    status = 422 if form.is_bound else 200
    return render(request, "service_hub/intake/begin.html", {"form": form}, status=status)


def _from_address(request) -> dict:
    known = {"window": request.session.get("intake_window", "")}
    return known | ({"item": request.GET["item"]} if "item" in request.GET else {})


def of_mine(view):
    """A page about an intake of one's own that is not yet sent; a sent one leads to its receipt."""

    @at_a_desk
    def wrapped(request, intake_id, *args, **kwargs):
        intake = selectors.intake_for(request.user, intake_id, "write")
        if intake.case_id:
            return redirect("intake_receipt", intake.pk)
        draft = selectors.draft_of(intake, request.user)
        return view(request, intake, draft, *args, **kwargs)

    return wrapped


@of_mine
def resume(request, intake, draft):
    """To the page where one stopped."""
    bound = bind_draft(draft, actor=request.actor, quiet=True)
    keys = [one.key for one in bound.pages]
    return redirect("intake_page", intake.pk, draft.page if draft.page in keys else keys[0])


@of_mine
def page(request, intake, draft, page):
    """One page of the form."""
    if forms.form_of(draft).page(page) is None:
        raise Http404
    if request.method == "POST":
        return _save(request, intake, draft, page)
    bound = bind_draft(draft, page=page, actor=request.actor, quiet=True)
    return _page(request, intake, draft, bound)


def _save(request, intake, draft, page):
    bound = form_services.save_page(
        actor=request.actor, draft=draft, page=page, values=typed(request), files=request.FILES
    )
    if bound.command == "autosave":
        return JsonResponse(saving_of(bound))
    if bound.command == "later":
        messages.success(request, _("Saved. You find it at the intake desk."))
        return redirect("intake")
    if bound.command == "back":
        before = bound.previous_page or bound.page
        return redirect("intake_page", intake.pk, before.key)
    if bound.may_go_on:
        after = bound.next_page
        if after:
            return redirect("intake_page", intake.pk, after.key)
        return redirect("intake_check", intake.pk)
    return _page(request, intake, draft, bound)


def _page(request, intake, draft, bound):
    context = _about(intake) | {"bound": bound, "draft": draft, "is_form": True}
    return render(request, "service_hub/intake/form.html", context)


def _about(intake) -> dict:
    return {"intake": intake, "name": selectors.person_name(intake)}


@of_mine
def check(request, intake, draft):
    """All answers, read out to the person before they are sent."""
    problem = ""
    if request.method == "POST":
        try:
            services.send_intake(actor=request.actor, intake=intake, draft=draft)
            return redirect("intake_receipt", intake.pk)
        except (Conflict, NotAllowed) as error:
            problem = str(error)
        except Unusable as error:
            problem = error.errors.get("", [""])[0]
    bound = bind_draft(draft, actor=request.actor)
    twin = likely_duplicate(
        lambda: bound,
        intake.item,
        applicant=intake.applicant,
        firm=intake.firm,
        number=intake.citizen_number,
    )
    context = _about(intake) | {"bound": bound, "draft": draft, "problem": problem, "twin": twin}
    status = 422 if request.method == "POST" else 200
    return render(request, "service_hub/intake/check.html", context, status=status)


@require_POST
@of_mine
def discard(request, intake, draft):
    """The person changed their mind."""
    try:
        services.discard_intake(actor=request.actor, intake=intake, draft=draft)
        messages.success(request, _("The draft was deleted."))
    except Conflict as error:
        messages.warning(request, str(error))
    return redirect("intake")


def _sent(request, intake_id):
    intake = selectors.intake_for(request.user, intake_id)
    if intake.case_id is None:
        raise Http404
    return intake


@at_a_desk
def receipt(request, intake_id):
    """Number and follow-up code, to be printed and handed over."""
    intake = _sent(request, intake_id)
    context = _about(intake) | {
        "case": intake.case,
        "number": grouped(intake.case.number),
        "code": shown_code(intake.case.follow_code),
    }
    return render(request, "service_hub/intake/receipt.html", context)


@at_a_desk
def receipt_pdf(request, intake_id):
    """The receipt on paper, with a QR code that leads to the case."""
    intake = _sent(request, intake_id)
    try:
        content = receipt_of(intake)
    except Unprintable:
        messages.warning(
            request, _("The receipt could not be printed. Write number and code down.")
        )
        return redirect("intake_receipt", intake.pk)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{intake.case.number}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer
