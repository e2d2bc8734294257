"""What is held about a person, read from what every model declares of itself.

A table holds a person when it has personal or sensitive fields and leads to them. How it leads
there is found by the name of its field; `PATHS` says it for those that lead there otherwise, and
`OF_OFFICE` names those that hold the work of officials, not the person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.apps import apps
from django.db.models import Min, Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from platform_core.capabilities.forms import selectors as forms
from platform_core.capabilities.forms.models import Draft, Record
from platform_core.common.i18n import pick
from security.accounts.models import User
from security.crypto.fields import BlindIndexField
from security.privacy import declared_fields, is_of_office
from service_hub.cases.models import Case

PERSONAL = {"personal", "sensitive"}
OWNERS = (
    "user", "applicant", "person", "owner", "recipient", "asker", "rater", "holder_user",
    "subject",
)  # fmt: skip
PATHS = {
    "security.User": ("pk",),
    "security.PersonMandate": ("principal", "agent"),
    "security.AuditEntry": ("actor",),
    "platform_core.DocumentCopy": ("made_by",),
    "platform_core.Invitation": ("by", "invitee"),
    "platform_core.ContestedValue": ("by",),
    "platform_core.Record": ("case__applicant", "created_by"),
    "platform_core.RecordRevision": ("record__case__applicant", "record__created_by"),
    "platform_core.Delivery": ("message__recipient",),
    "platform_core.ProcessInstance": ("starter", "case__applicant"),
    "service_hub.Rectification": ("evaluation__rater",),
    "service_hub.RectificationEvent": ("order__evaluation__rater",),
    "service_hub.Appeal": ("order__evaluation__rater",),
    "service_hub.QuestionEvent": ("question__asker",),
    "service_hub.FirmInvitation": ("by",),
    "service_hub.FirmClaim": ("claimant",),
    "service_hub.DutyMark": ("by",),
    "service_hub.Batch": ("by",),
    "service_hub.BatchRow": ("batch__by",),
}
# What officials write for their own work is theirs and may name other people; a firm's own data
# belong to the firm; kept answers of the API are forgotten within a day.
OF_OFFICE = {
    "collab_hub.Evidence",
    "collab_hub.Extension",
    "collab_hub.IncidentLine",
    "collab_hub.IncidentTask",
    "collab_hub.OpenPoint",
    "collab_hub.PlanVersion",
    "collab_hub.SituationReport",
    "collab_hub.Supervision",
    "collab_hub.SupervisionLine",
    "security.Firm",
    "security.FirmRegistration",
    "platform_core.Comment",
    "platform_core.Consultation",
    "platform_core.Delegation",
    "platform_core.Task",
    "platform_core.ProcessEvent",
    "platform_core.Suspension",
    "platform_core.IdempotentResponse",
    "service_hub.LegalHold",
}
# Working out a person's secret or a stranger's from these helps nobody who reads a copy.
SECRET = {
    "password",
    "digest",
    "code_digest",
    "code",
    "secret",
    "endpoint_index",
    "token",
    "token_index",
    "number_index",
    "sha256",
}
KEPT = {
    "platform_core.AddressCode": _("one day"),
    "platform_core.Draft": _("30 days after the last change"),
    "platform_core.Message": _("as long as the account, or until you have it deleted"),
    "security.AuditEntry": _("as long as the law asks, at least six months"),
}
# For tables that the admin pages never show and that have no name of their own.
NAMES = {
    "platform_core.ProcessInstance": _("Processing of cases"),
    "platform_core.RecordRevision": _("Answers before a correction"),
    "platform_core.AddressCode": _("Codes sent to confirm an address"),
    "platform_core.Delivery": _("Messages sent by e-mail or as text"),
    "platform_core.PushDevice": _("Devices that are told of messages"),
    "service_hub.CaseEvent": _("History of cases"),
    "service_hub.Delivery": _("Delivery of results"),
    "service_hub.FirmEvent": _("History of firm members"),
    "service_hub.QuestionEvent": _("History of questions"),
    "service_hub.RectificationEvent": _("Follow-up of ratings"),
}
OWN_NAMES = ("number", "title", "label")
ACCOUNT = _("as long as the account")
FILE = _("as long as the law asks the office to keep the case")
MOST = 1000


@dataclass(frozen=True)
class Holding:
    """One table that holds the person: how many rows, since when, and until when they are kept."""

    label: str
    title: str
    count: int
    since: datetime | None
    kept: str


def personal_models() -> list[type]:
    """Every model that declares a personal or sensitive field, by label."""
    found = (one for one in apps.get_models() if PERSONAL & set(declared_fields(one).values()))
    return sorted(found, key=lambda one: one._meta.label)


def paths_of(model) -> tuple[str, ...]:
    """The look-ups that lead from a row to the person; none for what is the office's own."""
    label = model._meta.label
    if label in OF_OFFICE or is_of_office(model):
        return ()
    if label in PATHS:
        return PATHS[label]
    names = {one.name for one in model._meta.local_fields if one.related_model is User}
    found = tuple(name for name in OWNERS if name in names)
    is_of_case = any(one.related_model is Case for one in model._meta.local_fields)
    return found or (("case__applicant",) if is_of_case else ())


def rows_of(model, user) -> QuerySet | None:
    """The rows of `model` that hold the person; None when it never holds one."""
    paths = paths_of(model)
    if not paths:
        return None
    found = Q()
    for path in paths:
        found |= Q(**{path: user.pk})
    many = any("__" in path for path in paths)
    rows = model.objects.filter(found)
    return rows.distinct() if many and len(paths) > 1 else rows


def holdings_of(user) -> list[Holding]:
    """What is held about the person, one line for each table that holds any; one query each."""
    found = []
    for model in personal_models():
        rows = rows_of(model, user)
        count = rows.count() if rows is not None else 0
        if count:
            found.append(_holding(model, rows, count))
    return sorted(found, key=lambda one: one.title)


def _holding(model, rows, count: int) -> Holding:
    label = model._meta.label
    begun = next((name for name in _moments(model)), None)
    since = rows.aggregate(first=Min(begun))["first"] if begun else None
    is_account = label.startswith("security.") or label == "platform_core.StoredFile"
    kept = KEPT.get(label, ACCOUNT if is_account else FILE)
    return Holding(label, table_title(model), count, since, str(kept))


def _moments(model) -> list[str]:
    names = {one.name for one in model._meta.local_fields}
    known = ("created_at", "submitted_at", "made_at", "asked_at", "given_at", "at", "rated_at",
             "booked_at", "date_joined", "verified_at", "taken_at")  # fmt: skip
    return [name for name in known if name in names]


def copy_of(user) -> dict[str, list[dict]]:
    """{label: rows} of everything held, with sealed values opened; secrets are left out."""
    found = {}
    for model in personal_models():
        rows = rows_of(model, user)
        if rows is None:
            continue
        kept = [_plain(row) for row in rows.order_by("pk")[:MOST]]
        if kept:
            found[model._meta.label] = kept
    return found


def held_fields(model) -> list[str]:
    """The columns of `model` that hold something of the person and that the person may read."""
    return [name for name in _readable(model) if declared_fields(model).get(name) in PERSONAL]


def _readable(model) -> list[str]:
    return [
        field.name
        for field in model._meta.local_fields
        if field.name not in SECRET
        and not isinstance(field, BlindIndexField)
        and field.related_model is None
    ]


def title_of(row) -> str:
    """The name of an entry: of which table, and its own title, number or form where it has one."""
    own = ""
    if isinstance(row, Draft | Record):
        own = pick(forms.form_of(row).title)
    else:
        given = next((value for name in OWN_NAMES if (value := getattr(row, name, ""))), "")
        own = pick(given) if isinstance(given, dict) else str(given)
    table = table_title(type(row))
    return f"{table}: {own}" if own else table


def table_title(model) -> str:
    """The name of a table as its person reads it."""
    return str(capfirst(NAMES.get(model._meta.label, model._meta.verbose_name_plural)))


def model_of(label: str):
    """The personal table with this label that can hold a person; None for every other text."""
    return next(
        (one for one in personal_models() if one._meta.label == label and paths_of(one)), None
    )


def begun_at(row) -> datetime | None:
    """When an entry came into being, as far as it says so."""
    return next((value for name in _moments(type(row)) if (value := getattr(row, name))), None)


def entries_of(user, model) -> QuerySet:
    """The entries of a table that hold the person, newest first, ready to be named."""
    rows = rows_of(model, user)
    if model in (Draft, Record):
        rows = rows.select_related("napp_version__napp")
    begun = next((name for name in _moments(model)), "pk")
    return rows.order_by(f"-{begun}") if begun == "pk" else rows.order_by(f"-{begun}", "-pk")


def _plain(row) -> dict:
    model = type(row)
    wanted = {*held_fields(model), *_moments(model)}
    names = [name for name in _readable(model) if name in wanted]
    values = {"id": str(row.pk)} | {name: _value(getattr(row, name)) for name in names}
    if isinstance(row, Draft | Record):
        values = {key: one for key, one in values.items() if key not in {"filled", "rivals"}}
        values["data"] = forms.plain_values(row)
        values.pop("blind", None)
    if row._meta.label == "platform_core.RecordRevision":
        values["data"] = forms.revision_values(row)
    return values


def _value(value):
    if value is None or isinstance(value, bool | int | float | list | dict):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | UUID) or value else value
