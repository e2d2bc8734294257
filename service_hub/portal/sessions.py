"""Cases that this browser session may open without an account: it filed them or proved number
and code.
"""

from django.http import Http404

from service_hub.cases import selectors as cases

FOLLOWED = "followed_cases"
NAMELESS = "nameless_drafts"
APPOINTMENTS = "appointments"
MOST = 20


def remember_case(request, case) -> None:
    """Let this session open an anonymous case."""
    kept = [
        str(case.pk),
        *(one for one in request.session.get(FOLLOWED, []) if one != str(case.pk)),
    ]
    request.session[FOLLOWED] = kept[:MOST]


def is_followed(request, case_id) -> bool:
    return str(case_id) in request.session.get(FOLLOWED, [])


def remember_appointment(request, appointment) -> None:
    """Let this session open an appointment without an account."""
    kept = [one for one in remembered_appointments(request) if one != str(appointment.pk)]
    request.session[APPOINTMENTS] = [str(appointment.pk), *kept][:MOST]


def remembered_appointments(request) -> list[str]:
    """The appointments that this session made or proved, newest first."""
    return request.session.get(APPOINTMENTS, [])


def is_proved_appointment(request, appointment_id) -> bool:
    return str(appointment_id) in remembered_appointments(request)


def stay_nameless(request, draft) -> None:
    """The person who is signed in wants to send this draft without their name."""
    kept = [one for one in request.session.get(NAMELESS, []) if one != str(draft.pk)]
    request.session[NAMELESS] = [str(draft.pk), *kept][:MOST]


def is_nameless(request, draft) -> bool:
    return str(draft.pk) in request.session.get(NAMELESS, [])


def case_in(request, case_id, verb: str = "own"):
    """The case for this request: the person's own, the firm's, or one that this session proved."""
    if is_followed(request, case_id):
        case = cases.anonymous_case(case_id, verb)
        if case is not None:
            return case
    return cases.case_for(request.user, case_id, verb)


def case_of_correction(request, draft):
    """The case whose correction `draft` is; Http404 unless this request may correct it."""
    kind, _colon, case_id = draft.purpose.partition(":")
    if kind != "correction":
        raise Http404
    return case_in(request, case_id, "correct")
