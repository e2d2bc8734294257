"""What people read is translated: Chinese stands in catalogues, manifests and sample data."""

import ast
import re

from .source import ROOT, docstrings, files, report, tree, where

CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
DATA = {"data", "locale", "sample", "samples", "sample_data", "statics", "static_src"}
# A language is offered by its own name, or whoever needs it cannot find it.
OWN_NAMES = {"中文"}


def is_data(path) -> bool:
    return bool(DATA & set(path.parts)) or path.stem.startswith("sample")


def beside_its_english(module: ast.Module) -> set[int]:
    """The ids of strings given as the "zh" of a two-language text."""
    found = set()
    for node in ast.walk(module):
        values = []
        if isinstance(node, ast.keyword) and node.arg == "zh":
            values = [node.value]
        elif isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            values = [v for k, v in pairs if isinstance(k, ast.Constant) and k.value == "zh"]
        found |= {id(inner) for one in values for inner in ast.walk(one)}
    return found


def test_python_holds_no_chinese_text():
    found = []
    for path in files("*.py"):
        if is_data(path):
            continue
        module = tree(path)
        allowed = docstrings(module) | beside_its_english(module)
        found += [
            f"{where(path, node.lineno)} {node.value[:30]!r}"
            for node in ast.walk(module)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in allowed
            and node.value not in OWN_NAMES
            and CHINESE.search(node.value)
            and CHINESE.search(ast.get_source_segment(path.read_text(encoding="utf-8"), node) or "")
        ]
    assert not found, report("Use gettext, or Text with both languages:", found)


def test_templates_hold_no_chinese_text():
    found = []
    for path in files("*.html", "*.txt"):
        if is_data(path):
            continue
        lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        found += [
            f"{where(path, number)} {line.strip()[:60]}"
            for number, line in lines
            if CHINESE.search(line) and not OWN_NAMES & set(re.findall(r"[\u3400-\u9fff]+", line))
        ]
    assert not found, report("Use {% translate %} or {% blocktranslate %}:", found)


def test_messages_are_not_built_from_pieces():
    """gettext of an f-string or a sum finds no translation at run time."""
    calls = {
        "_",
        "gettext",
        "gettext_lazy",
        "pgettext",
        "pgettext_lazy",
        "ngettext",
        "ngettext_lazy",
    }
    found = [
        where(path, node.lineno)
        for path in files("*.py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in calls
        and any(isinstance(argument, ast.JoinedStr | ast.BinOp) for argument in node.args[:2])
    ]
    assert not found, report("Give gettext one plain sentence with %(name)s places:", found)


def test_the_project_speaks_both_languages():
    catalogue = ROOT / "platform_core" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    assert catalogue.exists(), f"{where(catalogue)} is missing"
