"""A table as DMN 1.3. What DMN has no word for (labels in two languages, bounds, tests) travels as
an extension that other tools leave alone."""

from __future__ import annotations

import json

from lxml import etree

from ..definition import Decision
from .feel import write_cell, write_literal
from .xml import DMN, OWN, cleaned, tag

TYPES = {
    "number": "number",
    "money": "number",
    "text": "string",
    "choice": "string",
    "yes_no": "boolean",
    "date": "date",
}


def to_dmn(decision: Decision) -> bytes:
    """The table as a DMN 1.3 document (UTF-8). `read_dmn` gives the same table back."""
    root = etree.Element(
        tag("definitions"),
        nsmap={None: DMN, "gov": OWN},
        id=f"definitions_{decision.key}",
        name=cleaned(decision.title.zh),
        namespace=OWN,
    )
    for column in decision.inputs:
        data = _under(root, "inputData", id=f"data_{column.key}", name=column.key)
        _under(data, "variable", id=f"variable_{column.key}", name=column.key,
               typeRef=TYPES[column.type])  # fmt: skip
    _decision(root, decision)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _under(parent, name: str, /, **attributes) -> etree._Element:
    return etree.SubElement(parent, tag(name), **attributes)


def _text(parent, name: str, text: str, /, **attributes) -> etree._Element:
    element = _under(parent, name, **attributes)
    _under(element, "text").text = cleaned(text)
    return element


def _decision(root, decision: Decision) -> None:
    title = cleaned(decision.title.zh)
    element = _under(root, "decision", id=decision.key, name=title)
    extension = _under(element, "extensionElements")
    details = etree.SubElement(extension, tag("details", OWN))
    details.text = json.dumps(_details(decision))
    _under(element, "variable", id=f"result_{decision.key}", name=title)
    for column in decision.inputs:
        need = _under(element, "informationRequirement", id=f"need_{column.key}")
        _under(need, "requiredInput", href=f"#data_{column.key}")
    table = _under(element, "decisionTable", id=f"table_{decision.key}",
                   hitPolicy=decision.hit.upper())  # fmt: skip
    if decision.aggregate not in (None, "list"):
        table.set("aggregation", decision.aggregate.upper())
    for column in decision.inputs:
        _input(table, column)
    for column in decision.outputs:
        _output(table, column, decision.default)
    for number, row in enumerate(decision.rows, start=1):
        _rule(table, decision, row, number)


def _input(table, column) -> None:
    element = _under(table, "input", id=f"in_{column.key}", label=cleaned(column.label.zh))
    _text(element, "inputExpression", column.key, id=f"ask_{column.key}",
          typeRef=TYPES[column.type])  # fmt: skip
    if column.options:
        _text(element, "inputValues", _listed(column), id=f"values_{column.key}")


def _output(table, column, default: dict | None) -> None:
    element = _under(table, "output", id=f"out_{column.key}", label=cleaned(column.label.zh),
                     name=column.key, typeRef=TYPES[column.type])  # fmt: skip
    if column.options:
        _text(element, "outputValues", _listed(column), id=f"answers_{column.key}")
    if default is not None:
        said = write_literal(default[column.key], column.type)
        _text(element, "defaultOutputEntry", said, id=f"default_{column.key}")


def _listed(column) -> str:
    return ",".join(write_literal(option.value, "choice") for option in column.options)


def _rule(table, decision: Decision, row, number: int) -> None:
    element = _under(table, "rule", id=f"rule_{number}")
    if row.note:
        _under(element, "description").text = cleaned(row.note.zh)
        extension = _under(element, "extensionElements")
        note = etree.SubElement(extension, tag("note", OWN))
        note.text = json.dumps(row.note.model_dump())
    for column in decision.inputs:
        said = write_cell(row.cells.get(column.key), column.type)
        _text(element, "inputEntry", said, id=f"rule_{number}_in_{column.key}")
    for column in decision.outputs:
        said = write_literal(row.results[column.key], column.type)
        _text(element, "outputEntry", said, id=f"rule_{number}_out_{column.key}")


def _details(decision: Decision) -> dict:
    """What DMN does not say, by the keys of columns."""
    told = decision.model_dump(
        mode="json", by_alias=True, exclude={"inputs", "outputs", "rows", "default"}
    )
    for name in ("inputs", "outputs"):
        told[name] = {
            column.key: column.model_dump(mode="json", exclude={"key"}, exclude_defaults=True)
            for column in getattr(decision, name)
        }
    for name in ("key", "hit", "aggregate"):
        told.pop(name)
    return told
