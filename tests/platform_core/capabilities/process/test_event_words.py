"""What happens in a process is told in words, whatever it is."""

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from platform_core.capabilities.process.event_words import EVENTS

PROCESS = Path(settings.BASE_DIR) / "platform_core" / "capabilities" / "process"
# Where the kind of an event stands among the arguments of whoever writes it.
WRITERS = {"record": 0, "_note": 2, "record_alone": 2}


def texts(node) -> set[str]:
    """The texts that an expression may be: itself, or either side of a condition."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return texts(node.body) | texts(node.orelse)
    return set()


def written() -> set[str]:
    """Every kind of event that the process capability writes."""
    found = set()
    for path in PROCESS.rglob("*.py"):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            named = {
                target.id: texts(one.value)
                for one in ast.walk(function)
                if isinstance(one, ast.Assign)
                for target in one.targets
                if isinstance(target, ast.Name)
            }
            for call in ast.walk(function):
                if not isinstance(call, ast.Call):
                    continue
                name = getattr(call.func, "attr", getattr(call.func, "id", ""))
                place = WRITERS.get(name)
                if place is None or len(call.args) <= place:
                    continue
                kind = call.args[place]
                found |= texts(kind) | named.get(getattr(kind, "id", ""), set())
            if function.name == "_event":  # of what a process waited for
                found |= set().union(
                    *(texts(one.value) for one in ast.walk(function) if isinstance(one, ast.Return))
                )
    return found


def test_the_kinds_are_found():
    assert {"relocated", "holder_found", "signed", "rejected", "claimed", "time_came"} <= written()
    assert len(written()) > 30


@pytest.mark.parametrize("kind", sorted(written()))
def test_every_kind_of_event_has_words_in_both_languages(kind):
    words = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            words[language] = str(EVENTS[kind][0])
    assert words["en"].isascii() and words["en"] != kind
    assert not words["zh-hans"].isascii()
