"""What changed between two manifests, in lines that an official can read. Pure."""

import json
from dataclasses import dataclass
from typing import Any, Literal

from .problems import written

_ABSENT = object()
LONGEST = 400


@dataclass(frozen=True)
class Difference:
    """One change at `path`; `before` and `after` are plain values, None where there was nothing."""

    path: str
    kind: Literal["added", "removed", "changed"]
    before: Any = None
    after: Any = None

    @property
    def before_text(self) -> str:
        return _plain(self.before)

    @property
    def after_text(self) -> str:
        return _plain(self.after)


def differences(old: dict, new: dict) -> list[Difference]:
    """Every change from `old` to `new`, in the order of the new manifest.

    Entries of a list that have a key are matched by it, so that a moved entry is no change; the
    path names them by key: forms[clue].pages[1].title.zh
    """
    found: list[Difference] = []
    _compare((), old, new, found)
    return found[:LONGEST]


def _compare(path: tuple, old, new, found: list[Difference]) -> None:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*new, *(key for key in old if key not in new)]:
            _compare((*path, key), old.get(key, _ABSENT), new.get(key, _ABSENT), found)
    elif isinstance(old, list) and isinstance(new, list):
        if _is_keyed(old) and _is_keyed(new):
            old_by, new_by = ({f"[{e['key']}]": e for e in side} for side in (old, new))
            for key in [*new_by, *(key for key in old_by if key not in new_by)]:
                _compare((*path, key), old_by.get(key, _ABSENT), new_by.get(key, _ABSENT), found)
        else:
            for index in range(max(len(old), len(new))):
                _compare(
                    (*path, index),
                    old[index] if index < len(old) else _ABSENT,
                    new[index] if index < len(new) else _ABSENT,
                    found,
                )
    elif old is _ABSENT:
        found.append(Difference(_named(path), "added", None, new))
    elif new is _ABSENT:
        found.append(Difference(_named(path), "removed", old, None))
    elif old != new or type(old) is not type(new):
        found.append(Difference(_named(path), "changed", old, new))


def _is_keyed(entries: list) -> bool:
    keys = [entry.get("key") if isinstance(entry, dict) else None for entry in entries]
    return None not in keys and len({str(key) for key in keys}) == len(keys)


def _named(path: tuple) -> str:
    return written(path).replace(".[", "[")


def _plain(value) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
