"""A form as JSON Schema (draft 2020-12): what the API accepts as `values`, for OpenAPI and clients.

The schema describes shapes; checksums, bounds that move with the day and conditions are judged by
the server, so a value that fits the schema may still be refused with the path of its field.
"""

from decimal import Decimal

from platform_core.common.i18n import pick

from .schema import Form


def json_schema(form: Form) -> dict:
    """The schema of all answers. Only questions that are always asked are required."""
    required = [
        question.key
        for page, question in form.all_fields()
        if question.type != "note" and question.required and not (page.show_if or question.show_if)
    ]
    schema = {
        "type": "object",
        "title": pick(form.title),
        "properties": {question.key: field_schema(question) for question in form.questions()},
        "additionalProperties": False,
    }
    return schema | ({"required": required} if required else {})


def field_schema(question) -> dict:
    """The schema of one answer."""
    described = {"title": pick(question.label), **SHAPES[question.type](question)}
    if question.help:
        described["description"] = pick(question.help)
    return described


def _text(question) -> dict:
    shape = {"type": "string", "maxLength": question.max_length}
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
    required = [cell.key for cell in question.cells if cell.required]
    return {
        "type": "array",
        "items": row | ({"required": required} if required else {}),
        "maxItems": question.max_rows,
    }


SHAPES = {
    "text": _text,
    "textarea": _text,
    "number": _number,
    "money": lambda question: {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]{1,2})?$"},
    "date": lambda question: {"type": "string", "format": "date"},
    "choice": _choice,
    "multi_choice": _choices,
    "yes_no": lambda question: {"type": "boolean"},
    "citizen_number": lambda question: {"type": "string", "pattern": "^[0-9]{17}[0-9X]$"},
    "credit_code": lambda question: {"type": "string", "pattern": "^[0-9A-Z]{18}$"},
    "mobile": lambda question: {"type": "string", "pattern": "^1[3-9][0-9]{9}$"},
    "email": lambda question: {"type": "string", "format": "email"},
    "region": lambda question: {"type": "string", "pattern": "^[0-9]{6}([0-9]{3})?$"},
    "attachment": _files,
    "repeat": _rows,
}
