"""Writes of life events: publication, the draft for a choice of items, sending, withdrawing."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.files.services import copy_file
from platform_core.capabilities.forms import posting, storage
from platform_core.capabilities.forms import selectors as forms
from platform_core.capabilities.forms import services as form_services
from platform_core.capabilities.forms.contests import Origin
from platform_core.capabilities.forms.engine import strangers
from platform_core.capabilities.forms.models import ContestedValue, Draft
from platform_core.capabilities.forms.rows import check, lock
from platform_core.capabilities.forms.uploads import files_in
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.i18n import pick
from security.audit.services import record_audit
from security.audit.writing import audited_together
from service_hub.cases import services as cases
from service_hub.cases.models import Case
from service_hub.cases.moving import may as may_move
from service_hub.cases.serials import next_serial

from . import schema, selectors
from .models import Bundle, BundleCase

SERIES = "bundle"


@transaction.atomic
def publish_bundles(*, actor, napp_version, bundles: list[schema.Bundle]) -> None:
    """Make the life events of `napp_version` the ones people see; others are out of use."""
    for bundle in bundles:
        Bundle.objects.update_or_create(
            napp=napp_version.napp,
            key=bundle.key,
            defaults={
                "napp_version": napp_version,
                "title": bundle.title.model_dump(),
                "summary": bundle.summary.model_dump(),
                "keywords": bundle.keywords,
                "icon": bundle.icon,
                "theme": bundle.theme,
                "audience": bundle.audience,
                "is_in_use": True,
            },
        )
    gone = Bundle.objects.filter(napp=napp_version.napp)
    gone.exclude(key__in=[one.key for one in bundles]).update(is_in_use=False)


@transaction.atomic
def begin_bundle(*, actor, bundle: Bundle, items: list[str]) -> Draft:
    """The draft for the chosen `items` ("napp/key"), with the required ones: the one begun earlier
    for the same choice, or a new one filled in from the profile.

    Raises Conflict when the life event or a required item takes no new cases. Chosen items that
    are closed are left out.
    """
    _require_may_begin(actor, bundle)
    chosen = _chosen(bundle, items)
    purpose = selectors.purpose_of(chosen)
    begun = forms.open_draft(actor.user, purpose, "", actor.firm)
    if begun is not None and begun.napp_version_id == bundle.napp_version_id:
        return begun
    return form_services.start_draft(
        actor=actor, napp_version=bundle.napp_version, form_key=bundle.key, purpose=purpose
    )


def _require_may_begin(actor, bundle: Bundle) -> None:
    if actor.user is None:
        raise NotAllowed(_("Please sign in to use this service."))
    if bundle.audience == "firm" and actor.firm is None:
        raise NotAllowed(_("This service is for firms. Choose the firm you act for."))
    if not selectors.may_begin(bundle):
        raise Conflict(_("This service takes no new cases at the moment."))


def _chosen(bundle: Bundle, items: list[str]) -> list:
    """The chosen items that are open, with the required ones. Raises Conflict when one of these is
    closed.
    """
    found = selectors.choices(bundle, {})
    if any(one.is_required and not one.is_open for one in found):
        raise Conflict(_("A service that this life event needs is closed at the moment."))
    return [
        one.item for one in found if one.is_open and (one.is_required or one.child.item in items)
    ]


@transaction.atomic
def leave_out(*, actor, draft: Draft, item: str) -> Draft:
    """The same application without one item ("napp/key"); what was typed for the others stays.

    Raises Conflict for the last item that is left, and for a required one that is still open.
    """
    draft = lock(draft)
    check(draft, actor, "")
    bundle, old = selectors.bundle_of(draft), selectors.composition_of(draft)
    kept = [one for one in selectors.items_of(draft) if f"{one.napp.slug}/{one.key}" != item]
    closed = {part.ref for part in selectors.closed_parts(draft)}
    needed = {one.child.item for one in selectors.choices(bundle, {}) if one.is_required}
    if not kept or (item in needed and item not in closed):
        raise Conflict(_("This part belongs to the life event and cannot be left out."))
    values = forms.plain_values(draft)
    answers = {part.ref: old.answers_of(part.ref, values) for part in old.parts}
    made = form_services.start_draft(
        actor=actor,
        napp_version=bundle.napp_version,
        form_key=bundle.key,
        purpose=selectors.purpose_of(kept),
    )
    new = selectors.composition_of(made)
    typed = forms.plain_values(made) | new.values_from(answers)
    made.data = storage.pack(new.form, typed, "draft", made.pk)
    _carry_over(old, new, draft, made)
    made.save(update_fields=["data", "sources", "filled", "updated_at"])
    record_audit(actor=actor, verb="bundle.part_left_out", obj=made, after={"item": item})
    draft.delete()
    return made


def _carry_over(old, new, draft: Draft, made: Draft) -> None:
    """Where the answers came from, as what, and what of them is contested stays with them."""
    moved = {
        old.keys[part.ref][own]: key
        for part in new.parts
        for own, key in new.keys[part.ref].items()
        if own in old.keys[part.ref]
    }
    made.sources |= {moved[key]: one for key, one in draft.sources.items() if key in moved}
    known = forms.filled_values(draft)
    filled = forms.filled_values(made) | {moved[k]: one for k, one in known.items() if k in moved}
    made.filled = storage.pack(new.form, filled, "draft", made.pk)
    for one in ContestedValue.objects.filter(draft=draft, field__in=moved):
        one.draft, one.field = made, moved[one.field]
        one.save(update_fields=["draft", "field"])


@transaction.atomic
def send_bundle(*, actor, draft: Draft, owner_key: str = "", at: datetime | None = None):
    """File every item of the draft, all or none, and give the BundleCase over them.

    Each gets its own number, clock and organ. A second press gets the same one. Raises Unusable
    with what is wrong, at the questions of the draft; Conflict with the name of the item that
    takes no new cases.
    """
    locked = lock(draft)
    if locked.submitted_at:
        return selectors.filed_from(locked)
    check(locked, actor, owner_key)
    at = at or timezone.now()
    composition, values = selectors.composition_of(locked), forms.plain_values(locked)
    bound = selectors.judged(locked, actor=actor, owner_key=owner_key)
    if bound.errors:
        raise Unusable(bound.errors)
    parent = _file_all(
        actor=actor,
        bundle=selectors.bundle_of(locked),
        composition=composition,
        items=selectors.items_of(locked),
        values=values,
        at=at,
        draft=locked,
    )
    form_services.close_composed(actor=actor, draft=locked)
    return parent


@transaction.atomic
def send_values(
    *, actor, bundle: Bundle, items: list[str], values: dict, at: datetime | None = None
) -> BundleCase:
    """File the chosen `items` ("napp/key") with the required ones from answers given at once (API),
    by the keys of their composed form; all or none.

    Raises Unusable with the paths of all wrong answers, Conflict when something takes no new cases.
    """
    _require_may_begin(actor, bundle)
    chosen = _chosen(bundle, items)
    unknown = set(items) - {f"{one.napp.slug}/{one.key}" for one in chosen}
    if unknown:
        said = _("This is no part of the life event, or takes no new cases.")
        raise Unusable({"items": [f"{name[:90]}: {said}" for name in sorted(unknown)]})
    composition = selectors.composed_of(bundle, chosen)
    if wrong := strangers(composition.form, values):
        raise Unusable(wrong)
    return _file_all(
        actor=actor,
        bundle=bundle,
        composition=composition,
        items=chosen,
        values=posting.read(composition.form.questions(), values).values,
        at=at or timezone.now(),
    )


def _file_all(*, actor, bundle, composition, items, values: dict, at, draft=None) -> BundleCase:
    """The parent with a case for each part. Raises Unusable with what is wrong in any of them."""
    items = {f"{one.napp.slug}/{one.key}": one for one in items}
    errors: dict[str, list[str]] = {}
    with audited_together():
        parent = BundleCase.objects.create(
            number=_number(timezone.localdate(at)),
            bundle=bundle,
            draft=draft,
            applicant=actor.user,
            firm=actor.firm,
            submitted_at=at,
        )
        used: set[str] = set()
        # Everybody takes the counters of numbers in the same order, so that none waits for another.
        for part in sorted(composition.parts, key=lambda one: one.ref):
            try:
                answers = composition.answers_of(part.ref, values)
                answers = _own_files(part.form, answers, used, actor)
                origin = Origin(draft, composition.keys[part.ref]) if draft else None
                case = _file(actor, items.get(part.ref), part, answers, at, origin)
                Case.objects.filter(pk=case.pk).update(bundle_case=parent)
            except Unusable as error:
                errors = composition.errors_here(part.ref, error.errors) | errors
        if errors:
            raise Unusable(errors)
        record_audit(actor=actor, verb="bundle.file", obj=parent, after={"number": parent.number})
    return parent


def _number(on) -> str:
    """The receipt number: the day and a serial without gaps."""
    return f"{on:%Y%m%d}-{next_serial(SERIES, on):04d}"


def _own_files(form, answers: dict, used: set[str], actor) -> dict:
    """The answers with copies of files that another case of the same sending has taken."""
    found = dict(answers)
    for question in form.questions():
        ids = [one for one in files_in(question, answers.get(question.key)) if isinstance(one, str)]
        if question.type == "attachment" and ids:
            found[question.key] = [
                str(copy_file(actor=actor, original=one).pk) if one in used else one for one in ids
            ]
        used.update(ids)
    return found


def _file(actor, item, part, answers: dict, at: datetime, origin: Origin | None) -> Case:
    title = pick(part.title)
    if item is None:
        raise Conflict(_("“%(title)s” takes no new cases at the moment.") % {"title": title})
    try:
        filed = cases.file_values(actor=actor, item=item, values=answers, at=at, origin=origin)
    except Conflict as error:
        raise Conflict(f"{title}: {error}") from None
    return filed.case


@transaction.atomic
def withdraw_bundle(*, actor, bundle_case: BundleCase, reason: str = "", at=None) -> BundleCase:
    """Take back everything that still runs, all or none. Raises Conflict when nothing runs."""
    running = [case for case in bundle_case.cases.all() if may_move(case, "withdraw")]
    if not running:
        raise Conflict(_("This case is already closed."))
    for case in running:
        cases.withdraw_case(actor=actor, case=case, reason=reason, at=at)
    record_audit(actor=actor, verb="bundle.withdraw", obj=bundle_case)
    return bundle_case
