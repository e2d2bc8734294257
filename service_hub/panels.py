"""What the office's case page shows beside a task about a case, and what waits there besides
tasks.
"""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.forms.selectors import form_of
from platform_core.common.panels import Panel, Waiting, register_panel, register_waiting
from security.accounts.selectors import profile_answers
from security.identifiers import mask_mobile, mask_name
from security.organs.selectors import active_posts

from .cases import selectors as cases
from .cases.clocks import light
from .cases.services import SUBJECT
from .cases.timeline import history
from .catalogue.selectors import waiting_for as changes_to_decide
from .certificates.selectors import documents_of_case
from .evaluations import selectors as evaluations


def case_panels(user, case_id: str, hidden=frozenset()) -> list[Panel]:
    """Applicant and clock, what the applicant was told, and how the work was rated.

    A step that does not show the applicant's number does not show it here either.
    """
    case = cases.case_for(user, case_id)
    events = cases.events_of(case)
    now = timezone.now()
    applicant = {
        "case": case,
        "name": case.firm.name if case.firm_id else mask_name(case.applicant_name),
        "mobile": mask_mobile(profile_answers(case.applicant).get("mobile", ""))
        if case.applicant_id and not _asks_mobile(case, hidden)
        else "",
        "agent": case.mandate if case.mandate_id else None,
        "due": light(case, now),
        "issued": documents_of_case(case),
        "earlier": cases.earlier_cases(user, case),
    }
    panels = [
        Panel(_("Applicant and clock"), "service_hub/panels/applicant.html", applicant, order=10),
        Panel(
            _("What the applicant sees"),
            "service_hub/panels/history.html",
            {"entries": history(case, events)},
            order=90,
        ),
    ]
    ratings = evaluations.ratings_beside(user, case)
    if ratings:
        panels.append(
            Panel(_("Ratings"), "service_hub/panels/ratings.html", {"ratings": ratings}, order=95)
        )
    return panels


def _asks_mobile(case, hidden) -> bool:
    """Whether one of the hidden answers is a mobile number."""
    questions = form_of(case.record).questions() if hidden else []
    return any(one.key in hidden and one.type == "mobile" for one in questions)


def bad_ratings_waiting(user) -> Waiting | None:
    """How many bad ratings of the official's departments wait for a call or an answer."""
    if not active_posts(user):
        return None
    count, late = evaluations.orders_waiting(user)
    return Waiting(
        "bad_ratings", _("Bad ratings to follow up"), count, reverse("rectifications"),
        icon="star", late=late, order=60,
    )  # fmt: skip


def changes_waiting(user) -> Waiting | None:
    """How many changes of items wait for the official as the second person."""
    if not active_posts(user):
        return None
    return Waiting(
        "item_changes", _("Changes of items to decide on"), changes_to_decide(user).count(),
        reverse("catalogue_changes"), icon="list-checks", order=70,
    )  # fmt: skip


register_panel(SUBJECT, case_panels)
register_waiting(bad_ratings_waiting)
register_waiting(changes_waiting)
