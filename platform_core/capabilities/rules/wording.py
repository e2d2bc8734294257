"""A rule in words, and the steps of one evaluation with their values."""

from dataclasses import dataclass
from datetime import date

from platform_core.common.i18n import Text

from .engine import Run
from .values import from_raw, shown_number, to_raw

WORDS = {
    "group": {"zh": "（{0}）", "en": "({0})"},
    "==": {"zh": "{0}是{1}", "en": "{0} is {1}"},
    "!=": {"zh": "{0}不是{1}", "en": "{0} is not {1}"},
    "==n": {"zh": "{0}等于 {1}", "en": "{0} equals {1}"},
    "!=n": {"zh": "{0}不等于 {1}", "en": "{0} does not equal {1}"},
    "<": {"zh": "{0}小于 {1}", "en": "{0} is less than {1}"},
    "<=": {"zh": "{0}不大于 {1}", "en": "{0} is at most {1}"},
    ">": {"zh": "{0}大于 {1}", "en": "{0} is more than {1}"},
    ">=": {"zh": "{0}不小于 {1}", "en": "{0} is at least {1}"},
    "between": {"zh": "{0}在 {1} 到 {2} 之间", "en": "{0} is from {1} to {2}"},
    "in": {"zh": "{0}是{1}之一", "en": "{0} is one of {1}"},
    "contains": {"zh": "{1}中选了{0}", "en": "{1} includes {0}"},
    "empty": {"zh": "{0}没有填写", "en": "{0} is not filled in"},
    "filled": {"zh": "{0}已填写", "en": "{0} is filled in"},
    "not": {"zh": "并非（{0}）", "en": "not ({0})"},
    "and": {"zh": "，并且", "en": " and "},
    "or": {"zh": "，或者", "en": " or "},
    "if": {"zh": "如果{0}，则为 {1}", "en": "if {0}, then {1}"},
    "else": {"zh": "；否则为 {0}", "en": "; otherwise {0}"},
    "count": {"zh": "{0}的行数", "en": "the number of rows of {0}"},
    "count_if": {"zh": "{0}中“{1}”的行数", "en": "the number of rows of {0} where {1}"},
    "sum": {"zh": "{0}中{1}的合计", "en": "the sum of {1} over {0}"},
    "any": {"zh": "{0}中有一行{1}", "en": "{0} has a row where {1}"},
    "all": {"zh": "{0}的每一行都{1}", "en": "in every row of {0}, {1}"},
    "today": {"zh": "今天", "en": "today"},
    "add_days": {"zh": "{0}加 {1} 天", "en": "{0} plus {1} days"},
    "days_between": {"zh": "从{0}到{1}的天数", "en": "the days from {0} to {1}"},
    "field": {"zh": "「{0}」", "en": "“{0}”"},
    "list": {"zh": "、", "en": ", "},
    "yes": {"zh": "是", "en": "yes"},
    "no": {"zh": "否", "en": "no"},
    "nothing": {"zh": "空", "en": "nothing"},
}
INFIX = {"+": " + ", "-": " - ", "*": " × ", "/": " ÷ "}
PRECEDENCE = {"+": 1, "-": 1, "*": 2, "/": 2}
CONDITIONS = {"and", "or"}


def _pick(label, language: str) -> str:
    if isinstance(label, Text):
        return getattr(label, language)
    if isinstance(label, dict):
        return label.get(language) or next(iter(label.values()), "")
    return str(label)


class _Speaker:
    def __init__(self, labels: dict, language: str, options: dict):
        self.labels = labels
        self.language = language
        self.options = options
        self.words = {op: said[language] for op, said in WORDS.items()}

    def label(self, key) -> str:
        return self.words["field"].format(_pick(self.labels.get(key, key), self.language))

    def say(self, node, about: str | None = None, outer: str = "") -> str:
        """`about` is the field whose answers literal texts are, so that they get their labels."""
        if isinstance(node, list):
            return self.words["list"].join(self.say(item, about) for item in node)
        if not isinstance(node, dict) or len(node) != 1:
            return self.value(from_raw(node), about)
        ((op, args),) = node.items()
        if op in ("var", "row"):
            return self.label(args)
        args = args if isinstance(args, list) else [args]
        return self.operation(op, args, outer)

    def value(self, value, about: str | None = None) -> str:
        if value is None:
            return self.words["nothing"]
        if isinstance(value, bool):
            return self.words["yes" if value else "no"]
        if isinstance(value, int):
            return shown_number(value)
        if isinstance(value, list):
            return self.words["list"].join(
                self.value(item, about) for item in value if not isinstance(item, dict)
            )
        label = self.options.get(about, {}).get(value)
        return self.words["field"].format(_pick(label, self.language)) if label else value

    def operation(self, op: str, args: list, outer: str) -> str:
        if op in CONDITIONS:
            said = self.words[op].join(self.say(arg, outer=op) for arg in args)
            return self.words["group"].format(said) if outer and outer != op else said
        if op in INFIX:
            parts = [self.say(arg, outer=op) for arg in args]
            said = INFIX[op].join(parts) if len(parts) > 1 else f"-{parts[0]}"
            weaker = PRECEDENCE[op] < PRECEDENCE.get(outer, 0)
            return f"({said})" if weaker or outer in ("-", "/") else said
        if op == "if":
            said = self.words["if"].format(self.say(args[0]), self.say(args[1]))
            rest = args[2:]
            if not rest:
                return said
            other = self.operation("if", rest, "") if len(rest) > 1 else self.say(rest[0])
            return said + self.words["else"].format(other)
        about = next(
            (
                arg["var"]
                for arg in args
                if isinstance(arg, dict) and isinstance(arg.get("var"), str)
            ),
            None,
        )
        pattern = self.words.get(self.variant(op, args), "{0}")
        return pattern.format(*[self.say(arg, about) for arg in args], *[""] * 3)

    def variant(self, op: str, args: list) -> str:
        if op in ("==", "!=") and any(type(arg) in (int, float) for arg in args):
            return f"{op}n"
        if op == "in" and isinstance(args[-1], dict):
            return "contains"
        return "count_if" if op == "count" and len(args) > 1 else op


def sentence(tree, labels: dict, language: str, *, options: dict | None = None) -> str:
    """The rule as a sentence. `language` is "zh" or "en"; labels map a field key to its text.

    `options` maps the key of a choice to {value: text}, so that answers read as people see them.
    """
    language = "en" if str(language).startswith("en") else "zh"
    return _Speaker(labels, language, options or {}).say(tree)


@dataclass(frozen=True)
class Step:
    """One operation of an evaluation: where it stands, what it says, what came out (Decimal for
    numbers).
    """

    path: str
    words: str
    value: object
    shown: str


def explain(
    tree, values: dict, *, today: date, labels: dict, language: str, options=None
) -> list[Step]:
    """The steps of an evaluation, inner ones first; the last is the result."""
    language = "en" if str(language).startswith("en") else "zh"
    speaker = _Speaker(labels, language, options or {})
    steps: list[Step] = []

    def note(path, node, value):
        steps.append(Step(path.lstrip("."), speaker.say(node), to_raw(value), speaker.value(value)))

    run = Run(values, today, note)
    result = run.value(tree)
    if not steps:
        steps.append(Step("", speaker.say(tree), to_raw(result), speaker.value(result)))
    return steps
