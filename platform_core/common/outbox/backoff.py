"""How long a failed message waits, and when it is given up. Pure."""

import random

FIRST_WAIT = 2.0
LONGEST_WAIT = 600.0
MAX_ATTEMPTS = 34


def wait_after(attempts: int, *, spread: float | None = None) -> float:
    """Seconds to wait after the `attempts`-th failure: doubling to ten minutes, plus up to a
    quarter.

    Jitter only adds, so that the whole budget of MAX_ATTEMPTS never covers less than four hours: an
    outage of a provider for an afternoon loses nothing. `spread` in 0..1 fixes the jitter.
    """
    if spread is None:
        spread = random.random()  # noqa: S311 - spreads load, protects nothing
    plain = min(FIRST_WAIT * 2 ** min(max(attempts, 1) - 1, 20), LONGEST_WAIT)
    return plain * (1 + spread / 4)
