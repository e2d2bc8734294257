"""Texts that attack whoever shows them unescaped: labels, answers, opinions, names of files."""

from pathlib import Path

CORPUS = Path(__file__).parent / "fixtures" / "xss.txt"


def hostile_texts() -> list[str]:
    """Every text of the corpus, one a line."""
    return [line for line in CORPUS.read_text(encoding="utf-8").split("\n") if line]
