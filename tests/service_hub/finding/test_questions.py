"""Sixty questions, written before the search was tuned, over the services of a whole province."""

import json
from pathlib import Path

import pytest

from service_hub.finding.index import Findable, Index

ROOT = Path(__file__).parents[3]
FIXTURES = ROOT / "tests" / "fixtures" / "finding"


def lines(name: str) -> list[list[str]]:
    text = (FIXTURES / name).read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [[part.strip() for part in line.split("|")] for line in kept]


def shipped():
    for path in sorted(ROOT.glob("apps/*/manifest.json")):
        manifest = json.loads(path.read_text(encoding="utf-8"))
        for one in manifest.get("services", []):
            words = tuple(one.get("keywords", []))
            yield Findable("service", one["key"], one["title"], one["summary"], words)


@pytest.fixture(scope="module")
def index():
    others = [
        Findable("service", key, {"zh": zh, "en": en}, {"zh": about, "en": about_en})
        for key, zh, en, about, about_en in lines("items.txt")
    ]
    return Index([*shipped(), *others])


def answered(index, name: str) -> tuple[list[str], int, int]:
    missed, first, count = [], 0, 0
    for asked, keys in lines(name):
        found = [hit.what.key for hit in index.search(index.understand(asked))][:3]
        count += 1
        first += found[:1] != [] and found[0] in keys.split()
        if not set(found) & set(keys.split()):
            missed.append(f"{asked}: {found}")
    return missed, first, count


def test_the_first_useful_hit_is_in_the_top_three(index):
    missed, first, count = answered(index, "questions.txt")
    assert missed == []
    assert count == 60
    assert first >= 55


def test_questions_that_the_sayings_were_not_written_for(index):
    missed, _first, count = answered(index, "more_questions.txt")
    assert len(missed) <= count // 10, missed
