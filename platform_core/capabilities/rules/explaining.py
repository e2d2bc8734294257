"""Why a rule came out as it did: every step of one evaluation with its values, in one language."""

from dataclasses import dataclass
from datetime import date

from .engine import NOTHING, Reference, Run
from .values import from_raw, to_raw
from .wording import Speaker, language_code
from .words import WORDS

MAX_SHOWN = 300


@dataclass(frozen=True)
class Step:
    """One operation: where it stands, what it says, what came out (Decimal for numbers).

    `given` are the values that it was made of, in its order, as (what, value) in words; `row` is
    the number of the row looked at (from 1), None outside tables.
    """

    path: str
    words: str
    value: object
    shown: str
    given: tuple[tuple[str, str], ...] = ()
    row: int | None = None

    def as_data(self) -> dict:
        """For JSON: the same as the fields, numbers as text."""
        value = self.value if isinstance(self.value, bool) else self.shown
        return {
            "path": self.path,
            "row": self.row,
            "words": self.words,
            "given": [list(pair) for pair in self.given],
            "value": None if self.value is None else value,
            "shown": self.shown,
        }


class _Notes:
    """Collects steps. Words are made once for each place: rows repeat them."""

    def __init__(self, run: Run, speaker: Speaker):
        self.run = run
        self.speaker = speaker
        self.steps: list[Step] = []
        self.words: dict[str, str] = {}

    def __call__(self, path: str, node, value) -> None:
        if path not in self.words:
            self.words[path] = self.speaker.rule(node)
        row = None if self.run.row is None else self.run.row_number
        last = not path
        if len(self.steps) < MAX_SHOWN or last:
            words, shown = self.words[path], self.speaker.value(value)
            given = tuple(self.given(node))
            self.steps.append(Step(path.lstrip("."), words, to_raw(value), shown, given, row))

    def given(self, node):
        """The fields named in this very step; what other steps worked out stands in them."""
        ((_op, args),) = node.items()
        for arg in args if isinstance(args, list) else [args]:
            if not isinstance(arg, dict) or len(arg) != 1:
                continue
            ((name, key),) = arg.items()
            if name not in ("var", "row") or not isinstance(key, str):
                continue
            known = self.run.values if name == "var" else self.run.row or {}
            yield self.speaker.label(key), self.speaker.value(from_raw(known.get(key)), key)


def explain(
    tree,
    values: dict,
    *,
    today: date,
    labels: dict,
    language: str,
    options=None,
    reference: Reference = NOTHING,
) -> list[Step]:
    """The steps of an evaluation, inner ones first; the last is the result. Of a rule over long
    tables the first 300 steps are shown, and the result.
    """
    speaker = Speaker(labels, language, options)
    run = Run(values, today, reference)
    notes = run.trace = _Notes(run, speaker)
    result = run.value(tree)
    if not notes.steps:
        words, shown = speaker.rule(tree), speaker.value(result)
        return [Step("", words, to_raw(result), shown)]
    return notes.steps


def explain_lines(steps: list[Step], language: str) -> list[str]:
    """The steps as lines of text: "“Score” × 20 = 90 (“Score”: 4.5)"."""
    words = {key: said[language_code(language)] for key, said in WORDS.items()}
    lines = []
    for step in steps:
        line = words["step"].format(step.words, step.shown)
        if step.row is not None:
            line = words["row"].format(step.row) + line
        if step.given:
            pairs = words["list"].join(words["given"].format(*pair) for pair in step.given)
            line += words["group_after"].format(pairs)
        lines.append(line)
    return lines
