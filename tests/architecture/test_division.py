"""Inside a module: services write, selectors read, views and tasks only translate."""

import ast
from pathlib import Path

from .source import ROOT, files, functions, report, tree, where

TRANSLATORS = {"views", "api", "admin", "tasks", "hooks", "serializers"}
# What common offers is done on behalf of a service elsewhere, and that service names the actor.
PLUMBING = ROOT / "platform_core" / "common"
RELAY = ROOT / "platform_core" / "common" / "outbox"


def is_kind(path: Path, kinds: set[str]) -> bool:
    """Whether the file is `views.py`, `task_views.py` or in a package `views`, for kind "views"."""
    stem = path.stem.split("_")
    return stem[-1] in kinds or path.parent.name in kinds


def services() -> list[Path]:
    return [path for path in files("*.py") if is_kind(path, {"services"})]


def translators() -> list[Path]:
    return [path for path in files("*.py") if is_kind(path, TRANSLATORS)]


def public_functions(path: Path) -> list[ast.FunctionDef]:
    return [
        node
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


def uses_atomic(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(node, ast.Attribute)
        and node.attr == "atomic"
        and isinstance(node.value, ast.Name)
        and node.value.id == "transaction"
        for node in ast.walk(function)
    )


def test_services_are_keyword_only():
    found = [
        f"{where(path, function.lineno)} {function.name}({function.args.args[0].arg}, …)"
        for path in services()
        for function in public_functions(path)
        if function.args.args or function.args.vararg or function.args.posonlyargs
    ]
    assert not found, report("Services are called by keyword only, def name(*, actor, …):", found)


def test_services_name_their_actor():
    found = [
        f"{where(path, function.lineno)} {function.name}"
        for path in services()
        if PLUMBING not in path.parents
        for function in public_functions(path)
        if "actor" not in {argument.arg for argument in function.args.kwonlyargs}
    ]
    assert not found, report("Nothing is written without saying who does it (actor):", found)


def test_services_are_atomic():
    found = [
        f"{where(path, function.lineno)} {function.name}"
        for path in services()
        if PLUMBING not in path.parents
        for function in public_functions(path)
        if not uses_atomic(function)
    ]
    assert not found, report("Effect, audit and outbox rows share one transaction.atomic:", found)


def test_translators_do_not_query():
    managers = {"objects", "_default_manager", "_base_manager"}
    found = [
        f"{where(path, node.lineno)} .{node.attr}"
        for path in translators()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in managers
    ]
    assert not found, report("Views, API, admin, tasks and hooks read through selectors:", found)


def test_translators_open_no_transaction():
    found = []
    for path in translators():
        for node in ast.walk(tree(path)):
            imported = isinstance(node, ast.ImportFrom) and node.module == "django.db"
            if imported and "transaction" in {alias.name for alias in node.names}:
                found.append(where(path, node.lineno))
    assert not found, report(
        "Views, API, admin, tasks and hooks call one service, which is atomic:", found
    )


def test_only_the_relay_talks_to_the_broker():
    found = [
        f"{where(path, node.lineno)} .{node.attr}(…)"
        for path in files("*.py")
        if RELAY not in path.parents
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in {"delay", "apply_async", "send_task"}
    ]
    assert not found, report("Effects go through the outbox, only its relay wakes Celery:", found)


def test_models_hold_no_rules():
    """No save() of one's own and no signals: what happens is written in a service, in the open."""
    found = []
    for path in [path for path in files("*.py") if is_kind(path, {"models"})]:
        found += [
            f"{where(path, function.lineno)} {function.name}"
            for function in functions(path)
            if function.name in {"save", "delete", "clean"}
        ]
    for path in files("*.py"):
        found += [
            f"{where(path, node.lineno)} {node.module}.{alias.name}"
            for node in ast.walk(tree(path))
            if isinstance(node, ast.ImportFrom) and node.module == "django.db.models.signals"
            for alias in node.names
            if alias.name != "class_prepared"  # about classes, never about rows
        ]
    assert not found, report("Models are data, signals hide what happens:", found)


def test_no_eval():
    found = [
        f"{where(path, node.lineno)} {node.func.id}"
        for path in files("*.py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"eval", "exec", "compile", "__import__"}
    ]
    assert not found, report("Rules and manifests are data, never code:", found)
