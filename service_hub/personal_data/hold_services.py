"""Writes of holds: a privacy officer keeps data from being deleted, and lifts that again."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.access import may
from security.access.policies import is_admin
from security.accounts.models import User
from security.audit.services import record_audit

from .models import LegalHold
from .retention import rules
from .selectors import person_named

LONGEST = 2000


@transaction.atomic
def place_hold(
    *, actor, whom: str = "", question: str = "", reason: str, until: date | None = None
) -> LegalHold:
    """Keep data from being deleted until a day or until it is lifted: those of a person, named by
    user name or by the number of a case of theirs, the answers to a question ("napp/form/field"),
    or both.

    Raises Unusable by field, NotAllowed for who does not answer for the protection of data.
    """
    if not is_admin(actor.user):
        raise NotAllowed(_("Whoever answers for the protection of data handles this."))
    whom, reason, errors = whom.strip(), reason.replace("\x00", "").strip(), {}
    person = person_named(whom) if whom else None
    if whom and person is None:
        errors["whom"] = [_("Nobody has this user name or case number.")]
    if question and question not in {rule.question for rule in rules()}:
        errors["question"] = [_("Choose one of the questions.")]
    if not whom and not question:
        errors["whom"] = [_("Name a person, a question, or both.")]
    if person is not None and person.pk == actor.user.pk:
        errors["whom"] = [_("A colleague has to do this: it is your own data.")]
    if not reason or len(reason) > LONGEST:
        errors["reason"] = [_("Say why, with the law or the case, and who asked for it.")]
    if until is not None and until < timezone.localdate():
        errors["until"] = [_("Choose a day from today on, or leave it empty.")]
    if errors:
        raise Unusable(errors)
    if person is not None:
        # A deletion under way ends first.
        User.objects.select_for_update().get(pk=person.pk)
    hold = LegalHold.objects.create(
        person=person, question=question, reason=reason, placed_by=actor.user,
        placed_at=timezone.now(), until=until,
    )  # fmt: skip
    record_audit(actor=actor, verb="legal_hold.place", obj=hold, after={"question": question})
    return hold


@transaction.atomic
def lift_hold(*, actor, hold: LegalHold) -> LegalHold:
    """From now on the data may be deleted again. Raises Conflict when it was lifted already."""
    hold = LegalHold.objects.select_for_update().get(pk=hold.pk)
    if not may(actor.user, "handle", hold):
        raise NotAllowed(_("Whoever answers for the protection of data handles this."))
    if hold.lifted_at:
        raise Conflict(_("Somebody else was faster. This is how it stands now."))
    hold.lifted_by, hold.lifted_at = actor.user, timezone.now()
    hold.save(update_fields=["lifted_by", "lifted_at"])
    record_audit(actor=actor, verb="legal_hold.lift", obj=hold)
    return hold
