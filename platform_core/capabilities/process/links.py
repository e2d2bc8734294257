"""Where a task is worked on: the office says so, because this capability has no pages of its
own."""

from collections.abc import Callable

_link: list[Callable] = []


def register_task_link(function: Callable) -> Callable:
    """Make `function(task_id) -> path` the address of a task in notices; the last one counts."""
    _link[:] = [function]
    return function


def task_link(task_id) -> str:
    """The path of a task's page, "" while nobody shows tasks."""
    return _link[0](task_id) if _link else ""
