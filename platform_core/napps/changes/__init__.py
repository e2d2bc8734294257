"""What changed between two manifests, in sentences that an official reads before they approve.

A capability registers the wording of its section; whatever no wording claims is told by its path,
so that no change goes unsaid.
"""

from .registry import Chapter, Sentence, breaking, chapters, register_wording, sentences
from .talk import Talk, quoted

__all__ = [
    "Chapter",
    "Sentence",
    "Talk",
    "breaking",
    "chapters",
    "quoted",
    "register_wording",
    "sentences",
]
