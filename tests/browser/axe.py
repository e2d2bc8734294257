"""axe-core run inside the page that a browser test looks at."""

import os
from functools import cache
from pathlib import Path

from playwright.sync_api import Error

RULES = {"resultTypes": ["violations"]}
PATIENCE = 60_000  # ms; a page of a busy machine takes some seconds


@cache
def source() -> str:
    """axe-core as one script; AXE_JS names another place than the front-end packages."""
    root = Path(__file__).resolve().parents[2]
    named = os.environ.get("AXE_JS") or root / "node_modules" / "axe-core" / "axe.min.js"
    return Path(named).read_text(encoding="utf-8")


def violations(page) -> list[str]:
    """What axe finds on the page, all rules and best practices: one line for each broken element.

    The script enters through the debugger, so the page's own security policy stays as it is. A page
    that gives way to the next one in the middle is no page to judge: the next one is.
    """
    try:
        found = run(page)
    except Error:
        found = run(page)
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']} — {' '.join(map(str, node['target']))}"
        f" {node['html'][:120]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def run(page) -> dict:
    page.wait_for_load_state()
    page.evaluate(source())
    # A promise that is waited for has a limit here; one that is evaluated has none.
    found = page.wait_for_function(
        "options => axe.run(document, options)", arg=RULES, timeout=PATIENCE
    )
    return found.json_value()
