"""What is written about dashboards: who took figures out of the platform."""

from __future__ import annotations

from django.db import transaction

from security.actors import Actor
from security.audit.services import record_audit

from .policies import Scope


@transaction.atomic
def note_export(*, actor: Actor, scope: Scope, table: str, ending: str) -> None:
    """Figures with people's names left as a file or as data: the trail knows, and in whose name a
    deputy took them.
    """
    after = {"table": table, "as": ending}
    if scope.stands_in:
        after["on_behalf_of"] = scope.stands_in.principal.pk
    record_audit(actor=actor, verb="dashboard.export", obj=scope.unit, after=after)
