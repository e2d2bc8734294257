"""Writes of supervised matters up to the report: propose, open, sign for, work, report."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.documents.numbers import official_number, word_for
from platform_core.capabilities.documents.serials import take
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.i18n import pick
from platform_core.common.locks import one_at_a_time
from platform_core.common.templatetags.ui import day
from security.organs.models import Department

from . import stages
from .models import Assistance, Supervision
from .moving import begin, facts_of, finish, needed, tell_heads, tell_source, write_line
from .policies import own_among, supervising_organs
from .waiting import bring_up_to_date

State, Kind = Supervision.State, Supervision.Kind
# The region's short name and the sign for supervision.
WORD = "{region}\u7763"
LONGEST_TITLE = 120
LONGEST_YEARS = 3
URGE_AGAIN = timedelta(days=1)
OPEN = (State.PROPOSED, State.ISSUED, State.DOING, State.REPORTED)


@transaction.atomic
def propose_supervision(
    *,
    actor,
    owner: Department,
    kind: str,
    title,
    requirement: str,
    lead: Department | None,
    assisting=(),
    basis: str = "",
    due_on: date | None = None,
    at: datetime | None = None,
) -> Supervision:
    """Propose a matter to be supervised by `owner`; a colleague opens it.

    Raises NotAllowed unless the actor works for `owner` and it supervises, Unusable at title,
    kind, requirement, lead, assisting or due_on.
    """
    at = at or timezone.now()
    if owner.pk not in {one.pk for one in supervising_organs(actor.user)}:
        raise NotAllowed(_("Only an organ that supervises others opens such matters."))
    said = _checked(
        owner=owner, kind=kind, title=title, requirement=requirement, lead=lead,
        assisting=assisting, basis=basis, due_on=due_on, at=at,
    )  # fmt: skip
    return _proposed(actor=actor, owner=owner, at=at, proposed_by=actor.user, **said)


@transaction.atomic
def propose_from_source(
    *,
    actor,
    owner: Department,
    kind: str,
    title: dict,
    requirement: str,
    lead: Department,
    assisting=(),
    source: str,
    object_type: str,
    object_id,
    due_at: datetime | None = None,
    url: str = "",
    at: datetime | None = None,
) -> Supervision | None:
    """What another module wants supervised, as a proposal of the system to `owner`; None when the
    same thing is supervised already. Of `assisting` the owner and the lead are left out.
    """
    at = at or timezone.now()
    named = {"source": source[:40], "object_type": object_type[:80], "object_id": str(object_id)}
    one_at_a_time(f"supervision:{source}:{object_type}:{object_id}")
    helping = {organ.pk: organ for organ in assisting if organ.pk not in (owner.pk, lead.pk)}
    if Supervision.objects.filter(**named, state__in=OPEN).exists():
        return None
    return _proposed(
        actor=actor, owner=owner, at=at, kind=kind, title=_titles(title),
        requirement=requirement[:2000], lead=lead, assisting=list(helping.values()), basis="",
        due_at=due_at, source_url=url[:300], **named,
    )  # fmt: skip


def _proposed(*, actor, owner, at, assisting, **values) -> Supervision:
    item = Supervision.objects.create(owner=owner, proposed_at=at, **values)
    _name_assisting(item, assisting)
    organ = owner if actor.user else None
    write_line(actor, item, "propose", at, note=item.requirement, organ=organ)
    bring_up_to_date(actor=actor, item=item, assisting=(), at=at)
    return item


@transaction.atomic
def open_supervision(
    *,
    actor,
    item: Supervision,
    lead: Department | None,
    due_on: date | None,
    requirement: str,
    assisting=(),
    at: datetime | None = None,
) -> Supervision:
    """Open what was proposed and hand it over: it gets its number and its day.

    Number: the division's short name, year and serial, without gaps. Raises Unusable at lead,
    assisting, due_on or requirement; NotAllowed for who proposed it.
    """
    move = begin(actor, item, "open", at)
    said = _checked(
        owner=move.item.owner, kind=move.item.kind, title=move.item.title,
        requirement=requirement, lead=lead, assisting=assisting, basis=move.item.basis,
        due_on=due_on, at=move.at, needs_day=True,
    )  # fmt: skip
    _name_assisting(move.item, said["assisting"])
    word = word_for(WORD, move.item.owner.region.name)
    year = timezone.localdate(move.at).year
    number = move.item.number or official_number(
        word=word, year=year, serial=take(f"supervision:{word}:{year}")
    )
    item = finish(
        move, note=said["requirement"], number=number, lead=said["lead"],
        requirement=said["requirement"], due_at=said["due_at"],
        warn_at=stages.warn_at(move.at, said["due_at"]),
        opened_by=actor.user, opened_at=move.at,
    )  # fmt: skip
    for organ in [item.lead, *said["assisting"]]:
        tell_heads(actor, item, organ, "issued", lambda: _issued_words(item), move.at)
    return item


def _issued_words(item: Supervision) -> tuple[str, str]:
    words = {"title": pick(item.title), "number": item.number, "day": day(item.due_at)}
    return (
        _("Supervised: %(title)s") % words,
        _("%(number)s, due %(day)s. Please sign for it within two working days.") % words,
    )


@transaction.atomic
def drop_supervision(*, actor, item: Supervision, reason: str, at: datetime | None = None):
    """Do not open what was proposed; whoever asked for it is told why."""
    move = begin(actor, item, "drop", at)
    item = finish(move, note=needed(reason, "reason"))
    tell_source(actor, item, "dropped")
    return item


@transaction.atomic
def sign_supervision(*, actor, item: Supervision, at: datetime | None = None) -> Supervision:
    """The lead organ signs for it."""
    move = begin(actor, item, "sign", at)
    return finish(move, signed_at=move.at)


@transaction.atomic
def hand_back(*, actor, item: Supervision, reason: str, at: datetime | None = None) -> Supervision:
    """The lead organ says that it is not its matter: the supervising organ names another one. The
    number stays.
    """
    move = begin(actor, item, "not_ours", at)
    reason = needed(reason, "reason")
    item = finish(move, note=reason, opened_by=None)
    tell_heads(
        actor, item, item.owner, "not_ours",
        lambda: (_("Handed back: %(title)s") % {"title": pick(item.title)}, reason[:300]),
        move.at,
    )  # fmt: skip
    return item


@transaction.atomic
def join_supervision(*, actor, item: Supervision, at: datetime | None = None) -> Supervision:
    """An assisting organ signs for its part. Raises Conflict when it has already."""
    move = begin(actor, item, "join", at)
    mine = own_among(actor.user, move.assisting)
    found = move.item.assistances.filter(organ__in=mine, signed_at=None)
    if not found.update(signed_at=move.at):
        raise Conflict(_("Your organ has signed for it."))
    return finish(move)


@transaction.atomic
def note_progress(
    *, actor, item: Supervision, note: str, percent=None, at: datetime | None = None
) -> Supervision:
    """What was done, from the lead or an assisting organ; `percent` 0 to 100 when it is known."""
    move = begin(actor, item, "progress", at)
    if percent is not None and not 0 <= percent <= 100:
        raise Unusable({"percent": [_("Write a number from 0 to 100.")]})
    return finish(
        move, note=needed(note, "note"), facts={} if percent is None else {"percent": percent}
    )


@transaction.atomic
def urge_supervision(
    *, actor, item: Supervision, note: str = "", at: datetime | None = None
) -> Supervision:
    """Remind the lead organ; at most once a day, and it stands in the log."""
    move = begin(actor, item, "urge", at)
    recent = move.item.lines.filter(kind="urge", at__gt=move.at - URGE_AGAIN)
    if recent.exists():
        raise Conflict(_("It was urged within the last day. Wait, or call."))
    item = finish(move, note=needed(note, "note", is_needed=False))
    words = {"title": pick(item.title), "number": item.number}
    tell_heads(
        actor, item, item.lead, "urged",
        lambda: (_("Urged: %(title)s") % words, _("%(number)s, due %(day)s.")
                 % {**words, "day": day(item.due_at)}),
        move.at,
    )  # fmt: skip
    return item


@transaction.atomic
def report_supervision(
    *, actor, item: Supervision, note: str, at: datetime | None = None
) -> Supervision:
    """The lead organ reports that it is done; a wish for more time falls away."""
    move = begin(actor, item, "report", at)
    late = stages.is_late(move.item.due_at, move.at)
    return finish(move, note=needed(note, "note"), facts={"is_late": late}, reported_at=move.at)


@transaction.atomic
def mark_late(*, actor, item: Supervision, at: datetime | None = None) -> bool:
    """Write the red light into the log and tell both organs, once for each day that was set."""
    at = at or timezone.now()
    item = Supervision.objects.select_for_update().get(pk=item.pk)
    is_running = item.state in stages.RUNNING and stages.is_late(item.due_at, at)
    if not is_running or item.lines.filter(kind="late", at__gt=item.due_at).exists():
        return False
    write_line(actor, item, "late", at, before=facts_of(item))
    words = {"title": pick(item.title), "number": item.number}
    for organ in (item.lead, item.owner):
        tell_heads(
            actor, item, organ, "late",
            lambda: (_("Overdue: %(title)s") % words, _("%(number)s was due %(day)s.")
                     % {**words, "day": day(item.due_at)}),
            at,
        )  # fmt: skip
    return True


def _name_assisting(item: Supervision, organs) -> None:
    """Exactly these assist; whoever signed already stays signed."""
    item.assistances.exclude(organ__in=organs).delete()
    known = set(item.assistances.values_list("organ", flat=True))
    Assistance.objects.bulk_create(
        Assistance(item=item, organ=organ) for organ in organs if organ.pk not in known
    )


def _titles(title) -> dict:
    found = title if isinstance(title, dict) else {"zh": title, "en": title}
    found = {key: " ".join(str(found.get(key) or "").split()) for key in ("zh", "en")}
    return {key: (found[key] or found["zh"] or found["en"])[:LONGEST_TITLE] for key in found}


def _checked(
    *, owner, kind, title, requirement, lead, assisting, basis, due_on, at, needs_day=False
) -> dict:
    """What was entered, as it is kept; every fault at its field."""
    errors = {}
    title = _titles(title)
    if len(title["zh"]) < 2:
        errors["title"] = [_("Say in a few words what it is about.")]
    if kind not in Kind.values:
        errors["kind"] = [_("Choose where it comes from.")]
    try:
        requirement = needed(requirement, "requirement")
    except Unusable as error:
        errors |= error.errors
    assisting = list({organ.pk: organ for organ in assisting}.values())
    if lead is None:
        errors["lead"] = [_("Choose one lead organ.")]
    elif lead.pk == owner.pk:
        errors["lead"] = [_("The supervising organ does not supervise itself.")]
    elif lead.pk in {organ.pk for organ in assisting}:
        errors["assisting"] = [_("The lead organ does not assist itself.")]
    if owner.pk in {organ.pk for organ in assisting}:
        errors["assisting"] = [_("The supervising organ does not assist.")]
    today = timezone.localdate(at)
    if due_on is None and needs_day:
        errors["due_on"] = [_("Enter the day by which it is done.")]
    elif due_on is not None and not today < due_on <= today + timedelta(days=366 * LONGEST_YEARS):
        errors["due_on"] = [_("Enter a day after today, within three years.")]
    if errors:
        raise Unusable(errors)
    return {
        "kind": kind, "title": title, "requirement": requirement, "lead": lead,
        "assisting": assisting, "basis": basis.strip()[:200],
        "due_at": stages.end_of_work(due_on, timezone.get_current_timezone()) if due_on else None,
    }  # fmt: skip
