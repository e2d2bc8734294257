"""What one official asks for about a case and the head of its office decides: the way that more
time and voiding have in common. The caller holds the lock of the case.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.audit.services import record_audit
from service_hub.cases.locking import lock_case

from .models import Wish
from .policies import is_head_of
from .wording import LONGEST_WORDS, words


def ask(model: type[Wish], *, actor, case, again: str, **fields) -> Wish:
    """Keep the wish. Conflict with the words `again` when there is one that was not refused."""
    try:
        with transaction.atomic():
            found = model.objects.create(case=case, asked_by=actor.user, **fields)
    except IntegrityError:
        raise Conflict(again) from None
    record_audit(actor=actor, verb=f"{model._meta.model_name}.ask", obj=found)
    return found


def decide(wish: Wish, *, actor, grant: bool, note: str, at: datetime):
    """(process, case, wish), all locked, the wish decided by a head who did not ask for it.

    Raises Conflict when it was decided already, NotAllowed for anybody else, Unusable at "note"
    when it is refused without a word.
    """
    instance, case = lock_case(wish.case)
    wish = type(wish).objects.select_for_update(of=("self",)).get(pk=wish.pk)
    if wish.state != wish.State.ASKED:
        raise Conflict(_("This was decided already."))
    if actor.user.pk == wish.asked_by_id or not is_head_of(actor.user, case):
        raise NotAllowed(_("The head of the office decides, and never on their own wish."))
    note = words(note)
    if not grant and not note:
        raise Unusable({"note": [_("Say why.")]})
    wish.state = wish.State.APPROVED if grant else wish.State.REFUSED
    wish.decided_by, wish.decided_at, wish.note = actor.user, at, note[:LONGEST_WORDS]
    wish.save(update_fields=["state", "decided_by", "decided_at", "note"])
    record_audit(actor=actor, verb=f"{type(wish)._meta.model_name}.{wish.state}", obj=wish)
    return instance, case, wish
