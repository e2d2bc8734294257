"""Python that a code N-app supplies under names which its manifest uses."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

LABEL = "napp_"
_hooks: dict[tuple[str, str, str], Callable] = {}


class HookMissing(LookupError):
    """The N-app's code has no hook of that kind and name."""


def hook(kind: str, name: str) -> Callable:
    """Register the decorated function of an N-app's `hooks.py` as its hook `name` of `kind`.

    The N-app is known by its folder: two N-apps may use the same name.
    """

    def register(function: Callable) -> Callable:
        slug = function.__module__.split(".")[-2]
        known = _hooks.get((slug, kind, name))
        if known is not None and known.__qualname__ != function.__qualname__:
            raise ValueError(f"N-app {slug} has two {kind} hooks named {name}")
        _hooks[(slug, kind, name)] = function
        return function

    return register


def load_hooks() -> None:
    """Import `hooks.py` of every installed code N-app. Called once when Django is ready."""
    for config in apps.get_app_configs():
        if config.label.startswith(LABEL) and find_spec(f"{config.name}.hooks"):
            import_module(f"{config.name}.hooks")


def has_code(slug: str) -> bool:
    """Whether an installed Django app belongs to the N-app."""
    return any(config.label == LABEL + slug for config in apps.get_app_configs())


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
