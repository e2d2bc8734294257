"""The only way to write the audit trail: one row in the transaction of what it records."""

from __future__ import annotations

from django.db import models, transaction

from security.actors import Actor
from security.identifiers import mask_numbers

from .masking import changed_only, safe_facts
from .models import AuditEntry
from .writing import write


@transaction.atomic(savepoint=False)
def record_audit(
    *, actor: Actor, verb: str, obj=None, before=None, after=None, result: str = "ok"
) -> AuditEntry:
    """Write who, as whom, did what, on what, from where, with what before and after.

    `obj` is a saved model instance, or a (type, id, label) triple for what is no row. `before`
    and `after` map field names to plain values; fields declared sensitive are written as
    "changed" and personal ones masked, so the trail holds nothing that its readers may not see.
    When both are given, only what differs is kept. Call it inside the service's transaction: it
    rolls back with the deed.
    """
    kind, identifier, label, model = _named(obj)
    before, after = changed_only(before, after)
    entry = AuditEntry(
        actor=actor.user,
        actor_name=actor.name[:150],
        acting_as=_acting_as(actor)[:200],
        verb=verb,
        object_type=kind,
        object_id=identifier,
        object_label=label[:200],
        before=safe_facts(before, model),
        after=safe_facts(after, model),
        result=result,
        ip=actor.ip,
        channel=actor.channel,
        request_id=actor.request_id[:64],
    )
    write(entry)
    return entry


@transaction.atomic(savepoint=False)
def record_read(*, actor: Actor, obj, fields: list[str], reason: str = "") -> AuditEntry:
    """Record that somebody read sensitive fields of `obj` unmasked: which fields, never their
    values.
    """
    facts = {"fields": sorted(fields)} | ({"reason": reason} if reason else {})
    return record_audit(actor=actor, verb="read", obj=obj, after=facts)


@transaction.atomic(savepoint=False)
def record_refusal(*, actor: Actor, verb: str, obj=None, reason: str = "") -> AuditEntry:
    """Record that something was tried and refused.

    Call it outside a transaction that rolls back.
    """
    return record_audit(
        actor=actor,
        verb=verb,
        obj=obj,
        after={"reason": reason} if reason else None,
        result="refused",
    )


@transaction.atomic
def save_audited(*, actor: Actor, obj, changed: list[str], is_new: bool, before: dict) -> None:
    """Save a row that was edited in the admin site, and record the fields named in `changed`."""
    obj.save()
    many = {field.name for field in obj._meta.many_to_many}
    fields = [name for name in changed if name not in many and hasattr(obj, name)]
    record_audit(
        actor=actor,
        verb="admin.add" if is_new else "admin.change",
        obj=obj,
        before=None if is_new else {name: before.get(name) for name in fields},
        after={name: getattr(obj, name) for name in fields},
    )


def _named(obj) -> tuple[str, str, str, type | None]:
    if obj is None:
        return "", "", "", None
    if isinstance(obj, models.Model):
        return obj._meta.label_lower, str(obj.pk), _label(obj), type(obj)
    kind, identifier, label = obj
    return str(kind), str(identifier), str(label), None


def _label(obj) -> str:
    """What readers of the trail see of a row; models about people give a masked `audit_label`."""
    return mask_numbers(str(getattr(obj, "audit_label", None) or obj))


def _acting_as(actor: Actor) -> str:
    if actor.is_system:
        return "system"
    if actor.firm:
        return actor.firm.name
    if actor.mandate:
        return f"for {actor.mandate.principal.audit_label}"
    if actor.post:
        return f"{actor.post.department} · {actor.post.title}"
    return actor.user.kind if actor.user else "anonymous"
