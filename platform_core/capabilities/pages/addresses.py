"""Where pages live: each service end says which of its addresses shows them."""

from collections.abc import Callable

ENDS = {"public": "public", "enterprise": "enterprise", "office": "government"}
_addresses: dict[str, Callable[[str, str], str]] = {}


def register_address(end: str, address: Callable[[str, str], str]) -> None:
    """Let `address(slug, page_key)` give the path of a page at `end`: public, enterprise or
    office."""
    _addresses[end] = address


def address_of(end: str, slug: str, page_key: str) -> str | None:
    """The path of a page at that end, None while the end shows no pages."""
    address = _addresses.get(end)
    return address(slug, page_key) if address else None
