"""Reads of publications: what waits, for whom, and what was decided."""

from django.db.models import QuerySet

from security.access import visible_to

from ..models import NApp
from .duties import bar
from .models import PublicationRequest

State = PublicationRequest.State


def _rows() -> QuerySet[PublicationRequest]:
    related = ("napp", "version__created_by", "base", "asked_by", "decided_by")
    return PublicationRequest.objects.select_related(*related).defer(
        "version__manifest", "base__manifest"
    )


def publications_of(napp: NApp) -> QuerySet[PublicationRequest]:
    """Every publication of the N-app that was asked for, newest first."""
    return _rows().filter(napp=napp)


def waiting_publication(napp: NApp) -> PublicationRequest | None:
    """The one publication of the N-app that waits for a second person, or None."""
    return publications_of(napp).filter(state=State.WAITING).first()


def publication_by_id(request_id) -> PublicationRequest | None:
    return _rows().filter(pk=request_id).first()


def publication_in(napp: NApp, request_id) -> PublicationRequest | None:
    """The publication of that id when it is one of the N-app's."""
    return publications_of(napp).filter(pk=request_id).first()


def waiting_for(user) -> list[PublicationRequest]:
    """What waits for the approval of `user`: of N-apps that they manage, and not their own work."""
    managed = visible_to(user, "manage", NApp.objects.all())
    waiting = _rows().filter(state=State.WAITING, napp__in=managed).order_by("id")
    return [request for request in waiting if not bar(user, request)]
