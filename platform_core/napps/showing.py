"""How the parts of a version are shown to whoever has to answer for it.

Each capability shows its section in its own way (a process as a picture, a table as a table) and
offers it as a file in the trade's own format. The admin site draws them without knowing them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Part:
    """One entry of a section: `template` is drawn with `context` under `title`; `files` are (name,
    label) of what `register_files` gives for the same section."""

    title: object
    template: str
    context: dict = field(default_factory=dict)
    files: tuple[tuple[str, object], ...] = ()
    section: str = ""


@dataclass(frozen=True)
class Download:
    """A file of a version, to be saved."""

    name: str
    content_type: str
    content: bytes


_parts: dict[str, Callable] = {}
_files: dict[str, Callable] = {}


def register_parts(section: str, parts: Callable) -> None:
    """`parts(version)` gives the list of `Part` of that section, in the reader's language."""
    _parts[section] = parts


def register_files(section: str, files: Callable) -> None:
    """`files(version, name)` gives the `Download` of that name, or None when there is none."""
    _files[section] = files


def parts_of(version) -> list[Part]:
    """Everything that capabilities show of a version, section by section."""
    return [part for parts in _parts.values() for part in parts(version)]


def file_of(version, section: str, name: str) -> Download | None:
    """The file of that name that the section of a version offers, or None."""
    files = _files.get(section)
    return files(version, name) if files else None
