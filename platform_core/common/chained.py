"""A log whose lines hold one another: each carries the digest of the one before it, so that a line
which was changed, left out or put in afterwards is found by whoever reads the log.

Whoever inherits names the thing that the log is about and keeps `seq` unique for it. Lines are
added by `add_line`, in the transaction of the deed and with the thing's row locked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime

import pgtrigger
from django.conf import settings
from django.db import models


class ChainedLine(models.Model):
    """Who did what at which organ, in order (`seq` from 1). Append-only.

    `kind` is the deed's key, `note` what was said, `facts` what changed, as plain JSON values.
    """

    seq = models.PositiveIntegerField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    organ = models.ForeignKey(
        "security.Department", on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    note = models.TextField(blank=True)
    facts = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        abstract = True
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]


def digest_of(line: ChainedLine, thing: object) -> str:
    """SHA-256, in hexadecimal, over what the line says, its place and its predecessor."""
    said = [
        str(thing), line.seq, line.actor_id, line.organ_id,
        line.at.astimezone(UTC).isoformat(timespec="microseconds"),
        line.kind, line.note, line.facts, line.previous,
    ]  # fmt: skip
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def add_line(
    lines: models.Manager,
    *,
    kind: str,
    actor=None,
    organ=None,
    at: datetime,
    note: str = "",
    facts: dict | None = None,
) -> ChainedLine:
    """Add the next line to the log `lines`, the related manager of the thing (`item.lines`).

    `actor` and `organ` are rows or None. The caller holds the thing's row lock.
    """
    last = lines.order_by("-seq").first()
    line = lines.model(
        **{lines.field.name: lines.instance},
        seq=last.seq + 1 if last else 1,
        actor=actor,
        organ=organ,
        at=at,
        kind=kind,
        note=note,
        facts=facts or {},
        previous=last.digest if last else "",
    )
    line.digest = digest_of(line, lines.instance.pk)
    line.save(force_insert=True)
    return line


def broken_at(lines: Iterable[ChainedLine], thing: object) -> int | None:
    """The number of the first line that does not fit the ones before it; None when all do.

    `lines` in order of `seq`, all of them. Lines that were cut off at the end are not found here:
    keep the last digest somewhere else, as in the audit trail.
    """
    previous = ""
    for place, line in enumerate(lines, 1):
        fits = line.seq == place and line.previous == previous
        if not fits or line.digest != digest_of(line, thing):
            return place
        previous = line.digest
    return None
