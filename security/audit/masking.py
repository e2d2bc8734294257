"""Makes facts fit for the audit trail: nothing sensitive, personal values masked, all JSON."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal

from django.db import models

from security import identifiers
from security.privacy import declared_fields

CHANGED = "changed"


def changed_only(before: dict | None, after: dict | None) -> tuple[dict | None, dict | None]:
    """Both dicts without the entries that are equal in both."""
    if not before or not after:
        return before, after
    same = {key for key in before.keys() & after.keys() if before[key] == after[key]}
    return (
        {key: value for key, value in before.items() if key not in same},
        {key: value for key, value in after.items() if key not in same},
    )


def safe_facts(facts: dict | None, model: type | None) -> dict | None:
    """`facts` with sensitive values replaced and personal ones masked, as the model declares."""
    if facts is None:
        return None
    classes = declared_fields(model) if model else {}
    return {str(key): _safe(value, classes.get(key, "internal")) for key, value in facts.items()}


def _safe(value, data_class: str):
    if value is None or value == "":
        return value
    if data_class == "sensitive":
        return CHANGED
    if data_class == "personal":
        return _masked(value)
    return _plain(value)


def _masked(value):
    if isinstance(value, bool | int | float | Decimal | date | datetime | uuid.UUID | models.Model):
        return _plain(value)
    text = str(value)
    if "@" in text:
        local, _at, host = text.partition("@")
        return f"{local[:1]}***@{host}"
    if identifiers.is_credit_code(text):
        return identifiers.mask_credit_code(text)
    return identifiers.mask_name(text)


def _plain(value):
    """JSON for anything a service hands over; numbers that identify people are masked wherever
    they stand.
    """
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, models.QuerySet):
        return sorted(str(row.pk) for row in value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return identifiers.mask_numbers(str(value))
