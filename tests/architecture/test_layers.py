"""Imports and database relations go down only: see the layers in the README of platform_core."""

import ast
import os
import subprocess
import sys
import tomllib

import pytest
from django.apps import apps as django_apps

from .source import PLATFORMS, ROOT, files, report, tree, where

RANKS = (
    ("security", 0),
    ("platform_core.common", 10),
    ("platform_core.napps", 11),
    ("platform_core.capabilities.files", 12),
    ("platform_core.capabilities.rules", 12),
    ("platform_core.capabilities.decisions", 12),
    ("platform_core.capabilities.forms", 13),
    ("platform_core.capabilities.notifications", 14),
    ("platform_core.capabilities.documents", 15),
    ("platform_core.capabilities.process", 16),
    ("platform_core.capabilities.pages", 17),
    ("platform_core.studio", 19),
    ("data_platform", 20),
    ("collab_hub", 30),
    ("service_hub", 30),
    ("apps", 40),
)
FRAMEWORK = ("django.", "guardian.", "allauth.", "rest_framework.")


def layer(module: str) -> tuple[int, str] | None:
    """(rank, name) of the layer that a module belongs to; None when it belongs to none of ours."""
    for name, rank in sorted(RANKS, key=lambda entry: -len(entry[0])):
        if module == name or module.startswith(f"{name}."):
            return rank, name
    return None


def contracts() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]


def test_imports_keep_the_contracts():
    """All contracts of pyproject.toml hold, and import-linter really read them."""
    run = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "COLUMNS": "120"},
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"{len(contracts()['contracts'])} kept, 0 broken" in run.stdout


def test_no_contract_has_exceptions():
    named = [
        f"{contract['name']}: {key}"
        for contract in contracts()["contracts"]
        for key in contract
        if key.startswith(("ignore", "exhaustive_ignores", "unmatched"))
    ]
    assert not named, report("A contract with exceptions is no contract:", named)


def test_every_platform_is_under_contract():
    assert set(contracts()["root_packages"]) == set(PLATFORMS)


def test_napps_do_not_know_one_another():
    found = []
    for path in files("*.py", tops=("apps",)):
        own = path.relative_to(ROOT / "apps").parts[0]
        for node in ast.walk(tree(path)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module]
            found += [
                f"{where(path, node.lineno)} imports {name}"
                for name in names
                if name.startswith("apps.") and name.split(".")[1] != own
            ]
    assert not found, report("An N-app stands alone:", found)


def own_models() -> list[type]:
    return [m for m in django_apps.get_models(include_auto_created=True) if layer(m.__module__)]


def test_relations_point_down():
    """A ForeignKey by string is an import in disguise: its target is in the own or a lower one."""
    found = []
    for model in own_models():
        rank, name = layer(model.__module__)
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            target = field.related_model
            if not target or target.__module__.startswith(FRAMEWORK):
                continue
            other = layer(target.__module__)
            is_below = other and (other[0] < rank or other[1] == name)
            if not is_below:
                found.append(f"{model._meta.label}.{field.name} -> {target.__module__}")
    assert not found, report("Relations point to the own layer or a lower one:", found)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_model_belongs_to_a_layer(platform):
    unknown = [
        model._meta.label
        for model in django_apps.get_models()
        if model.__module__.startswith(f"{platform}.") and not layer(model.__module__)
    ]
    assert not unknown, report("These models stand outside the layers:", unknown)
