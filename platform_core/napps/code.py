"""Which Python an N-app brings along: its Django app and the hooks that its code registered."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps

LABEL = "napp_"
_hooks: dict[tuple[str, str, str], Callable] = {}


def owner_of(function: Callable) -> str:
    """The slug of the N-app in whose folder the function is written."""
    return function.__module__.split(".")[-2]


def add_hook(kind: str, name: str, function: Callable) -> None:
    """Keep `function` as the hook `name` of `kind` of its N-app; two of a name are an error."""
    slug = owner_of(function)
    known = _hooks.get((slug, kind, name))
    if known is not None and known.__qualname__ != function.__qualname__:
        raise ValueError(f"N-app {slug} has two {kind} hooks named {name}")
    _hooks[(slug, kind, name)] = function


def hook_of(slug: str, kind: str, name: str) -> Callable | None:
    """The hook `name` of `kind` of an N-app, None when its code has none."""
    return _hooks.get((slug, kind, name))


def hook_names(slug: str) -> set[str]:
    """The names of all hooks that the N-app's code supplies."""
    return {name for owner, _kind, name in _hooks if owner == slug}


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
