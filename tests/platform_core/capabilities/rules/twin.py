"""The browser's evaluator, run in V8 inside the test process."""

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

from py_mini_racer import MiniRacer

from platform_core.capabilities import rules

SOURCE = Path("platform_core/common/static_src/js/rules.js")
HARNESS = """
function shown(value) {
  if (value === null) return "empty";
  if (typeof value === "bigint") return "n:" + value;
  if (typeof value === "string") return "t:" + [...value].map((c) => c.codePointAt(0)).join(",");
  if (Array.isArray(value)) {
    return "[" + value.map((v) => (isObject(v) ? "row" : shown(v))).join(";") + "]";
  }
  return String(value);
}
function answer(text) {
  return JSON.stringify(JSON.parse(text).map(([tree, values, today]) => {
    try { return shown(evaluate(tree, values, today)); }
    catch (error) { if (error instanceof RuleError) return "error"; throw error; }
  }));
}
"""


class Twin:
    """Answers batches of (tree, values, day) as one line of text each."""

    def __init__(self):
        self.engine = MiniRacer()
        source = re.sub(r"^export ", "", SOURCE.read_text(), flags=re.MULTILINE)
        self.engine.eval(source + HARNESS)

    def answers(self, cases) -> list[str]:
        text = json.dumps([[tree, values, today.isoformat()] for tree, values, today in cases])
        return json.loads(self.engine.call("answer", text))

    def limits(self) -> dict:
        return json.loads(self.engine.eval("JSON.stringify(LIMITS)"))


def shown(value) -> str:
    if value is None:
        return "empty"
    if value is True or value is False:
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"n:{int(value.scaleb(6))}"
    if isinstance(value, str):
        return "t:" + ",".join(str(ord(char)) for char in value)
    return "[" + ";".join("row" if isinstance(one, dict) else shown(one) for one in value) + "]"


def python_answer(tree, values, today: date) -> str:
    try:
        return shown(rules.evaluate(tree, values, today=today))
    except rules.RuleError:
        return "error"
