"""A second person fills in a part of a draft: invited, let in, confirmed, revoked.

An invited person sees the questions of their part and nothing else of the draft. Whoever invites
names a number, and only who has it gets in; or takes a code along, and the first who comes with it
is the one.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.events import emit
from platform_core.common.limits import is_within
from security.accounts.selectors import is_person_with, number_indexes, numbers_index
from security.actors import Actor
from security.audit.services import record_audit

from . import clashes, selectors
from .binding import BoundForm, bind_draft
from .filling import fill_in
from .models import Draft, Invitation
from .rows import lock, locked
from .saving import keep_page

KEPT_DAYS = 14
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 10
# Wrong codes for one invitation, and invitations that one person writes.
TRIES = (10, 3600)
INVITATIONS = (20, 3600)


@transaction.atomic
def invite(
    *, actor: Actor, draft: Draft, part: str, name: str, number: str = "", owner_key: str = ""
) -> tuple[Invitation, str]:
    """Invite somebody to a part. Gives the invitation and, without a number, the code to hand over.

    An invitation that is there already is revoked. Raises Unusable at the field that is wrong.
    """
    draft = locked(draft, actor, owner_key)
    if actor.user is None:
        raise NotAllowed(_("Please sign in to invite somebody."))
    if selectors.form_of(draft).part(part) is None or draft.only_fields:
        raise Conflict(_("Nobody can be invited to this."))
    name = " ".join(name.replace("\x00", "").split())[:50]
    index = numbers_index(number) if number.strip() else ""
    errors = {}
    if len(name) < 2:
        errors["name"] = [_("Enter the name of the person.")]
    if index is None:
        errors["number"] = [_("Enter a mobile number or a citizen identity number.")]
    elif index and index in number_indexes(actor.user):
        errors["number"] = [_("This is your own number.")]
    if errors:
        raise Unusable(errors)
    if not is_within(f"invite:{actor.user.pk}", *INVITATIONS):
        raise Conflict(_("Too many tries. Please wait a while, or call 12345."))
    for old in Invitation.objects.select_for_update().filter(
        draft=draft, part=part, revoked_at=None
    ):
        _revoke(actor, old)
    code = "" if index else "".join(secrets.choice(ALPHABET) for _n in range(CODE_LENGTH))
    invitation = Invitation(
        draft=draft, part=part, name=name, number_index=index, code_digest=_digest(code),
        by=actor.user, expires_at=timezone.now() + timedelta(days=KEPT_DAYS),
    )  # fmt: skip
    try:
        with transaction.atomic():
            invitation.save(force_insert=True)
    except IntegrityError:
        raise Conflict(_("Somebody was invited just now.")) from None
    record_audit(actor=actor, verb="draft.invited", obj=draft, after={"part": part})
    emit("forms.invited", invitation=invitation, actor=actor)
    return invitation, code


def _digest(code: str) -> str:
    if not code:
        return ""
    return hmac.new(settings.SECRET_KEY.encode(), code.encode(), "sha256").hexdigest()


@transaction.atomic
def revoke_invitation(*, actor: Actor, draft: Draft, part: str, owner_key: str = "") -> None:
    """Take an invitation back: its link leads nowhere from now on; what was answered stays."""
    draft = locked(draft, actor, owner_key)
    found = Invitation.objects.select_for_update().filter(draft=draft, part=part, revoked_at=None)
    for invitation in found:
        _revoke(actor, invitation)


def _revoke(actor: Actor, invitation: Invitation) -> None:
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    record_audit(
        actor=actor, verb="invitation.revoked", obj=invitation.draft,
        after={"part": invitation.part},
    )  # fmt: skip


@transaction.atomic
def open_invitation(*, actor: Actor, invitation: Invitation, code: str = "") -> Invitation:
    """Let the invited person in; from now on the invitation is theirs alone.

    Raises NotAllowed for everybody else, in the same words whether the number or the code is wrong.
    """
    draft, invitation = _locked(invitation)
    user = actor.user
    if user is None or user.pk == draft.user_id:
        raise NotAllowed(_("This invitation is for another person."))
    if invitation.invitee_id:
        if invitation.invitee_id != user.pk:
            raise NotAllowed(_("This invitation is for another person."))
        return invitation
    if not is_invited(user, invitation) and not _has_code(invitation, code):
        raise NotAllowed(_("The code is wrong, or this invitation is for another person."))
    invitation.invitee, invitation.accepted_at = user, timezone.now()
    invitation.save(update_fields=["invitee", "accepted_at"])
    form = selectors.form_of(draft)
    part = form.part(invitation.part)
    fill_in(draft, form, _without_the_owners(draft, form, part), actor, part=part)
    draft.save(update_fields=["data", "filled", "sources", "updated_at"])
    record_audit(actor=actor, verb="invitation.opened", obj=draft, after={"part": invitation.part})
    return invitation


def _without_the_owners(draft: Draft, form, part) -> dict:
    """The typed answers, less what was filled in on these pages from what is known of the owner."""
    values, filled = selectors.plain_values(draft), selectors.filled_values(draft)
    theirs = {question.key for question in form.fields_of(part)} & set(filled)
    kept = {key for key in theirs if not clashes.same(values.get(key), filled[key])}
    return {key: value for key, value in values.items() if key not in theirs - kept}


def is_invited(user, invitation: Invitation) -> bool:
    """Whether the number that was given is this person's.

    A mobile number is what people say of themselves, so their verified name has to fit as well.
    """
    return is_person_with(user, invitation.number_index, invitation.name)


def _has_code(invitation: Invitation, code: str) -> bool:
    if not invitation.code_digest or not code:
        return False
    if not is_within(f"invitation:{invitation.pk}", *TRIES):
        return False
    plain = "".join(char for char in code.upper() if char in ALPHABET)
    return hmac.compare_digest(_digest(plain), invitation.code_digest)


def _locked(invitation: Invitation) -> tuple[Draft, Invitation]:
    """The draft is locked before the invitation, as its owner's saving does."""
    draft = lock(invitation.draft)
    found = selectors.invitation_by_id(invitation.pk)
    if found is None or draft.submitted_at:
        raise Conflict(_("This invitation has ended."))
    return draft, found


def _of(actor: Actor, invitation: Invitation) -> tuple[Draft, Invitation]:
    draft, invitation = _locked(invitation)
    if actor.user is None or invitation.invitee_id != actor.user.pk:
        raise NotAllowed(_("This invitation is for another person."))
    return draft, invitation


@transaction.atomic
def save_part(*, actor: Actor, invitation: Invitation, page: str, values) -> BoundForm:
    """Keep what the invited person typed on one page of their part; see `services.save_page`.

    What was confirmed before has to be confirmed again.
    """
    draft, invitation = _of(actor, invitation)
    form = selectors.form_of(draft)
    part, here = form.part(invitation.part), form.page(page)
    if here is None or page not in part.pages:
        raise Unusable({"": [_("This page does not exist.")]})
    if invitation.confirmed_at:
        invitation.confirmed_at = None
        invitation.expires_at = timezone.now() + timedelta(days=KEPT_DAYS)
        invitation.save(update_fields=["confirmed_at", "expires_at"])
    closed = selectors.locked_keys(draft)
    fields = [question for question in here.fields if question.key not in closed]
    bound, _refused = keep_page(draft, here, fields, actor, values, None, "", part=part)
    return bound


@transaction.atomic
def confirm_part(*, actor: Actor, invitation: Invitation) -> Invitation:
    """The invited person stands by their answers. Raises Unusable with what is still wrong."""
    draft, invitation = _of(actor, invitation)
    bound = bind_part(draft, invitation, actor=actor)
    if bound.errors:
        raise Unusable(bound.errors)
    invitation.confirmed_at = timezone.now()
    invitation.save(update_fields=["confirmed_at"])
    record_audit(
        actor=actor, verb="invitation.confirmed", obj=draft, after={"part": invitation.part}
    )
    emit("forms.part_confirmed", invitation=invitation, actor=actor)
    return invitation


def bind_part(draft: Draft, invitation: Invitation, *, actor: Actor, page=None, quiet=False):
    """The form as the invited person sees it."""
    part = selectors.form_of(draft).part(invitation.part)
    return bind_draft(draft, page=page, actor=actor, quiet=quiet, part=part)


def parts_answered(bound: BoundForm) -> dict:
    """Who answered which part, for the record that is made of the draft."""
    if bound.draft is None:
        return {}
    return {
        state.part.key: {
            "user": state.invitation.invitee_id,
            "at": state.invitation.confirmed_at.isoformat(),
            "fields": [
                question.key
                for question in bound.form.fields_of(state.part)
                if question.key in bound.cleaned
            ],
        }
        for state in selectors.parts_of(bound.draft)
        if state.is_confirmed
    }
