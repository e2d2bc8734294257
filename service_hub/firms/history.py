"""The history of a firm: kinds with facts, made into sentences for the reader."""

from django.utils import timezone
from django.utils.translation import gettext as _

from .models import FirmEvent


def note(firm, kind: str, *, actor, subject=None, at=None, **params) -> FirmEvent:
    """Write one line, in the caller's transaction."""
    return FirmEvent.objects.create(
        firm=firm, kind=kind, params=params, actor=actor.user, subject=subject,
        at=at or timezone.now(),
    )  # fmt: skip


def words(event: FirmEvent) -> str:
    """What happened, in the reader's language."""
    facts = {"whom": str(event.subject or ""), **{k: v for k, v in event.params.items()}}
    sentences = {
        "bound": _("The firm was bound to the legal representative"),
        "claimed": _("%(whom)s was accepted as the legal representative"),
        "duty_done": _("Marked “%(duty)s” as done"),
        "duty_open": _("Took the mark of “%(duty)s” back"),
        "invited": _("Invited %(name)s"),
        "revoked": _("Took the invitation of %(name)s back"),
        "joined": _("Became a member"),
        "declined": _("Declined the invitation"),
        "changed": _("Changed the mandate of %(whom)s"),
        "suspended": _("Suspended the mandate of %(whom)s"),
        "resumed": _("Let the mandate of %(whom)s hold again"),
        "ended": _("Ended the mandate of %(whom)s"),
        "filed": _("Filed the case %(number)s"),
        "withdrew": _("Withdrew the case %(number)s"),
        "batch": _("Filed a spreadsheet of %(rows)s rows"),
    }
    said = sentences.get(event.kind, event.kind)
    try:
        return said % facts
    except KeyError:
        return said
