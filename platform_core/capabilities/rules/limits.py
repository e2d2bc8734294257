"""The budgets of a rule. static_src/rules.js holds the same numbers; a test compares them."""

MAX_DEPTH = 24
MAX_NODES = 400
MAX_ROWS = 200
MAX_STEPS = 50_000
MAX_TEXT = 4_000
SCALE = 10**6
LIMIT = 10**18 * SCALE
SAFE_INTEGER = 2**53 - 1
MAX_LOOKUPS = 400
