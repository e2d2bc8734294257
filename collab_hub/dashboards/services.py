"""What is written about dashboards: who took figures out of the platform."""

from __future__ import annotations

from django.db import transaction

from security.actors import Actor
from security.audit.services import record_audit
from security.organs.models import Department


@transaction.atomic
def note_export(*, actor: Actor, unit: Department | None, table: str, ending: str) -> None:
    """Figures with people's names left as a file: the trail knows."""
    record_audit(
        actor=actor, verb="dashboard.export", obj=unit, after={"table": table, "as": ending}
    )
