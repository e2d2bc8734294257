"""The browser's evaluator as it is served, run by Node, beside the one in Python."""

import json
import subprocess
from datetime import date
from decimal import Decimal

from platform_core.onebox.assets import SOURCES, esbuild
from platform_core.onebox.node import node

from ..days import Calendar
from ..engine import Reference, RuleError, evaluate

BUNDLE = ["--bundle", "--format=iife", "--global-name=rules", "--target=es2020"]
HARNESS = """
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
function shown(value) {
  if (value === null) return "empty";
  if (typeof value === "bigint") return "n:" + value;
  if (typeof value === "string") return "t:" + [...value].map((c) => c.codePointAt(0)).join(",");
  if (Array.isArray(value)) {
    return "[" + value.map((v) => (isObject(v) ? "row" : shown(v))).join(";") + "]";
  }
  return String(value);
}
let reference = {};
function answer([tree, values, today]) {
  try { return shown(rules.evaluate(tree, values, today, reference)); }
  catch (error) { if (error instanceof rules.RuleError) return "error"; throw error; }
}
function reply({ refer, cases }) {
  if (refer) { reference = refer; return rules.LIMITS; }
  const started = process.hrtime.bigint();
  const answers = cases.map(answer);
  return { answers, seconds: Number(process.hrtime.bigint() - started) / 1e9 };
}
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  process.stdout.write(JSON.stringify(reply(JSON.parse(line))) + "\\n");
});
"""


class Twin:
    """Answers batches of (tree, values, day) as one line of text each.

    `data` is the reference of both sides: {"calendar": …, "lookups": …}, see rules.js. `seconds` is
    what the browser's side has spent in evaluation. Use it as a context, or close it.
    """

    def __init__(self, data: dict):
        tool = [str(esbuild()), str(SOURCES / "js" / "rules.js"), *BUNDLE]
        bundle = subprocess.run(tool, check=True, capture_output=True, text=True).stdout
        self.process = subprocess.Popen(
            [str(node()), "-e", bundle + HARNESS],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.seconds = 0.0
        self.limits = self._ask({"refer": data})
        self.reference = _reference(data)

    def __enter__(self):
        return self

    def __exit__(self, *_trouble):
        self.close()

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=10)
        self.process.stdout.close()

    def answers(self, cases) -> list[str]:
        """What the browser says to each case."""
        reply = self._ask(
            {"cases": [[tree, values, today.isoformat()] for tree, values, today in cases]}
        )
        self.seconds += reply["seconds"]
        return reply["answers"]

    def python_answer(self, tree, values, today: date) -> str:
        """What Python says, written alike."""
        try:
            return _shown(evaluate(tree, values, today=today, reference=self.reference))
        except RuleError:
            return "error"

    def _ask(self, question: dict) -> dict:
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def _reference(data: dict) -> Reference:
    tables = data.get("lookups", {})

    def find(source, key, column):
        return tables.get(source, {}).get(key, {}).get(column)

    return Reference(Calendar.of(data.get("calendar", {})), find)


def _shown(value) -> str:
    if value is None:
        return "empty"
    if value is True or value is False:
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"n:{int(value.scaleb(6))}"
    if isinstance(value, str):
        return "t:" + ",".join(str(ord(char)) for char in value)
    return "[" + ";".join("row" if isinstance(one, dict) else _shown(one) for one in value) + "]"
