"""Writes of service items: publication from a manifest, suspension."""

from django.db import transaction

from security.audit.services import record_audit

from .models import ServiceItem
from .schema import Service
from .search import all_grams


def _searchable(service: Service) -> list[str]:
    return [
        service.title.zh,
        service.title.en,
        service.summary.zh,
        service.summary.en,
        *service.keywords,
    ]


@transaction.atomic
def publish_services(*, actor, napp_version, services: list[Service]) -> None:
    """Make the items of `napp_version` the ones people see; items it no longer names are
    cancelled.
    """
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
                "state": ServiceItem.State.IN_USE,
                "grams": all_grams(_searchable(service)),
            },
        )
    gone = ServiceItem.objects.filter(napp=napp_version.napp).exclude(
        key__in=[s.key for s in services]
    )
    gone.update(state=ServiceItem.State.CANCELLED)


@transaction.atomic
def suspend_item(*, actor, item: ServiceItem, is_suspended: bool) -> ServiceItem:
    """Take an item out of use for new cases, or back into use; running cases go on."""
    item = ServiceItem.objects.select_for_update().get(pk=item.pk)
    before = item.state
    item.state = ServiceItem.State.SUSPENDED if is_suspended else ServiceItem.State.IN_USE
    item.save(update_fields=["state"])
    record_audit(
        actor=actor,
        verb="item.suspended",
        obj=item,
        before={"state": before},
        after={"state": item.state},
    )
    return item
