"""Reads of drafts, records and what checking a form needs."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from platform_core.capabilities.files.models import StoredFile
from platform_core.capabilities.rules.reference import reference_now
from security import crypto
from security.access import get_or_404
from security.accounts.selectors import mandate_holds, valid_mandates
from security.identifiers import plain_mobile
from security.organs.models import Region
from security.organs.selectors import in_force

from . import directory, storage
from .capability import forms_of
from .clashes import same
from .facts import Facts, FileFact, RegionFact
from .models import ContestedValue, Draft, Invitation, Record, RecordRevision
from .moments import default_day
from .ruling import rule_value
from .schema import Part, named_values

RECORD = "platform_core.record"  # what files of a record are linked to
RESCUE = "rescue:"
WITH_FILES = ("attachment", "signature")


_composers: dict[str, Callable] = {}


def register_composed(prefix: str, compose: Callable) -> None:
    """Let drafts whose purpose begins with `prefix` and a colon have a form that no manifest holds:
    `compose(napp_version, form_key, purpose)` gives it, always the same one for the same draft.
    """
    if prefix in _composers:
        raise ValueError(f"forms of {prefix} are composed already")
    _composers[prefix] = compose


def form_for(napp_version, form_key: str, purpose: str):
    """The form of a draft for this purpose; None when there is none."""
    compose = _composers.get(purpose.partition(":")[0])
    if compose is not None:
        return compose(napp_version, form_key, purpose)
    return forms_of(napp_version).get(form_key)


def form_of(row):
    """The form that a draft or record belongs to, in the version it began with."""
    if isinstance(row, Draft) and row.purpose.partition(":")[0] in _composers:
        return form_for(row.napp_version, row.form_key, row.purpose)
    return forms_of(row.napp_version)[row.form_key]


def kind_of(row) -> str:
    return "draft" if isinstance(row, Draft) else "record"


def plain_values(row: Draft | Record) -> dict:
    """The opened answers of a draft (as typed) or a record (as stored), by field key."""
    return storage.unpack(row.data, kind_of(row), row.pk)


def rival_values(draft: Draft) -> dict[str, list]:
    """The opened answers that wait for the person's choice: {key: [[pen, value]]}."""
    return storage.unpack(draft.rivals, "draft", draft.pk)


def filled_values(draft: Draft) -> dict:
    """What the sources filled in when the draft was begun, opened, by field key."""
    return storage.unpack(draft.filled, "draft", draft.pk)


def answers_shown(form, shown: dict) -> dict:
    """The answers by field key that `shown`, facts named as in a profile, already gives."""
    wanted = {f"profile.{name}": value for name, value in shown.items() if value}
    found = [(one.key, wanted.get(one.prefill)) for one in form.questions() if one.prefill]
    return {key: value for key, value in found if value}


def locked_keys(draft: Draft) -> set[str]:
    """The fields that stay as their source filled them in: nobody contests them."""
    return {
        question.key
        for question in form_of(draft).questions()
        if question.locked
        and question.key in draft.filled
        and not draft.sources.get(question.key, {}).get("contested")
    }


def contests_of(row: Draft | Record) -> dict[str, ContestedValue]:
    """What is contested in a draft or record, by field key; no query when nothing is."""
    if not any(facts.get("contested") for facts in row.sources.values()):
        return {}
    found = ContestedValue.objects.filter(**{kind_of(row): row})
    return {contest.field: contest for contest in found}


@dataclass(frozen=True)
class PartState:
    """A part of a draft and the invitation to it, if one holds."""

    part: Part
    invitation: Invitation | None

    @property
    def is_confirmed(self) -> bool:
        return self.invitation is not None and self.invitation.confirmed_at is not None

    @property
    def is_closed(self) -> bool:
        """Whether its pages are not the owner's to fill in now."""
        return self.part.needed or self.invitation is not None


def parts_of(draft: Draft) -> list[PartState]:
    """The parts of a draft's form with their invitations; no query when it has none."""
    form = form_of(draft)
    if not form.parts:
        return []
    held = {one.part: one for one in live_invitations().filter(draft=draft)}
    return [PartState(part, held.get(part.key)) for part in form.parts]


def live_invitations() -> QuerySet[Invitation]:
    """Invitations that hold: not revoked, and confirmed or not yet run out."""
    holds = Q(confirmed_at__isnull=False) | Q(expires_at__gt=timezone.now())
    return Invitation.objects.filter(holds, revoked_at=None)


def invitation_by_id(invitation_id) -> Invitation | None:
    """An invitation that holds, to an unsent draft, whoever asks: only to let somebody in."""
    found = live_invitations().filter(
        pk=as_uuid(invitation_id), draft__submitted_at=None, draft__expires_at__gt=timezone.now()
    )
    return found.select_related(
        "draft__napp_version__napp", "draft__mandate__principal", "by"
    ).first()


def invitations_to(user) -> QuerySet[Invitation]:
    """What this person was invited to and has opened, newest first."""
    mine = live_invitations().filter(invitee=user, draft__submitted_at=None)
    mine = mine.filter(draft__expires_at__gt=timezone.now())
    return mine.select_related("draft__napp_version__napp", "by").order_by("-made_at")


def revision_values(revision: RecordRevision) -> dict:
    """The opened answers as they were before a correction."""
    return storage.unpack(revision.data, "record", revision.record_id)


def values_for_rules(record: Record) -> dict:
    """The answers as conditions and process branches read them; plain JSON."""
    return rule_values(form_of(record), plain_values(record))


def rule_values(form, cleaned: dict) -> dict:
    """Stored answers by key as rules read them."""
    return {
        question.key: rule_value(question, cleaned[question.key])
        for question in form.questions()
        if question.key in cleaned
    }


def with_relations() -> QuerySet[Draft]:
    """Drafts with what every use of them needs, in one query. The manifest itself is fetched only
    when this process has not parsed it yet.
    """
    drafts = Draft.objects.select_related(
        "napp_version__napp", "firm", "record__napp_version", "mandate__principal"
    )
    return drafts.defer("napp_version__manifest", "record__napp_version__manifest")


def _unsent() -> QuerySet[Draft]:
    return with_relations().filter(submitted_at=None, expires_at__gt=timezone.now())


def is_owner(draft: Draft, user, owner_key: str = "") -> bool:
    """Whether the draft is this person's, or this browser's when nobody is signed in to it. One
    filled in for somebody else is theirs only as long as that person lets them.
    """
    if draft.user_id:
        is_mine = user is not None and user.pk == draft.user_id
        return is_mine and (draft.mandate_id is None or mandate_holds(user, draft.mandate))
    return bool(owner_key) and draft.owner_key == owner_key


def draft_for(user, draft_id, owner_key: str = "", *, sent: bool = False) -> Draft:
    """The draft when it is this person's or this browser's; Http404 for everybody else.

    `sent` also finds a draft that was sent already, to lead a second click to its receipt.
    """
    usable = Q(submitted_at=None, expires_at__gt=timezone.now())
    drafts = with_relations().filter(usable | Q(submitted_at__isnull=False) if sent else usable)
    draft = drafts.filter(pk=as_uuid(draft_id)).first()
    user = user if user is not None and user.is_authenticated else None
    if draft is None or not is_owner(draft, user, owner_key):
        raise Http404
    return draft


def drafts_of(user, owner_key: str = "", firm=None) -> QuerySet[Draft]:
    """The unsent drafts of this person (acting for `firm`, if any) or of this browser, newest
    first; those for other people as long as their mandates hold.
    """
    drafts = _unsent().exclude(purpose__startswith=RESCUE).order_by("-updated_at")
    if user is not None and user.is_authenticated:
        holds = Q(mandate=None) | Q(mandate__in=valid_mandates().filter(agent=user))
        return drafts.filter(holds, user=user, firm=firm)
    return drafts.filter(user=None, owner_key=owner_key) if owner_key else drafts.none()


def open_draft(user, purpose: str, owner_key: str = "", firm=None, mandate=None) -> Draft | None:
    """The newest unsent draft for the same purpose, so that people go on where they stopped."""
    return drafts_of(user, owner_key, firm).filter(purpose=purpose, mandate=mandate).first()


def rescued_draft(draft: Draft, owner_key: str) -> Draft | None:
    """What this browser sent to `draft` after its session had ended."""
    if not owner_key:
        return None
    kept = Draft.objects.filter(user=None, owner_key=owner_key, purpose=f"{RESCUE}{draft.pk}")
    return (
        kept.filter(submitted_at=None, expires_at__gt=timezone.now())
        .order_by("-updated_at")
        .first()
    )


def draft_by_id(draft_id) -> Draft | None:
    """A draft whoever owns it: only to keep what a browser sends to it, never to show anything."""
    return _unsent().filter(pk=as_uuid(draft_id)).first()


def record_for(user, record_id) -> Record:
    """The record when the user may see it, else Http404."""
    records = Record.objects.select_related("napp_version__napp", "firm", "region")
    return get_or_404(user, "view", records, pk=as_uuid(record_id))


def records_with(kind: str, number: str) -> QuerySet[Record]:
    """Records that name this number anywhere; `kind` is citizen_number, mobile or credit_code."""
    if kind not in storage.BLIND_KINDS:
        raise ValueError(f"{kind} has no index")
    number = plain_mobile(number) if kind == "mobile" else number
    return Record.objects.filter(blind__contains={kind: [crypto.blind_index(number, kind)]})


def expired_drafts(now) -> QuerySet[Draft]:
    return Draft.objects.filter(submitted_at=None, expires_at__lte=now)


def facts_for(form, values: dict, *, actor, owner_key: str, subject, today: date) -> Facts:
    """Regions, files, departments and people named by the values. One query each, and none when
    none is named.
    """
    named: dict[str, set] = {kind: set() for kind in ("region", "file", "department", "person")}
    for question, value in named_values(form, values):
        kind, found = _names(question, value)
        if found:
            named[kind] |= found
    user = actor.user if actor is not None else None
    return Facts(
        today,
        region_facts(named["region"], today),
        _files(named["file"], actor, owner_key, subject),
        directory.departments_named(named["department"]),
        directory.people_named(named["person"], user, today),
        reference_now(today),
    )


def _names(question, value) -> tuple[str, set]:
    """What an answer names elsewhere: the kind of thing, and codes or ids."""
    if question.type in ("region", "department", "person"):
        return question.type, {value[:40]} if isinstance(value, str) and value else set()
    if question.type == "address" and isinstance(value, dict):
        code = value.get("region")
        return "region", {code[:12]} if isinstance(code, str) and code else set()
    if question.type == "signature" and isinstance(value, dict):
        return "file", {found for found in [as_uuid(value.get("file"))] if found}
    if question.type == "attachment" and isinstance(value, list):
        return "file", {found for found in map(as_uuid, value[:50]) if found}
    return "", set()


def region_facts(codes: set[str], today: date) -> dict[str, RegionFact]:
    """The divisions with these codes that are in force, by code; no query without codes."""
    if not codes:
        return {}
    wanted = in_force(Region.objects.filter(code__in=codes), today)
    return {
        one.code: RegionFact(one.code, one.name, one.level, one.path, one.name_en) for one in wanted
    }


def _files(ids: set, actor, owner_key: str, subject) -> dict[str, FileFact]:
    if not ids:
        return {}
    mine = Q(pk__in=[])
    if actor is not None and actor.user is not None:
        mine |= Q(subject_type="", owner=actor.user)
    if owner_key:
        mine |= Q(subject_type="", owner=None, owner_key=owner_key)
    record_id = subject.record_id if isinstance(subject, Draft) else getattr(subject, "pk", None)
    if record_id:
        mine |= Q(subject_type=RECORD, subject_id=str(record_id))
    return file_facts(StoredFile.objects.filter(mine, pk__in=ids))


def file_facts(files) -> dict[str, FileFact]:
    return {
        str(one.pk): FileFact(str(one.pk), one.name, one.size, one.content_type, one.state)
        for one in files
    }


def files_of(record: Record) -> dict[str, FileFact]:
    """The files that belong to a record, by id; no query when its form asks for none."""
    if all(question.type not in WITH_FILES for question in form_of(record).questions()):
        return {}
    return file_facts(StoredFile.objects.filter(subject_type=RECORD, subject_id=str(record.pk)))


def files_named(ids) -> dict[str, FileFact]:
    """Files by id, for answers whose reader was let in already; no query when there is none."""
    return file_facts(StoredFile.objects.filter(pk__in=list(ids))) if ids else {}


def defaults(form, today: date) -> dict:
    """The answers that the author gives a new draft, by field key."""
    return {
        question.key: default_day(question.default, today)
        if isinstance(question.default, str)
        else question.default
        for question in form.questions()
        if question.default is not None
    }


def sources_of(draft: Draft, values: dict) -> dict[str, dict]:
    """{field key: facts of its source} where the typed value is still the one that was filled in,
    or is contested.
    """
    if not draft.sources:
        return {}
    filled = filled_values(draft)
    return {
        key: facts
        for key, facts in draft.sources.items()
        if facts.get("contested") or same(values.get(key), filled.get(key))
    }


def as_uuid(text) -> uuid.UUID | None:
    """The id that `text` writes, or None when it is no id."""
    try:
        return text if isinstance(text, uuid.UUID) else uuid.UUID(str(text))
    except ValueError:
        return None


def revisions_of(record: Record) -> list[RecordRevision]:
    """What stood in a record before each correction, oldest first; read once for a record object,
    and no query when nothing was corrected.
    """
    if record.version == 1:
        return []
    if not hasattr(record, "_revisions"):
        record._revisions = list(record.revisions.select_related("actor").order_by("version"))
    return record._revisions


def names_of(ids) -> dict[int, str]:
    """The masked names of people, by id."""
    people = get_user_model().objects.filter(pk__in=[one for one in ids if one])
    return {one.pk: one.audit_label for one in people}


def contest_of(draft: Draft, field: str) -> ContestedValue | None:
    """What the person said about this field of a draft, if they did."""
    return ContestedValue.objects.filter(draft=draft, field=field).first()
