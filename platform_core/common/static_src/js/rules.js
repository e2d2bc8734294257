// The evaluator of platform_core/capabilities/rules in the browser: same trees, same answers, to the last digit.
// A fuzz test compares the two. Numbers are BigInt scaled by 10^6; null is empty; nothing is coerced.

export const LIMITS = { depth: 24, steps: 50000 };
const SCALE = 1000000n;
const LIMIT = 10n ** 18n * SCALE;
const NUMBER = /^([+-]?)([0-9]{1,60})(?:\.([0-9]{1,400}))?(?:[eE]([+-]?[0-9]{1,4}))?$/;
const DAY = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const TAG = "$number";
const LAST_DAY = 3652059; // 9999-12-31

export class RuleError extends Error {}

const absolute = (n) => (n < 0n ? -n : n);
const bounded = (n) => (n > -LIMIT && n < LIMIT ? n : null);

function divide(numerator, denominator) {
  const negative = numerator < 0n !== denominator < 0n;
  const over = absolute(numerator);
  const under = absolute(denominator);
  const rounded = (2n * over + under) / (2n * under);
  return negative ? -rounded : rounded;
}

export function scaledFromText(text) {
  const match = NUMBER.exec(text);
  if (!match) return null;
  const fraction = match[3] || "";
  const digits = BigInt(match[2] + fraction);
  const power = Number(match[4] || 0) - fraction.length + 6;
  if (digits === 0n) return 0n;
  if (power > 60) return null;
  const scaled = power >= 0 ? digits * 10n ** BigInt(power) : divide(digits, 10n ** BigInt(Math.min(-power, 600)));
  return bounded(match[1] === "-" ? -scaled : scaled);
}

const isObject = (raw) => typeof raw === "object" && raw !== null && !Array.isArray(raw);
const isTagged = (raw) => isObject(raw) && Object.keys(raw).length === 1 && Object.hasOwn(raw, TAG);
const isRow = (raw) => isObject(raw) && !isTagged(raw);

export function fromRaw(raw) {
  if (raw === null || raw === undefined) return null;
  if (typeof raw === "boolean") return raw;
  if (typeof raw === "bigint") return bounded(raw);
  if (typeof raw === "string") return raw === "" ? null : raw;
  if (typeof raw === "number") return Number.isFinite(raw) ? scaledFromText(String(raw)) : null;
  if (isTagged(raw)) return typeof raw[TAG] === "string" ? scaledFromText(raw[TAG]) : null;
  if (Array.isArray(raw)) return raw.length ? raw.map((item) => (isRow(item) ? item : fromRaw(item))) : null;
  return null;
}

// Days are counted as Python does: 0001-01-01 is day 1 of the proleptic Gregorian calendar.
const isLeap = (year) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const lengthOf = (year, month) => (month === 2 && isLeap(year) ? 29 : LENGTHS[month - 1]);
const daysBefore = (year) => {
  const past = year - 1;
  return past * 365 + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
};

export function dayNumber(text) {
  const match = typeof text === "string" ? DAY.exec(text) : null;
  if (!match) return null;
  const [year, month, day] = match.slice(1).map(Number);
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > lengthOf(year, month)) return null;
  let number = daysBefore(year) + day;
  for (let before = 1; before < month; before += 1) number += lengthOf(year, before);
  return number;
}

function dayText(number) {
  if (number < 1n || number > BigInt(LAST_DAY)) return null;
  let rest = Number(number);
  let year = Math.max(1, Math.floor(rest / 366));
  while (daysBefore(year + 1) < rest) year += 1;
  rest -= daysBefore(year);
  let month = 1;
  while (rest > lengthOf(year, month)) {
    rest -= lengthOf(year, month);
    month += 1;
  }
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(rest).padStart(2, "0")}`;
}

// JavaScript compares UTF-16 units; the platform compares code points.
function compareTexts(a, b) {
  const left = [...a];
  const right = [...b];
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    const difference = left[at].codePointAt(0) - right[at].codePointAt(0);
    if (difference) return difference;
  }
  return left.length - right.length;
}

const isScalar = (a) => typeof a === "boolean" || typeof a === "bigint" || typeof a === "string";
const same = (a, b) => isScalar(a) && typeof a === typeof b && a === b;
const ordered = (a, b) => typeof a === typeof b && (typeof a === "bigint" || typeof a === "string");
const compare = (a, b) => (typeof a === "string" ? compareTexts(a, b) : a < b ? -1 : a > b ? 1 : 0);
const areNumbers = (values) => values.every((value) => typeof value === "bigint");

function add(run, ...numbers) {
  return areNumbers(numbers) ? bounded(numbers.reduce((a, b) => a + b, 0n)) : null;
}

function subtract(run, ...numbers) {
  if (!areNumbers(numbers)) return null;
  return bounded(numbers.length === 1 ? -numbers[0] : numbers[0] - numbers[1]);
}

function multiply(run, ...numbers) {
  if (!areNumbers(numbers)) return null;
  let product = SCALE;
  for (const number of numbers) {
    product = bounded(divide(product * number, SCALE));
    if (product === null) return null;
  }
  return product;
}

function quotient(run, a, b) {
  return areNumbers([a, b]) && b !== 0n ? bounded(divide(a * SCALE, b)) : null;
}

function addDays(run, start, days) {
  const number = dayNumber(start);
  if (number === null || typeof days !== "bigint" || days % SCALE !== 0n) return null;
  return dayText(BigInt(number) + days / SCALE);
}

function daysBetween(run, start, end) {
  const first = dayNumber(start);
  const last = dayNumber(end);
  return first === null || last === null ? null : BigInt(last - first) * SCALE;
}

const EAGER = {
  "==": [2, 2, (run, a, b) => same(a, b)],
  "!=": [2, 2, (run, a, b) => isScalar(a) && isScalar(b) && !same(a, b)],
  "<": [2, 2, (run, a, b) => ordered(a, b) && compare(a, b) < 0],
  "<=": [2, 2, (run, a, b) => ordered(a, b) && compare(a, b) <= 0],
  ">": [2, 2, (run, a, b) => ordered(a, b) && compare(a, b) > 0],
  ">=": [2, 2, (run, a, b) => ordered(a, b) && compare(a, b) >= 0],
  between: [3, 3, (run, x, a, b) => ordered(x, a) && ordered(x, b) && compare(a, x) <= 0 && compare(x, b) <= 0],
  in: [2, 2, (run, one, many) => Array.isArray(many) && many.some((item) => same(one, item))],
  empty: [1, 1, (run, a) => a === null],
  filled: [1, 1, (run, a) => a !== null],
  not: [1, 1, (run, a) => a !== true],
  "+": [1, 50, add],
  "-": [1, 2, subtract],
  "*": [1, 50, multiply],
  "/": [2, 2, quotient],
  today: [0, 0, (run) => run.today],
  add_days: [2, 2, addDays],
  days_between: [2, 2, daysBetween],
};

const LAZY = {
  and(run, args, depth) {
    if (!args.length) throw new RuleError("wrong number of arguments");
    return args.every((arg) => run.value(arg, depth + 1) === true);
  },
  or(run, args, depth) {
    if (!args.length) throw new RuleError("wrong number of arguments");
    return args.some((arg) => run.value(arg, depth + 1) === true);
  },
  if(run, args, depth) {
    if (args.length < 2) throw new RuleError("wrong number of arguments");
    for (let at = 0; at < args.length - 1; at += 2) {
      if (run.value(args[at], depth + 1) === true) return run.value(args[at + 1], depth + 1);
    }
    return args.length % 2 ? run.value(args[args.length - 1], depth + 1) : null;
  },
};

const OVER_ROWS = {
  count: (found) => BigInt(found.filter((value) => value === true).length) * SCALE,
  sum(found) {
    let total = 0n;
    for (const value of found) {
      if (value === null) continue;
      if (typeof value !== "bigint") return null;
      total += value;
    }
    return bounded(total);
  },
  any: (found) => found.some((value) => value === true),
  all: (found) => found.length > 0 && found.every((value) => value === true),
};

class Run {
  constructor(values, today) {
    this.values = values;
    this.today = today;
    this.row = null;
    this.steps = 0;
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
    return typeof key === "string" && Object.hasOwn(from, key) ? fromRaw(from[key]) : null;
  }

  apply(op, given, depth) {
    if (op === "var") return this.named(this.values, given);
    if (op === "row") return this.named(this.row || {}, given);
    const args = Array.isArray(given) ? given : [given];
    if (Object.hasOwn(OVER_ROWS, op)) return this.overRows(op, args, depth);
    if (Object.hasOwn(LAZY, op)) return LAZY[op](this, args, depth);
    if (!Object.hasOwn(EAGER, op)) throw new RuleError("unknown operation");
    const [least, most, work] = EAGER[op];
    if (args.length < least || args.length > most) throw new RuleError("wrong number of arguments");
    return work(this, ...args.map((arg) => this.value(arg, depth + 1)));
  }

  overRows(op, args, depth) {
    if (args.length < 1 || args.length > 2 || (args.length === 1 && op !== "count") || this.row !== null) {
      throw new RuleError("wrong use of an operation over rows");
    }
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
    return OVER_ROWS[op](found);
  }
}

/** The value of a tree: null, boolean, BigInt scaled by 10^6, string or array. `today` is YYYY-MM-DD. */
export function evaluate(tree, values, today) {
  return new Run(values, today).value(tree);
}

/** Whether a condition holds; no condition always does. */
export function isTrue(tree, values, today) {
  return tree === null || tree === undefined || evaluate(tree, values, today) === true;
}
