"""Imports whatever this platform registers: policies, manifest sections, listeners, menus,
samples.
"""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from platform_core.capabilities.pages.addresses import register_address
from platform_core.common.webapps import WebApp, register_webapp

from . import menus  # noqa: F401


def _napp_page(space: str):
    return lambda slug, page: reverse(f"{space}:napp_page", args=[slug, page])


register_address("public", _napp_page("portal"))
register_address("enterprise", _napp_page("enterprise"))
register_webapp(
    WebApp(
        end="public",
        name=_("Govplatform"),
        short_name=_("Govplatform"),
        description=_("Services for people and firms: find, file, follow."),
        start="portal:home",
        shortcuts=((_("My cases"), "portal:cases"), (_("Messages"), "portal:messages")),
    )
)
