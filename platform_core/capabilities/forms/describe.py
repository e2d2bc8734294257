"""A form as JSON Schema (draft 2020-12): what the API accepts as `values`, for OpenAPI and clients.

The schema describes answers as they are stored. Checksums, bounds that move with the day, checks
between answers and conditions that JSON Schema cannot say are judged by the server, so a value that
fits the schema may still be refused with the path of its field; what is stored always fits.
"""

from decimal import Decimal

from platform_core.common.i18n import pick

from .patterns import for_schema
from .schema import Form

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]"


def json_schema(form: Form) -> dict:
    """The schema of all answers. What is always asked is required; what a plain condition over such
    answers asks for is required under it.
    """
    schema = {
        "$schema": DIALECT,
        "type": "object",
        "title": pick(form.title),
        "properties": {question.key: field_schema(question) for question in form.questions()},
        "additionalProperties": False,
    }
    always = {
        question.key
        for page, question in form.all_fields()
        if page.show_if is None and question.show_if is None and question.type in PLAIN_TRUTHS
    }
    required, conditional = [], []
    for page, question in form.all_fields():
        if question.type == "note" or not (question.required or question.required_if):
            continue
        rules = [page.show_if, question.show_if]
        rules += [] if question.required else [question.required_if]
        rules = [rule for rule in rules if rule is not None]
        if not rules:
            required.append(question.key)
            continue
        found = [condition(rule, always) for rule in rules]
        if None not in found:
            asked = found[0] if len(found) == 1 else {"allOf": found}
            conditional.append({"if": asked, "then": {"required": [question.key]}})
    schema |= {"required": required} if required else {}
    return schema | ({"allOf": conditional} if conditional else {})


PLAIN_TRUTHS = {"choice", "yes_no"}


def condition(rule, known: set[str]) -> dict | None:
    """A rule over the fields `known` as a schema of all answers, or None when it cannot be said."""
    if not isinstance(rule, dict) or len(rule) != 1:
        return None
    ((op, args),) = rule.items()
    args = args if isinstance(args, list) else [args]
    if op in ("and", "or"):
        parts = [condition(arg, known) for arg in args]
        return None if None in parts else {"allOf" if op == "and" else "anyOf": parts}
    if op in ("==", "in") and len(args) == 2:
        return _is_one_of(args[0], args[1] if op == "in" else [args[1]], known)
    return None


def _is_one_of(asked, values, known: set[str]) -> dict | None:
    key = asked.get("var") if isinstance(asked, dict) and set(asked) == {"var"} else None
    plain = isinstance(values, list) and all(isinstance(value, str | bool) for value in values)
    if key not in known or not plain or not values:
        return None
    return {"properties": {key: {"enum": values}}, "required": [key]}


def field_schema(question) -> dict:
    """The schema of one answer."""
    described = {"title": pick(question.label), **SHAPES[question.type](question)}
    if question.help:
        described["description"] = pick(question.help)
    if question.type == "computed" or question.read_only:
        described["readOnly"] = True
    return described


def _text(question) -> dict:
    shape = {"type": "string", "maxLength": question.max_length}
    pattern = for_schema(question.pattern) if getattr(question, "pattern", None) else None
    shape |= {"pattern": pattern} if pattern else {}
    return shape | ({"minLength": question.min_length} if question.min_length else {})


def _number(question) -> dict:
    if question.decimals:
        return {
            "type": ["number", "string"],
            "pattern": rf"^-?[0-9]+(\.[0-9]{{1,{question.decimals}}})?$",
        }
    shape = {"type": "integer"}
    if question.min is not None:
        shape["minimum"] = int(Decimal(question.min).to_integral_value("ROUND_CEILING"))
    if question.max is not None:
        shape["maximum"] = int(Decimal(question.max).to_integral_value("ROUND_FLOOR"))
    return shape


def _choice(question) -> dict:
    return {"type": "string", "enum": [option.value for option in question.options]}


def _choices(question) -> dict:
    most = question.max_choices or len(question.options)
    return {"type": "array", "items": _choice(question), "uniqueItems": True, "maxItems": most}


def _files(question) -> dict:
    one = {"type": "string", "format": "uuid"}
    return {"type": "array", "items": one, "maxItems": question.max_files}


def _rows(question) -> dict:
    row = {
        "type": "object",
        "properties": {cell.key: field_schema(cell) for cell in question.cells},
        "additionalProperties": False,
    }
    required = [cell.key for cell in question.cells if cell.required and cell.show_if is None]
    return {
        "type": "array",
        "items": row | ({"required": required} if required else {}),
        "maxItems": question.max_rows,
    }


def _parts(properties: dict, required: tuple = ()) -> dict:
    shape = {"type": "object", "properties": properties, "additionalProperties": False}
    return shape | ({"required": list(required)} if required else {})


def _line(most: int) -> dict:
    return {"type": "string", "maxLength": most}


def _address(question) -> dict:
    parts = {"region": {"type": "string", "pattern": REGION}, "street": _line(question.max_length)}
    return _parts(parts, ("region", "street"))


def _location(question) -> dict:
    degrees = {"type": "string", "pattern": r"^[0-9]{1,3}\.[0-9]{6}$"}
    shape = _parts({"lng": degrees, "lat": degrees, "text": _line(question.max_length)})
    return shape | {"dependentRequired": {"lng": ["lat"], "lat": ["lng"]}, "minProperties": 1}


def _signature(question) -> dict:
    file = {"type": "string", "format": "uuid"}
    parts = {"name": _line(50), "agreed": {"type": "boolean"}, "file": file}
    shape = _parts(parts, ("name",))
    return shape | {"anyOf": [{"required": ["agreed"]}, {"required": ["file"]}]}


def _computed(question) -> dict:
    if question.result == "number":
        return {"type": ["number", "string"]}
    return COMPUTED[question.result]


AMOUNT = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]{1,2})?$"}
REGION = "^[0-9]{6}([0-9]{3})?$"
DATE = {"type": "string", "format": "date"}
COMPUTED = {
    "money": AMOUNT,
    "date": DATE,
    "text": {"type": "string"},
    "yes_no": {"type": "boolean"},
}
SHAPES = {
    "text": _text,
    "textarea": _text,
    "number": _number,
    "money": lambda question: AMOUNT,
    "date": lambda question: DATE,
    "working_day": lambda question: DATE,
    "time": lambda question: {"type": "string", "pattern": f"^{CLOCK}$"},
    "datetime": lambda question: {"type": "string", "pattern": f"^{DAY}T{CLOCK}$"},
    "choice": _choice,
    "multi_choice": _choices,
    "yes_no": lambda question: {"type": "boolean"},
    "citizen_number": lambda question: {"type": "string", "pattern": "^[0-9]{17}[0-9X]$"},
    "credit_code": lambda question: {"type": "string", "pattern": "^[0-9A-Z]{18}$"},
    "mobile": lambda question: {"type": "string", "pattern": "^1[3-9][0-9]{9}$"},
    "email": lambda question: {"type": "string", "format": "email"},
    "qr": lambda question: _line(question.max_length),
    "region": lambda question: {"type": "string", "pattern": REGION},
    "address": _address,
    "department": lambda question: {"type": "string", "maxLength": 40},
    "person": lambda question: {"type": "string", "pattern": "^[0-9]{1,15}$"},
    "location": _location,
    "signature": _signature,
    "computed": _computed,
    "attachment": _files,
    "repeat": _rows,
}
