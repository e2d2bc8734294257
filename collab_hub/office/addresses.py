"""Where the office shows what others made: pages of N-apps."""

from django.urls import reverse

from platform_core.capabilities.pages.addresses import register_address


def napp_page(slug: str, page: str) -> str:
    return reverse("office:napp_page", args=[slug, page])


register_address("office", napp_page)
