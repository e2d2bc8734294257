"""Which Chromium drives the tests."""

import pytest

from platform_core.onebox import browser
from platform_core.onebox.paths import Problem


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A machine with a Chromium of its own and no choice made."""
    program = tmp_path / "bin" / "chromium"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    monkeypatch.setattr(browser, "NAMES", ("chromium",))
    monkeypatch.setattr(browser, "FOLDER", tmp_path / "var" / "pinned")
    monkeypatch.delenv("CHROMIUM", raising=False)
    return program


def unpacked(answer: int) -> None:
    """As if the package had been fetched before, and its program ended with `answer`."""
    browser.FOLDER.mkdir(parents=True)
    starter = browser.FOLDER / "start"
    starter.write_text(f"#!/bin/sh\nexit {answer}\n")
    starter.chmod(0o755)


def test_a_named_one_comes_first_and_must_exist(own, monkeypatch):
    unpacked(0)
    monkeypatch.setenv("CHROMIUM", str(own))
    assert browser.find_chromium() == own
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    with pytest.raises(Problem, match="/nowhere/chromium"):
        browser.find_chromium()


def test_then_the_one_that_is_the_same_everywhere(own):
    unpacked(0)
    assert browser.find_chromium() == browser.FOLDER / "start"


def test_then_the_machines_own_where_that_one_does_not_start(own):
    unpacked(1)
    assert browser.find_chromium() == own


def test_then_the_machines_own_where_that_one_cannot_be_had(own, monkeypatch):
    monkeypatch.setattr(browser, "PACKAGE", "file:/nowhere/package.tgz")
    assert browser.find_chromium() == own
    monkeypatch.setattr(browser, "NAMES", ())
    monkeypatch.setattr(browser, "PLAYWRIGHT_OWN", ())
    with pytest.raises(Problem):
        browser.find_chromium()
