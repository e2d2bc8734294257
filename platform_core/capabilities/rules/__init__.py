"""Rules: a JSON expression tree that shows a field, branches a process or scores a risk.

The public face of the capability; see README.md for the operators and what they mean.
"""

from .checks import Known, Problem, check, fields_used
from .engine import RuleError, evaluate, is_true
from .values import as_rule_number, shown_number
from .wording import Step, explain, sentence

__all__ = [
    "Known",
    "Problem",
    "RuleError",
    "Step",
    "as_rule_number",
    "check",
    "evaluate",
    "explain",
    "fields_used",
    "is_true",
    "sentence",
    "shown_number",
]
