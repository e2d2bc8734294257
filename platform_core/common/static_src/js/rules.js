// The evaluator of platform_core/capabilities/rules in the browser: same trees, same answers, to the last digit.
// A fuzz test compares the two. Numbers are BigInt scaled by 10^6; null is empty; nothing is coerced.
import { ARITHMETIC, largest, smallest } from "./rules/arithmetic.js";
import { Calendar, DAYS } from "./rules/days.js";
import { MAX_TEXT, TEXTS } from "./rules/texts.js";
import { bounded, divide, fromRaw, isObject, SCALE } from "./rules/values.js";

export { dayNumber, fromRaw, scaledFromText } from "./rules/values.js";

export const LIMITS = { depth: 24, steps: 50000, lookups: 400, text: MAX_TEXT };

export class RuleError extends Error {}

function chosen(run, args, depth) {
  for (let at = 0; at < args.length - 1; at += 2) {
    if (run.value(args[at], depth + 1) === true) return run.value(args[at + 1], depth + 1);
  }
  return args.length % 2 ? run.value(args[args.length - 1], depth + 1) : null;
}

const LAZY = {
  and: [1, 50, (run, args, depth) => args.every((arg) => run.value(arg, depth + 1) === true)],
  or: [1, 50, (run, args, depth) => args.some((arg) => run.value(arg, depth + 1) === true)],
  if: [2, 50, chosen],
};

const filled = (found) => found.filter((value) => value !== null);

function sum(found) {
  const numbers = filled(found);
  return numbers.every((value) => typeof value === "bigint") ? bounded(numbers.reduce((a, b) => a + b, 0n)) : null;
}

function average(found) {
  const numbers = filled(found);
  if (!numbers.length || !numbers.every((value) => typeof value === "bigint")) return null;
  return divide(numbers.reduce((a, b) => a + b, 0n), BigInt(numbers.length));
}

const OVER_ROWS = {
  count: [1, 2, (found) => BigInt(found.filter((value) => value === true).length) * SCALE],
  sum: [2, 2, sum],
  avg: [2, 2, average],
  min_of: [2, 2, (found) => smallest(filled(found))],
  max_of: [2, 2, (found) => largest(filled(found))],
  any: [2, 2, (found) => found.some((value) => value === true)],
  all: [2, 2, (found) => found.length > 0 && found.every((value) => value === true)],
};

const EAGER = { ...ARITHMETIC, ...TEXTS, ...DAYS, lookup: [3, 3, (run, ...asked) => run.lookUp(...asked)] };
const own = (from, key) => (isObject(from) && Object.hasOwn(from, key) ? from[key] : undefined);

class Run {
  constructor(values, today, reference) {
    this.values = values;
    this.today = today;
    this.calendar = reference.calendar instanceof Calendar ? reference.calendar : new Calendar(reference.calendar);
    this.tables = reference.lookups;
    this.row = null;
    this.steps = 0;
    this.lookups = 0;
  }

  value(node, depth = 0) {
    this.steps += 1;
    if (this.steps > LIMITS.steps) throw new RuleError("the rule takes too many steps");
    if (depth > LIMITS.depth) throw new RuleError("the rule nests too deeply");
    if (Array.isArray(node)) return node.length ? node.map((item) => this.value(item, depth + 1)) : null;
    if (!isObject(node)) return fromRaw(node);
    const keys = Object.keys(node);
    if (keys.length !== 1) throw new RuleError("an operation is an object with one key");
    return this.apply(keys[0], node[keys[0]], depth);
  }

  named(from, key) {
    return typeof key === "string" ? fromRaw(own(from, key)) : null;
  }

  apply(op, given, depth) {
    if (op === "var") return this.named(this.values, given);
    if (op === "row") return this.named(this.row, given);
    const args = Array.isArray(given) ? given : [given];
    const known = own(OVER_ROWS, op) || own(LAZY, op) || own(EAGER, op);
    if (!known) throw new RuleError("unknown operation");
    const [least, most, work] = known;
    if (args.length < least || args.length > most) throw new RuleError("wrong number of arguments");
    if (Object.hasOwn(OVER_ROWS, op)) return this.overRows(work, args, depth);
    if (Object.hasOwn(LAZY, op)) return work(this, args, depth);
    return work(this, ...args.map((arg) => this.value(arg, depth + 1)));
  }

  overRows(work, args, depth) {
    if (this.row !== null) throw new RuleError("a question about rows inside another one");
    const value = this.value(args[0], depth + 1);
    const rows = Array.isArray(value) ? value : [];
    if (args.length === 1) return BigInt(rows.length) * SCALE;
    const found = [];
    for (const row of rows) {
      this.row = isObject(row) ? row : {};
      try {
        found.push(this.value(args[1], depth + 1));
      } finally {
        this.row = null;
      }
    }
    return work(found);
  }

  // What the page was not given is empty here; the server decides.
  lookUp(source, key, column) {
    this.lookups += 1;
    if (this.lookups > LIMITS.lookups) throw new RuleError("the rule asks data sets too often");
    if (![source, key, column].every((one) => typeof one === "string")) return null;
    return fromRaw(own(own(own(this.tables, source), key), column));
  }
}

/**
 * The value of a tree: null, boolean, BigInt scaled by 10^6, string or array. `today` is YYYY-MM-DD.
 * `reference` may hold `calendar` ({"2020": ["01-24", …]} or a Calendar) and `lookups` ({source: {key: {column: value}}}).
 */
export function evaluate(tree, values, today, reference = {}) {
  return new Run(values, today, reference).value(tree);
}

/** Whether a condition holds; no condition always does. */
export function isTrue(tree, values, today, reference = {}) {
  return tree === null || tree === undefined || evaluate(tree, values, today, reference) === true;
}
