"""Sources that are records themselves: a person's earlier answers, and registers of a department.

`earlier.<form>.<field>` is the newest record of that form of the same N-app that the person sent;
only who agreed has earlier answers used. `register.<napp>.<form>.<field>` is the newest record that
an official entered about this citizen or firm; only an N-app of the same department may read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.common.i18n import pick
from platform_core.napps.selectors import reachable_napps, version_manifest
from security import crypto
from security.accounts.models import User
from security.accounts.selectors import profile_answers
from security.actors import Actor
from security.audit.services import record_audit
from security.privacy.consents import Kind, give_consent, register_consent, withdraw_consent

from . import storage
from .capability import forms_of
from .models import EarlierAnswers, ForgottenAnswer, Record
from .selectors import form_of
from .sources import Filled, on, register_prefill_source

CONSENT = "earlier_answers"


def allows_earlier(user) -> bool | None:
    """Whether the person lets earlier answers be used; None when they were never asked."""
    if user is None or not user.is_authenticated:
        return None
    return EarlierAnswers.objects.filter(user=user).values_list("is_allowed", flat=True).first()


@transaction.atomic
def allow_earlier(*, actor: Actor, is_allowed: bool) -> None:
    """The person says whether their earlier answers may be used to fill in new forms."""
    if is_allowed:
        give_consent(actor=actor, key=CONSENT)
    else:
        withdraw_consent(actor=actor, key=CONSENT)
    record_audit(actor=actor, verb="earlier_answers.choose", after={"is_allowed": is_allowed})


def _follow_consent(user, is_given: bool) -> None:
    EarlierAnswers.objects.update_or_create(
        user=user, defaults={"is_allowed": is_given, "at": timezone.now()}
    )


register_consent(
    Kind(
        CONSENT,
        gettext_lazy("Earlier answers"),
        gettext_lazy(
            "What you answered in earlier applications fills in new forms. You see the source at"
            " each answer and can change it. Without your consent you type it again."
        ),
        changed=_follow_consent,
    )
)


def may_be_asked(user, draft) -> bool:
    """Whether to ask the person now: the draft is their own, its form would use earlier answers,
    and they have never said.
    """
    is_own = user.is_authenticated and draft.user_id == user.pk and draft.mandate_id is None
    if not is_own or draft.only_fields:
        return False
    questions = form_of(draft).questions()
    is_used = any((question.prefill or "").startswith("earlier.") for question in questions)
    return is_used and allows_earlier(user) is None


def _find_earlier(actor, paths, napp_version) -> dict[str, Filled]:
    if not allows_earlier(actor.applicant):
        return {}
    forms = {path.partition(".")[0] for path in paths}
    records = _newest(_mine(actor).filter(napp=napp_version.napp_id, form_key__in=forms))
    found = _from_records(records, paths, lambda record: record.form_key)
    if not found:
        return {}
    sent = {record.form_key: record for record in records}
    gone = forgotten(actor)
    return {
        path: one
        for path, one in found.items()
        if not _is_forgotten(gone, sent[path.partition(".")[0]], path.partition(".")[2])
    }


def _mine(actor):
    """The records of the firm acted for, or of the person themselves."""
    if actor.firm:
        return Record.objects.filter(firm=actor.firm)
    return Record.objects.filter(_own(actor.applicant), firm=None)


def forgotten(actor) -> dict[tuple, datetime]:
    """{(N-app, form, field): when} of the answers that the person wants to be used no more."""
    found = ForgottenAnswer.objects.filter(user=actor.applicant, firm=actor.firm)
    return {
        (napp, form, field): at
        for napp, form, field, at in found.values_list("napp", "form_key", "field", "at")
    }


def _is_forgotten(gone: dict[tuple, datetime], record: Record, field: str) -> bool:
    """Whether it was forgotten since it was sent."""
    at = gone.get((record.napp_id, record.form_key, field))
    return at is not None and record.created_at <= at


def _own(user):
    return Q(created_by=user, mandate=None) | Q(mandate__principal=user)


def _newest(records) -> list[Record]:
    """The newest record of each form, with its version; one query."""
    newest = records.order_by("napp_id", "form_key", "-created_at").distinct("napp_id", "form_key")
    return list(newest.select_related("napp_version__napp", "napp"))


def _from_records(records, paths, name_of) -> dict[str, Filled]:
    found = {}
    for record in records:
        form = forms_of(record.napp_version).get(record.form_key)
        values = storage.unpack(record.data, "record", record.pk)
        facts = {
            "on": timezone.localdate(record.created_at).isoformat(),
            "title": form.title.model_dump(),
            "owner": record.department_id,
        }
        for path, question in paths.items():
            form_name, _dot, key = path.rpartition(".")
            was = form.question(key)
            if form_name == name_of(record) and was is not None and was.type == question.type:
                found[path] = Filled(_as_typed(values.get(key)), facts)
    return found


def _as_typed(value):
    return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


def _earlier_words(facts: dict) -> str:
    return _("From earlier answers of %(day)s (%(title)s).") % {
        "day": on(facts),
        "title": pick(facts["title"]),
    }


def _check_earlier(path: str, question, forms) -> str:
    form_key, _dot, key = path.partition(".")
    form = next((one for one in forms if one.key == form_key), None)
    was = form.question(key) if form else None
    if was is None:
        return _("There is no such field in the forms of this N-app.")
    return "" if was.type == question.type else _("This source does not fit a field of this type.")


def _find_register(actor, paths, napp_version) -> dict[str, Filled]:
    known = profile_answers(actor.applicant, actor.firm)
    kind = "credit_code" if actor.firm else "citizen_number"
    if not known.get(kind):
        return {}
    index = crypto.blind_index(known[kind], kind)
    names = {tuple(path.split(".")[:2]) for path in paths}
    records = Record.objects.filter(
        napp__slug__in={slug for slug, _form in names},
        form_key__in={form for _slug, form in names},
        blind__contains={kind: [index]},
        # What somebody says about another person is no register.
        created_by__kind=User.Kind.OFFICIAL,
    )
    own = version_manifest(napp_version).department
    same_owner = [
        record
        for record in _newest(records)
        if version_manifest(record.napp_version).department == own
    ]
    return _from_records(same_owner, paths, lambda one: f"{one.napp.slug}.{one.form_key}")


@dataclass(frozen=True)
class Saved:
    """An answer that fills in new forms: the N-app and form it was given in, `question` and `value`
    as stored, and the record's moment.
    """

    napp: object
    form: object
    question: object
    value: object
    at: datetime


def saved_answers(actor) -> list[Saved]:
    """What earlier answers of the person, or the firm acted for, fill in now; nothing without their
    consent. As many queries however many there are.
    """
    if not allows_earlier(actor.applicant):
        return []
    wanted = _asked_again()
    keys = {(napp, form) for napp, form, _field in wanted}
    pairs = Q(pk__in=[])
    for napp, form in keys:
        pairs |= Q(napp=napp, form_key=form)
    found, gone = [], forgotten(actor)
    for record in _newest(_mine(actor).filter(pairs)):
        form = forms_of(record.napp_version).get(record.form_key)
        values = storage.unpack(record.data, "record", record.pk)
        for question in form.questions():
            value = values.get(question.key)
            is_used = (record.napp_id, record.form_key, question.key) in wanted
            if (
                is_used
                and value not in (None, "", [])
                and not _is_forgotten(gone, record, question.key)
            ):
                found.append(Saved(record.napp, form, question, value, record.created_at))
    return found


def _asked_again() -> set[tuple]:
    """(N-app, form, field) of every answer that a form in use fills in from earlier ones."""
    found = set()
    for napp in reachable_napps():
        for form in forms_of(napp.current).values():
            for question in form.questions():
                prefix, _dot, path = (getattr(question, "prefill", None) or "").partition(".")
                if prefix == "earlier":
                    form_key, _dot, field = path.partition(".")
                    found.add((napp.pk, form_key, field))
    return found


@transaction.atomic
def forget_answer(*, actor: Actor, napp: str, form_key: str, field: str) -> None:
    """The person wants an answer to fill in nothing any more, until they give it anew. Raises
    Http404 when it is none of their saved ones.
    """
    saved = (
        one for one in saved_answers(actor)
        if (one.napp.slug, one.form.key, one.question.key) == (napp, form_key, field)
    )  # fmt: skip
    one = next(saved, None)
    if one is None:
        raise Http404
    ForgottenAnswer.objects.update_or_create(
        user=actor.applicant, firm=actor.firm, napp=one.napp, form_key=form_key, field=field,
        defaults={"at": timezone.now()},
    )  # fmt: skip
    record_audit(
        actor=actor,
        verb="earlier_answers.forget",
        after={"napp": napp, "form": form_key, "field": field},
    )


def _register_words(facts: dict) -> str:
    return _("From the register “%(title)s”, entry of %(day)s.") % {
        "day": on(facts),
        "title": pick(facts["title"]),
    }


def _check_register(path: str, _question, _forms) -> str:
    is_whole = len(path.split(".")) == 3
    return "" if is_whole else _("A register is named by N-app, form and field.")


register_prefill_source("earlier", _find_earlier, _earlier_words, _check_earlier)
register_prefill_source("register", _find_register, _register_words, _check_register)
