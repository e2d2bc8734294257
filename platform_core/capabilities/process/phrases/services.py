"""Keeping and dropping usual opinions."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from platform_core.common.errors import Unusable
from security.accounts.models import User
from security.actors import Actor
from security.audit.services import record_audit
from security.organs.selectors import headed_organs

from .. import moves
from . import selectors
from .models import Phrase

MOST = 50
LONGEST = 500


@transaction.atomic
def add_phrase(*, actor: Actor, text: str, department=None, node: str = "") -> Phrase:
    """Keep a usual opinion for oneself, or as head for a `department` (or its id); for the step
    `node` or, without one, for all. Raises Unusable for what is empty, too long, there already, or
    too much.
    """
    text = " ".join(text.split())
    moves.must_be_storable("text", text)
    if not text:
        raise Unusable({"text": [_("Write the opinion.")]})
    if len(text) > LONGEST:
        raise Unusable({"text": [_("Shorten this to %(limit)d characters.") % {"limit": LONGEST}]})
    whose = _whose(actor, department)
    list(User.objects.select_for_update(no_key=True).filter(pk=actor.user.pk))
    same = Phrase.objects.filter(**whose)
    if same.count() >= MOST:
        raise Unusable({"text": [_("%(limit)d are kept already. Drop one first.")
                                 % {"limit": MOST}]})  # fmt: skip
    if same.filter(text=text, node=node[:60]).exists():
        raise Unusable({"text": [_("This opinion is kept already.")]})
    phrase = Phrase.objects.create(**whose, text=text, node=node[:60])
    record_audit(actor=actor, verb="phrase.add", obj=phrase)
    return phrase


@transaction.atomic
def drop_phrase(*, actor: Actor, phrase_id) -> None:
    """Forget a usual opinion; Http404 for who may not change it."""
    phrase = selectors.phrases_of(actor.user).filter(pk=phrase_id).first()
    if phrase is None or not selectors.may_change(actor.user, phrase):
        raise Http404
    record_audit(actor=actor, verb="phrase.drop", obj=phrase)
    phrase.delete()


def _whose(actor: Actor, department) -> dict:
    if not department:
        return {"owner": actor.user}
    wanted = str(getattr(department, "pk", department))
    found = next((one for one in headed_organs(actor.user) if str(one.pk) == wanted), None)
    if found is None:
        raise Unusable({"department": [_("Only the head keeps opinions for a department.")]})
    return {"department": found}
