"""Letters about parts of a draft that somebody else fills in."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from platform_core.capabilities.forms.selectors import form_of
from platform_core.capabilities.notifications.services import notify
from platform_core.common.events import listen
from platform_core.common.i18n import pick
from security.accounts.selectors import people_with

from .cases.words import in_both

INVITED = gettext_noop("%(name)s invites you to fill in “%(part)s”")
INVITED_BODY = gettext_noop(
    "You see only this part and nothing else of the application. Open it, answer and confirm."
)
CONFIRMED = gettext_noop("%(name)s has confirmed “%(part)s”")
CONFIRMED_BODY = gettext_noop("You can check the answers and send the application.")


@listen("forms.invited")
def on_invited(*, invitation, actor, **_facts) -> None:
    """Tell whoever was named, when they have an account."""
    for person in people_with(invitation.number_index, invitation.name):
        link = reverse("portal:invited", args=[invitation.pk])
        _tell(invitation, person, INVITED, INVITED_BODY, link, invitation.by, actor=actor)


@listen("forms.part_confirmed")
def on_part_confirmed(*, invitation, actor, **_facts) -> None:
    """Tell the person who invited; each time it is confirmed."""
    end = "enterprise" if invitation.draft.firm_id else "portal"
    link = reverse("portal:check", args=[invitation.draft_id], current_app=end)
    who = invitation.invitee
    _tell(invitation, invitation.by, CONFIRMED, CONFIRMED_BODY, link, who, actor=actor)


def _tell(invitation, recipient, title: str, body: str, link: str, who, *, actor) -> None:
    part = form_of(invitation.draft).part(invitation.part)
    stamp = invitation.confirmed_at.isoformat() if invitation.confirmed_at else ""

    def words() -> str:
        return _(title) % {"name": who.get_full_name(), "part": pick(part.title)}

    notify(
        actor=actor,
        recipient=recipient,
        key="draft.invitation",
        title="{title}",
        body="{body}",
        values={"title": in_both(words), "body": in_both(lambda: _(body))},
        link=link,
        dedupe=f"invitation:{invitation.pk}:{recipient.pk}:{stamp}",
    )
