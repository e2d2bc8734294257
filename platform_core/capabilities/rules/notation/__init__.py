"""Formulas on one line, such as `[accidents] * 20 + [complaints] * 5`, and the trees they mean.

`write(parse(text, …), …)` is the canonical text; `parse(write(tree, …), …)` is the tree itself,
with the parts of every operation in a list.
"""

from .names import Names
from .parsing import parse
from .tokens import MAX_FORMULA, FormulaError
from .writing import write

__all__ = ["MAX_FORMULA", "FormulaError", "Names", "parse", "write"]
