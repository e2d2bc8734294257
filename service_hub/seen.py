"""Who looked at a person's data: reads of officials from the audit trail, in words for that
person.
"""

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from security.accounts.models import User
from security.audit.models import AuditEntry
from service_hub.cases.models import Case
from service_hub.cases.people import officer_name

LABEL = Case._meta.label_lower
LOOKS = ("case.read", "case.unmask")
MOST = 20


def who_looked(case: Case) -> list[dict]:
    """Officials who opened a case, newest first: {who, what, at}; each person once a day and
    act.
    """
    return _lines(AuditEntry.objects.filter(object_type=LABEL, object_id=str(case.pk)))


def looks_at_person(user, firm=None) -> list[dict]:
    """Officials who opened any of the person's cases, newest first."""
    mine = (
        Case.objects.filter(firm=firm) if firm else Case.objects.filter(applicant=user, firm=None)
    )
    keys = [str(pk) for pk in mine.order_by("-submitted_at").values_list("pk", flat=True)[:500]]
    return _lines(AuditEntry.objects.filter(object_type=LABEL, object_id__in=keys))


def looks_of(user, firm=None) -> QuerySet[AuditEntry]:
    """Every entry of an official opening one of the person's cases, newest first."""
    mine = (
        Case.objects.filter(firm=firm) if firm else Case.objects.filter(applicant=user, firm=None)
    )
    keys = mine.annotate(key=Cast("pk", CharField())).values("key")
    found = AuditEntry.objects.filter(object_type=LABEL, object_id__in=keys, verb__in=LOOKS)
    return found.exclude(actor=user).select_related("actor").order_by("-id")


def look_lines(entries) -> list[dict]:
    """Each look in words, with the case it was about: {id, who, what, as, at, reason, case}."""
    entries = list(entries)
    cases = Case.objects.select_related("item").in_bulk([one.object_id for one in entries])
    known = {str(key): case for key, case in cases.items()}
    words = _words()
    return [
        {
            "id": one.pk,
            "who": officer_name(one.actor),
            "as": _organ(one),
            "what": words[one.verb],
            "at": one.at,
            "reason": (one.after or {}).get("reason", ""),
            "case": known.get(one.object_id),
        }
        for one in entries
    ]


def _organ(entry: AuditEntry) -> str:
    """In whose name somebody looked; "" where the trail only knows what kind of account it was."""
    return "" if entry.acting_as in User.Kind.values else entry.acting_as


def _words() -> dict[str, str]:
    return {"case.read": _("opened the application"), "case.unmask": _("looked at hidden details")}


def _lines(entries) -> list[dict]:
    words = _words()
    found: dict[tuple, dict] = {}
    for entry in entries.filter(verb__in=LOOKS).select_related("actor").order_by("-id")[: MOST * 5]:
        key = (entry.actor_id, entry.verb, entry.object_id, entry.at.date())
        found.setdefault(
            key,
            {
                "who": officer_name(entry.actor),
                "what": words[entry.verb],
                "at": entry.at,
                "as": _organ(entry),
            },
        )
    return list(found.values())[:MOST]
