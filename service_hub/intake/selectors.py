"""Reads of intakes and of what a desk may take in."""

from django.db.models import QuerySet
from django.http import Http404

from platform_core.capabilities.forms import selectors as forms
from platform_core.common.i18n import pick
from security.access import get_or_404, visible_to
from service_hub.items.models import ServiceItem
from service_hub.items.selectors import open_items

from .desks import clerk_posts, desk_kinds
from .models import Intake

RELATED = (
    "item__napp",
    "item__napp_version",
    "draft",
    "case__merged_into",
    "firm",
    "applicant__identity",
    "department__region",
    "clerk",
)
UNREAD = ("item__napp_version__manifest",)


def sits_at_a_desk(user) -> bool:
    """Whether `user` takes applications in anywhere."""
    return bool(clerk_posts(user))


def items_for_desk(user) -> QuerySet[ServiceItem]:
    """The open service items that `user` may take in."""
    kinds = desk_kinds(user)
    found = open_items()
    return found if kinds is None else found.filter(department_kind__in=kinds)


def item_choices(user) -> list[tuple[str, str]]:
    """(id, title) of the items of the desk, by title."""
    found = [(str(item.pk), pick(item.title)) for item in items_for_desk(user)]
    return sorted(found, key=lambda pair: pair[1])


def intakes_of(user) -> QuerySet[Intake]:
    """What the desks of `user` took in or are taking in, newest first."""
    found = Intake.objects.select_related(*RELATED).defer(*UNREAD)
    return visible_to(user, "read", found).order_by("-begun_at")


def intake_for(user, intake_id, verb: str = "read") -> Intake:
    """The intake when `user` may do `verb` on it, else Http404."""
    found = Intake.objects.select_related(*RELATED).defer(*UNREAD)
    return get_or_404(user, verb, found, pk=intake_id)


def draft_of(intake: Intake, user):
    """The draft that the clerk fills in for somebody; Http404 once it is gone."""
    if intake.draft_id is None:
        raise Http404
    return forms.draft_for(user, intake.draft_id, sent=True)


def person_name(intake: Intake) -> str:
    """The firm or person for whom it is taken in."""
    if intake.firm_id:
        return intake.firm.name
    if intake.applicant_id:
        return intake.applicant.get_full_name()
    return intake.name
