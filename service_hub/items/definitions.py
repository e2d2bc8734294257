"""The definition of a service item as one manifest version states it.

A running case keeps the version it began with, so whatever binds a case (days, form, result) is
read from that version and not from the row of the item, which shows the newest one.
"""

from platform_core.napps.selectors import version_manifest

from .schema import Service


def services_of(napp_version) -> dict[str, Service]:
    """All service items of a manifest version by key."""
    return {service.key: service for service in version_manifest(napp_version).section("services")}


def definition_of(item, napp_version=None) -> Service:
    """The definition of `item` in `napp_version`, by default in the version now in force."""
    return services_of(napp_version or item.napp_version)[item.key]
