"""Reads of life events: which are open, what a choice of items asks, what was filed together."""

from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from platform_core.capabilities.forms.binding import BoundForm, bind, bind_draft, spare
from platform_core.capabilities.forms.capability import forms_of
from platform_core.capabilities.forms.exemptions import exempt_for, register_exemptions
from platform_core.capabilities.forms.selectors import plain_values, register_composed
from platform_core.capabilities.rules.engine import is_true
from platform_core.napps.models import NApp, NAppVersion
from platform_core.napps.selectors import version_manifest
from security.access import get_or_404, visible_to
from security.accounts.selectors import firms_of
from service_hub.cases.clocks import level
from service_hub.cases.models import Case
from service_hub.cases.selectors import with_events
from service_hub.cases.states import TAKEN_BACK
from service_hub.items.definitions import services_of
from service_hub.items.models import ServiceItem
from service_hub.items.selectors import AUDIENCE_OF_END, takes_new_cases
from service_hub.materials.knowing import Subject
from service_hub.materials.ladder import SPARED, Assessed
from service_hub.materials.models import MaterialReceipt
from service_hub.materials.selectors import assessed_for, shown

from . import schema, standing
from .compose import Composition, Part, compose
from .models import Bundle, BundleCase

PREFIX = "bundle"
_KEPT = 200
_composed: dict[tuple, Composition] = {}


@dataclass(frozen=True)
class Choice:
    """An item of a life event for one reader: `item` is None where it is not offered now; `chosen`
    says that the answers ask for it, `is_open` that it takes new cases.
    """

    child: schema.Child
    item: ServiceItem | None
    chosen: bool
    is_open: bool

    @property
    def is_required(self) -> bool:
        return self.child.need == "required"


def open_bundles(end: str | None = None) -> QuerySet[Bundle]:
    """The life events that can be begun now; `end` is "public" or "enterprise"."""
    found = Bundle.objects.filter(is_in_use=True, napp__state=NApp.State.OPEN)
    if end:
        found = found.filter(napp__ends__contains=[end], audience=AUDIENCE_OF_END[end])
    return found.select_related("napp")


def bundle_for(slug: str, key: str) -> Bundle:
    """A life event whose page may be read. Else Http404."""
    found = Bundle.objects.filter(
        napp__slug=slug,
        key=key,
        is_in_use=True,
        napp__state__in=[NApp.State.OPEN, NApp.State.CLOSED],
    ).select_related("napp", "napp_version")
    bundle = found.first()
    if bundle is None:
        raise Http404
    return bundle


def may_begin(bundle: Bundle) -> bool:
    """Whether the N-app of the life event takes new cases."""
    return bundle.napp.state == NApp.State.OPEN


def definition_of(bundle: Bundle, napp_version=None) -> schema.Bundle:
    """What a version, by default the one in force, says about the life event."""
    return _definition(napp_version or bundle.napp_version, bundle.key)


def _definition(napp_version, key: str) -> schema.Bundle:
    bundles = version_manifest(napp_version).section("bundles")
    return next(one for one in bundles if one.key == key)


def choices(bundle: Bundle, answers: dict[str, str], also=frozenset()) -> list[Choice]:
    """Every item of the life event, with whether these answers to the opening questions, or the
    names in `also`, ask for it; two queries.
    """
    definition = definition_of(bundle)
    items = _items_named([child.item for child in definition.items])
    known = facts(definition, answers)
    today = timezone.localdate()
    found = []
    for child in definition.items:
        item = items.get(child.item)
        named = child.need == "required" or child.item in also
        chosen = named or (
            child.when is not None and bool(known) and is_true(child.when, known, today=today)
        )
        is_open = item is not None and takes_new_cases(item) and not _is_for_several(item)
        found.append(Choice(child, item, chosen, is_open))
    return found


def facts(definition: schema.Bundle, answers: dict[str, str]) -> dict:
    """The opening answers as rules read them; what is no answer is left out."""
    known: dict = {}
    for question in definition.questions:
        said = answers.get(question.key, "")
        if question.options and said in {option.value for option in question.options}:
            known[question.key] = said
        elif not question.options and said in {"yes", "no"}:
            known[question.key] = said == "yes"
    return known


def _items_named(names: list[str]) -> dict[str, ServiceItem]:
    pairs = Q(pk__in=[])
    for name in names:
        slug, _slash, key = name.partition("/")
        pairs |= Q(napp__slug=slug, key=key)
    reachable = [NApp.State.OPEN, NApp.State.CLOSED]
    found = ServiceItem.objects.filter(pairs, napp__state__in=reachable)
    found = found.exclude(state=ServiceItem.State.CANCELLED).select_related("napp", "napp_version")
    found = found.defer("napp_version__manifest")
    return {f"{item.napp.slug}/{item.key}": item for item in found}


def _is_for_several(item: ServiceItem) -> bool:
    """Whether somebody else has to fill in a part: such a matter is not one person's form."""
    return any(part.needed for part in forms_of(item.napp_version)[item.form_key].parts)


def purpose_of(items: list[ServiceItem]) -> str:
    """What the draft for these items is for: each with the version whose form is asked."""
    pairs = sorted((item.pk, item.napp_version_id) for item in items)
    return f"{PREFIX}:" + ",".join(f"{item}.{version}" for item, version in pairs)


def is_bundle(draft) -> bool:
    """Whether a draft is the form of a life event."""
    return draft.purpose.startswith(f"{PREFIX}:")


def composition_of(draft) -> Composition:
    """The form of a draft with the way back to the answers of each item."""
    return _composition(draft.napp_version, draft.form_key, draft.purpose)


def composed_of(bundle: Bundle, items: list[ServiceItem]) -> Composition:
    """What filing these items together asks."""
    return _composition(bundle.napp_version, bundle.key, purpose_of(items))


def _composition(napp_version, key: str, purpose: str) -> Composition:
    """Versions never change, so each process composes one choice once."""
    at = (napp_version.pk, napp_version.digest, key, purpose)
    if at not in _composed:
        if len(_composed) >= _KEPT:
            _composed.pop(next(iter(_composed)), None)
        _composed[at] = _compose(_definition(napp_version, key), purpose)
    return _composed[at]


def _compose(definition: schema.Bundle, purpose: str) -> Composition:
    pairs = [one.split(".") for one in purpose.partition(":")[2].split(",")]
    items = ServiceItem.objects.in_bulk([int(item) for item, _version in pairs])
    versions = NAppVersion.objects.select_related("napp").in_bulk([int(one) for _i, one in pairs])
    parts = {}
    for item_id, version_id in pairs:
        item, version = items[int(item_id)], versions[int(version_id)]
        service = services_of(version)[item.key]
        ref = f"{version.napp.slug}/{item.key}"
        form = forms_of(version)[service.form]
        title, papers = service.title.model_dump(), _papers(service)
        parts[ref] = Part(ref, title, form, papers, version, f"item:{item.pk}")
    order = [child.item for child in definition.items]
    ordered = sorted(parts.values(), key=lambda part: order.index(part.ref))
    return compose(
        definition.key,
        definition.title.model_dump(),
        ordered,
        definition.shared,
        definition.shared_title.model_dump(),
    )


def _papers(service) -> dict[str, str]:
    """{field: "code:way"} of the questions that ask for a material."""
    return {
        way.field: f"{material.code}:{way.way}"
        for material in service.guide.materials
        for way in material.ways
        if material.code and way.way in ("pledge", "upload")
    }


def exempt_fields(actor, napp_version, form_key: str, purpose: str) -> dict[str, dict]:
    """The questions of a life event that need no answer, by what spares them in its forms."""
    if not purpose.startswith(f"{PREFIX}:"):
        return {}
    composition = _composition(napp_version, form_key, purpose)
    return composition.spared({part.ref: _exempt(actor, part) for part in composition.parts})


def _exempt(actor, part: Part) -> dict[str, dict]:
    return exempt_for(actor, part.version, part.form.key, part.purpose)


def materials_of(actor, draft) -> list[dict]:
    """How each material of everything together is had before it is sent, each paper once: {name,
    way, note, is_spared}.
    """
    composition, values = composition_of(draft), plain_values(draft)
    found: dict[str, Assessed] = {}
    for part in composition.parts:
        service = services_of(part.version)[part.ref.partition("/")[2]]
        answers = composition.answers_of(part.ref, values)
        for one in assessed_for(Subject.of(actor), service, answers):
            known = found.get(one.material.code)
            if known is None or (known.way and not one.way):
                found[one.material.code] = one
    return shown(list(found.values()))


def _form(napp_version, form_key: str, purpose: str):
    return _composition(napp_version, form_key, purpose).form


def bundle_of(draft) -> Bundle:
    """The life event that a draft is for."""
    found = Bundle.objects.select_related("napp", "napp_version")
    return found.get(napp=draft.napp_version.napp_id, key=draft.form_key)


def items_of(draft) -> list[ServiceItem]:
    """The items that a draft is for, in the order of its form."""
    found = _items_named([part.ref for part in composition_of(draft).parts])
    return [found[part.ref] for part in composition_of(draft).parts if part.ref in found]


def closed_parts(draft) -> list[Part]:
    """The parts of a draft whose items take no new cases any more."""
    found = _items_named([part.ref for part in composition_of(draft).parts])
    return [
        part
        for part in composition_of(draft).parts
        if part.ref not in found or not takes_new_cases(found[part.ref])
    ]


def judged(draft, *, actor, owner_key: str = "") -> BoundForm:
    """The draft's form with what is wrong for any of its items, each said at its question."""
    composition, values = composition_of(draft), plain_values(draft)
    # What spares a question is asked once for each item, and holds for the whole and its part.
    exempt = {part.ref: _exempt(actor, part) for part in composition.parts}
    bound = bind_draft(draft, actor=actor, owner_key=owner_key, is_judged=False)
    spare(bound, composition.spared(exempt))
    for part in composition.parts:
        answers = composition.answers_of(part.ref, values)
        one = bind(part.form, answers, actor=actor, owner_key=owner_key, subject=draft)
        spare(one, exempt[part.ref])
        for path, said in composition.errors_here(part.ref, one.errors).items():
            bound.errors.setdefault(path, said)
    return bound


# -- what was filed together


def bundle_case_for(user, bundle_case_id, verb: str = "own") -> BundleCase:
    """What was filed together, with its cases and their histories, when `user` may do `verb`."""
    found = _with_cases(with_events(Case.objects.prefetch_related("evaluations")))
    return get_or_404(user, verb, found, pk=bundle_case_id)


def bundle_cases_of(user, firm=None) -> QuerySet[BundleCase]:
    """What a person, or the firm acted for, filed together, newest first; as many queries however
    many there are.
    """
    found = _with_cases(Case.objects.all()).order_by("-submitted_at")
    if firm is not None:
        return found.filter(firm=firm) if firm in firms_of(user) else found.none()
    return found.filter(applicant=user, firm=None)


def _with_cases(cases: QuerySet) -> QuerySet[BundleCase]:
    related = ("item__napp", "department", "correction", "process", "implementing_version__item")
    cases = cases.select_related(*related, "merged_into")
    cases = cases.select_related("napp_version").defer("napp_version__manifest").order_by("number")
    return BundleCase.objects.select_related("bundle__napp", "firm").prefetch_related(
        Prefetch("cases", queryset=cases)
    )


def children_of(bundle_case: BundleCase, now) -> list[standing.Child]:
    """Its cases as `standing` judges them."""
    return [
        standing.Child(
            is_ended=case.is_ended,
            needs_me=case.state == Case.State.CORRECTING,
            is_approved=case.state == Case.State.APPROVED,
            is_withdrawn=case.state in TAKEN_BACK,
            is_decided=case.decided_at is not None,
            due_at=case.promise_due_at,
            light=level(case, now),
        )
        for case in bundle_case.cases.all()
    ]


def filed_from(draft) -> BundleCase | None:
    """What was filed from a draft, if it was."""
    return BundleCase.objects.filter(draft=draft).first()


def filed_alone(cases: QuerySet) -> QuerySet:
    """`cases` without those that belong to a life event."""
    return cases.filter(bundle_case=None)


def bundle_beside(user, case: Case) -> BundleCase | None:
    """The life event in which a case was filed, with its cases, for an official who may read one of
    them.
    """
    if case.bundle_case_id is None:
        return None
    found = visible_to(user, "read", _with_cases(Case.objects.all()))
    return found.filter(pk=case.bundle_case_id).first()


def readable_among(user, bundle_case: BundleCase) -> set:
    """The ids of the cases in it that the official may read."""
    found = visible_to(user, "read", Case.objects.filter(bundle_case=bundle_case))
    return set(found.values_list("pk", flat=True))


def shared_papers(bundle_case: BundleCase) -> list[dict]:
    """The materials that several of its cases have from one giving: {name, cases, is_spared}."""
    found: dict[str, list[MaterialReceipt]] = {}
    for one in MaterialReceipt.objects.filter(case__bundle_case=bundle_case).order_by("pk"):
        found.setdefault(one.code, []).append(one)
    return [
        {
            "name": rows[0].name,
            "cases": len(rows),
            "is_spared": all(one.way in SPARED for one in rows),
        }
        for rows in found.values()
        if len(rows) > 1
    ]


register_composed(PREFIX, _form)
register_exemptions(exempt_fields)
