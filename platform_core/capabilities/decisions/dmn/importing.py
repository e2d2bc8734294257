"""A table from DMN 1.3. What the document says counts; the extension adds what DMN has no word for.

Everything that this platform could not mean in the same way is refused with its place and reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from pydantic import ValidationError

from platform_core.common.bounded_json import JSONRefused, load_bounded
from platform_core.napps.problems import from_validation

from ..definition import Decision
from .exporting import TYPES
from .feel import NotMeant, read_cell, read_literal, read_literals
from .xml import DMN, MAX_BYTES, OWN, DMNRefused, cleaned, parse, refused, tag

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
PLAIN = {"number": "number", "string": "text", "boolean": "yes_no", "date": "date"}
AGGREGATES = {None: "list", "SUM": "sum", "MIN": "min", "MAX": "max"}
BESIDE = {"description", "extensionElements", "question", "allowedAnswers", "variable"}
BESIDE |= {"informationRequirement", "decisionTable"}
AROUND = {"description", "extensionElements", "decision", "inputData", "DMNDI"}
MAX_PROBLEMS = 50


@dataclass(frozen=True)
class Imported:
    """`raw` is the table as a manifest writes it, `decision` the same, well-formed."""

    raw: dict
    decision: Decision


def read_dmn(document: bytes) -> Imported:
    """The one table of a DMN 1.3 document, or DMNRefused with every place that is not meant here.

    Whether the table is complete and passes its tests is for `check_decision` to say.
    """
    root = parse(document)
    if root.tag != tag("definitions"):
        raise refused(_("It is not a DMN 1.3 document."))
    reader = _Reader()
    reader.only(root, AROUND, _("the document"))
    decisions = root.findall(tag("decision"))
    if len(decisions) != 1:
        raise refused(_("It has %(n)s decisions; exactly one is read.") % {"n": len(decisions)})
    raw = reader.decision(decisions[0])
    if reader.problems:
        raise DMNRefused(reader.problems[:MAX_PROBLEMS])
    try:
        return Imported(raw, Decision.model_validate(raw))
    except ValidationError as error:
        found = from_validation("decision", raw, error.errors(include_url=False))
        raise DMNRefused([(one.place, one.message) for one in found[:MAX_PROBLEMS]]) from None


def _local(element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else "&"


def _children(element, name: str) -> list:
    return element.findall(tag(name))


def _said(element) -> str:
    """The text of a literal inside `element`."""
    found = element.find(tag("text")) if element is not None else None
    return (found.text or "") if found is not None else ""


class _Reader:
    """Gathers the table and every reason against it."""

    def __init__(self):
        self.problems: list[tuple[str, str]] = []

    def say(self, place: str, reason: str) -> None:
        self.problems.append((place, reason))

    def only(self, element, known: set[str], place: str) -> None:
        """Elements of DMN that are not known would be meant by others, so they are refused."""
        for child in element:
            if _local(child) not in known or not isinstance(child.tag, str):
                reason = _("“%(name)s” is not understood here.")
                self.say(place, reason % {"name": _local(child)[:60]})

    def decision(self, element) -> dict:
        place = _("the decision")
        self.only(element, BESIDE, place)
        for need in element.iter(tag("requiredDecision")):
            self.say(place, _("It builds on another decision (%(href)s).")
                     % {"href": str(need.get("href"))[:60]})  # fmt: skip
        tables = _children(element, "decisionTable")
        if len(tables) != 1:
            raise refused(_("The decision is not a table."))
        details = self.details(element)
        name = element.get("name") or element.get("id") or ""
        raw = {
            "key": self.key(element.get("id"), place),
            "title": _merged(details.get("title"), name),
            **self.table(tables[0], details),
        }
        raw |= {name: details[name] for name in ("incomplete", "tests") if name in details}
        return raw

    def key(self, text, place: str) -> str:
        text = (text or "").strip()
        if not KEY.fullmatch(text):
            reason = _("“%(name)s” is no key: small letters, digits and _ are allowed, at most 40.")
            self.say(place, reason % {"name": text[:60]})
        return text

    def details(self, element) -> dict:
        """What this platform added when it wrote the document; {} in the document of others."""
        found = element.find(f"{tag('extensionElements')}/{tag('details', OWN)}")
        if found is None:
            return {}
        told = self.json(found, _("the extension"))
        return told if isinstance(told, dict) else {}

    def json(self, element, place: str):
        try:
            return load_bounded(element.text or "", max_bytes=MAX_BYTES)
        except JSONRefused as error:
            self.say(place, str(error))
            return None

    def table(self, element, details: dict) -> dict:
        place = _("the table")
        self.only(element, {"description", "input", "output", "annotation", "rule"}, place)
        rules = _children(element, "rule")
        inputs = list(self.inputs(element, details.get("inputs"), rules))
        outputs = list(self.outputs(element, details.get("outputs")))
        raw = {"inputs": inputs, "outputs": outputs, **self.hit(element, place)}
        raw["rows"] = [self.rule(one, n, inputs, outputs) for n, one in enumerate(rules, start=1)]
        default = self.default(element, outputs)
        return raw | ({"default": default} if default is not None else {})

    def hit(self, element, place: str) -> dict:
        policy = element.get("hitPolicy", "UNIQUE")
        if policy not in ("UNIQUE", "FIRST", "COLLECT"):
            self.say(place, _("The hit policy %(name)s is not offered.") % {"name": policy[:40]})
        if policy != "COLLECT":
            return {"hit": policy.lower()}
        how = element.get("aggregation")
        if how not in AGGREGATES:
            self.say(place, _("The aggregation %(name)s is not offered.") % {"name": how[:40]})
        return {"hit": "collect", "aggregate": AGGREGATES.get(how, "list")}

    def inputs(self, table, details, rules) -> Iterator[dict]:
        for number, element in enumerate(_children(table, "input")):
            place = _("input %(n)s") % {"n": number + 1}
            self.only(element, {"description", "extensionElements", "inputExpression",
                                "inputValues"}, place)  # fmt: skip
            asked = element.find(tag("inputExpression"))
            key = self.key(_said(asked), place)
            known = _details_of(details, key)
            kind = asked.get("typeRef") if asked is not None else None
            column = self.column(element, key, kind, known, "inputValues", place)
            for name in ("required", "min", "max", "decimals", "expression"):
                if name in known:
                    column[name] = known[name]
            if details is None:
                column["required"] = not _asks_for_null(rules, number)
            yield column

    def outputs(self, table, details) -> Iterator[dict]:
        elements = _children(table, "output")
        for number, element in enumerate(elements, start=1):
            place = _("output %(n)s") % {"n": number}
            self.only(element, {"description", "extensionElements", "outputValues",
                                "defaultOutputEntry"}, place)  # fmt: skip
            name = element.get("name") or ("result" if len(elements) == 1 else "")
            key = self.key(name, place)
            known = _details_of(details, key)
            yield self.column(element, key, element.get("typeRef"), known, "outputValues", place)

    def column(self, element, key: str, kind, known: dict, values: str, place: str) -> dict:
        if kind not in PLAIN:
            reason = _("The type %(name)s is not offered.")
            self.say(place, reason % {"name": str(kind)[:40]})
        own = known.get("type")
        fits = isinstance(own, str) and TYPES.get(own) == kind
        column = {"key": key, "type": own if fits else PLAIN.get(kind, "text")}
        column["label"] = _merged(known.get("label"), element.get("label") or key)
        offered = element.find(tag(values))
        if offered is not None:
            self.options(column, _said(offered), known, place)
        elif column["type"] == "choice":
            column["type"] = "text"
        return column

    def options(self, column: dict, text: str, known: dict, place: str) -> None:
        if column["type"] not in ("text", "choice"):
            self.say(place, _("Allowed values are only offered for texts."))
            return
        try:
            values = read_literals(text, "choice")
        except NotMeant as error:
            self.say(place, str(error))
            return
        options = known.get("options")
        options = options if isinstance(options, list) else []
        labels = {one.get("value"): one.get("label") for one in options if isinstance(one, dict)}
        column["type"] = "choice"
        column["options"] = [
            {"value": value, "label": labels.get(value) or {"zh": value, "en": value}}
            for value in values
        ]

    def rule(self, element, number: int, inputs: list, outputs: list) -> dict:
        place = _("rule %(n)s") % {"n": number}
        self.only(element, {"description", "extensionElements", "inputEntry", "outputEntry",
                            "annotationEntry"}, place)  # fmt: skip
        asked, said = _children(element, "inputEntry"), _children(element, "outputEntry")
        if (len(asked), len(said)) != (len(inputs), len(outputs)):
            self.say(place, _("It does not have one cell for each column."))
            return {"results": {}}
        row: dict = {"cells": {}, "results": {}}
        for n, (column, entry) in enumerate(zip(inputs, asked, strict=True), start=1):
            cell = self.meant(
                _("rule %(n)s, input %(m)s") % {"n": number, "m": n}, entry,
                read_cell, column["type"], required=column.get("required", False),
            )  # fmt: skip
            if cell is not None:
                row["cells"][column["key"]] = cell
        for n, (column, entry) in enumerate(zip(outputs, said, strict=True), start=1):
            where = _("rule %(n)s, output %(m)s") % {"n": number, "m": n}
            row["results"][column["key"]] = self.meant(where, entry, read_literal, column["type"])
        note = self.note(element, place)
        return row | ({"note": note} if note else {})

    def meant(self, place: str, entry, read, kind: str, **how):
        language = entry.get("expressionLanguage")
        if language and "feel" not in language.lower():
            self.say(place, _("Only FEEL is understood."))
            return None
        try:
            return read(_said(entry), kind, **how)
        except NotMeant as error:
            self.say(place, str(error))
            return None

    def note(self, element, place: str) -> dict | None:
        described = element.find(tag("description"))
        text = (described.text or "").strip() if described is not None else ""
        if not text:
            return None
        own = element.find(f"{tag('extensionElements')}/{tag('note', OWN)}")
        return _merged(self.json(own, place) if own is not None else None, text)

    def default(self, table, outputs: list) -> dict | None:
        entries = [one.find(tag("defaultOutputEntry")) for one in _children(table, "output")]
        if all(entry is None for entry in entries):
            return None
        place = _("the default")
        if None in entries:
            self.say(place, _("Some outputs have a default and others have none."))
            return None
        return {
            column["key"]: self.meant(place, entry, read_literal, column["type"])
            for column, entry in zip(outputs, entries, strict=True)
        }


def _details_of(details, key: str) -> dict:
    found = details.get(key) if isinstance(details, dict) else None
    return found if isinstance(found, dict) else {}


def _merged(own, said: str) -> dict:
    """The text in two languages: our own where the document still says the same, else what it
    says."""
    if isinstance(own, dict) and isinstance(own.get("zh"), str) and cleaned(own["zh"]) == said:
        return own
    english = own.get("en") if isinstance(own, dict) else None
    return {"zh": said, "en": english or said}


def _asks_for_null(rules, number: int) -> bool:
    """Whether a cell of the column asks for an empty value; else it is taken never to be one."""
    for rule in rules:
        entries = rule.findall(f"{{{DMN}}}inputEntry")
        if number < len(entries) and re.search(r"\bnull\b", _said(entries[number])):
            return True
    return False
