"""What capabilities add to the page of an N-app in the admin site, without it knowing them."""

from collections.abc import Callable

_links: list[Callable] = []


def register_overview_link(link: Callable) -> Callable:
    """Add `link(napp) -> (label, address) | None` to the tools of an N-app's page."""
    if link not in _links:
        _links.append(link)
    return link


def overview_links(napp) -> list[tuple[str, str]]:
    """The links that there are for this N-app now."""
    return [found for link in _links if (found := link(napp))]
