"""Writes of drafts and records.

Saving a page writes no audit row: a draft is the person's own note until it is sent. Starting,
sending, correcting and discarding do.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.accounts.firm_roles import FILE
from security.accounts.selectors import firms_with, mandate_holds
from security.actors import Actor
from security.audit.services import record_audit

from . import clashes, posting, selectors, storage
from .binding import BoundForm, bind, bind_draft, spare
from .cofilling import parts_answered
from .contests import Origin, contest_value, hand_over, hand_over_part
from .corrections import correct_record, start_correction, submit_correction
from .exemptions import exempt_for
from .filling import fill_in
from .models import Draft, Record
from .rescue import attach_rescued, keep_rescued
from .rows import check, close, expiry, lock, locked
from .saving import keep_page
from .sources import filled_in
from .uploads import adopt_uploads, link_to_record

__all__ = [
    "adopt_draft",
    "attach_rescued",
    "close_composed",
    "contest_value",
    "correct_record",
    "discard_draft",
    "fill_in_earlier",
    "forget_sources",
    "keep_rescued",
    "remove_expired_drafts",
    "save_page",
    "start_correction",
    "start_draft",
    "submit_correction",
    "submit_draft",
    "submit_locked",
    "submit_values",
]


def _form(napp_version, form_key: str, purpose: str = ""):
    form = selectors.form_for(napp_version, form_key, purpose)
    if form is None:
        raise Unusable({"": [_("This form does not exist.")]})
    return form


@transaction.atomic
def start_draft(
    *,
    actor: Actor,
    napp_version,
    form_key: str,
    purpose: str,
    owner_key: str = "",
    known_of: Actor | None = None,
    shown: dict | None = None,
) -> Draft:
    """A new draft, filled in as far as the person's profile goes.

    `purpose` says what it is for, such as "item:12". Somebody not signed in needs an `owner_key`.
    An official who writes for somebody names whose data fill it in (`known_of`), and what that
    person has just shown as in a profile (`shown`, such as {"name": …}).
    """
    form = _form(napp_version, form_key, purpose)
    if actor.mandate and not mandate_holds(actor.user, actor.mandate):
        raise NotAllowed(_("You may no longer act for this person."))
    if actor.firm and actor.user and actor.firm not in firms_with(actor.user, FILE):
        raise NotAllowed(_("Your role in the firm does not let you apply for it."))
    if actor.user is None and not owner_key:
        raise NotAllowed(_("Your browser must accept cookies to keep a draft."))
    draft = Draft(
        napp_version=napp_version,
        form_key=form_key,
        purpose=purpose,
        user=actor.user,
        firm=actor.firm,
        mandate=actor.mandate,
        owner_key="" if actor.user else owner_key,
        expires_at=expiry(actor.user),
    )
    told = selectors.answers_shown(form, shown or {})
    standing = selectors.defaults(form, timezone.localdate())
    fill_in(draft, form, told, known_of or actor, defaults=standing)
    draft.save(force_insert=True)
    record_audit(
        actor=actor, verb="draft.started", obj=draft, after={"form": form_key, "purpose": purpose}
    )
    return draft


@transaction.atomic
def fill_in_earlier(*, actor: Actor, draft: Draft, owner_key: str = "") -> Draft:
    """Fill what is still empty from the sources once more: the person has just agreed that earlier
    answers are used.
    """
    draft = locked(draft, actor, owner_key)
    before = selectors.plain_values(draft)
    fill_in(draft, selectors.form_of(draft), before, actor.under(draft.mandate))
    clashes.stamped(draft, clashes.Stand(), before, selectors.plain_values(draft))
    draft.save(update_fields=["data", "filled", "sources", "saves", "stamps", "updated_at"])
    return draft


@transaction.atomic
def save_page(
    *,
    actor: Actor,
    draft: Draft,
    page: str,
    values,
    files=None,
    owner_key: str = "",
    tolerant: bool = True,
) -> BoundForm:
    """Keep what was typed on a page, right or wrong, and say what to show next.

    `values` is request.POST or a dict of answers, `files` is request.FILES. The result knows the
    button (`command`), whether to go on (`may_go_on`, `next_page`), the errors, and the fields that
    this answer opened. With `tolerant=False` wrong answers raise Unusable and nothing is kept.
    """
    draft = locked(draft, actor, owner_key)
    form = selectors.form_of(draft)
    here = form.page(page)
    if here is None:
        raise Unusable({"": [_("This page does not exist.")]})
    fields = _open_fields(draft, here, actor, owner_key)
    bound, refused = keep_page(
        draft, here, fields, actor, values, files, owner_key, is_judged=not tolerant
    )
    if not tolerant and (bound.errors or refused):
        raise Unusable(bound.errors | refused)
    return bound


def _open_fields(draft: Draft, page, actor: Actor, owner_key: str) -> list:
    if not draft.only_fields:
        closed = selectors.locked_keys(draft)
        if any(page.key in one.part.pages and one.is_closed for one in selectors.parts_of(draft)):
            raise NotAllowed(_("Another person fills in this page."))
        return [question for question in page.fields if question.key not in closed]
    bound = bind_draft(draft, page=page, actor=actor, owner_key=owner_key)
    return [question for question in page.fields if question.key in bound.only]


@transaction.atomic
def submit_draft(
    *, actor: Actor, draft: Draft, owner_key: str = "", region=None, department=None
) -> Record:
    """Make a record of the draft. Raises Unusable with every wrong answer, Conflict when it was
    sent.

    The draft keeps its id but not its answers.
    """
    return submit_locked(
        actor=actor, draft=lock(draft), owner_key=owner_key, region=region, department=department
    )


@transaction.atomic(savepoint=False)
def submit_locked(
    *, actor: Actor, draft: Draft, owner_key: str = "", region=None, department=None
) -> Record:
    """As `submit_draft`, for a draft that the caller's transaction got from `rows.lock`."""
    check(draft, actor, owner_key)
    if draft.only_fields:
        raise Conflict(_("This draft corrects a record that was sent already."))
    if draft.firm_id and draft.firm_id not in {firm.pk for firm in firms_with(actor.user, FILE)}:
        raise NotAllowed(_("You may no longer act for this firm."))
    bound = bind_draft(draft, actor=actor, owner_key=owner_key)
    if bound.errors:
        raise Unusable(bound.errors)
    record = _new_record(
        actor.under(draft.mandate),
        draft.napp_version,
        bound,
        firm=draft.firm,
        region=region,
        department=department,
    )
    link_to_record(record, bound, actor, owner_key)
    hand_over(draft, record, actor=actor)
    close(draft, record)
    return record


@transaction.atomic
def submit_values(
    *,
    actor: Actor,
    napp_version,
    form_key: str,
    values: dict,
    region=None,
    department=None,
    known_of: Actor | None = None,
    origin: Origin | None = None,
    spared_as: Actor | None = None,
) -> Record:
    """Make a record of answers given at once, through the API. Raises Unusable with field paths.

    Whoever sends them for somebody else names whose sources count (`known_of`), and whom the
    government asks for nothing that it holds (`spared_as`). Answers that are a part of a composed
    draft keep from it (`origin`) where they came from and what is contested.
    """
    form = _form(napp_version, form_key)
    if not isinstance(values, dict):
        raise Unusable({"": [_("Answers are an object with field keys.")]})
    typed = posting.read(form.questions(), values).values
    of = known_of or actor
    sources = origin.sources if origin else {}
    contested = {key for key, facts in sources.items() if facts.get("contested")}
    locked_ones = {one.key for one in form.questions() if one.locked} - contested
    fixed = {one.key for one in form.questions() if one.read_only and one.type != "computed"}
    if locked_ones or fixed:
        known = {key: one.value for key, one in filled_in(form, of, napp_version).items()}
        typed = _with_locked(typed, known, locked_ones)
        typed = _with_fixed(form, typed, known, fixed)
    bound = bind(form, typed | {k: None for k in values if k not in typed}, actor=actor)
    spare(bound, exempt_for(spared_as or actor, napp_version, form_key))
    if bound.errors:
        raise Unusable(bound.errors)
    bound.sources = sources
    record = _new_record(
        actor, napp_version, bound, firm=actor.firm, region=region, department=department
    )
    link_to_record(record, bound, actor, "")
    if contested:
        hand_over_part(origin, record, actor=actor)
    return record


def _with_locked(typed: dict, known: dict, keys: set[str]) -> dict:
    """Locked answers are the source's. Whoever has to contest one does it where one sees it."""
    wrong = [
        key
        for key in keys & set(known)
        if key in typed and not clashes.same(typed[key], known[key])
    ]
    if wrong:
        said = _("This comes from a source. If it is wrong, say so in the portal.")
        raise Unusable({key: [said] for key in sorted(wrong)})
    return typed | {key: known[key] for key in keys & set(known)}


def _with_fixed(form, typed: dict, known: dict, fixed: set[str]) -> dict:
    """What the author has fixed is as a new draft would have it, whatever was sent."""
    known = selectors.defaults(form, timezone.localdate()) | known
    return typed | {key: known.get(key) for key in fixed}


def _new_record(
    actor: Actor, napp_version, bound: BoundForm, *, firm, region, department
) -> Record:
    record = Record(
        napp_version=napp_version,
        napp_id=napp_version.napp_id,
        form_key=bound.form.key,
        firm=firm,
        mandate=actor.mandate,
        created_by=actor.user,
        region=region,
        department=department,
        blind=storage.blind_indexes(bound.form, bound.cleaned),
        parts=parts_answered(bound),
        sources={key: facts for key, facts in bound.sources.items() if key in bound.cleaned},
    )
    record.data = storage.pack(bound.form, bound.cleaned, "record", record.pk)
    record.save(force_insert=True)
    record_audit(
        actor=actor,
        verb="record.submitted",
        obj=record,
        after={"form": bound.form.key, "fields": sorted(bound.cleaned)},
    )
    return record


@transaction.atomic(savepoint=False)
def close_composed(*, actor: Actor, draft: Draft) -> None:
    """End a composed draft, got from `rows.lock`, whose answers its caller has filed part by part.
    The draft keeps its id but neither its answers nor what was contested: each part has its own.
    """
    close(draft, None)
    draft.contested_values.all().delete()
    record_audit(actor=actor, verb="draft.sent", obj=draft)


@transaction.atomic
def forget_sources(
    *, actor: Actor, draft: Draft, lost: dict[str, dict], source: str, owner_key: str = ""
) -> Draft:
    """Empty the answers of the fields in `lost`, which came from a source that no longer counts;
    `source` names the words that say so, its facts are those of `lost`.
    """
    draft = locked(draft, actor, owner_key)
    form, values = selectors.form_of(draft), selectors.plain_values(draft)
    filled = storage.unpack(draft.filled, "draft", draft.pk)
    for key, facts in lost.items():
        values[key] = filled[key] = None
        draft.sources[key] = facts | {"source": source}
    draft.data = storage.pack(form, values, "draft", draft.pk)
    draft.filled = storage.pack(form, filled, "draft", draft.pk)
    draft.save(update_fields=["data", "filled", "sources", "updated_at"])
    record_audit(actor=actor, verb="draft.sources_lost", obj=draft, after={"fields": sorted(lost)})
    return draft


@transaction.atomic
def discard_draft(*, actor: Actor, draft: Draft, owner_key: str = "") -> None:
    """Delete a draft at the person's wish."""
    draft = locked(draft, actor, owner_key)
    record_audit(actor=actor, verb="draft.discarded", obj=draft)
    draft.delete()


@transaction.atomic
def discard_all_drafts(*, actor: Actor, user) -> int:
    """Delete what a person has typed and not sent, when they asked for it; returns how many."""
    unsent = Draft.objects.filter(user=user, submitted_at=None, record=None)
    count = unsent.count()
    unsent.delete()
    record_audit(actor=actor, verb="draft.discard_all", obj=user, after={"count": count})
    return count


@transaction.atomic
def adopt_draft(*, actor: Actor, draft: Draft, owner_key: str) -> Draft:
    """Give a draft that was begun without signing in to the person who has signed in since, with
    its files. Questions still empty are filled in from the profile.
    """
    draft = locked(draft, actor=Actor.anonymous(), owner_key=owner_key)
    form, typed = selectors.form_of(draft), selectors.plain_values(draft)
    adopt_uploads(form, typed, actor, owner_key)
    fill_in(draft, form, typed, actor)
    draft.user, draft.firm, draft.owner_key = actor.user, actor.firm, ""
    draft.expires_at = expiry(actor.user)
    draft.save(
        update_fields=[
            *("data", "filled", "sources", "user", "firm", "owner_key", "expires_at", "updated_at")
        ]
    )
    record_audit(actor=actor, verb="draft.adopted", obj=draft)
    return draft


@transaction.atomic
def remove_expired_drafts(*, actor: Actor) -> int:
    """Delete drafts whose time is over; gives their number."""
    number, _by_model = selectors.expired_drafts(timezone.now()).delete()
    if number:
        record_audit(actor=actor, verb="drafts.expired", after={"number": number})
    return number
