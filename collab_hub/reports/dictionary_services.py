"""Writes of the dictionary and of templates."""

from __future__ import annotations

import re

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from collab_hub.inbox.work import close_work, put_work_for_many
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.locks import one_at_a_time
from security.access import may
from security.audit.services import record_audit
from security.organs.models import Department
from security.organs.selectors import heads_at, officials_of

from .checks import read_check
from .dictionary import TERMS, changes_sense, wrong_terms
from .dictionary_models import (
    ReportField,
    ReportFieldVersion,
    ReportTemplate,
    ReportTemplateField,
)
from .selectors import current_versions
from .values import plain

State = ReportFieldVersion.State
CODE = re.compile(r"[a-z][a-z0-9_]{1,39}\Z")
# What the form of an organ sends besides its fields.
TAKEN = {"version", "save", "submit", "csrfmiddlewaretoken"}


@transaction.atomic
def propose_field(*, actor, code: str, owner: Department, terms: dict) -> ReportFieldVersion:
    """A new entry of the dictionary, or other terms for one; a head of `owner` decides.

    `terms` has the keys of `dictionary.TERMS`, of which `unit_en` may be missing. Raises Unusable
    at the term, Conflict while another wish waits, NotAllowed for whoever does not work in the
    owning department.
    """
    terms = {"unit_en": ""} | terms
    if not CODE.match(code) or code in TAKEN:
        raise Unusable({"code": [_("Small letters, digits and _ only, beginning with a letter.")]})
    one_at_a_time(f"report field {code}")
    field = ReportField.objects.filter(code=code).select_related("owner").first()
    if field is None:
        field = ReportField(code=code, owner=owner)
    _must_own(actor, None if field.napp_id else field.owner)
    wrong = wrong_terms(terms)
    if wrong:
        raise Unusable({name: [message] for name, message in wrong.items()})
    if field.pk is None:
        field.save()
    if field.versions.filter(state=State.ASKED).exists():
        raise Conflict(_("Another change of this field waits for the head already."))
    found = _next_version(field, terms, State.ASKED, asked_by=actor.user)
    put_work_for_many(
        actor=actor, kind="report_field", obj=found, title=found.title, number=code,
        people=[one for one in heads_at(field.owner) if one.pk != actor.user.pk],
        reason={"zh": "报表字段待发布", "en": "A report field to publish"},
        address=("report_field", [code]),
    )  # fmt: skip
    record_audit(actor=actor, verb="report_field.propose", obj=found, after=terms)
    return found


def _must_own(actor, owner) -> None:
    if owner is None or actor.user is None:
        raise NotAllowed(_("This field belongs to an N-app: it changes with the N-app."))
    if actor.user.pk not in {one.pk for one in officials_of(owner)}:
        raise NotAllowed(
            _("Only the department that owns the field may do this: %(name)s.")
            % {"name": owner.name}
        )


def _next_version(field: ReportField, terms: dict, state: str, asked_by=None):
    last = field.versions.exclude(state=State.REFUSED).order_by("-number").first()
    sense = 1
    if last is not None:
        old = {name: getattr(last, name) for name in TERMS}
        sense = last.sense + changes_sense(old, terms)
    number = (field.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    return ReportFieldVersion.objects.create(
        field=field, number=number, sense=sense, state=state, asked_by=asked_by,
        **{name: terms[name] for name in TERMS},
    )  # fmt: skip


@transaction.atomic
def decide_field(*, actor, version: ReportFieldVersion, publish: bool, note: str = "") -> None:
    """A second person publishes or refuses what was proposed. Running collections keep the version
    that they began with. Raises NotAllowed, Conflict when it is decided, Unusable at "note".
    """
    note = plain(note)
    found = ReportFieldVersion.objects.select_for_update().get(pk=version.pk)
    if found.state != State.ASKED:
        raise Conflict(_("This was decided already."), by=str(found.decided_by or ""))
    if not may(actor.user, "decide", found):
        raise NotAllowed(_("A head of the owning department decides, and never on their own wish."))
    if not publish and not note:
        raise Unusable({"note": [_("Say why.")]})
    found.state = State.APPROVED if publish else State.REFUSED
    found.decided_by, found.decided_at = actor.user, timezone.now()
    found.note = note[:400]
    found.save(update_fields=["state", "decided_by", "decided_at", "note"])
    close_work(actor=actor, kind="report_field", obj=found)
    record_audit(actor=actor, verb=f"report_field.{found.state}", obj=found)


@transaction.atomic
def create_template(
    *, actor, code: str, title: dict, owner, fields: list[str], checks=(), needs_sign_off=False
):
    """A template of `fields` (codes, in order) with checks [(formula, {"zh", "en"})]; with
    `needs_sign_off` what organs submit goes up through the organs above them.

    Raises Unusable at code, fields or checks, NotAllowed for people of other departments.
    """
    _must_own(actor, owner)
    if not CODE.match(code):
        raise Unusable({"code": [_("Small letters, digits and _ only, beginning with a letter.")]})
    one_at_a_time(f"report template {code}")
    if ReportTemplate.objects.filter(code=code).exists():
        raise Unusable({"code": [_("There is a template with this code already.")]})
    fields = list(dict.fromkeys(fields))
    versions = current_versions(codes=fields)
    if not versions or len(versions) != len(fields):
        raise Unusable({"fields": [_("Choose fields of the dictionary that are in force.")]})
    read = _checks(checks, list(versions.values()))
    found = ReportTemplate.objects.create(
        code=code, title=title, owner=owner, checks=read, needs_sign_off=needs_sign_off
    )
    _place(found, [versions[one].field for one in fields])
    record_audit(actor=actor, verb="report_template.create", obj=found, after={"fields": fields})
    return found


def _checks(checks, versions) -> list[dict]:
    found = []
    for formula, says in checks:
        try:
            found.append(read_check(formula, says, versions))
        except ValueError as error:
            raise Unusable({"checks": [f"{formula}: {error}"]}) from None
    return found


def _place(template: ReportTemplate, fields: list[ReportField]) -> None:
    template.places.all().delete()
    ReportTemplateField.objects.bulk_create(
        ReportTemplateField(template=template, field=field, order=n)
        for n, field in enumerate(fields)
    )


@transaction.atomic
def publish_declared(*, actor, napp_version, reports) -> None:
    """Make the fields and templates of an N-app's version the ones that count; `reports` is None
    when it has none any more. Their codes begin with the N-app's slug; Conflict when one is that
    of a field or template which does not belong to the N-app.
    """
    napp = napp_version.napp
    owner = _owner_of(napp_version)
    fields = {}
    for entry in reports.fields if reports else ():
        code = f"{napp.slug}_{entry.key}"
        _must_be_free(ReportField, napp, code)
        field, _new = ReportField.objects.update_or_create(
            code=code, defaults={"napp": napp, "owner": owner, "is_in_use": True}
        )
        terms = _declared_terms(entry, napp.slug)
        last = field.versions.order_by("-number").first()
        if last is None or any(getattr(last, name) != terms[name] for name in TERMS):
            _next_version(field, terms, State.DECLARED)
        fields[entry.key] = field
    gone = ReportField.objects.filter(napp=napp).exclude(pk__in=[one.pk for one in fields.values()])
    gone.update(is_in_use=False)
    kept = [_declared_template(napp, owner, entry, fields) for entry in _templates(reports)]
    ReportTemplate.objects.filter(napp=napp).exclude(pk__in=kept).update(is_in_use=False)


def _must_be_free(model, napp, code: str) -> None:
    if model.objects.filter(code=code).exclude(napp=napp).exists():
        raise Conflict(_("The code “%(code)s” is taken by a department.") % {"code": code})


def _templates(reports):
    return reports.templates if reports else ()


def _owner_of(napp_version) -> Department | None:
    """The highest department with the function that the manifest names."""
    kind = napp_version.manifest.get("department", "")
    found = Department.objects.filter(kind=kind, is_active=True)
    return found.order_by("region__level", "code").first()


def _declared_terms(entry, slug: str) -> dict:
    terms = {name: value for name, value in entry.model_dump().items() if name in TERMS}
    if terms["source"]["kind"] == "records":
        terms["source"] = {**terms["source"], "napp": slug}
    return terms


def _declared_template(napp, owner, entry, fields: dict) -> int:
    own = {key: f"{napp.slug}_{key}" for key in fields}
    code = f"{napp.slug}_{entry.key}"
    _must_be_free(ReportTemplate, napp, code)
    versions = list(current_versions(codes=own.values()).values())
    checks = [
        read_check(_renamed(one.formula, own), one.says.model_dump(), versions)
        for one in entry.checks
    ]
    found, _new = ReportTemplate.objects.update_or_create(
        code=code,
        defaults={"napp": napp, "owner": owner, "is_in_use": True, "checks": checks,
                  "needs_sign_off": entry.needs_sign_off, "title": entry.title.model_dump()},
    )  # fmt: skip
    _place(found, [fields[key] for key in entry.fields])
    return found.pk


def _renamed(formula: str, names: dict[str, str]) -> str:
    """A manifest's formula names fields by their keys; outside they carry the N-app's slug."""
    return re.sub(r"\[(@?)(\w+)\]", lambda m: f"[{m[1]}{names.get(m[2], m[2])}]", formula)
