"""One form out of several, in which the same question stands once. Pure.

A question keeps its wording, its type and its conditions; only keys change where two forms use the
same one. `Composition.answers_of` leads back to the answers of each form.

Two questions are one when both ask for the same paper, when the author says so, or when both are
the same fact of a profile; and in each case only while they take the same kind of answer.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from platform_core.capabilities.forms.engine import key_of
from platform_core.capabilities.forms.schema import Form, Page

LONGEST_KEY = 40
ON_A_PAGE = 20
# Facts about the applicant or the firm: wherever they are asked, they are the same.
SAME_EVERYWHERE = "profile."
NEVER_SHARED = ("note", "computed")


@dataclass(frozen=True)
class Part:
    """The form of one item. `ref` is "napp/key", `title` its name in both languages, `papers` says
    which questions ask for which material ({field: "code:way"}), `version` whose form it is, and
    `purpose` what a draft of this item alone would be for.
    """

    ref: str
    title: dict
    form: Form
    papers: dict[str, str] = field(default_factory=dict)
    version: object = None
    purpose: str = ""


@dataclass(frozen=True)
class Composition:
    """The form that is filled in; `keys` says by part where each of its questions stands in it."""

    form: Form
    parts: tuple[Part, ...]
    keys: dict[str, dict[str, str]]
    shared: frozenset[str]

    @property
    def asked(self) -> int:
        """How many questions are asked together."""
        return _count(self.form)

    @property
    def separately(self) -> int:
        """How many are asked when each item is applied for alone."""
        return sum(_count(part.form) for part in self.parts)

    def answers_of(self, ref: str, values: dict) -> dict:
        """The answers of one part, by its own keys."""
        return {own: values[key] for own, key in self.keys[ref].items() if key in values}

    def values_from(self, answers: dict[str, dict]) -> dict:
        """The other way: answers by part as the values of this form; the first one counts."""
        found: dict = {}
        for part in self.parts:
            for own, value in answers.get(part.ref, {}).items():
                key = self.keys[part.ref].get(own)
                if key is not None and found.get(key) in (None, "", []):
                    found[key] = value
        return found

    def spared(self, exempt: dict[str, dict]) -> dict:
        """The questions of this form that need no answer, from those of each part ({ref: {own key:
        facts}}): a shared one still does while any of its forms needs it.
        """
        found, needed = {}, set()
        for part in self.parts:
            for own, key in self.keys[part.ref].items():
                question, facts = part.form.question(own), exempt.get(part.ref, {}).get(own)
                if facts is not None:
                    found.setdefault(key, facts)
                elif question.required or question.required_if:
                    needed.add(key)
        return {key: facts for key, facts in found.items() if key not in needed}

    def papers(self) -> dict[str, str]:
        """{code: key} of the questions of this form that take a paper as a file."""
        found: dict[str, str] = {}
        for part in self.parts:
            for own, name in part.papers.items():
                code, _colon, way = name.partition(":")
                if way == "upload" and own in self.keys[part.ref]:
                    found.setdefault(code, self.keys[part.ref][own])
        return found

    def errors_here(self, ref: str, errors: dict) -> dict:
        """Errors of one part at the questions of this form."""
        found = {}
        for path, said in errors.items():
            own = key_of(path)
            found[self.keys[ref].get(own, own) + path[len(own) :]] = said
        return found


@dataclass
class _Question:
    """One question and every place where it is asked: (number of the part, page, field)."""

    places: list = field(default_factory=list)
    key: str = ""

    @property
    def is_shared(self) -> bool:
        return len(self.places) > 1


def compose(
    key: str, title: dict, parts: list[Part], same: list[list[str]], shared_title: dict
) -> Composition:
    """The form `key` of the `parts`. `same` are groups of "napp/key:field" that ask the same."""
    groups = {name: number for number, names in enumerate(same) for name in names}
    questions = _gathered(parts, groups)
    _name(questions)
    keys: dict[str, dict[str, str]] = {part.ref: {} for part in parts}
    for question in questions:
        for number, _page, one in question.places:
            keys[parts[number].ref][one.key] = question.key
    merged = {one.key: _merged(one, parts, keys) for one in questions}
    shared = [one.key for one in questions if one.is_shared]
    first = _with_what_they_ask_about(shared, merged)
    pages = _first_pages(first, merged, shared_title) + _own_pages(parts, keys, set(first))
    checks = [
        _renamed(check.model_dump(mode="json", exclude_none=True), keys[part.ref])
        | {"field": keys[part.ref][check.field]}
        for part in parts
        for check in part.form.checks
    ]
    form = Form.model_validate({"key": key, "title": title, "pages": pages, "checks": checks})
    asked_of_all = {
        ref: {own: at for own, at in found.items() if form.question(at) is not None}
        for ref, found in keys.items()
    }
    return Composition(form, tuple(parts), asked_of_all, frozenset(shared))


def _count(form: Form) -> int:
    return sum(question.type != "computed" for question in form.questions())


def _gathered(parts: list[Part], groups: dict[str, int]) -> list[_Question]:
    """Every question once, in the order in which the parts ask."""
    places = [
        (number, page, one)
        for number, part in enumerate(parts)
        for page, one in part.form.all_fields()
    ]
    found: dict[int, _Question] = {}
    for home, place in zip(_united(parts, places, groups), places, strict=True):
        found.setdefault(home, _Question()).places.append(place)
    return list(found.values())


def _united(parts: list[Part], places: list[tuple], groups: dict[str, int]) -> list[int]:
    """For each place the number of the first one that asks the same. Papers come first, so that
    nothing an author says can have one asked for twice.
    """
    homes = list(range(len(places)))
    reasons: list[Callable] = [
        lambda part, one: part.papers.get(one.key),
        lambda part, one: groups.get(f"{part.ref}:{one.key}"),
        lambda _part, one: one.prefill if (one.prefill or "").startswith(SAME_EVERYWHERE) else None,
    ]
    for reason in reasons:
        seen: dict[tuple, int] = {}
        for at, (number, _page, one) in enumerate(places):
            why = None if one.type in NEVER_SHARED else reason(parts[number], one)
            if why is not None:
                _unite(homes, seen.setdefault((why, *_shape(one)), at), at, places)
    return homes


def _shape(one) -> tuple:
    """The kind of answer that a question takes."""
    return (
        one.type,
        tuple(option.value for option in getattr(one, "options", ())),
        getattr(one, "level", ""),
        getattr(one, "root", ""),
    )


def _unite(homes: list[int], one: int, other: int, places: list[tuple]) -> None:
    """Make two places one question, unless one form would then ask two of its own as one (it has
    its reasons to ask twice), or no kind of file would fit both.
    """
    pair = {homes[one], homes[other]}
    members = [at for at, home in enumerate(homes) if home in pair]
    numbers = [places[at][0] for at in members]
    if len(pair) < 2 or len(set(numbers)) < len(numbers):
        return
    if places[one][2].type == "attachment" and not _accepted([places[at][2] for at in members]):
        return
    for at in members:
        homes[at] = min(pair)


def _accepted(questions: list) -> list[str]:
    """The kinds of file that all these questions take."""
    first, *others = [one.accept for one in questions]
    return [kind for kind in first if all(kind in accept for accept in others)]


def _name(questions: list[_Question]) -> None:
    """A key for each; shared ones keep theirs first."""
    taken: set[str] = set()
    for question in sorted(questions, key=lambda one: not one.is_shared):
        question.key = _free(question.places[0][2].key, taken)


def _free(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 1
    while name in taken:
        number += 1
        end = f"_{number}"
        name = wanted[: LONGEST_KEY - len(end)] + end
    taken.add(name)
    return name


def _renamed(tree, keys: dict[str, str]):
    """The tree with every {"var": key} asking for the key of this form."""
    if isinstance(tree, list):
        return [_renamed(one, keys) for one in tree]
    if not isinstance(tree, dict):
        return tree
    if set(tree) == {"var"} and isinstance(tree["var"], str):
        return {"var": keys.get(tree["var"], tree["var"])}
    return {name: _renamed(one, keys) for name, one in tree.items()}


def _dumped(part: Part, one, keys: dict[str, str]) -> dict:
    """A field of a part as it stands in the composed form, with its declaration at itself."""
    found = _renamed(one.model_dump(mode="json", exclude_none=True), keys)
    found["key"] = keys[one.key]
    if found.get("sensitive") is True and part.form.privacy is not None:
        found["sensitive"] = part.form.privacy.model_dump(mode="json", exclude_none=True)
    return found


def _with_what_they_ask_about(wanted: list[str], merged: dict[str, dict]) -> list[str]:
    """The keys `wanted`, each after the questions that its conditions ask about: these come along,
    since a condition sees only what was answered before.
    """
    found: dict[str, None] = {}

    def put(key: str, on_the_way: frozenset[str]) -> None:
        if key in found or key in on_the_way or key not in merged:
            return
        for one in merged:
            if one in _asked_about(merged[key]):
                put(one, on_the_way | {key})
        found[key] = None

    for key in wanted:
        put(key, frozenset())
    return list(found)


def _asked_about(tree) -> set[str]:
    """The keys of every {"var": key} in a tree."""
    if isinstance(tree, dict):
        own = {tree["var"]} if isinstance(tree.get("var"), str) else set()
        return own.union(*(_asked_about(one) for one in tree.values()))
    return set().union(*(_asked_about(one) for one in tree)) if isinstance(tree, list) else set()


def _first_pages(first: list[str], merged: dict[str, dict], title: dict) -> list[dict]:
    chunks = [first[at : at + ON_A_PAGE] for at in range(0, len(first), ON_A_PAGE)]
    return [
        {"key": f"shared_{number}", "title": title, "fields": [merged[key] for key in chunk]}
        for number, chunk in enumerate(chunks, 1)
    ]


# How the narrower of two limits is found.
LIMITS: dict[str, Callable] = {
    "max_length": min, "min_length": max, "max_files": min, "max_rows": min, "min_rows": max,
}  # fmt: skip


def _merged(question: _Question, parts, keys) -> dict:
    """One question for all places: asked where any of them asks it, needed where one needs it."""
    dumped = [_dumped(parts[at], one, keys[parts[at].ref]) for at, _page, one in question.places]
    found = dict(dumped[0])
    for name, narrower in LIMITS.items():
        said = [one[name] for one in dumped if name in one]
        if said:
            found[name] = narrower(said)
    if question.places[0][2].type == "attachment":
        found["accept"] = _accepted([one for _at, _page, one in question.places])
    shown, needed = [], []
    for (at, page, _one), one in zip(question.places, dumped, strict=True):
        condition = _all(_renamed(page.show_if, keys[parts[at].ref]), one.get("show_if"))
        shown.append(condition)
        if one.get("required"):
            needed.append(condition)
        elif one.get("required_if"):
            needed.append(_all(condition, one["required_if"]))
    for name in ("show_if", "required_if"):
        found.pop(name, None)
    if "required" in found:
        found["required"] = None in needed
    if None not in shown:
        found["show_if"] = _any(shown)
    if needed and None not in needed:
        found["required_if"] = _any(needed)
    if any(one.get("locked") for one in dumped):
        found["locked"] = True
    sensitive = [one["sensitive"] for one in dumped if one.get("sensitive")]
    return found | ({"sensitive": sensitive[0]} if sensitive else {})


def _all(*rules):
    given = [rule for rule in rules if rule is not None]
    return {"and": given} if len(given) > 1 else (given[0] if given else None)


def _any(rules: list):
    return {"or": rules} if len(rules) > 1 else rules[0]


def _own_pages(parts: list[Part], keys, first: set[str]) -> list[dict]:
    taken = {f"shared_{number}" for number in range(1, 9)}
    pages = []
    for part in parts:
        mine = keys[part.ref]
        for page in part.form.pages:
            fields = [_dumped(part, one, mine) for one in page.fields if mine[one.key] not in first]
            if not any(one["type"] != "note" for one in fields):
                continue
            pages.append(_page(part, page, fields, mine, _free(page.key, taken)))
    return pages


def _page(part: Part, page: Page, fields: list, keys: dict, key: str) -> dict:
    both = {
        language: f"{part.title[language]} · {getattr(page.title, language)}"
        for language in ("zh", "en")
    }
    found = {"key": key, "title": both, "fields": fields}
    if page.help is not None:
        found["help"] = page.help.model_dump()
    if page.show_if is not None:
        found["show_if"] = _renamed(page.show_if, keys)
    return found
