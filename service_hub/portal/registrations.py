"""Imports whatever this platform registers: policies, manifest sections, listeners, menus,
samples.
"""

from django.urls import reverse

from platform_core.capabilities.pages.addresses import register_address

from . import menus  # noqa: F401


def _napp_page(space: str):
    return lambda slug, page: reverse(f"{space}:napp_page", args=[slug, page])


register_address("public", _napp_page("portal"))
register_address("enterprise", _napp_page("enterprise"))
