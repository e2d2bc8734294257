"""Python that a code N-app supplies: hooks under names of its manifest, listeners, tasks, pages.

All of it stands still while the N-app may not be reached.
"""

from collections.abc import Callable
from functools import wraps
from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps

from platform_core.common.events import listen
from platform_core.common.outbox.registry import consumer

LABEL = "napp_"
_hooks: dict[tuple[str, str, str], Callable] = {}


class NotReachable(Exception):
    """A task of an N-app that may not be reached now: the outbox tries it again later."""


class HookMissing(LookupError):
    """The N-app's code has no hook of that kind and name."""


def hook(kind: str, name: str) -> Callable:
    """Register the decorated function of an N-app's `hooks.py` as its hook `name` of `kind`.

    The N-app is known by its folder: two N-apps may use the same name.
    """

    def register(function: Callable) -> Callable:
        slug = owner_of(function)
        known = _hooks.get((slug, kind, name))
        if known is not None and known.__qualname__ != function.__qualname__:
            raise ValueError(f"N-app {slug} has two {kind} hooks named {name}")
        _hooks[(slug, kind, name)] = function
        return function

    return register


def owner_of(function: Callable) -> str:
    """The slug of the N-app in whose folder the function is written."""
    return function.__module__.split(".")[-2]


def listen_while_reachable(event: str) -> Callable:
    """As `events.listen`, for a code N-app: it hears nothing while it may not be reached."""

    def register(function: Callable) -> Callable:
        @wraps(function)
        def gated(**facts):
            if _is_reachable(owner_of(function)):
                function(**facts)

        listen(event)(gated)
        return function

    return register


def consume_while_reachable(topic: str) -> Callable:
    """As `outbox.consumer`, for a code N-app: its messages wait while it may not be reached."""

    def register(function: Callable) -> Callable:
        @wraps(function)
        def gated(message):
            if not _is_reachable(owner_of(function)):
                raise NotReachable(owner_of(function))
            function(message)

        consumer(topic)(gated)
        return function

    return register


def _is_reachable(slug: str) -> bool:
    from .selectors import is_reachable

    return is_reachable(slug)


def load_hooks() -> None:
    """Import `hooks.py` of every installed code N-app. Called once when Django is ready."""
    for config in apps.get_app_configs():
        if config.label.startswith(LABEL) and find_spec(f"{config.name}.hooks"):
            import_module(f"{config.name}.hooks")


def has_code(slug: str) -> bool:
    """Whether an installed Django app belongs to the N-app."""
    return code_of(slug) is not None


def code_of(slug: str) -> AppConfig | None:
    """The Django app of a code N-app, None when it has no code."""
    return next((config for config in apps.get_app_configs() if config.label == LABEL + slug), None)


def hook_names(slug: str) -> set[str]:
    """The names of all hooks that the N-app's code supplies."""
    return {name for owner, _kind, name in _hooks if owner == slug}


def run_hook(slug: str, kind: str, name: str, **facts):
    """Call a hook of a reachable N-app with `facts`; its answer is returned as it is.

    Raises Http404 while the N-app is disabled, missing or a draft, HookMissing without such a hook.
    """
    from .selectors import require_reachable

    require_reachable(slug)
    function = _hooks.get((slug, kind, name))
    if function is None:
        raise HookMissing(f"{slug}: {kind} {name}")
    return function(**facts)
