"""Acting for another person: the mandates of the security base, with the letters that go with them.

Every change is told to the other side at once, so that nobody acts, or is acted for, unawares.
"""

from __future__ import annotations

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from platform_core.capabilities.notifications.services import notify
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.limits import is_within
from security.accounts import mandate_services
from security.accounts.models import PersonMandate
from security.accounts.selectors import user_named
from service_hub.cases.words import in_both

from .selectors import ENDING_DAYS, mandates_to_tell_of

# Naming people is slowed down: it must not become a way to find out who has an account.
TRIES = (10, 3600)
# Told this many days before the end, each once.
DAYS_BEFORE = (7, ENDING_DAYS)
AT_ONCE = 200
LETTERS = {
    "asked": (
        gettext_noop("%(name)s asks to act for you"),
        gettext_noop("%(name)s wants to apply for services in your name. Agree only if you wish."),
    ),
    "given": (
        gettext_noop("You may act for %(name)s"),
        gettext_noop("%(name)s lets you apply for services in their name until %(day)s."),
    ),
    "accepted": (
        gettext_noop("You may act for %(name)s"),
        gettext_noop("%(name)s has agreed that you act for them until %(day)s."),
    ),
    "renewed": (
        gettext_noop("You may act for %(name)s"),
        gettext_noop("%(name)s has renewed your mandate. It holds until %(day)s."),
    ),
    "expiring": (
        gettext_noop("A mandate ends soon"),
        gettext_noop(
            "The mandate between you and %(name)s ends on %(day)s. Whoever gave it can renew it."
        ),
    ),
    "ended": (
        gettext_noop("A mandate has ended"),
        gettext_noop("The mandate between you and %(name)s has ended. Nobody acts under it now."),
    ),
}


@transaction.atomic
def begin_mandate(
    *, actor, way: str, name: str, number: str, relation: str, services=(), valid_until=None
) -> PersonMandate:
    """Give a mandate to the person with this name and number (`way` "give"), or "ask" them for one.

    Raises Unusable with what is wrong: nobody is found who has not both right.
    """
    if not is_within(f"mandate:{actor.user.pk}", *TRIES):
        raise Conflict(_("Too many tries. Please wait a while, or call 12345."))
    other = user_named(name, number)
    terms = {"relation": relation, "services": services, "valid_until": valid_until}
    if other is None:
        raise Unusable({"number": [_("We find no account with this name and number.")]})
    if way == "give":
        mandate = _refusing(mandate_services.give_mandate, actor=actor, agent=other, **terms)
        _tell(actor, mandate, other, "given", of=actor.user)
    else:
        mandate = _refusing(mandate_services.ask_mandate, actor=actor, principal=other, **terms)
        _tell(actor, mandate, other, "asked", of=actor.user)
    return mandate


@transaction.atomic
def accept_mandate(*, actor, mandate: PersonMandate) -> PersonMandate:
    """The principal agrees; the agent hears of it."""
    mandate = _refusing(mandate_services.accept_mandate, actor=actor, mandate=mandate)
    _tell(actor, mandate, mandate.agent, "accepted", of=mandate.principal)
    return mandate


@transaction.atomic
def renew_mandate(*, actor, mandate: PersonMandate) -> PersonMandate:
    """Whoever gave it lets it hold another year, in one step; the agent hears of it."""
    mandate = _refusing(mandate_services.renew_mandate, actor=actor, mandate=mandate)
    until = mandate.valid_until.isoformat()
    _tell(actor, mandate, mandate.agent, "renewed", of=mandate.principal, occasion=until)
    return mandate


@transaction.atomic
def warn_of_expiry(*, actor, after: str = "") -> str:
    """Tell both people of mandates that end soon, twice before each end; some at a time. Gives the
    id to go on from, "" when all were looked at.
    """
    today = timezone.localdate()
    found = mandates_to_tell_of(today, ENDING_DAYS)
    page = list((found.filter(pk__gt=after) if after else found)[:AT_ONCE])
    for one in page:
        left = (one.valid_until - today).days
        step = next(days for days in DAYS_BEFORE if left <= days)
        occasion = f"{one.valid_until.isoformat()}:{step}"
        _tell(actor, one, one.principal, "expiring", of=one.agent, occasion=occasion)
        _tell(actor, one, one.agent, "expiring", of=one.principal, occasion=occasion)
    return str(page[-1].pk) if len(page) == AT_ONCE else ""


@transaction.atomic
def end_mandate(*, actor, mandate: PersonMandate) -> PersonMandate:
    """Declined, revoked or given up; the other side hears of it."""
    mandate = _refusing(mandate_services.end_person_mandate, actor=actor, mandate=mandate)
    is_principal = actor.user.pk == mandate.principal_id
    other, of = mandate.agent, mandate.principal
    if not is_principal:
        other, of = of, other
    _tell(actor, mandate, other, "ended", of=of)
    return mandate


def _refusing(deed, **named) -> PersonMandate:
    try:
        return deed(**named)
    except ValidationError as error:
        if hasattr(error, "error_dict"):
            raise Unusable(
                {key: said for key, said in error.message_dict.items() if key != NON_FIELD_ERRORS}
            ) from None
        raise Conflict(error.messages[0]) from None
    except PermissionDenied as error:
        raise NotAllowed(str(error)) from None


def _tell(actor, mandate: PersonMandate, recipient, kind: str, *, of, occasion: str = "") -> None:
    title, body = LETTERS[kind]
    facts = {"name": of.get_full_name(), "day": mandate.valid_until.isoformat()}
    notify(
        actor=actor,
        recipient=recipient,
        key=f"mandate.{kind}",
        title="{title}",
        body="{body}",
        values={
            "title": in_both(lambda: _(title) % facts),
            "body": in_both(lambda: _(body) % facts),
        },
        link=reverse("portal:mandates"),
        dedupe=f"mandate:{mandate.pk}:{kind}:{occasion}:{recipient.pk}",
    )
