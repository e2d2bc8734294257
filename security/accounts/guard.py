"""Brute force is stopped before the password is looked at, by counters that every process shares.

The counters are raised atomically *before* the hasher runs, so that of many tries at the same
moment no more than the limit reach it. One counter is for the account from one address, one for
the account from anywhere (a forged or rotating address gains nothing), one for the address.
"""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.core.cache import cache

from security.crypto import blind_index

LIMITS = {"pair": (5, 300), "account": (20, 900), "address": (100, 300)}


def client_ip(request) -> str | None:
    """The address of the client: what the last trusted proxy says, else the other end of the
    connection.

    `TRUSTED_PROXY_COUNT` proxies of ours append to X-Forwarded-For; whatever a client wrote
    stands further left.
    """
    count = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    found = request.META.get("REMOTE_ADDR", "")
    if count:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        found = hops[-count] if len(hops) >= count else found
    try:
        return str(ipaddress.ip_address(found))
    except ValueError:
        return None


def may_try(account: str, address: str | None) -> bool:
    """Count one try at `account` (any stable name of it) from `address`; False once a limit is
    passed.
    """
    counts = [(_raise(key, seconds), limit) for key, limit, seconds in _counters(account, address)]
    return all(count <= limit for count, limit in counts)


def forgive(account: str, address: str | None) -> None:
    """The password was right: the account's counters start anew, the address keeps its own."""
    cache.delete_many([key for key, *_rest in _counters(account, address)[:2]])


def _counters(account: str, address: str | None) -> list[tuple[str, int, int]]:
    address = address or "unknown"
    names = {"pair": f"{account}|{address}", "account": account, "address": address}
    # Hashed, because cache keys are readable and a login is personal data.
    return [
        (f"sign-in:{kind}:{blind_index(names[kind], 'sign-in')[:32]}", *LIMITS[kind])
        for kind in ("pair", "account", "address")
    ]


def _raise(key: str, seconds: int) -> int:
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key)
    except ValueError:  # it ran out between the two calls
        cache.set(key, 1, seconds)
        return 1
