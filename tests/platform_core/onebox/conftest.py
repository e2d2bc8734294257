"""Shared by the tests of the one-machine runner."""

import shutil
import tempfile
from pathlib import Path

import pytest


@pytest.fixture
def folder():
    """A folder that the user of the database server may pass through.

    Not tmp_path: every pytest of the same user closes the parent of those again when it starts.
    """
    path = Path(tempfile.mkdtemp(prefix="gov-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path, ignore_errors=True)
