"""What departments are for: the functions that every region's government has, with their names.

Pure. `data/kinds.json` says for each kind its name in both languages, the usual names of its
department in a province, a city and a county ({r} is the region), and the English one.
"""

from __future__ import annotations

import json
from pathlib import Path

_KINDS: dict[str, dict] = json.loads(
    (Path(__file__).parent / "data" / "kinds.json").read_text(encoding="utf-8")
)
KINDS = {kind: {"zh": words["zh"], "en": words["en"]} for kind, words in _KINDS.items()}


def kind_title(kind: str) -> dict[str, str]:
    """The function in both languages; an unknown kind is its own name."""
    plain = kind.replace("_", " ").capitalize()
    return KINDS.get(kind, {"zh": plain, "en": plain})


def name_for(kind: str, region: str, level: int) -> str:
    """The usual Chinese name of a department, by the region's name and level."""
    return _KINDS[kind]["names"][min(level, 3) - 1].format(r=region)


def name_en_for(kind: str, region_en: str) -> str:
    """The usual English name of a department, e.g. Xihu District Health Bureau."""
    return _KINDS[kind]["name_en"].format(r=region_en)
