"""What the government holds about an applicant, as far as the materials of a service ask for it.

As many queries as there are kinds of ways, however many materials.
"""

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from platform_core.capabilities.documents.models import Document
from platform_core.capabilities.documents.selectors import may_open_wallet, wallet_of
from platform_core.common.organs import organ_text
from security.accounts.selectors import identity_of
from security.organs.selectors import departments_found
from service_hub.cases.models import Case
from service_hub.cases.services import SUBJECT
from service_hub.items.definitions import services_of
from service_hub.items.selectors import open_items

from .ladder import Held
from .models import SharedFact
from .sources import Fact, facts_of

IDENTITY, FIRM = "identity", "firm_register"
OWN_WORDS = {
    IDENTITY: {"zh": "实名认证信息", "en": "Your verified identity"},
    FIRM: {"zh": "企业登记信息", "en": "The register of firms"},
}


@dataclass(frozen=True)
class Subject:
    """Whose materials they are: the person, or the firm acted for."""

    user: object = None
    firm: object = None

    @classmethod
    def of(cls, actor):
        return cls(actor.applicant, actor.firm)


def held_by(subject: Subject, materials, answered=frozenset()) -> Held:
    """What is held of `subject` for these materials."""
    ways = [way for material in materials for way in material.ways]
    wanted = {f"{way.napp}/{way.service}" for way in ways if way.way == "certificate"}
    kinds = {way.data for way in ways if way.way == "shared"}
    organs = {way.department_kind for way in ways if way.way == "organ"}
    known = subject.user is not None or subject.firm is not None
    is_open = may_open_wallet(subject.user, subject.firm)
    return Held(
        certificates=_certificates(subject, wanted) if wanted and known else {},
        shared=_shared(subject, kinds) if kinds and known else {},
        organs=_organs(organs) if organs and known else frozenset(),
        answered=frozenset(answered),
        closed=frozenset() if is_open else frozenset({"certificate"}),
    )


def _certificates(subject: Subject, wanted: set[str]) -> dict[str, dict]:
    held = wallet_of(subject.user, subject.firm, "valid").filter(
        kind=Document.Kind.CERTIFICATE, subject_type=SUBJECT
    )
    held = {one.subject_id: one for one in held}
    cases = Case.objects.filter(pk__in=held).values_list("pk", "item__napp__slug", "item__key")
    found: dict[str, dict] = {}
    for pk, slug, key in cases if held else ():
        document = held[str(pk)]
        if f"{slug}/{key}" in wanted:
            found[f"{slug}/{key}"] = {
                "title": document.title,
                "number": document.number,
                "on": timezone.localdate(document.issued_at).isoformat(),
            }
    return found


def entered_facts(subject: Subject, kinds: set[str]) -> list[Fact]:
    """The source of what organs have entered themselves; one query."""
    theirs = Q(firm=subject.firm) if subject.firm else Q(user=subject.user)
    found = SharedFact.objects.filter(theirs, kind__in=kinds).select_related("department")
    return [
        Fact(
            kind=one.kind,
            organ=organ_text(one.department),
            value=one.value,
            as_of=one.as_of,
            valid_until=one.valid_until,
            ref=one.pk,
        )
        for one in found.order_by("kind", "-as_of", "-pk")
    ]


def _shared(subject: Subject, kinds: set[str]) -> dict[str, dict]:
    found: dict[str, dict] = {}
    if IDENTITY in kinds and subject.user is not None and identity_of(subject.user):
        on = timezone.localdate(identity_of(subject.user).verified_at).isoformat()
        found[IDENTITY] = {"title": OWN_WORDS[IDENTITY], "on": on}
    if FIRM in kinds and subject.firm is not None:
        found[FIRM] = {"title": OWN_WORDS[FIRM], "on": timezone.localdate().isoformat()}
    for kind, (source, fact) in facts_of(subject, kinds - {IDENTITY, FIRM}).items():
        found[kind] = {
            "title": fact.organ,
            "value": fact.value,
            "on": fact.as_of.isoformat(),
            "until": fact.valid_until and fact.valid_until.isoformat(),
            "source": source,
            "id": fact.ref,
        }
    return found


def _organs(kinds: set[str]) -> frozenset[str]:
    found = departments_found().filter(kind__in=kinds).values_list("kind", flat=True)
    return frozenset(found)


def codes_held(subject: Subject, codes) -> set[str]:
    """Which of the papers `codes` the government had, asked independently of what the service says:
    by a fact of that kind, or by a certificate that any open service takes for the same paper.
    """
    codes = set(codes)
    if not codes or (subject.user is None and subject.firm is None):
        return set()
    facts = set(facts_of(subject, codes))
    items = open_items().select_related("napp_version").defer("napp_version__manifest")
    taken = {
        (f"{way.napp}/{way.service}", material.code)
        for item in items
        for material in services_of(item.napp_version)[item.key].guide.materials
        if material.code in codes
        for way in material.ways
        if way.way == "certificate"
    }
    held = _certificates(subject, {name for name, _code in taken}) if taken else {}
    return facts | {code for name, code in taken if name in held}
