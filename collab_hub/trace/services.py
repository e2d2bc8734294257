"""The auditor's search, which stands in the audit trail itself."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from platform_core.common.errors import NotAllowed
from platform_core.common.trace import traceable_kinds
from security.access.policies import is_auditor
from security.audit.models import AuditEntry
from security.audit.selectors import entries
from security.audit.services import record_audit


@transaction.atomic
def search_trail(
    *,
    actor,
    who: str = "",
    organ: str = "",
    kind: str = "",
    verb: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[AuditEntry]:
    """The entries of the audit trail that fit, newest first, for an auditor; that they looked, and
    for what, is written down for every page they read.

    `kind` is the key of a traceable kind, `who` a part of a name, `organ` the beginning of an
    organ's name, `verb` the beginning of what was done. Raises NotAllowed for everybody else.
    """
    if not is_auditor(actor.user):
        raise NotAllowed(_("Only an auditor searches all histories."))
    types = next((one.audited_types for one in traceable_kinds() if one.key == kind), ())
    asked = {
        "who": who, "organ": organ, "kind": kind, "verb": verb,
        "since": since and since.isoformat(), "until": until and until.isoformat(),
    }  # fmt: skip
    record_audit(
        actor=actor, verb="trace.search", obj=("trace", "", ""),
        after={key: value for key, value in asked.items() if value},
    )  # fmt: skip
    return entries(
        actor.user, who=who, organ=organ, object_types=types, verb=verb, since=since, until=until
    )
