"""Reads the project's own source for the architecture tests."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLATFORMS = ("security", "platform_core", "data_platform", "collab_hub", "service_hub", "apps")
NOT_OURS = {"migrations", "node_modules", "__pycache__", "vendor", "static"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def files(*patterns: str, tops: tuple[str, ...] = PLATFORMS) -> list[Path]:
    """The project's files with these name patterns, migrations and built files left out."""
    found = {path for top in tops for pattern in patterns for path in (ROOT / top).rglob(pattern)}
    return sorted(path for path in found if path.is_file() and not NOT_OURS & set(path.parts))


def where(path: Path, line: int = 0) -> str:
    """`file:line` as an editor opens it."""
    name = path.relative_to(ROOT)
    return f"{name}:{line}" if line else str(name)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(path: Path) -> Iterator[Function]:
    """Every function of a file, methods and inner functions too."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def docstrings(module: ast.Module) -> set[int]:
    """The ids of the string nodes that only document."""
    found = set()
    for node in ast.walk(module):
        body = getattr(node, "body", None)
        for value in body if isinstance(body, list) else []:
            is_text = isinstance(value, ast.Expr) and isinstance(value.value, ast.Constant)
            if is_text and isinstance(value.value.value, str):
                found.add(id(value.value))
    return found


def report(rule: str, findings: list[str]) -> str:
    """One message that names the rule and every place that breaks it."""
    return f"{rule}\n  " + "\n  ".join(findings)
