"""Files and functions stay small enough to be read at one sitting."""

import pytest

from .source import PLATFORMS, ROOT, files, functions, report, where

FILE_LINES = 400
FUNCTION_LINES = 60
TOPS = (*PLATFORMS, "tests")


@pytest.mark.parametrize("pattern", ["*.py", "*.js", "*.css", "*.html"])
def test_files_are_short(pattern):
    found = []
    for path in files(pattern, tops=TOPS):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > FILE_LINES:
            found.append(f"{where(path)} has {lines} lines")
    assert not found, report(f"Divide by meaning, a file has at most {FILE_LINES} lines:", found)


def test_functions_are_short():
    found = []
    for path in files("*.py", tops=TOPS):
        for function in functions(path):
            lines = function.end_lineno - function.lineno + 1
            if lines > FUNCTION_LINES:
                found.append(f"{where(path, function.lineno)} {function.name} has {lines} lines")
    assert not found, report(
        f"Divide by meaning, a function has at most {FUNCTION_LINES} lines:", found
    )


def test_nothing_hides_in_a_drawer():
    """Things are named by what they are about; only platform_core may hold something in common."""
    drawers = {"utils", "util", "helpers", "helper", "misc", "common", "lib", "shared"}
    allowed = {ROOT / "platform_core" / "common"}
    found = sorted(
        {
            where(part)
            for path in files("*.py")
            for part in (path.parent, path.with_suffix(""))
            if part.name in drawers and part not in allowed
        }
    )
    assert not found, report("These names say nothing about their content:", found)
