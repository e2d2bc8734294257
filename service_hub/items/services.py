"""Writes of service items: publication from a manifest, suspension."""

from django.db import transaction
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, Unusable
from security.audit.services import record_audit

from .models import ServiceItem
from .schema import Service


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
def suspend_item(*, actor, item: ServiceItem, notice: dict[str, str]) -> ServiceItem:
    """Take an item out of use for new cases; its guide shows `notice` ({"zh", "en"}). Running
    cases go on. Raises Unusable without words in both languages, Conflict unless it is in use.
    """
    notice = {language: (notice.get(language) or "").strip() for language in ("zh", "en")}
    missing = {key: [_("Say it in both languages.")] for key, said in notice.items() if not said}
    if missing:
        raise Unusable(missing)
    return _move(actor, item, ServiceItem.State.IN_USE, ServiceItem.State.SUSPENDED, notice)


@transaction.atomic
def resume_item(*, actor, item: ServiceItem) -> ServiceItem:
    """Take new cases for a suspended item again. Raises Conflict unless it is suspended."""
    return _move(actor, item, ServiceItem.State.SUSPENDED, ServiceItem.State.IN_USE, None)


def _move(actor, item: ServiceItem, old: str, new: str, notice) -> ServiceItem:
    item = ServiceItem.objects.select_for_update().get(pk=item.pk)
    if item.state != old:
        raise Conflict(_("The service item is not in this state any more."))
    item.state, item.notice = new, notice
    item.save(update_fields=["state", "notice"])
    verb = "item.suspended" if notice else "item.resumed"
    after = {"state": new} | ({"notice": notice} if notice else {})
    record_audit(actor=actor, verb=verb, obj=item, before={"state": old}, after=after)
    return item
