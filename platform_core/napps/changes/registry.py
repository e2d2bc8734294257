"""Who words the changes of which section, and all sentences of two manifests."""

from collections.abc import Callable
from dataclasses import dataclass, field

from pydantic import ValidationError

from ..manifest import CORE, Core, section_is_sound, sections
from .talk import ABSENT, Sentence, Talk, same, shown

MOST = 3000


@dataclass(frozen=True)
class Wording:
    title: object
    function: Callable | None = None


@dataclass
class Chapter:
    """The sentences of one section under its name."""

    section: str
    title: object
    sentences: list[Sentence] = field(default_factory=list)


_wordings: dict[str, Wording] = {}
_CORE_KEYS = {one.alias or name for name, one in Core.model_fields.items()}


def register_wording(section: str, title, function: Callable | None = None) -> None:
    """Name a section for readers and word its changes.

    `function(talk, old, new)` calls `talk.say` for the changes from `old` to `new`, two sound raw
    values of the section (an empty list when it is not there), and hands what it does not know to
    `talk.rest`. Without a function every change is told by its path.
    """
    _wordings[section] = Wording(title, function)


def sentences(old: dict, new: dict) -> list[Sentence]:
    """Every change from the raw manifest `old` to `new` in the reader's language; none when the
    content is the same. Drafts may hold anything: what is not sound is told by its path."""
    said: list[Sentence] = []
    core = Talk(CORE, old, new)
    _tell(core, *({key: raw[key] for key in raw if key in _CORE_KEYS} for raw in (old, new)))
    said += core.said
    known = [key for key in sections() if key in old or key in new]
    other = [key for key in [*new, *old] if key not in known and key not in _CORE_KEYS]
    for key in dict.fromkeys([*known, *other]):
        talk = Talk(key, old, new)
        _tell(talk, old.get(key, ABSENT), new.get(key, ABSENT))
        said += talk.said
    return said[:MOST]


def chapters(old: dict, new: dict) -> list[Chapter]:
    """The sentences grouped by section, what breaks something first in each."""
    found: dict[str, Chapter] = {}
    for sentence in sentences(old, new):
        wording = _wordings.get(sentence.section)
        title = wording.title if wording else sentence.section
        chapter = found.setdefault(sentence.section, Chapter(sentence.section, title))
        chapter.sentences.append(sentence)
    for chapter in found.values():
        chapter.sentences.sort(key=lambda sentence: not sentence.is_breaking)
    return list(found.values())


def breaking(found: list[Chapter]) -> int:
    """How many of the sentences break something."""
    return sum(one.is_breaking for chapter in found for one in chapter.sentences)


def _tell(talk: Talk, old, new) -> None:
    if same(old, new):
        return
    wording = _wordings.get(talk.section)
    if wording and wording.function and _are_sound(talk, old, new):
        wording.function(talk, *([] if one is ABSENT else one for one in (old, new)))
    if not talk.said:
        talk.compare("", (), old, new, ())
    if not talk.said:
        # Something is written differently that no comparison looks into.
        talk.say(f"{talk.section}: {shown(old)} → {shown(new)}", ())


def _are_sound(talk: Talk, old, new) -> bool:
    if talk.section == CORE:
        try:
            return bool(Core.model_validate(old) and Core.model_validate(new))
        except ValidationError:
            return False
    values = [one for one in (old, new) if one is not ABSENT]
    return all(section_is_sound(talk.section, one) for one in values)
