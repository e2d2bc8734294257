"""What a guide of the help centre is made of. Pure: texts are lazy, addresses are view names."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Way:
    """A place that a guide leads to: the words of its link, its view with arguments, its icon."""

    words: object
    view: str
    args: tuple = ()
    icon: str = "arrow-right"


@dataclass(frozen=True)
class Section:
    """A part of a guide under a heading with an anchor: paragraphs, steps in order, points, terms
    with their meaning, paragraphs after them, and what to click.
    """

    anchor: str
    title: object
    text: tuple = ()
    steps: tuple = ()
    points: tuple = ()
    terms: tuple[tuple[object, object], ...] = ()
    after: tuple = ()
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True)
class Guide:
    """A guide: its name in addresses, title, one sentence, what people call it (with commas), its
    sections.
    """

    key: str
    title: object
    summary: object
    icon: str
    keywords: object = ""
    sections: tuple[Section, ...] = field(default_factory=tuple)

    def words(self) -> list[str]:
        """Every text of its sections in the language in force."""
        found = []
        for one in self.sections:
            found += [one.title, *one.text, *one.steps, *one.points, *one.after]
            found += [part for term in one.terms for part in term]
        return [str(words) for words in found]
