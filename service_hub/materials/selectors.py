"""Reads of materials: how each of a service's materials is satisfied, and what was counted."""

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from platform_core.capabilities.documents.models import Document
from platform_core.capabilities.forms import selectors as forms
from platform_core.common.days import midnight
from security.access import get_or_404, visible_to
from service_hub.items.definitions import definition_of, services_of

from .knowing import Subject, held_by
from .ladder import Assessed, assess, spared_fields
from .models import Confirmation, MaterialReceipt
from .words import how, spared_note

CERTIFICATE = "certificate"


def assessed_for(subject: Subject, definition, values: dict) -> list[Assessed]:
    """Every material of a service with the way that satisfies it for these answers."""
    materials = [one for one in definition.guide.materials if one.ways]
    answered = {key for key, value in values.items() if value not in (None, "", [], False)}
    held = held_by(subject, materials, answered) if materials else None
    return [assess(one, held) for one in materials]


def exempt_fields(actor, napp_version, form_key: str, purpose: str) -> dict[str, dict]:
    """The questions of a service's form that its applicant need not answer. Only for who applies
    in their own right: what is held of an official says nothing about the person at the window.
    """
    is_somebody = actor.user is not None or actor.firm is not None
    if not is_somebody or (purpose and not purpose.startswith("item:")):
        return {}
    found: dict[str, dict] = {}
    for service in services_of(napp_version).values():
        # Only what is asked for although a better way may hold is worth a query.
        materials = [
            one
            for one in service.guide.materials
            if len(one.ways) > 1 and {way.way for way in one.ways} & {"pledge", "upload"}
        ]
        if service.form != form_key or not materials:
            continue
        held = held_by(Subject.of(actor), materials)
        for one in materials:
            assessed = assess(one, held)
            found |= {key: spared_note(assessed) for key in spared_fields(assessed)}
    return found


def shown_for_draft(actor, item, draft) -> list[dict]:
    """The materials of an application before it is sent: {name, way, note, is_spared}."""
    definition = definition_of(item, draft.napp_version)
    found = assessed_for(Subject.of(actor), definition, forms.plain_values(draft))
    return shown(found)


def shown(found: list[Assessed]) -> list[dict]:
    """Assessed materials for a page: {name, way, note, is_spared}."""
    return [_shown(str(one.material.name), one.way, one.facts) for one in found]


def shown_for_case(case) -> list[dict]:
    """How the materials of a case were satisfied, for whoever may see the case."""
    asked = {one.code: one for one in case.confirmations.select_related("department")}
    rows = []
    for receipt in case.materials.order_by("pk"):
        row = _shown(receipt.name, receipt.way, receipt.facts)
        row["confirmation"] = asked.get(receipt.code)
        rows.append(row)
    return rows


def _shown(name, way: str, facts: dict) -> dict:
    icons = {"certificate": "award", "shared": "shield-check", "organ": "landmark",
             "pledge": "check", "upload": "upload", "": "circle-alert"}  # fmt: skip
    return {
        "name": name,
        "way": way,
        "note": how(way, facts),
        "icon": icons[way],
        "is_spared": way in ("certificate", "shared", "organ"),
    }


def confirmations_for(user, *, is_done: bool = False) -> QuerySet[Confirmation]:
    """What the official's organs are asked, the most urgent first."""
    found = Confirmation.objects.select_related("case__item", "case__department", "department")
    asked = Q(state=Confirmation.State.ASKED)
    found = found.exclude(asked) if is_done else found.filter(asked)
    return visible_to(user, "handle", found).order_by("due_at", "pk")


def confirmation_for(user, pk) -> Confirmation:
    """The confirmation when the official's organ is asked, else Http404."""
    found = Confirmation.objects.select_related("case__item", "case__department", "department")
    return get_or_404(user, "handle", found, pk=pk)


def asked_although_held() -> dict[str, int]:
    """{"asked", "held"}: how many papers applicants were asked to bring, and how many of them the
    government had (政府已有仍要求提交).
    """
    return MaterialReceipt.objects.aggregate(
        asked=Count("pk", filter=Q(way="upload")), held=Count("pk", filter=Q(was_held=True))
    )


def receipts_under(filters) -> QuerySet[MaterialReceipt]:
    """The receipts that a public figure under these filters is about."""
    first, until = midnight(filters.first), midnight(filters.until)
    rows = MaterialReceipt.objects.filter(at__gte=first, at__lt=until)
    if filters.region is not None:
        rows = rows.filter(case__region__path__startswith=filters.region.path)
    if filters.department is not None:
        rows = rows.filter(case__department=filters.department)
    if filters.item is not None:
        rows = rows.filter(case__item=filters.item)
    return rows.filter(case__channel=filters.channel) if filters.channel else rows


def revoked_sources(draft) -> dict[str, dict]:
    """{field: facts} of the answers in a draft or record whose certificate no longer counts; one
    query, none where nothing came from a certificate.
    """
    named = {
        key: facts["number"]
        for key, facts in draft.sources.items()
        if facts.get("source") == CERTIFICATE and facts.get("number")
    }
    if not named:
        return {}
    valid = set(
        Document.objects.filter(number__in=set(named.values()), state=Document.State.VALID)
        .exclude(valid_until__lt=timezone.localdate())
        .values_list("number", flat=True)
    )
    return {key: draft.sources[key] for key, number in named.items() if number not in valid}
