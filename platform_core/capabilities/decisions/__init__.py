"""Decisions: tables as data that are proven at publication and say why they say what they say.

The public face of the capability; see README.md.
"""

from .analysis import Analysis, analyse
from .capability import decisions_of
from .checks import check_decision, unfit_fields
from .definition import Decision
from .engine import Result, evaluate, evaluate_many, fields_asked
from .trees import as_rule_tree
from .wording import Explanation, as_data, explain, sentence, shown_outputs, why_silent

__all__ = [
    "Analysis",
    "Decision",
    "Explanation",
    "Result",
    "analyse",
    "as_data",
    "as_rule_tree",
    "check_decision",
    "decisions_of",
    "evaluate",
    "evaluate_many",
    "explain",
    "fields_asked",
    "sentence",
    "shown_outputs",
    "unfit_fields",
    "why_silent",
]
