"""What happened in a case, in the reader's language: sentences are made when shown, never
stored.
"""

from dataclasses import dataclass

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from platform_core.capabilities.documents import languages
from platform_core.capabilities.process.suspension.models import Suspension
from platform_core.common.i18n import pick
from platform_core.common.templatetags.ui import day

from . import states
from .models import Case


@dataclass(frozen=True)
class Sentence:
    title: str
    note: str = ""


def join_words(words) -> str:
    """Names one after the other, as the reader's language lists them."""
    return pgettext("between names", ", ").join(words)


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


def _taken_in(params: dict) -> Sentence:
    return Sentence(
        _("It was looked through and taken in"),
        _("It is complete and in due form. Now the office decides whether to accept it."),
    )


GROUNDS = {
    "not_ours": gettext_lazy("It is not for this office to handle."),
    "incomplete": gettext_lazy("Too much is missing to correct it: please apply anew."),
}


def _sent_back(params: dict) -> Sentence:
    said = str(GROUNDS.get(params.get("ground"), ""))
    return Sentence(
        _("The application was sent back"),
        " ".join(filter(None, [said, params.get("reason", "")])),
    )


def _organs(params: dict) -> str:
    return join_words(pick(one) for one in params.get("organs", []))


def _joint_asked(params: dict) -> Sentence:
    return Sentence(
        _("Handled together with others"), _("Asked: %(organs)s.") % {"organs": _organs(params)}
    )


def _opinion_given(params: dict) -> Sentence:
    return Sentence(_("%(organ)s has given its opinion") % {"organ": pick(params.get("organ"))})


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
            "electronic": _("You have it electronically"),
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
    "taken_in": _taken_in,
    "sent_back": _sent_back,
    "joint_asked": _joint_asked,
    "opinion_given": _opinion_given,
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
    if case.state == states.State.APPROVED and is_answer:
        return _("Done: here is the answer")
    if case.state in states.IN_WORK and level == "r":
        return _("We are late. We are sorry.")
    return str(states.SEEN[case.state].headline)


def in_both(build) -> dict[str, str]:
    """{"zh", "en"} of `build()`, which makes a text in the language in force."""
    return languages.in_both(lambda: str(build()))
