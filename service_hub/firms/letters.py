"""What members of a firm are told."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from platform_core.capabilities.notifications.services import notify
from service_hub.cases.words import in_both

from .models import FirmInvitation

LETTERS = {
    "invited": (
        gettext_noop("%(firm)s invites you"),
        gettext_noop("You are asked to act for %(firm)s until %(day)s. Agree only if you know it."),
    ),
    "joined": (
        gettext_noop("%(name)s now acts for %(firm)s"),
        gettext_noop("The invitation was accepted. The mandate holds until %(day)s."),
    ),
    "declined": (
        gettext_noop("%(name)s does not want to act for %(firm)s"),
        gettext_noop("The invitation was declined."),
    ),
    "changed": (
        gettext_noop("Your mandate of %(firm)s was changed"),
        gettext_noop("It holds until %(day)s."),
    ),
    "suspended": (
        gettext_noop("Your mandate of %(firm)s is suspended"),
        gettext_noop("You cannot act for the firm until the mandate holds again."),
    ),
    "resumed": (
        gettext_noop("Your mandate of %(firm)s holds again"),
        gettext_noop("It holds until %(day)s."),
    ),
    "ended": (
        gettext_noop("Your mandate of %(firm)s has ended"),
        gettext_noop("You can no longer act for the firm. Your drafts stay with the firm."),
    ),
    "expiring": (
        gettext_noop("The mandate of %(name)s for %(firm)s ends soon"),
        gettext_noop("It ends on %(day)s. A manager of the firm can renew it under “Members”."),
    ),
}


def tell(recipient, kind: str, *, actor, firm, dedupe: str, link: str, name="", day=None) -> None:
    """One message; `dedupe` names the occasion."""
    title, body = LETTERS[kind]
    facts = {"firm": firm.name, "name": name, "day": day.isoformat() if day else "—"}
    notify(
        actor=actor,
        recipient=recipient,
        key=f"firm.{kind}",
        title="{title}",
        body="{body}",
        values={
            "title": in_both(lambda: _(title) % facts),
            "body": in_both(lambda: _(body) % facts),
        },
        link=link,
        dedupe=f"firm:{kind}:{dedupe}:{recipient.pk}",
    )


def members_link() -> str:
    """Where the members of the firm stand."""
    return reverse("firm:members")


def link_of(invitation: FirmInvitation) -> str:
    """The address that the invited person opens."""
    return reverse("firm:join", args=[invitation.token])
