"""Rules: a JSON expression tree that shows a field, branches a process or scores a risk.

The public face of the capability; see README.md for the operators and what they mean.
"""

from .checks import Known, Problem, check, fields_used, needs_calendar
from .days import Calendar
from .engine import NOTHING, Reference, RuleError, evaluate, is_true
from .explaining import Step, explain, explain_lines
from .lookups import (
    Column,
    LookupSource,
    register_lookup_provider,
    register_lookup_source,
    sources_for,
)
from .notation import FormulaError, parse, write
from .operators import OPERATORS, Operator
from .order import Circle, order_of
from .values import as_rule_number, shown_number
from .wording import sentence

__all__ = [
    "NOTHING",
    "OPERATORS",
    "Calendar",
    "Circle",
    "Column",
    "FormulaError",
    "Known",
    "LookupSource",
    "Operator",
    "Problem",
    "Reference",
    "RuleError",
    "Step",
    "as_rule_number",
    "check",
    "evaluate",
    "explain",
    "explain_lines",
    "fields_used",
    "is_true",
    "needs_calendar",
    "order_of",
    "parse",
    "register_lookup_provider",
    "register_lookup_source",
    "sentence",
    "shown_number",
    "sources_for",
    "write",
]
