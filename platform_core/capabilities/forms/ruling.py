"""What rules make of answers: conditions, computed values, checks, inside tables too. Pure.

A rule about one row is asked over a table that has only this row, so the evaluator and its twin in
the browser need to know nothing of forms.
"""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from platform_core.capabilities import rules

from .facts import Facts

RULE_KINDS = {
    "text": "text",
    "textarea": "text",
    "number": "number",
    "money": "number",
    "date": "date",
    "working_day": "date",
    "time": "text",
    "datetime": "text",
    "choice": "text",
    "multi_choice": "list",
    "yes_no": "bool",
    "citizen_number": "text",
    "credit_code": "text",
    "mobile": "text",
    "email": "text",
    "qr": "text",
    "region": "text",
    "address": "text",
    "department": "text",
    "person": "text",
    "location": "text",
    "signature": "text",
    "attachment": "list",
    "repeat": "rows",
}
# The part of a composed answer that rules see: of an address its division.
SEEN_PART = {"address": "region", "location": "text", "signature": "name"}
# How a rule is asked for each row: over a table of one row, by what its result can be.
ROW_ASKERS = {"number": "sum", "money": "sum", "date": "max_of", "yes_no": "any"}
NUMERIC = {"number", "money"}


def kind_of(field) -> str:
    """What rules take an answer for: text, number, date, bool, list or rows."""
    return RULE_KINDS[field.result if field.type == "computed" else field.type]


def rule_value(question, value):
    """A stored answer as JSON that both rule evaluators understand: amounts become numbers."""
    if value is None:
        return None
    if question.type in SEEN_PART:
        return value.get(SEEN_PART[question.type]) if isinstance(value, dict) else None
    if kind_of(question) == "number":
        return rules.as_rule_number(Decimal(str(value)))
    if question.type == "repeat":
        return [row_values(question, row) for row in value]
    return value


def row_values(table, row: dict) -> dict:
    """The cells of one stored row as rules read them."""
    return {cell.key: rule_value(cell, row.get(cell.key)) for cell in table.cells}


def holds(tree, known: dict, facts: Facts) -> bool:
    """Whether a condition holds; one that cannot be worked out does not."""
    try:
        return rules.is_true(tree, known, today=facts.today, reference=facts.reference)
    except rules.RuleError:
        return False


def about_row(tree, table_key: str, asker: str = "any"):
    """`tree`, which reads cells with {"row": key}, as a rule over the table `table_key`."""
    return {asker: [{"var": table_key}, tree]}


def holds_in_row(tree, table, row: dict, known: dict, facts: Facts) -> bool:
    """Whether a condition of a table holds in one row (values as rules read them)."""
    if tree is None:
        return True
    return holds(about_row(tree, table.key), {**known, table.key: [row]}, facts)


def computed(field, known: dict, facts: Facts):
    """The value of a computed field as it is stored, or None while something is missing."""
    return _stored(field, _asked(field.rule, known, facts))


def computed_cell(cell, table, row: dict, known: dict, facts: Facts):
    """As `computed`, for a cell; `row` holds the other cells as rules read them."""
    tree = about_row(cell.rule, table.key, ROW_ASKERS[cell.result])
    if cell.result in NUMERIC and _asked(
        about_row({"empty": [cell.rule]}, table.key), {**known, table.key: [row]}, facts
    ):
        return None  # a sum over nothing would be 0
    return _stored(cell, _asked(tree, {**known, table.key: [row]}, facts))


def _asked(tree, known: dict, facts: Facts):
    try:
        return rules.evaluate(tree, known, today=facts.today, reference=facts.reference)
    except rules.RuleError:
        return None


def _stored(field, value):
    if value is None:
        return None
    if field.result in NUMERIC:
        return _amount(field, value)
    if field.result == "yes_no":
        return value if isinstance(value, bool) else None
    if field.result == "date":
        return _day(value)
    return value[:400] if isinstance(value, str) else None


def _amount(field, value):
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    places = 2 if field.result == "money" else field.decimals
    try:
        rounded = Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0
    except InvalidOperation:
        return None
    if field.result == "money":
        return f"{rounded:.2f}"
    if not places:
        return int(rounded)
    text = f"{rounded:f}".rstrip("0").rstrip(".")
    return text if text != "-0" else "0"


def _day(value):
    try:
        return date.fromisoformat(value).isoformat() if isinstance(value, str) else None
    except ValueError:
        return None


def total_of(cell, rows: list[dict]):
    """The sum of a column of stored rows, as stored; None when no row has an amount."""
    found = []
    for row in rows:
        try:
            found.append(Decimal(str(row[cell.key])))
        except (KeyError, InvalidOperation):
            continue
    if not found:
        return None
    money = cell.type == "money" or getattr(cell, "result", "") == "money"
    return f"{sum(found):.2f}" if money else f"{sum(found):f}"


def compared(tree) -> set[str]:
    """The names that a check compares: all that it asks for, those apart that it only asks whether
    they are filled in.
    """
    found: set[str] = set()
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack.extend(node)
        elif isinstance(node, dict):
            for op, args in node.items():
                if op in ("var", "row"):
                    found |= {args} if isinstance(args, str) else set()
                elif op not in ("filled", "empty"):
                    stack.append(args)
    return found


def applies(check, known: dict, ask) -> bool:
    """Whether a check speaks: where `when` holds, or once everything compared is there."""
    if check.when is not None:
        return ask(check.when)
    return all(known.get(key) is not None for key in compared(check.that))
