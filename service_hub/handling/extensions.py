"""More time for a case: asked in time, granted by another person, once (Licensing Law art. 42)."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.notifications.services import notify
from platform_core.capabilities.process.choosing import heads_of
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.events import emit
from platform_core.common.i18n import pick
from platform_core.common.numbers import whole
from security.audit.services import record_audit
from service_hub.cases.history import add_event, tell_applicant
from service_hub.cases.listeners import on_moved, save, set_clock
from service_hub.cases.models import Case
from service_hub.cases.words import in_both
from service_hub.items.definitions import definition_of

from .links import case_page
from .locking import LONGEST_WORDS, lock_case, words
from .models import Extension
from .policies import is_head_of

RUNNING = (Case.State.ACCEPTED, Case.State.REVIEWING)


def most_days(case: Case) -> int:
    """The longest extension that the case's item allows, in working days."""
    return definition_of(case.item, case.napp_version).extension_days


@transaction.atomic
def ask_extension(
    *, actor, case: Case, days, reason: str, version: int | None = None, at: datetime | None = None
) -> Extension:
    """Ask the head for more time, before the promised time is over.

    Raises Unusable at "days" and "reason"; Conflict when the case is late, not running, or had its
    extension already.
    """
    at = at or timezone.now()
    instance, case = lock_case(case, version)
    _must_be_in_time(case, at)
    most, reason = most_days(case), words(reason)
    problems = {}
    if not 1 <= (whole(days) or 0) <= most:
        problems["days"] = [_("Between 1 and %(n)d working days.") % {"n": most}]
    if not reason or len(reason) > LONGEST_WORDS:
        said = _("Write between 1 and %(n)s characters. The applicant reads it.")
        problems["reason"] = [said % {"n": LONGEST_WORDS}]
    if problems:
        raise Unusable(problems)
    try:
        with transaction.atomic():
            found = Extension.objects.create(
                case=case, days=int(days), reason=reason, asked_by=actor.user
            )
    except IntegrityError:
        raise Conflict(_("The term of a case is extended at most once.")) from None
    add_event(case, "extension_asked", actor=actor, at=at, params={"days": found.days})
    save(case)
    on_moved(instance=instance)
    record_audit(actor=actor, verb="extension.ask", obj=found, after={"days": found.days})
    for head in heads_of(case.department):
        if head != actor.user:
            _tell(actor, head, case, "asked", found)
    return found


@transaction.atomic
def decide_extension(
    *, actor, extension: Extension, grant: bool, note: str = "", at: datetime | None = None
) -> Extension:
    """Grant or refuse more time, as a head who did not ask for it.

    Granted, every date of the case moves and the applicant is told why. Conflict when it was
    decided already or the promised time is over.
    """
    at = at or timezone.now()
    instance, case = lock_case(extension.case)
    extension = Extension.objects.select_for_update(of=("self",)).get(pk=extension.pk)
    if extension.state != Extension.State.ASKED:
        raise Conflict(_("This was decided already."))
    if actor.user.pk == extension.asked_by_id or not is_head_of(actor.user, case):
        raise NotAllowed(_("The head of the office decides, and never on their own wish."))
    note = words(note)
    if not grant and not note:
        raise Unusable({"note": [_("Say why.")]})
    extension.state = Extension.State.APPROVED if grant else Extension.State.REFUSED
    extension.decided_by, extension.decided_at = actor.user, at
    extension.note = note[:LONGEST_WORDS]
    if grant:
        _must_be_in_time(case, at)
        _grant(actor, case, extension, at)
    else:
        add_event(case, "extension_refused", actor=actor, at=at, params={"note": note})
    save(case)
    on_moved(instance=instance)
    extension.save(update_fields=["state", "decided_by", "decided_at", "note"])
    record_audit(actor=actor, verb=f"extension.{extension.state}", obj=extension)
    _tell(actor, extension.asked_by, case, extension.state, extension)
    return extension


def _grant(actor, case: Case, extension: Extension, at) -> None:
    case.extension_days = extension.days
    set_clock(case, at)
    due = case.promise_due_at.isoformat() if case.promise_due_at else None
    params = {"days": extension.days, "reason": extension.reason, "due": due}
    add_event(case, "extended", actor=actor, at=at, params=params)
    emit("case.extended", case=case, actor=actor, at=at, reason=extension.reason)
    tell_applicant(case, "extended", actor=actor, params=params)


def _must_be_in_time(case: Case, at) -> None:
    if case.state not in RUNNING:
        raise Conflict(_("Only a case that is being handled can get more time."))
    if case.promise_due_at is None:
        raise Conflict(_("The case has no date that could be moved yet."))
    if at > case.promise_due_at:
        raise Conflict(_("The promised time is over: it cannot be extended any more."))


def _title(what: str) -> str:
    titles = {
        "asked": _("More time is asked for: %(service)s"),
        "approved": _("More time was granted: %(service)s"),
        "refused": _("More time was refused: %(service)s"),
    }
    return titles[what]


def _tell(actor, person, case: Case, what: str, extension: Extension) -> None:
    notify(
        actor=actor,
        recipient=person,
        key="case.extension",
        title="{title}",
        body="{reason}",
        values={
            "title": in_both(lambda: _title(what) % {"service": pick(case.item.title)}),
            "reason": extension.note or extension.reason,
        },
        link=case_page(case),
        dedupe=f"extension:{extension.pk}:{what}:{person.pk}",
    )
