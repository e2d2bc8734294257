"""One history for each thing (全流程可追溯): who, as whom, when, what, from where, what changed.

A module says once, in its `registrations.py`, how the history of its things is read:

    register_traceable(Traceable(
        "case", _("Case"), icon="file-text", audited_types=("service_hub.case",),
        find=found_cases,      (user, text) -> [Ref]: what the user may read; "" gives the newest
        load=case_of,          (user, object_id) -> the thing, or Http404
        name=name_of,          (thing) -> Ref
        objects=objects_of,    (thing) -> [(audited type, id)]: itself and its parts; unsaid: itself
        own=lines_of,          (thing) -> [Entry]: its own log, events, revisions
    ))

`history_for` puts the module's own lines and the rows of the audit trail together: one deed that
stands in both becomes one entry, with the words of the one and the origin of the other. Everything
that names a citizen, and the address that somebody used, is masked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from ipaddress import ip_address

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from platform_core.common.i18n import pick
from security.access import visible_to
from security.access.policies import is_auditor
from security.audit.models import AuditEntry
from security.audit.selectors import entries_about
from security.identifiers import mask_name, mask_numbers

# The module's line and the audit row of one deed are written in the same transaction.
SAME_DEED = timedelta(seconds=2)
MOST_FOUND = 20
LONGEST_VALUE = 300


@dataclass(frozen=True)
class Change:
    """A field of the thing: what stood there, what stands there now, both as texts."""

    field: str
    old: str
    new: str


@dataclass(frozen=True)
class About:
    """Another thing that an entry leads to: its kind and key; what it is called is filled in for
    whoever may read it.
    """

    kind: str
    object_id: str
    title: object = ""


@dataclass(frozen=True)
class Entry:
    """One thing that happened.

    `what` says it in the reader's language, `verb` is its key; `key` names the entry for good, or
    the deed when the audit row carries the same one; `ip` is masked; `about` is another thing that
    it began, ended or belongs to.
    """

    at: datetime
    what: str
    verb: str = ""
    who: str = ""
    acting_as: str = ""
    note: str = ""
    channel: str = ""
    ip: str = ""
    changes: tuple[Change, ...] = ()
    result: str = "ok"
    key: str = ""
    actor_id: int | None = None
    about: About | None = None


@dataclass(frozen=True)
class Ref:
    """A thing that has a history: its key, what it is called, its number, its own page."""

    object_id: str
    title: object
    number: str = ""
    url: str = ""


@dataclass(frozen=True)
class Traceable:
    """How the things of one kind are found, opened and read; see the head of this file."""

    key: str
    title: object
    icon: str
    audited_types: tuple[str, ...]
    find: Callable
    load: Callable
    name: Callable
    objects: Callable | None = None
    own: Callable = field(default=lambda thing: [])

    def audited(self, thing) -> list[tuple[str, str]]:
        """Whose rows of the audit trail belong to a thing."""
        return self.objects(thing) if self.objects else [(self.audited_types[0], str(thing.pk))]


@dataclass(frozen=True)
class History:
    """The merged history of one thing, oldest first."""

    kind: str
    kind_title: object
    object_id: str
    title: object
    number: str
    url: str
    entries: list[Entry]


def from_log(
    line, kind: str, words: dict, *, acting_as: str, note: str, changes=(), about=None
) -> Entry:
    """A line of a thing's own chained log (platform_core/common/chained.py) as an entry; `words`
    say what the kinds of lines mean.
    """
    return Entry(
        at=line.at,
        what=str(words.get(line.kind, line.kind)),
        verb=f"{kind}.{line.kind}",
        who=shown_name(line.actor),
        acting_as=acting_as,
        note=note,
        changes=tuple(changes),
        key=line.digest,
        actor_id=line.actor_id,
        about=about,
    )


_kinds: dict[str, Traceable] = {}
_words: dict[str, object] = {}


def register_traceable(kind: Traceable) -> None:
    """Make the things of a kind traceable; registered again under the same key, the last counts."""
    _kinds[kind.key] = kind


def register_deeds(words: dict[str, object]) -> None:
    """Say what verbs of the audit trail mean: {"case.file": lazily translated words}."""
    _words.update(words)


def traceable_kinds() -> list[Traceable]:
    """Every kind, by key."""
    return [_kinds[key] for key in sorted(_kinds)]


def kind_of_audited(object_type: str) -> Traceable | None:
    """The kind whose own page an audited type leads to: the first of its audited types."""
    return next((one for one in _kinds.values() if one.audited_types[:1] == (object_type,)), None)


def may_open(user, object_type: str, object_id: str) -> bool:
    """Whether `user` may read a thing that another one grew out of, so that a link leads somewhere.
    True for what has no history of its own, as parts of other things: nothing is known of them.
    """
    kind = kind_of_audited(object_type.lower())
    if kind is None:
        return True
    try:
        kind.load(user, object_id)
    except Http404:
        return False
    return True


def found(user, kind: str, text: str = "") -> list[Ref]:
    """Things of a kind that `user` may read, by number or name; without a text the newest."""
    known = _kinds.get(kind)
    return list(known.find(user, text.strip()))[:MOST_FOUND] if known else []


def readable(user, verb: str, rows: QuerySet) -> QuerySet:
    """The rows whose history `user` may read: those on which they may do `verb`; auditors all."""
    return rows if is_auditor(user) else visible_to(user, verb, rows)


def one_of(rows: QuerySet, object_id: str):
    """The row with this key, or Http404, also for what is no key at all."""
    try:
        return rows.get(pk=object_id)
    except (rows.model.DoesNotExist, ValidationError, ValueError):
        raise Http404 from None


def history_for(user, kind: str, object_id: str) -> History:
    """The history of a thing, or Http404 when `user` may not read it. Four queries besides those of
    the module, and those that open each other thing it leads to.
    """
    known = _kinds.get(kind)
    if known is None:
        raise Http404
    thing = known.load(user, object_id)
    named = known.name(thing)
    entries = merged(known.own(thing), entries_about(known.audited(thing)))
    entries = _leading(user, entries, {(kind, named.object_id): None})
    return History(
        kind, known.title, named.object_id, named.title, named.number, named.url, entries
    )


def _leading(user, entries: list[Entry], known: dict) -> list[Entry]:
    """The entries, leading only to what `user` may read; `known` is {(kind, id): About or None}."""
    led = []
    for entry in entries:
        if entry.about is not None:
            key = (entry.about.kind, entry.about.object_id)
            if key not in known:
                known[key] = _opened(user, entry.about)
            entry = replace(entry, about=known[key])
        led.append(entry)
    return led


def _opened(user, about: About) -> About | None:
    """The thing with its name, None when the user may not read it."""
    kind = _kinds.get(about.kind)
    if kind is None:
        return None
    try:
        named = kind.name(kind.load(user, about.object_id))
    except Http404:
        return None
    title = " \u00b7 ".join(filter(None, [pick(named.title), named.number]))
    return replace(about, title=title)


def merged(own: list[Entry], audited: list[AuditEntry]) -> list[Entry]:
    """The module's lines and the audit rows in one order; what stands in both stands once."""
    rows = [(row, from_audit(row)) for row in audited]
    taken: set[int] = set()
    lines = []
    for line in own:
        twin = _twin(line, rows, taken)
        if twin is None:
            lines.append(replace(line, note=mask_numbers(line.note)))
            continue
        place, entry = twin
        taken.add(place)
        lines.append(_together(line, entry))
    lines += [entry for place, (_row, entry) in enumerate(rows) if place not in taken]
    return sorted(lines, key=lambda entry: entry.at)


def _twin(line: Entry, rows: list, taken: set[int]) -> tuple[int, Entry] | None:
    """The audit row of the same deed: the one that carries the line's key, else one of the same
    person within two seconds, of the same verb if there is one, then the nearest. What was refused
    did not happen and is nobody's twin.
    """
    free = [
        (place, both)
        for place, both in enumerate(rows)
        if place not in taken and both[0].result == "ok"
    ]
    if line.key:
        kept = mask_numbers(line.key)
        for place, (row, entry) in free:
            if (row.after or {}).get("digest") == kept:
                return place, entry
    near = [
        (row.verb != line.verb, abs(entry.at - line.at), place, entry)
        for place, (row, entry) in free
        if row.actor_id == line.actor_id
        and "digest" not in (row.after or {})
        and abs(entry.at - line.at) <= SAME_DEED
    ]
    if not near:
        return None
    _other, _gap, place, entry = min(near, key=lambda one: one[:3])
    return place, entry


def _together(line: Entry, audited: Entry) -> Entry:
    return replace(
        line,
        note=mask_numbers(line.note),
        who=line.who or audited.who,
        acting_as=line.acting_as or audited.acting_as,
        channel=audited.channel,
        ip=audited.ip,
        verb=line.verb or audited.verb,
        changes=line.changes or audited.changes,
        key=line.key or audited.key,
    )


def from_audit(row: AuditEntry) -> Entry:
    """An audit row as an entry; its values were masked when it was written."""
    return Entry(
        at=row.at,
        what=_words.get(row.verb, row.verb),
        verb=row.verb,
        who=shown_name(row.actor, row.actor_name),
        acting_as=row.acting_as,
        channel=row.channel,
        ip=mask_ip(row.ip),
        changes=changes_of(row.before, row.after),
        result=row.result,
        key=f"audit-{row.pk}",
        actor_id=row.actor_id,
    )


def changes_of(before: dict | None, after: dict | None) -> tuple[Change, ...]:
    """What differs between two sets of facts, by field; absent is empty."""
    before, after = before or {}, after or {}
    found = []
    for name in sorted(before.keys() | after.keys()):
        old, new = _shown(before.get(name)), _shown(after.get(name))
        if name != "digest" and old != new:
            found.append(Change(name, old, new))
    return tuple(found)


def _shown(value) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(_shown(one) for one in value)[:LONGEST_VALUE]
    if isinstance(value, dict):
        if value.keys() & {"zh", "en"}:
            return pick(value)[:LONGEST_VALUE]
        return "; ".join(f"{key}: {_shown(one)}" for key, one in value.items())[:LONGEST_VALUE]
    return mask_numbers(str(value))[:LONGEST_VALUE]


def shown_name(person, name: str = "") -> str:
    """How a doer is named: officials in full, everybody else masked; "" for nobody."""
    if person is None:
        return name
    name = name or person.name or person.username
    return mask_name(name) if person.kind == person.Kind.CITIZEN else name


def mask_ip(address) -> str:
    """The network of an address, not the machine: 10.1.2.*, 2001:db8:*; "" for none."""
    if not address:
        return ""
    found = ip_address(str(address))
    if found.version == 4:
        return ".".join(str(found).split(".")[:3]) + ".*"
    return ":".join(found.exploded.split(":")[:3]) + ":*"


def state_after(entries: list[Entry], count: int) -> dict[str, str]:
    """The fields of the thing after its first `count` entries, by folding their changes; a field
    that an entry empties is left out. What was there before the first entry is not known.
    """
    state: dict[str, str] = {}
    for entry in entries[: max(count, 0)]:
        if entry.result != "ok":
            continue
        for change in entry.changes:
            state.pop(change.field, None)
            if change.new:
                state[change.field] = change.new
    return state
