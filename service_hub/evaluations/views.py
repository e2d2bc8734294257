"""Bad ratings in the office: the list of the department, and one order with its trace."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.refusals import say_refused
from security.identifiers import mask_mobile, mask_name
from security.organs.selectors import active_posts

from . import rectification_services as services
from . import selectors
from .models import Rectification
from .options import CATEGORIES, option_words
from .rectifying import acts_of
from .standing import hand_of, standing_of
from .traces import act_words, entries

PAGE_SIZE = 50


@login_required
def rectifications(request):
    """Bad ratings of my departments, by state and by what they are about."""
    if not active_posts(request.user):
        raise Http404
    show = request.GET.get("show", "open")
    category = request.GET.get("category", "")
    category = category if category in CATEGORIES else ""
    found = selectors.orders_for(request.user, show=show, category=category)
    shown = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "rows": [
            {
                "order": one,
                "due": selectors.clock(one),
                "about": [CATEGORIES[key] for key in one.categories if key in CATEGORIES],
            }
            for one in shown
        ],
        "shown": shown,
        "tabs": _tabs(request, show),
        "show": show,
        "category": category,
        "categories": CATEGORIES.items(),
    }
    return render(request, "evaluations/orders.html", context)


def _tabs(request, show: str) -> list[dict]:
    words = {
        "open": _("To follow up"),
        "late": _("Overdue"),
        "review": _("Under review"),
        "answered": _("Waits for the person"),
        "closed": _("Closed"),
        "excluded": _("Excluded"),
    }
    return [
        {"url": f"?show={key}", "label": label, "current": key == show, "count": None}
        for key, label in words.items()
    ]


@login_required
def rectification(request, order_id):
    """One order: what was said, its clock and trace, and what I can do now."""
    order = selectors.order_for(request.user, order_id)
    errors, typed, number = {}, request.POST, ""
    if request.method == "POST":
        try:
            number = _act(request, order)
        except Unusable as error:
            errors = error.errors
        except (Conflict, NotAllowed) as error:
            say_refused(request, error)
            return redirect("rectification", order.pk)
        else:
            if not number:
                messages.success(request, _("Done. The trace below says what is next."))
                return redirect("rectification", order.pk)
    acts = acts_of(standing_of(order), hand_of(request.actor, order))
    context = {
        "order": order,
        "rating": order.evaluation,
        "due": selectors.clock(order),
        "options": [option_words(key) for key in order.evaluation.options],
        "about": [CATEGORIES[key] for key in order.categories if key in CATEGORIES],
        "person": _person(order.evaluation),
        "number": number,
        "acts": acts,
        "words": {act: act_words(act) for act in acts},
        "days": range(6, 16),
        "entries": entries(selectors.trace_of(order), order, for_office=True),
        "is_own_work": order.officer_id == request.user.pk,
        "errors": errors,
        "typed": typed,
    }
    return render(request, "evaluations/order.html", context, status=422 if errors else 200)


def _person(rating) -> dict:
    """Who rated, as the office may know it: real name or not, the rest masked."""
    if not rating.is_real_name:
        return {"name": pgettext("rater", "No name given"), "mobile": ""}
    rater = rating.rater
    mobile = str(rating.contact or getattr(rater, "phone", "") or "")
    name = mask_name(rater.name) if rater else pgettext("rater", "Left a number")
    return {"name": name, "mobile": mask_mobile(mobile) if mobile else ""}


def _act(request, order: Rectification) -> str:
    """Do what was pressed. Returns the number to call, when that was asked for."""
    sent = request.POST
    act = sent.get("act", "")
    to = {"actor": request.actor, "order": order}
    note = sent.get("note", "")
    if act == "show":
        return services.read_contact(**to) or "—"
    if act == "sign":
        services.sign_rectification(**to)
    elif act == "call_back":
        services.note_call_back(**to, note=note)
    elif act in {"fix_now", "explain"}:
        measure = Rectification.Measure.AT_ONCE if act == "fix_now" else "explained"
        services.choose_measure(**to, measure=measure, note=note)
    elif act == "fix_by":
        services.extend_rectification(
            **to, days=sent.get("days", ""), reason=sent.get("reason", "")
        )
    elif act == "appeal":
        services.appeal_rating(**to, ground=sent.get("ground", ""))
    elif act in {"exclude", "keep"}:
        services.decide_appeal(**to, is_mistaken=act == "exclude", reason=sent.get("reason", ""))
    elif act == "answer":
        services.answer_rectification(**to, answer=sent.get("answer", ""))
    else:
        raise Conflict(_("This was already done, or is not its turn. See below how it stands."))
    return ""
