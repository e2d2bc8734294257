"""My cases: list, tracking page, receipt, withdraw, correct, rate, certificate."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.utils.translation import gettext as _

from platform_core.capabilities.documents.selectors import is_held, standing
from platform_core.capabilities.documents.views import pdf_answer
from platform_core.capabilities.forms import selectors as forms
from platform_core.capabilities.process.suspension.selectors import current_of_subject
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from service_hub.bundles.selectors import filed_alone
from service_hub.cases import choosing
from service_hub.cases import selectors as cases
from service_hub.cases import services as case_services
from service_hub.cases.codes import shown_code
from service_hub.cases.moving import may as may_move
from service_hub.cases.numbers import grouped
from service_hub.cases.selectors import may_urge
from service_hub.cases.states import GRANTED
from service_hub.cases.timeline import handler, history, joint_organs, overview
from service_hub.certificates.selectors import (
    certificate_among,
    certificate_of,
    documents_of_case,
    issued_in,
)
from service_hub.evaluations import selectors as evaluations
from service_hub.evaluations import services as evaluation_services
from service_hub.evaluations.options import options_for
from service_hub.evaluations.public_views import say_more
from service_hub.intake.duplicates import merged_with, surviving
from service_hub.materials.selectors import shown_for_case
from service_hub.seen import who_looked

from ..cards import case_cards, case_filters, draft_cards, invitation_cards, wanted_cards
from ..ends import actor_of, for_person, go, owner_key, page, sign_in_first
from ..sessions import case_in, is_followed, remember_case
from .bundles import bundle_cards

PAGE_SIZE = 20
LONGEST_REASON = 400


def for_applicant(verb: str = "own"):
    """A page about one case: its applicant, an agent of the firm, or a session that proved
    number and code.
    """

    def decorate(view):
        def wrapped(request, case_id, *args, **kwargs):
            if not request.user.is_authenticated and not is_followed(request, case_id):
                return sign_in_first(request)
            return view(request, case_in(request, case_id, verb), *args, **kwargs)

        return wrapped

    return decorate


@for_person
def mine(request):
    """Everything I applied for, what needs me first; and what I began. Narrowed, the cases that
    fit.
    """
    actor = actor_of(request)
    choices = choosing.choices_for(actor.user, actor.firm)
    wish = choosing.wish_from(request.GET, choices)
    narrowing = {"choices": choices, "wish": wish, "filters": case_filters(choices, wish)}
    if wish.is_any:
        wanted = choosing.cases_wanted(actor.user, actor.firm, wish)
        shown = Paginator(wanted, PAGE_SIZE).get_page(request.GET.get("page"))
        cards = wanted_cards(request, shown, actor.user)
        return page(request, "cases", {"shown": shown, "cards": cards, **narrowing})
    alone = filed_alone(cases.cases_of(actor.user, actor.firm))
    shown = Paginator(alone, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "shown": shown,
        "cards": case_cards(request, shown),
        "bundles": bundle_cards(actor),
        "drafts": draft_cards(actor.user, owner_key(request), actor.firm),
        "invitations": [] if actor.firm else invitation_cards(actor.user),
        "for_others": case_cards(
            request,
            [] if actor.firm else cases.cases_for_others(actor.user)[:PAGE_SIZE],
            for_others=True,
        ),
    }
    return page(request, "cases", context | narrowing)


@for_applicant()
def track(request, case):
    """The tracking page: what is happening, when it ends, what I must do."""
    return _tracking(request, case)


def _tracking(request, case, *, typed=None, status: int = 200):
    events = cases.events_of(case)
    ratings = evaluations.ratings_of(case)
    issued = documents_of_case(case)
    certificate = certificate_among(issued)
    goes_on = surviving(case) if case.merged_into_id else None
    if goes_on is not None and is_followed(request, case.pk):
        remember_case(request, goes_on)
    context = {
        "case": case,
        "goes_on": goes_on,
        "number": grouped(case.number),
        **overview(case),
        "entries": history(case, events),
        "handler": handler(case, events),
        "documents": documents(case),
        "looks": who_looked(case),
        "issued": [{"document": one, "standing": standing(one)} for one in issued],
        "certificate": certificate,
        "certificate_standing": standing(certificate) if certificate else "",
        "ratings": evaluations.with_traces(ratings),
        "grades": evaluations.GRADES,
        "to_rate": evaluations.to_rate(case, ratings),
        "visits_to_rate": evaluations.visits_to_rate(case),
        "may_withdraw": may_move(case, "withdraw"),
        "joint": joint_organs(events),
        "correction": getattr(case, "correction", None),
        "suspension": current_of_subject(case_services.SUBJECT, case.pk),
        "may_urge": may_urge(case),
        "feedback": cases.feedback_of(case),
        "materials": shown_for_case(case),
        # Only what was granted is delivered.
        "delivery": getattr(case, "delivery", None) if case.state in GRANTED else None,
    }
    return page(request, "case", {**context, "typed": typed or {}}, status=status)


def documents(case) -> list[dict]:
    """The files of a case as `ui/docs.html` draws them."""
    from django.template.defaultfilters import filesizeformat
    from django.urls import reverse

    return [
        {
            "name": file.name,
            "note": filesizeformat(file.size),
            "icon": "image" if file.content_type.startswith("image/") else "file-text",
            "url": reverse("files:download", args=[file.id]) if case.applicant_id else "",
        }
        for one in (case, *merged_with(case))
        for file in forms.files_of(one.record).values()
    ]


@for_applicant()
def answers(request, case):
    """What the applicant sent, personal numbers masked, with every correction since."""
    return page(request, "answers", {"case": case, "number": grouped(case.number)})


@for_applicant()
def receipt(request, case):
    """What the applicant keeps: the number, and without an account the follow-up code."""
    context = {"case": case, "number": grouped(case.number), "code": shown_code(case.follow_code)}
    return page(request, "receipt", context)


@for_applicant("withdraw")
def withdraw(request, case):
    """Ask once more, then take the application back."""
    if not may_move(case, "withdraw"):
        return go(request, "case", case.pk)
    if request.method == "POST":
        reason = request.POST.get("reason", "").replace("\x00", "")[:LONGEST_REASON]
        try:
            case_services.withdraw_case(actor=actor_of(request), case=case, reason=reason)
            messages.success(request, _("The application was withdrawn."))
        except Conflict as error:
            messages.warning(request, str(error))
        return go(request, "case", case.pk)
    return page(request, "withdraw", {"case": case, "number": grouped(case.number)})


@for_applicant("urge")
def urge(request, case):
    """Ask the office to hurry; asked for by a button, so anything else goes back to the case."""
    if request.method == "POST":
        try:
            case_services.urge_case(actor=actor_of(request), case=case)
            messages.success(request, _("The office was asked to hurry."))
        except Conflict as error:
            messages.warning(request, str(error))
    return go(request, "case", case.pk)


@for_applicant("correct")
def correct(request, case):
    """What has to be corrected; the form then opens only those fields."""
    if request.method == "POST":
        try:
            draft = case_services.begin_correction(
                actor=actor_of(request), case=case, owner_key=owner_key(request)
            )
        except Conflict as error:
            messages.warning(request, str(error))
            return go(request, "case", case.pk)
        return go(request, "resume", draft.pk)
    correction = getattr(case, "correction", None)
    if correction is None or correction.answered_at:
        return go(request, "case", case.pk)
    form = forms.form_of(case.record)
    flagged = [form.question(key) for key in correction.fields if form.question(key)]
    return page(request, "correct", {"case": case, "correction": correction, "flagged": flagged})


@for_applicant("rate")
def rate(request, case):
    """Rate one service event: the grade first, then what can be said with it; a later addition."""
    ratings = evaluations.ratings_of(case)
    event = evaluations.to_rate(case, ratings)
    source = request.POST if request.method == "POST" else request.GET
    if "addition" in request.POST or "confirm" in request.POST:
        return _say_more(request, case, ratings)
    if event is None:
        return go(request, "case", case.pk)
    grade = source.get("score", "")
    context = {"case": case, "event": event, "grade": grade, "errors": {}, "typed": source}
    if request.method == "POST" and "send" in request.POST:
        try:
            evaluation_services.rate_case(
                actor=actor_of(request),
                case=case,
                # What the page asked about: sent twice, it is one rating, not one of each event.
                service_no=_rated_no(request.POST, event),
                grade=grade,
                options=request.POST.getlist("option"),
                text=request.POST.get("text", "").replace("\x00", ""),
            )
            messages.success(request, _("Thank you. Your rating was sent."))
            return go(request, "case", case.pk)
        except Unusable as error:
            context["errors"] = error.errors
        except Conflict as error:
            messages.warning(request, str(error))
            return go(request, "case", case.pk)
    chosen = source.getlist("option")
    context["options"] = (
        [(key, words, key in chosen) for key, words in options_for(int(grade)).items()]
        if grade in {"1", "2", "3", "4", "5"}
        else []
    )
    return page(request, "rate", context, status=422 if context["errors"] else 200)


def _rated_no(post, event) -> int:
    asked = post.get("event", "")
    return int(asked) if asked in {"1", "2"} else event.no


def _say_more(request, case, ratings):
    """An addition to a rating, or whether what it complained of is solved."""
    wanted = request.POST.get("evaluation", "")
    evaluation = next((one for one in ratings if str(one.pk) == wanted), None)
    if evaluation is None:
        raise Http404
    try:
        messages.success(request, say_more(actor_of(request), evaluation, request.POST))
    except Unusable as error:
        # Nothing typed is lost: the tracking page comes back with it.
        messages.warning(request, str(error))
        return _tracking(request, case, typed=request.POST, status=422)
    except (Conflict, NotAllowed) as error:
        messages.warning(request, str(error))
    return go(request, "case", case.pk)


@for_applicant()
def certificate(request, case):
    """The certificate of a case: in the wallet of its holder; others who follow it get the PDF."""
    found = certificate_of(case)
    if found is None:
        raise Http404
    actor = actor_of(request)
    if is_held(found, actor.user, actor.firm):
        return go(request, "document", found.pk)
    return go(request, "case_document", case.pk, found.pk)


@for_applicant()
def document(request, case, document_id):
    """The PDF of something that was issued in a case, also for whoever follows it by number and
    code.
    """
    found = issued_in(case, document_id)
    if found is None:
        raise Http404
    return pdf_answer(request, found)
