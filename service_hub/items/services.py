"""Writes of service items: publication from a manifest, suspension."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict
from security.audit.services import record_audit
from service_hub.catalogue.suspension import checked, covers

from .models import ServiceItem
from .schema import Service
from .telling import tell_those_with_drafts

SUSPENSION = ["state", "notice", "suspended_from", "suspended_until"]


@transaction.atomic
def publish_services(*, actor, napp_version, services: list[Service]) -> None:
    """Make the items of `napp_version` the ones people see; items it no longer names are
    cancelled. A suspended item stays suspended, whatever version describes it.
    """
    kept = ServiceItem.objects.filter(
        napp=napp_version.napp, state=ServiceItem.State.SUSPENDED
    ).values_list("key", flat=True)
    suspended = set(kept)
    for service in services:
        ServiceItem.objects.update_or_create(
            napp=napp_version.napp,
            key=service.key,
            defaults={
                "napp_version": napp_version,
                "basic_code": service.basic_code,
                "code_digit": service.code_digit,
                "item_type": service.item_type,
                "title": service.title.model_dump(),
                "summary": service.summary.model_dump(),
                "keywords": service.keywords,
                "icon": service.icon,
                "theme": service.theme,
                "audience": service.audience,
                "department_kind": service.department_kind,
                "guide": service.guide.model_dump(),
                "form_key": service.form,
                "process_key": service.process,
                "region_field": service.region_field or "",
                "contact_field": service.contact_field or "",
                "result": service.result.model_dump() if service.result else None,
                "visits": service.guide.visits,
                "minutes": service.guide.minutes,
                "is_anonymous_allowed": service.anonymous_allowed,
                "promise_days": service.promise_days,
                "legal_days": service.legal_days,
                "state": ServiceItem.State.SUSPENDED
                if service.key in suspended
                else ServiceItem.State.IN_USE,
            },
        )
    gone = ServiceItem.objects.filter(napp=napp_version.napp).exclude(
        key__in=[s.key for s in services]
    )
    gone.update(state=ServiceItem.State.CANCELLED, notice=None)


@transaction.atomic
def suspend_item(
    *,
    actor,
    item: ServiceItem,
    notice: dict[str, str],
    start_on: date | None = None,
    end_on: date | None = None,
) -> ServiceItem:
    """Take an item out of use for new cases from `start_on` (default: now) to `end_on` (default:
    until further notice); its guide shows `notice` ({"zh", "en"}). Running cases go on, drafts
    stay, and whoever has one is told.

    Raises Unusable without words in both languages or with days in the wrong order, Conflict
    unless it is in use.
    """
    today = timezone.localdate()
    notice = checked(notice, start_on, end_on, today)
    item = ServiceItem.objects.select_for_update().get(pk=item.pk)
    is_over = item.state == ServiceItem.State.SUSPENDED and not covers(item, today)
    if item.state != ServiceItem.State.IN_USE and not is_over:
        raise Conflict(_("The service item is not in this state any more."))
    before = item.state
    item.state, item.notice = ServiceItem.State.SUSPENDED, notice
    item.suspended_from, item.suspended_until = start_on, end_on
    item.save(update_fields=SUSPENSION)
    days = {"from": str(start_on or today), "until": str(end_on or "")}
    record_audit(
        actor=actor, verb="item.suspended", obj=item, before={"state": before},
        after={"state": item.state, "notice": notice} | days,
    )  # fmt: skip
    tell_those_with_drafts(actor=actor, item=item)
    return item


@transaction.atomic
def resume_item(*, actor, item: ServiceItem) -> ServiceItem:
    """Take new cases for a suspended item again. Raises Conflict unless it is suspended."""
    item = ServiceItem.objects.select_for_update().get(pk=item.pk)
    if item.state != ServiceItem.State.SUSPENDED:
        raise Conflict(_("The service item is not in this state any more."))
    before = {"state": item.state}
    item.state, item.notice = ServiceItem.State.IN_USE, None
    item.suspended_from = item.suspended_until = None
    item.save(update_fields=SUSPENSION)
    record_audit(
        actor=actor, verb="item.resumed", obj=item, before=before, after={"state": item.state}
    )
    return item
