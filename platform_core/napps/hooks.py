"""Python that a code N-app supplies: hooks under names of its manifest, listeners, tasks, pages.

All of it stands still while the N-app may not be reached.
"""

from collections.abc import Callable
from functools import wraps

from platform_core.common.events import listen
from platform_core.common.outbox.registry import consumer

from .code import add_hook, hook_of, owner_of
from .selectors import is_reachable, require_reachable


class NotReachable(Exception):
    """A task of an N-app that may not be reached now: the outbox tries it again later."""


class HookMissing(LookupError):
    """The N-app's code has no hook of that kind and name."""


def hook(kind: str, name: str) -> Callable:
    """Register the decorated function of an N-app's `hooks.py` as its hook `name` of `kind`.

    The N-app is known by its folder: two N-apps may use the same name.
    """

    def register(function: Callable) -> Callable:
        add_hook(kind, name, function)
        return function

    return register


def listen_while_reachable(event: str) -> Callable:
    """As `events.listen`, for a code N-app: it hears nothing while it may not be reached."""

    def register(function: Callable) -> Callable:
        @wraps(function)
        def gated(**facts):
            if is_reachable(owner_of(function)):
                function(**facts)

        listen(event)(gated)
        return function

    return register


def consume_while_reachable(topic: str) -> Callable:
    """As `outbox.consumer`, for a code N-app: its messages wait while it may not be reached."""

    def register(function: Callable) -> Callable:
        @wraps(function)
        def gated(message):
            if not is_reachable(owner_of(function)):
                raise NotReachable(owner_of(function))
            function(message)

        consumer(topic)(gated)
        return function

    return register


def run_hook(slug: str, kind: str, name: str, **facts):
    """Call a hook of a reachable N-app with `facts`; its answer is returned as it is.

    Raises Http404 while the N-app is disabled, missing or a draft, HookMissing without such a hook.
    """
    require_reachable(slug)
    function = hook_of(slug, kind, name)
    if function is None:
        raise HookMissing(f"{slug}: {kind} {name}")
    return function(**facts)
