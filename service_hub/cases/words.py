"""What happened in a case, in the reader's language: sentences are made when shown, never
stored.
"""

from dataclasses import dataclass

from django.utils import translation
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from platform_core.capabilities.process.suspension.models import Suspension
from platform_core.common.i18n import pick
from platform_core.common.templatetags.ui import day

from .models import Case


@dataclass(frozen=True)
class Sentence:
    title: str
    note: str = ""


def _submitted(params: dict) -> Sentence:
    return Sentence(
        _("You sent the application"),
        _("It went to %(organ)s.") % {"organ": pick(params.get("organ"))},
    )


def _received(params: dict) -> Sentence:
    to = _("It went to %(organ)s.") % {"organ": pick(params.get("organ"))}
    if params.get("channel") == "phone":
        return Sentence(_("Your application was taken in by phone"), to)
    if params.get("system"):
        return Sentence(_("Received from %(system)s") % {"system": params["system"]}, to)
    if params.get("window"):
        return Sentence(_("Received at %(window)s") % {"window": params["window"]}, to)
    return Sentence(_("Received at the counter"), to)


def _accepted(params: dict) -> Sentence:
    due = parse_datetime(params["due"]) if params.get("due") else None
    note = _("We promise to finish by %(day)s.") % {"day": day(due)} if due else ""
    return Sentence(_("The application was accepted"), note)


def _accepted_by_silence(params: dict) -> Sentence:
    said = _("Nobody answered in five working days, so it counts as accepted since you sent it.")
    note = " ".join(filter(None, [said, _accepted(params).note]))
    return Sentence(_("The application counts as accepted"), note)


def _not_accepted(params: dict) -> Sentence:
    return Sentence(_("The application was not accepted"), params.get("opinion", ""))


def _passed_on(params: dict) -> Sentence:
    words = {"organ": pick(params.get("organ"))}
    return Sentence(_("Passed on to %(organ)s") % words, params.get("reason", ""))


def _extended(params: dict) -> Sentence:
    due = parse_datetime(params["due"]) if params.get("due") else None
    note = _("We now promise to finish by %(day)s.") % {"day": day(due)} if due else ""
    title = ngettext(
        "The term was extended by %(n)d working day",
        "The term was extended by %(n)d working days",
        params["days"],
    )
    return Sentence(
        title % {"n": params["days"]}, " ".join(filter(None, [params.get("reason", ""), note]))
    )


def _extension_asked(params: dict) -> Sentence:
    words = _("More time was asked for: %(days)s working days")
    return Sentence(words % params)


def _extension_refused(params: dict) -> Sentence:
    return Sentence(_("More time was refused"), params.get("note", ""))


def _void_asked(params: dict) -> Sentence:
    return Sentence(_("It was asked to declare the case void"), params.get("reason", ""))


def _void_refused(params: dict) -> Sentence:
    return Sentence(_("The case was not declared void"), params.get("note", ""))


def _material_confirmed(params: dict) -> Sentence:
    return Sentence(_("Confirmed: %(name)s") % {"name": pick(params.get("name"))})


def _material_denied(params: dict) -> Sentence:
    title = _("Not confirmed: %(name)s") % {"name": pick(params.get("name"))}
    return Sentence(title, params.get("answer", ""))


def _void(params: dict) -> Sentence:
    return Sentence(_("The case was declared void"), params.get("reason", ""))


def _delivery_chosen(params: dict) -> Sentence:
    return Sentence(
        {
            "post": _("You want it by post"),
            "window": _("You fetch it at the window"),
        }[params["way"]]
    )


def _delivery_ready(params: dict) -> Sentence:
    return Sentence(_("Your paper is ready to be fetched"), params.get("place", ""))


def _delivery_sent(params: dict) -> Sentence:
    return Sentence(
        _("Your paper is on its way"),
        _("%(carrier)s, number %(number)s") % params if params.get("number") else "",
    )


def _delivered(params: dict) -> Sentence:
    return Sentence(
        {
            "post": _("Your paper has arrived"),
            "window": _("Your paper was handed over"),
        }[params["way"]]
    )


def _reviewing(params: dict) -> Sentence:
    return Sentence(_("The check began"), pick(params.get("step")))


def _correction_asked(params: dict) -> Sentence:
    return Sentence(_("We asked you for a correction"), params.get("note", ""))


def _correction_answered(params: dict) -> Sentence:
    return Sentence(_("You sent the correction"))


def _suspended(params: dict) -> Sentence:
    words = {"procedure": dict(Suspension.Kind.choices).get(params.get("procedure"), "")}
    title = _("The clock stands: %(procedure)s") % words
    until = parse_date(params["until"]) if params.get("until") else None
    planned = _("Planned until %(day)s.") % {"day": day(until)} if until else ""
    return Sentence(title, " ".join(filter(None, [params.get("note", ""), planned])))


def _resumed(params: dict) -> Sentence:
    due = parse_datetime(params["due"]) if params.get("due") else None
    note = _("We promise to finish by %(day)s.") % {"day": day(due)} if due else ""
    return Sentence(_("The clock goes on"), note)


def _urged(params: dict) -> Sentence:
    return Sentence(_("The office was asked to hurry"))


def _approved(params: dict) -> Sentence:
    if params.get("is_answer"):
        return Sentence(_("The office finished it"), params.get("opinion", ""))
    return Sentence(_("The application was approved"), params.get("opinion", ""))


def _refused(params: dict) -> Sentence:
    return Sentence(_("The application was refused"), params.get("opinion", ""))


def _withdrawn(params: dict) -> Sentence:
    return Sentence(_("You withdrew the application"), params.get("reason", ""))


def _merged(params: dict) -> Sentence:
    title = _("It goes on as case %(number)s") % {"number": params.get("number", "")}
    return Sentence(title, params.get("reason", ""))


def _joined(params: dict) -> Sentence:
    title = _("Case %(number)s was put together with this one")
    return Sentence(title % {"number": params.get("number", "")}, params.get("reason", ""))


def _unmerged(params: dict) -> Sentence:
    return Sentence(_("It is a case of its own again"), params.get("reason", ""))


def _parted(params: dict) -> Sentence:
    return Sentence(_("Case %(number)s is on its own again") % {"number": params.get("number", "")})


def _certificate_issued(params: dict) -> Sentence:
    return Sentence(_("The certificate was issued"), params.get("number", ""))


def _certificate_revoked(params: dict) -> Sentence:
    return Sentence(_("The certificate was revoked"), params.get("reason", ""))


def _document_issued(params: dict) -> Sentence:
    return Sentence(_("Issued: %(title)s") % {"title": pick(params.get("title"))}, params["number"])


def _document_revoked(params: dict) -> Sentence:
    return Sentence(
        _("Revoked: %(title)s") % {"title": pick(params.get("title"))}, params.get("reason", "")
    )


def _step_done(params: dict) -> Sentence:
    return Sentence(_("Finished: %(step)s") % {"step": pick(params.get("step"))})


def _returned(params: dict) -> Sentence:
    return Sentence(_("Sent back one step inside the office"), params.get("opinion", ""))


def _rated(params: dict) -> Sentence:
    return Sentence(_("You rated the service"))


SENTENCES = {
    "submitted": _submitted,
    "received": _received,
    "accepted": _accepted,
    "accepted_by_silence": _accepted_by_silence,
    "not_accepted": _not_accepted,
    "passed_on": _passed_on,
    "extended": _extended,
    "extension_asked": _extension_asked,
    "extension_refused": _extension_refused,
    "void_asked": _void_asked,
    "void_refused": _void_refused,
    "material_confirmed": _material_confirmed,
    "material_denied": _material_denied,
    "void": _void,
    "delivery_chosen": _delivery_chosen,
    "delivery_ready": _delivery_ready,
    "delivery_sent": _delivery_sent,
    "delivered": _delivered,
    "reviewing": _reviewing,
    "correction_asked": _correction_asked,
    "correction_answered": _correction_answered,
    "suspended": _suspended,
    "resumed": _resumed,
    "urged": _urged,
    "approved": _approved,
    "refused": _refused,
    "withdrawn": _withdrawn,
    "merged": _merged,
    "joined": _joined,
    "unmerged": _unmerged,
    "parted": _parted,
    "certificate_issued": _certificate_issued,
    "certificate_revoked": _certificate_revoked,
    "document_issued": _document_issued,
    "document_revoked": _document_revoked,
    "step_done": _step_done,
    "returned": _returned,
    "rated": _rated,
}


def sentence(kind: str, params: dict) -> Sentence:
    """The line of the history for an event kind with its facts."""
    return SENTENCES[kind](params)


def headline(case: Case, level: str = "", *, is_answer: bool = False) -> str:
    """The state of a case as one sentence for its applicant.

    `level` is the deadline light's; `is_answer` says that the case ends with an answer, not a
    grant.
    """
    if case.merged_into_id:
        return _("This application goes on under another number")
    if case.state == Case.State.APPROVED and is_answer:
        return _("Done: here is the answer")
    if case.state == Case.State.CORRECTING:
        return _("We need something from you")
    if case.state == Case.State.SUSPENDED:
        return _("The clock stands while a procedure runs")
    if case.state == Case.State.SUBMITTED:
        return _("We have received it and are looking it through")
    if case.state in (Case.State.ACCEPTED, Case.State.REVIEWING):
        if level == "r":
            return _("We are late. We are sorry.")
        return _("We are checking it. All is well.")
    return {
        Case.State.APPROVED: _("Done: your application was approved"),
        Case.State.REFUSED: _("Your application was refused"),
        Case.State.NOT_ACCEPTED: _("Your application was not accepted"),
        Case.State.WITHDRAWN: _("You withdrew this application"),
        Case.State.VOID: _("This case was declared void"),
    }[case.state]


# Their line of the history says what the message has to say.
SAID_IN_FULL = {"suspended", "resumed", "extended", "passed_on", "delivery_ready", "delivery_sent"}


def in_both(build) -> dict[str, str]:
    """{"zh", "en"} of `build()`, which makes a text in the language in force."""
    with translation.override("zh-hans"):
        chinese = str(build())
    with translation.override("en"):
        return {"zh": chinese, "en": str(build())}


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
    titles = {
        "submitted": _("We received your application: %(service)s"),
        "accepted": _("Accepted: %(service)s"),
        "accepted_by_silence": _("Accepted: %(service)s"),
        "not_accepted": _("Not accepted: %(service)s"),
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
    number = case.number[-12:]
    lines = {
        "submitted": _("Your case number ends in %(number)s. You need do nothing now."),
        "accepted": _("Your case ending in %(number)s was accepted."),
        "accepted_by_silence": _("Your case ending in %(number)s counts as accepted."),
        "not_accepted": _("Open the case ending in %(number)s to read why, and what you can do."),
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
