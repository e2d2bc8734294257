"""Import: a preview that writes nothing, and drafts that a second person publishes in one go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, Unusable
from platform_core.common.spreadsheets import MOST_BYTES
from security.audit.services import record_audit
from security.organs.models import Department

from . import selectors
from .checks import (
    check,
    code_problem,
    differences,
    implementing_code_problem,
    parent_problem,
)
from .elements import BASIC, ELEMENTS
from .models import BasicItem, Change, ImplementingItem, Upload, Version
from .services import open_change
from .sheets import CODE, READ_ONLY, columns, fixed_of, read

AT_A_TIME = 1000
KEPT = timedelta(days=1)


@dataclass
class Line:
    """One row of a file, judged. `errors` maps a column to what is wrong there."""

    number: int
    code: str
    elements: dict[str, str] = field(default_factory=dict)
    item: object = None
    errors: dict[str, list[str]] = field(default_factory=dict)
    changed: list = field(default_factory=list)

    @property
    def state(self) -> str:
        """ "wrong", "new", "changed" or "unchanged"."""
        if self.errors:
            return "wrong"
        if self.item is None or self.item.current is None:
            return "new"
        return "changed" if self.changed else "unchanged"


@dataclass
class Preview:
    """What an import would do."""

    kind: str
    lines: list[Line]

    def of(self, state: str) -> list[Line]:
        return [line for line in self.lines if line.state == state]

    @property
    def to_write(self) -> list[Line]:
        return [line for line in self.lines if line.state in {"new", "changed"}]


@dataclass
class Known:
    """What every row is judged against, read at once."""

    items: dict
    basic: dict
    organs: dict
    mine: set
    busy: set
    is_keeper: bool


def preview(*, actor, kind: str, file, name: str) -> Preview:
    """Judge every row of a file. Writes nothing. Raises Unusable at "file" or at cells that cannot
    be read.
    """
    sheet = read(kind, file, name)
    foreign = [title for title in sheet.headers if title not in columns(kind)]
    if foreign:
        message = _("These columns are not known: %(names)s.")
        raise Unusable({"file": [message % {"names": ", ".join(foreign)}]})
    codes = [_code(kind, row.cells) for row in sheet.rows]
    known = _known(actor.user, kind, codes)
    seen: dict[str, int] = {}
    lines = []
    for code, row in zip(codes, sheet.rows, strict=True):
        line = _judged(actor.user, kind, code, row, known)
        if code in seen:
            message = _("Row %(n)d has the same code.")
            line.errors[CODE[kind]] = [message % {"n": seen[code]}]
        seen.setdefault(code, row.number)
        lines.append(line)
    if kind == BASIC:
        _judge_parents(lines, known)
    return Preview(kind, lines)


def _judge_parents(lines: list[Line], known: Known) -> None:
    """A main item is in force already, or stands in the same file."""
    parents = known.basic | {line.code: line.elements["parent_code"] for line in lines}
    for line in lines:
        problem = parent_problem(line.code, line.elements["parent_code"], parents)
        if problem:
            line.errors.setdefault("parent_code", [problem])


def _code(kind: str, cells: dict[str, str]) -> str:
    return "".join(cells.get(CODE[kind], "").split()).upper()


def _known(user, kind: str, codes: list[str]) -> Known:
    model = selectors.ITEMS[kind]
    found = model.objects.filter(code__in=codes).select_related(*selectors.RELATED[kind])
    items = {item.code: item for item in found}
    mine = set(selectors.items_found(user, kind).values_list("pk", flat=True))
    opened = selectors.VERSIONS[kind].objects.filter(item__code__in=codes, state__in=selectors.OPEN)
    busy = set(opened.values_list("item__code", flat=True))
    basic, organs = {}, {}
    if kind == BASIC:
        in_force = BasicItem.objects.filter(current__isnull=False)
        basic = dict(in_force.values_list("code", "current__elements__parent_code"))
    else:
        basic = selectors.basic_items(code[19:] for code in codes)
        active = Department.objects.filter(is_active=True, credit_code__in={c[:18] for c in codes})
        for one in active.select_related("region"):
            organs.setdefault(one.credit_code, []).append(one)
    is_keeper = selectors.may_begin(user, kind)
    return Known(items, basic, organs, mine, busy, is_keeper)


def _judged(user, kind: str, code: str, row, known: Known) -> Line:
    item = known.items.get(code)
    line = Line(row.number, code, item=item)
    problem = _code_problem(user, kind, code, known)
    if problem:
        line.errors[CODE[kind]] = [problem]
    old = item.current.elements if item and item.current else {}
    # A column that the file does not have leaves what is in force.
    given = {key: row.cells.get(key, old.get(key, "")) for key in ELEMENTS[kind]}
    line.elements, errors = check(kind, given)
    line.errors |= errors
    if not problem:
        line.errors |= _fixed_errors(kind, code, item, row.cells, known)
    line.changed = differences(kind, old, line.elements)
    if code in known.busy and line.changed and not line.errors:
        line.errors[CODE[kind]] = [_("A change of this item waits already.")]
    return line


def _code_problem(user, kind: str, code: str, known: Known) -> str:
    problem = code_problem(code) if kind == BASIC else implementing_code_problem(code)
    if problem:
        return problem
    item = known.items.get(code)
    if item is not None:
        mine = known.is_keeper if kind == BASIC else item.pk in known.mine
        return "" if mine else _("This item is looked after by another organ.")
    if kind == BASIC:
        return "" if known.is_keeper else _("You may not add items to the basic catalogue.")
    if code[19:] not in known.basic:
        message = _("The basic catalogue has no item %(code)s in force.")
        return message % {"code": code[19:]}
    organs = known.organs.get(code[:18], [])
    if len(organs) != 1:
        return _("No organ has the credit code %(code)s.") % {"code": code[:18]}
    return "" if selectors.may_implement(user, organs[0]) else _("This organ is not yours.")


def _fixed_errors(kind: str, code: str, item, cells: dict, known: Known) -> dict:
    """What a row says otherwise than the basic item (四级四同)."""
    shell = item or _shell(kind, code, known)
    fixed = fixed_of(kind, shell)
    message = _("This comes from the basic item: “%(value)s”. It cannot be changed here.")
    return {
        key: [message % {"value": fixed[key]}]
        for key in READ_ONLY[kind]
        if cells.get(key) and cells[key] != fixed[key]
    }


def _shell(kind: str, code: str, known: Known):
    """An item that is not yet saved."""
    if kind == BASIC:
        return BasicItem(code=code)
    return ImplementingItem(
        code=code, basic=known.basic[code[19:]], department=known.organs[code[:18]][0]
    )


@transaction.atomic
def keep_upload(*, actor, kind: str, file, name: str) -> Upload:
    """Keep a file for its preview; files older than a day are deleted. Raises Unusable at "file" or
    at cells that cannot be read.
    """
    content = file.read(MOST_BYTES + 1)
    preview(actor=actor, kind=kind, file=BytesIO(content), name=name)
    Upload.objects.filter(made_at__lt=timezone.now() - KEPT).delete()
    kept = Upload.objects.create(kind=kind, name=name[-200:], content=content, made_by=actor.user)
    record_audit(actor=actor, verb="catalogue.upload", obj=kept)
    return kept


@transaction.atomic
def discard_upload(*, actor, upload: Upload) -> None:
    """Throw a file away."""
    record_audit(actor=actor, verb="catalogue.discard_upload", obj=upload)
    upload.delete()


@transaction.atomic
def take_in(
    *, actor, found: Preview, why: str, only_right: bool = False, upload: Upload | None = None
) -> Change:
    """Propose what a preview found, as one change. Raises Unusable with the errors by row and
    column, unless `only_right` takes the other rows; at "file" when nothing is left. The `upload`
    it came in is done with.
    """
    wrong = found.of("wrong")
    if wrong and not only_right:
        raise Unusable(dict(_cells(wrong)))
    lines = found.to_write
    if not lines:
        raise Unusable({"file": [_("Nothing in the file differs from what is in force.")]})
    change = open_change(actor=actor, why=why)
    items = _begun(actor, found.kind, lines)
    model = selectors.VERSIONS[found.kind]
    last = dict(
        model.objects.filter(item__in=[one.pk for one in items.values()])
        .values("item")
        .annotate(last=Max("number"))
        .values_list("item", "last")
    )
    versions = [
        model(
            item=items[line.code],
            number=last.get(items[line.code].pk, 0) + 1,
            elements=line.elements,
            state=Version.State.PROPOSED,
            made_by=actor.user,
            change=change,
        )
        for line in lines
    ]
    model.objects.bulk_create(versions, batch_size=AT_A_TIME)
    after = {"rows": len(lines), "left_out": len(wrong)}
    record_audit(actor=actor, verb="catalogue.import", obj=change, after=after)
    if upload is not None:
        upload.delete()
    return change


def _cells(lines: list[Line]) -> Iterator[tuple[str, list[str]]]:
    for line in lines:
        for key, said in line.errors.items():
            yield f"{line.number}.{key}", said


def _begun(actor, kind: str, lines: list[Line]) -> dict:
    """The items of the lines by code; new ones are made."""
    model = selectors.ITEMS[kind]
    codes = [line.code for line in lines]
    known = {one.code: one for one in model.objects.select_for_update().filter(code__in=codes)}
    model_of_versions = selectors.VERSIONS[kind]
    opened = model_of_versions.objects.filter(item__code__in=codes, state__in=selectors.OPEN)
    if opened.exists():
        raise Conflict(_("Somebody changed one of these items meanwhile. Look at the file again."))
    fresh = [code for code in codes if code not in known]
    if fresh:
        facts = _known(actor.user, kind, fresh)
        model.objects.bulk_create(
            [_shell(kind, code, facts) for code in fresh], batch_size=AT_A_TIME
        )
        known |= {one.code: one for one in model.objects.filter(code__in=fresh)}
    return known
