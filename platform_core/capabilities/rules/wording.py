"""A rule in words. Any tree may come, a hostile one too: what is too deep or too much ends in …"""

from platform_core.common.i18n import Text

from .limits import MAX_DEPTH, MAX_NODES
from .lookups import source_named
from .operators import OPERATORS, SEXES
from .values import day_number, from_raw, shown_number
from .words import WORDS

INFIX = {"+": " + ", "-": " - ", "*": " × ", "/": " ÷ "}
PRECEDENCE = {"+": 1, "-": 1, "*": 2, "/": 2}
CONDITIONS = {"and", "or"}
LISTING = {"min", "max", "concat"}
SEX = "$sex"  # asked about: not a field, but a choice of two all the same
QUOTED = "$quoted"
WITH_MORE = {"count": (2, "count_if"), "round": (2, "round_to"), "slice": (3, "slice_to")}
WITH_MORE["age"] = (2, "age_on")


def pick(label, language: str) -> str:
    """A label (Text, {"zh", "en"} or plain) in `language`."""
    if isinstance(label, Text):
        return getattr(label, language)
    if isinstance(label, dict):
        return label.get(language) or next(iter(label.values()), "")
    return str(label)


def language_code(language) -> str:
    return "en" if str(language).startswith("en") else "zh"


class Speaker:
    """Says the parts of one rule. `labels` and `options` as in `sentence`."""

    def __init__(self, labels: dict, language: str, options: dict | None = None):
        self.labels = labels
        self.language = language_code(language)
        self.options = {SEX: {sex: WORDS[sex] for sex in SEXES}, **(options or {})}
        self.words = {op: said[self.language] for op, said in WORDS.items()}
        self.left = MAX_NODES

    def rule(self, node) -> str:
        """The whole of `node` in words."""
        self.left = MAX_NODES
        return self.say(node)

    def label(self, key) -> str:
        return self.words["field"].format(pick(self.labels.get(str(key), key), self.language))

    def say(self, node, about: str | None = None, outer: str = "", depth: int = 0) -> str:
        """`about` is the field whose answers literal texts are, so that they get their labels."""
        self.left -= 1
        if depth > MAX_DEPTH or self.left < 0:
            return "…"
        if isinstance(node, list):
            return self.listed(node, about, depth)
        if not isinstance(node, dict) or len(node) != 1:
            return self.value(from_raw(node), about)
        ((op, args),) = node.items()
        if op in ("var", "row"):
            return self.label(args)
        args = args if isinstance(args, list) else [args]
        if op not in OPERATORS or not OPERATORS[op].least <= len(args) <= OPERATORS[op].most:
            return "…"
        return self.operation(op, args, outer, depth)

    def listed(self, nodes: list, about: str | None, depth: int) -> str:
        said = [self.say(item, about, depth=depth + 1) for item in nodes[:MAX_NODES]]
        return self.words["list"].join(said) if said else self.words["nothing"]

    def value(self, value, about: str | None = None) -> str:
        """A value of a rule as people read it."""
        if value is None:
            return self.words["nothing"]
        if isinstance(value, bool):
            return self.words["yes" if value else "no"]
        if isinstance(value, int):
            return shown_number(value)
        if isinstance(value, dict):
            return "…"
        if isinstance(value, list):
            if any(isinstance(item, dict) for item in value):
                return self.words["rows"].format(len(value))
            return self.words["list"].join(self.value(item, about) for item in value)
        label = self.options.get(about, {}).get(value)
        if about == QUOTED and not day_number(value):
            return self.words["quoted"].format(value)
        return self.words["field"].format(pick(label, self.language)) if label else value

    def operation(self, op: str, args: list, outer: str, depth: int) -> str:
        inside = depth + 1
        if op in CONDITIONS:
            said = self.words[op].join(self.say(arg, outer=op, depth=inside) for arg in args)
            return self.words["group"].format(said) if outer and outer != op else said
        if op in INFIX:
            return self.sum(op, args, outer, inside)
        if op == "if":
            return self.choice(args, inside)
        if op == "lookup":
            return self.lookup(args, inside)
        about = _about(op, args)
        if op in LISTING:
            return self.words[op].format(self.listed(args, about, inside))
        pattern = self.words[self.variant(op, args)]
        # A sum inside a phrase needs brackets; beside a comparison it does not.
        outer = "" if OPERATORS[op].family in ("comparison", "logic", "rows") else "/"
        return pattern.format(*[self.say(arg, about, outer, inside) for arg in args])

    def sum(self, op: str, args: list, outer: str, depth: int) -> str:
        parts = [self.say(arg, outer=op, depth=depth) for arg in args]
        said = INFIX[op].join(parts) if len(parts) > 1 else f"-{parts[0]}"
        weaker = PRECEDENCE[op] < PRECEDENCE.get(outer, 0)
        return f"({said})" if weaker or outer in ("-", "/") else said

    def choice(self, args: list, depth: int) -> str:
        said = []
        for at in range(0, len(args) - 1, 2):
            pair = [self.say(arg, depth=depth) for arg in args[at : at + 2]]
            said.append(self.words["if"].format(*pair))
        text = self.words["else_if"].join(said)
        if len(args) % 2:
            text += self.words["else"].format(self.say(args[-1], depth=depth))
        return text

    def lookup(self, args: list, depth: int) -> str:
        name, key, column = args
        source = source_named(name) if isinstance(name, str) else None
        known = source.columns.get(column) if source and isinstance(column, str) else None
        return self.words["lookup"].format(
            pick(source.label, self.language) if source else self.say(name, depth=depth),
            self.say(key, depth=depth),
            pick(known.label, self.language) if known else self.say(column, depth=depth),
        )

    def variant(self, op: str, args: list) -> str:
        if op in ("==", "!=") and any(type(arg) in (int, float) for arg in args):
            return f"{op}n"
        if op == "in" and isinstance(args[-1], dict):
            return "includes"
        size, name = WITH_MORE.get(op, (0, op))
        return name if size == len(args) else op


def _about(op: str, args: list) -> str | None:
    """The field whose answers the literal texts beside it are, or how they are to be shown."""
    if OPERATORS[op].family == "texts":
        return QUOTED
    if OPERATORS[op].family != "comparison":
        return None
    for arg in args:
        if isinstance(arg, dict):
            if "sex" in arg:
                return SEX
            key = arg.get("var", arg.get("row"))
            if isinstance(key, str):
                return key
    return None


def sentence(tree, labels: dict, language: str, *, options: dict | None = None) -> str:
    """The rule as a sentence. `language` is "zh" or "en"; labels map a field key to its text.

    `options` maps the key of a choice to {value: text}, so that answers read as people see them.
    """
    return Speaker(labels, language, options).rule(tree)
