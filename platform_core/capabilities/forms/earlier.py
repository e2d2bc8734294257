"""Sources that are records themselves: a person's earlier answers, and registers of a department.

`earlier.<form>.<field>` is the newest record of that form of the same N-app that the person sent;
only who agreed has earlier answers used. `register.<napp>.<form>.<field>` is the newest record that
an official entered about this citizen or firm; only an N-app of the same department may read it.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.common.i18n import pick
from platform_core.napps.selectors import version_manifest
from security import crypto
from security.accounts.models import User
from security.accounts.selectors import profile_answers
from security.actors import Actor
from security.audit.services import record_audit
from security.privacy.consents import Kind, give_consent, register_consent, withdraw_consent

from . import storage
from .capability import forms_of
from .models import EarlierAnswers, Record
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
    records = Record.objects.filter(
        napp=napp_version.napp_id, form_key__in={path.partition(".")[0] for path in paths}
    )
    mine = (
        records.filter(firm=actor.firm)
        if actor.firm
        else records.filter(_own(actor.applicant), firm=None)
    )
    return _from_records(_newest(mine), paths, lambda record: record.form_key)


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
