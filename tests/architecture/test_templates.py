"""Templates keep the strict content security policy: no inline style, script or handler."""

import re

import pytest

from .source import files, report, where

FOREIGN = r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)=[\"'](?:https?:)?//"
RULES = {
    "inline style": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.I),
    "style element": re.compile(r"<style\b", re.I),
    "script without src": re.compile(
        r"<script\b(?![^>]*\bsrc\s*=)(?![^>]*type=\"application/json\")", re.I
    ),
    "inline handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=\s*[\"']", re.I),
    "javascript: address": re.compile(r"=\s*[\"']?\s*javascript:", re.I),
    "htmx evaluates text": re.compile(r"\shx-(?:on|vals=[\"']js|headers=[\"']js)", re.I),
    "unescaped output": re.compile(r"\|\s*safe\b|{%\s*autoescape\s+off"),
    "file of another site": re.compile(FOREIGN, re.I),
}
COMMENT = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}", re.S)


@pytest.mark.parametrize("rule", RULES)
def test_templates_keep_the_policy(rule):
    found = []
    for path in files("*.html"):
        text = COMMENT.sub(
            lambda match: "\n" * match[0].count("\n"), path.read_text(encoding="utf-8")
        )
        found += [
            f"{where(path, text.count(chr(10), 0, match.start()) + 1)} {match[0].strip()[:80]}"
            for match in RULES[rule].finditer(text)
        ]
    assert not found, report(f"No template may contain: {rule}", found)


def test_python_builds_no_inline_markup():
    """Markup made in Python is under the same policy."""
    pattern = re.compile(r"<[a-z][^>]*\s(?:style|on[a-z]+)\s*=|<script|<style", re.I)
    found = []
    for path in files("*.py"):
        lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        found += [
            f"{where(path, number)} {line.strip()[:80]}"
            for number, line in lines
            if pattern.search(line)
        ]
    assert not found, report("Python builds no inline style, script or handler:", found)


def test_nothing_is_marked_safe_by_hand():
    found = []
    for path in files("*.py"):
        lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        found += [
            f"{where(path, number)}"
            for number, line in lines
            if re.search(r"\bmark_safe\(|\bSafeString\(", line)
        ]
    assert not found, report("format_html and templates escape, mark_safe does not:", found)
