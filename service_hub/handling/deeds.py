"""What is done to a case from its page in the office: one way for all of it.

A deed is a function of (request, case or what hangs on it) that calls one service. It is done by
whoever may, its refusals come back to the form that sent it with what was typed, and afterwards
stands the page with what was said.
"""

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from platform_core.capabilities.process.consultations.services import withdraw_question
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.numbers import whole
from platform_core.common.refusals import say_refused
from security.access import may

from . import deliveries, extensions, joint, passing, prechecking, selectors, voiding
from .views import case_page, joint_page, office_page


def deed(said, *, find=selectors.case_for, is_handling=True, back="office_case", page=case_page):
    """Make a view of a deed. `find(user, pk)` gives what it is about or 404; `is_handling` asks for
    the right to handle the case; `back` names the page that follows, `page` draws the refusal.
    """

    def decorate(call):
        @require_POST
        @office_page
        def view(request, **key):
            (pk,) = key.values()
            found = find(request.user, pk)
            case = getattr(found, "case", found)
            try:
                deliveries.must_not_be_own(request.actor, case)
                if is_handling:
                    _must_handle(request.user, case)
                call(request, found)
            except (Unusable, Conflict, NotAllowed) as error:
                return _refused(request, case, error, call.__name__, page)
            messages.success(request, said)
            return redirect(back) if back == "office_cases" else redirect(back, case.pk)

        view.__doc__ = call.__doc__
        return view

    return decorate


def _refused(request, case, error, name: str, page):
    """The page again, with what stands in the way and what was typed."""
    status = {Unusable: 422, Conflict: 409, NotAllowed: 403}[type(error)]
    errors = getattr(error, "errors", {})
    if status != 422:
        say_refused(request, error)
    found = selectors.case_for(request.user, case.pk)
    return page(request, found, errors=errors, typed=request.POST.dict(), of=name, status=status)


def _must_handle(user, case) -> None:
    if not may(user, "handle", case):
        raise NotAllowed(_("Only who handles cases of this kind may do this."))


def _version(request) -> int:
    """The version that the page showed; an unreadable one counts as one never shown."""
    return whole(request.POST.get("version", "")) or 0


def _of_form(request, *names: str) -> dict:
    """What every deed gets, and the fields of its form."""
    typed = {name: request.POST.get(name, "") for name in names}
    return {"actor": request.actor, "version": _version(request), **typed}


@deed(gettext_lazy("It was taken in. The applicant is told."))
def take_in(request, found):
    """The application was looked through: it is complete and ours."""
    prechecking.take_in(case=found, **_of_form(request))


@deed(gettext_lazy("The application was sent back."))
def send_back(request, found):
    """The application cannot be handled here: it goes back to its applicant."""
    prechecking.return_case(case=found, **_of_form(request, "ground", "reason"))


# It may no longer be ours to read.
@deed(gettext_lazy("The application was passed on."), back="office_cases")
def pass_on(request, found):
    """Pass the application on to the responsible office."""
    passing.pass_on(case=found, **_of_form(request, "department", "reason"))


@deed(gettext_lazy("The head of the office is asked."))
def extend(request, found):
    """Ask the head for more time."""
    extensions.ask_extension(case=found, **_of_form(request, "days", "reason"))


@deed(gettext_lazy("The head of the office is asked."))
def void(request, found):
    """Ask for the case to be declared void."""
    voiding.ask_voiding(case=found, **_of_form(request, "reason"))


def _decision(request) -> dict:
    note = request.POST.get("note", "")
    return {"actor": request.actor, "grant": "grant" in request.POST, "note": note}


@deed(gettext_lazy("It was decided."), find=selectors.extension_for, is_handling=False)
def decide_extension(request, found):
    """Grant or refuse more time."""
    extensions.decide_extension(extension=found, **_decision(request))


@deed(gettext_lazy("It was decided."), find=selectors.voiding_for, is_handling=False)
def decide_voiding(request, found):
    """Declare a case void, or refuse to."""
    voiding.decide_voiding(voiding=found, **_decision(request))


@deed(gettext_lazy("It was noted."), find=selectors.delivery_for, is_handling=False)
def deliver(request, found):
    """The next move of a delivery: ready, posted, handed over, arrived."""
    if "ready" in request.POST:
        deliveries.make_ready(delivery=found, **_of_form(request, "place"))
    elif "send" in request.POST:
        typed = _of_form(request, "carrier", "parcel_number")
        deliveries.send_parcel(delivery=found, **typed)
    elif "hand_over" in request.POST:
        deliveries.hand_over(delivery=found, **_of_form(request, "code", "collected_by"))
    else:
        deliveries.confirm_arrival(actor=request.actor, delivery=found)


@deed(
    gettext_lazy("They are asked. The applicant is told who acts with you."),
    is_handling=False, back="office_joint", page=joint_page,
)  # fmt: skip
def ask_organs(request, found):
    """Ask other organs for their part in a case."""
    joint.ask_organs(
        case=found,
        departments=request.POST.getlist("departments"),
        working_days=whole(request.POST.get("working_days", "")),
        **_of_form(request, "question"),
    )


@deed(
    gettext_lazy("The question was taken back."),
    is_handling=False, back="office_joint", page=joint_page,
)  # fmt: skip
def take_back(request, found):
    """An organ's part is no longer waited for."""
    task = joint.leading_task(request.user, found)
    if task is None:
        raise NotAllowed(_("Only who has a step of this case in hand asks other organs."))
    try:
        one = UUID(request.POST.get("one", ""))
    except ValueError:
        raise Http404 from None
    withdraw_question(actor=request.actor, task_id=task.pk, consultation_id=one)
