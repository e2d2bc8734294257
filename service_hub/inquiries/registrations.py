"""What questions register: policy, waiting, menus, figures, samples."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from platform_core.common.menus import Entry, register_menu
from platform_core.common.panels import Waiting, register_waiting
from security.organs.selectors import active_posts
from service_hub.indicators import Filters, register_indicator

from . import policies, samples, selectors  # noqa: F401


def questions_to_answer(user) -> Waiting | None:
    """How many questions to the official's organs wait for an answer."""
    if not active_posts(user):
        return None
    count, late = selectors.questions_waiting(user)
    return Waiting(
        "questions", _("Questions to answer"), count, reverse("office_questions"),
        icon="message-circle", late=late, order=65,
    )  # fmt: skip


def holds_a_post(request) -> bool:
    return bool(active_posts(request.user))


def answered(filters: Filters) -> int | None:
    """How many questions asked in the days were answered; questions have no channel."""
    if filters.channel:
        return None
    return selectors.asked_between(filters).filter(answered_at__isnull=False).count()


register_waiting(questions_to_answer)
register_menu(
    Entry("office", "questions", pgettext_lazy("menu", "Questions"), "office_questions",
          "message-circle", 50, group="service", shown=holds_a_post)
)  # fmt: skip
register_menu(
    Entry("office", "ratings", pgettext_lazy("menu", "Bad ratings"), "rectifications", "star", 55,
          group="service", shown=holds_a_post)
)  # fmt: skip
register_indicator("questions_answered", gettext_lazy("Questions answered"), "", answered)
