"""Class names of styles are global: what one page calls a thing by is nobody else's."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from .source import ROOT, report

STYLES = ROOT / "platform_core" / "common" / "static_src" / "css"
# Paper and a phone change what the other files define, always inside a condition.
MEDIA = {"print.css", "phone.css"}
# A thing of its own whose class is also a mark on others, and means the same there.
MARKS = {
    "contrast": "a mode of the whole page, alone or together with the office's density",
    "q": "the block of a question, which may be a group of fields",
    "sm": "small text, and a button with small text",
}
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
COMMA = re.compile(r",(?![^(]*\))")
ALONE = re.compile(r"\.([\w-]+)")
# A class on another class: `.node.todo`, and what stands in `.node:is(.todo, .done)`.
BESIDE = re.compile(r"(?<=[\w-])\.([\w-]+)")
CHOICE = re.compile(r"(?<=\.)[\w-]+(?:\.[\w-]+)*:(?:is|where)\(([^()]*)\)")


def heads(text: str) -> Iterator[tuple[str, bool]]:
    """Every selector of a style file, and whether it holds under a condition only."""
    around: list[str] = []
    said = ""
    for letter in COMMENT.sub("", text):
        if letter == "{":
            head = " ".join(said.split())
            if not head.startswith("@"):
                yield from ((one.strip(), _on_condition(around)) for one in COMMA.split(head))
            around.append(head)
        elif letter == "}":
            around.pop()
        said = "" if letter in "{};" else said + letter


def _on_condition(around: list[str]) -> bool:
    return any(one.startswith("@") and not one.startswith("@layer") for one in around)


def marks(selector: str) -> set[str]:
    """The classes that stand on another class; `a.btn` is an element with one class."""
    plain = re.sub(r"(?<![\w.#)\]-])[a-z][\w-]*(?=\.)", "", selector)
    found = set(BESIDE.findall(plain))
    for choice in CHOICE.findall(selector):
        found |= {match[1] for one in choice.split(",") if (match := ALONE.fullmatch(one.strip()))}
    return found


def things() -> dict[str, dict[str, bool]]:
    """{class: {file that gives it a look of its own: whether on a condition only}}"""
    found: dict[str, dict[str, bool]] = defaultdict(dict)
    for path in sorted(STYLES.glob("*.css")):
        for selector, on_condition in heads(path.read_text(encoding="utf-8")):
            if alone := ALONE.fullmatch(selector):
                before = found[alone[1]].get(path.name, True)
                found[alone[1]][path.name] = before and on_condition
    return found


def test_selectors_are_read_as_a_browser_reads_them():
    text = """/* .a {} */ @layer pages { .b, .c:is(.d, .e) { top: 0; }
    @media (max-width: 1em) { .b { top: 1; } } }"""
    assert list(heads(text)) == [(".b", False), (".c:is(.d, .e)", False), (".b", True)]
    assert marks(".node.todo :is(h2, h3)") == {"todo"} and marks("a.btn .x") == set()
    assert marks(".chart:is(.middle, .end) > .row-2.odd") == {"middle", "end", "odd"}


def test_every_class_is_defined_in_one_style_file():
    found = []
    for name, places in things().items():
        where = {file for file, alone in places.items() if file not in MEDIA or not alone}
        if len(where) > 1:
            found.append(f".{name}: {', '.join(sorted(where))}")
    assert not found, report("Give the one or the other a name of its own:", found)


def test_what_has_a_look_of_its_own_is_no_mark_on_something_else():
    alone = {name for name, places in things().items() if not all(places.values())}
    found = [
        f"{path.name}: {selector}"
        for path in sorted(STYLES.glob("*.css"))
        for selector, _on_condition in heads(path.read_text(encoding="utf-8"))
        if marks(selector) & (alone - set(MARKS))
    ]
    assert not found, report("The mark also takes the look of the thing:", found)


def test_the_list_of_marks_is_short_and_true():
    alone = {name for name, places in things().items() if not all(places.values())}
    used = set()
    for path in STYLES.glob("*.css"):
        for selector, _on_condition in heads(path.read_text(encoding="utf-8")):
            used |= marks(selector)
    assert set(MARKS) <= alone & used and len(MARKS) <= 5
