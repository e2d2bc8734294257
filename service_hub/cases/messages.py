"""What an applicant, or an official of the clock, is told in a message about a case."""

from django.utils.translation import gettext as _

from platform_core.common.i18n import pick

from .models import NUMBER_SHOWN, Case
from .states import State
from .words import sentence

# Their line of the history says what the message has to say.
SAID_IN_FULL = {"suspended", "resumed", "extended", "passed_on", "delivery_ready", "delivery_sent",
                "taken_in", "sent_back", "joint_asked"}  # fmt: skip


def light_title(case: Case, occasion: str) -> str:
    """What officials are told about the clock: "y" soon due, "r" late, "silent" not accepted in
    time.
    """
    titles = {
        "y": _("Soon due: %(service)s"),
        "r": _("Late: %(service)s"),
        "silent": _("Not accepted in time, so it counts as accepted: %(service)s"),
    }
    return titles[occasion] % {"service": pick(case.item.title)}


def message_title(case: Case, kind: str) -> str:
    """The subject of the message about a step."""
    service = pick(case.item.title)
    if kind == "approved" and case.state == State.DELIVERING:
        return _("Granted: %(service)s") % {"service": service}
    titles = {
        "submitted": _("We received your application: %(service)s"),
        "accepted": _("Accepted: %(service)s"),
        "accepted_by_silence": _("Accepted: %(service)s"),
        "not_accepted": _("Not accepted: %(service)s"),
        "taken_in": _("Taken in: %(service)s"),
        "sent_back": _("Sent back: %(service)s"),
        "joint_asked": _("Handled together with others: %(service)s"),
        "passed_on": _("Passed on: %(service)s"),
        "extended": _("We need more time: %(service)s"),
        "void": _("Declared void: %(service)s"),
        "delivery_ready": _("Ready to be fetched: %(service)s"),
        "delivery_sent": _("On its way: %(service)s"),
        "delivered": _("Delivered: %(service)s"),
        "correction_asked": _("Please correct something: %(service)s"),
        "suspended": _("Suspended: %(service)s"),
        "resumed": _("It goes on: %(service)s"),
        "approved": _("Done: %(service)s"),
        "refused": _("Refused: %(service)s"),
        "withdrawn": _("Withdrawn: %(service)s"),
        "merged": _("Put together: %(service)s"),
        "unmerged": _("On its own again: %(service)s"),
        "certificate_revoked": _("Certificate revoked: %(service)s"),
        "document_revoked": _("A document was revoked: %(service)s"),
    }
    return titles[kind] % {"service": service}


def message_body(case: Case, kind: str, params: dict) -> str:
    """What the message says: what happened, and what to do now."""
    number = case.number[-NUMBER_SHOWN:]
    if kind == "approved" and case.state == State.DELIVERING:
        said = _("Your case ending in %(number)s was granted. Open it to see how your paper comes.")
        return said % {"number": number}
    lines = {
        "submitted": _("Your case number ends in %(number)s. You need do nothing now."),
        "accepted": _("Your case ending in %(number)s was accepted."),
        "accepted_by_silence": _("Your case ending in %(number)s counts as accepted."),
        "not_accepted": _("Open the case ending in %(number)s to read why, and what you can do."),
        "taken_in": _("Your case ending in %(number)s was looked through."),
        "sent_back": _("The case ending in %(number)s is closed."),
        "joint_asked": _("Several offices act on your case ending in %(number)s."),
        "passed_on": _(
            "Your case ending in %(number)s is now with the office that is responsible."
        ),
        "extended": _("The case ending in %(number)s takes longer than we promised."),
        "void": _("The case ending in %(number)s no longer counts."),
        "delivery_ready": _("The paper of your case ending in %(number)s can be fetched."),
        "delivery_sent": _("The paper of your case ending in %(number)s was sent to you."),
        "delivered": _("The paper of your case ending in %(number)s was delivered."),
        "correction_asked": _("We need something from you for the case ending in %(number)s."),
        "suspended": _(
            "Your case ending in %(number)s waits for a procedure. Its time is not counted in the "
            "days we promised."
        ),
        "resumed": _("Your case ending in %(number)s goes on."),
        "approved": _("Your case ending in %(number)s is done. Open it to see the result."),
        "refused": _("Open the case ending in %(number)s to read why, and what you can do."),
        "withdrawn": _("The case ending in %(number)s is closed."),
        "merged": _(
            "You applied twice. The case ending in %(number)s goes on under your earlier number. "
            "You need do nothing."
        ),
        "unmerged": _("The case ending in %(number)s goes on by itself."),
        "certificate_revoked": _(
            "The certificate of the case ending in %(number)s no longer counts."
        ),
        "document_revoked": _("A document of the case ending in %(number)s no longer counts."),
    }
    parts = [lines[kind] % {"number": number}]
    if kind in {"accepted", "accepted_by_silence"}:
        parts.append(sentence(kind, params).note)
    if kind in SAID_IN_FULL:
        said = sentence(kind, params)
        return " ".join(filter(None, [*parts, f"{said.title}.", said.note]))
    parts += [params[key] for key in ("note", "reason") if params.get(key)]
    return " ".join(part for part in parts if part)
