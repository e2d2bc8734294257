"""What need not be asked: values inside their validity, for the same organ and period."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from .models import ReportValue


def have_already(organs, versions, period: str, today=None) -> dict[tuple[int, int], ReportValue]:
    """{(organ's id, field's id): the newest value that counts}. One query.

    A value counts when it was given under the same sense of the field, has not expired, and is of
    the same period, unless the field does not belong to a period.
    """
    today = today or timezone.localdate()
    wanted = Q(pk__in=[])
    for version in versions:
        same = Q(version__field=version.field_id, version__sense=version.sense)
        wanted |= same & Q(period=period) if version.is_of_period else same
    values = ReportValue.objects.filter(
        wanted, department__in=[organ.pk for organ in organs], valid_until__gte=today
    ).select_related("version", "filling__campaign", "filled_by")
    newest = values.order_by("department_id", "version__field_id", "-at", "-turn")
    found = newest.distinct("department_id", "version__field_id")
    return {(value.department_id, value.version.field_id): value for value in found}


def outdated(organs, versions, period: str) -> set[tuple[int, int]]:
    """(organ's id, field's id) of which there are values under another sense only: the definition
    changed since, so they are asked anew and the page says why.
    """
    wanted = Q(pk__in=[])
    for version in versions:
        other = Q(version__field=version.field_id) & ~Q(version__sense=version.sense)
        wanted |= other & Q(period=period) if version.is_of_period else other
    values = ReportValue.objects.filter(
        wanted,
        department__in=[organ.pk for organ in organs],
        valid_until__gte=timezone.localdate(),
    )
    return set(values.values_list("department", "version__field"))
