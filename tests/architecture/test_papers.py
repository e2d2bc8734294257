"""Every platform and capability explains itself, and every module has its tests beside it."""

import pytest

from .source import PLATFORMS, ROOT, files, report, where

CAPABILITIES = sorted(
    path.parent for path in (ROOT / "platform_core" / "capabilities").glob("*/__init__.py")
)


@pytest.mark.parametrize("platform", [name for name in PLATFORMS if name != "apps"])
def test_every_platform_has_a_page_about_itself(platform):
    readme = ROOT / platform / "README.md"
    assert readme.exists(), f"{where(readme)} is missing"
    assert 10 <= len(readme.read_text(encoding="utf-8").splitlines()) <= 120, "one page, no more"


@pytest.mark.parametrize("capability", CAPABILITIES, ids=lambda path: path.name)
def test_every_capability_has_a_page_about_itself(capability):
    readme = capability / "README.md"
    assert readme.exists(), f"{where(readme)} is missing: the capability catalogue shows it"
    assert readme.read_text(encoding="utf-8").startswith("# ")


def test_every_module_that_writes_is_tested_beside_its_mirror():
    """`service_hub/cases/services.py` is tested in a folder `cases` below `tests/service_hub`."""
    found = []
    for path in files("services.py"):
        platform, module = path.relative_to(ROOT).parts[0], path.parent.name
        folders = [
            folder
            for folder in (ROOT / "tests" / platform).rglob(module)
            if folder.is_dir() and list(folder.glob("test_*.py"))
        ]
        if not folders:
            found.append(f"{where(path)}: no tests/{platform}/{module}/test_*.py")
    assert not found, report("Tests mirror the source:", found)


def test_only_the_agreed_folders_stand_on_top():
    agreed = {*PLATFORMS, "tests", ".ci", ".git", "var", "node_modules", "docs"}
    dust = {
        ".pytest_cache",
        ".ruff_cache",
        ".hypothesis",
        ".import_linter_cache",
        ".venv",
        "__pycache__",
    }
    found = sorted(p.name for p in ROOT.iterdir() if p.is_dir() and p.name not in agreed | dust)
    assert not found, report("The top level reads like the picture of the platforms:", found)
