// Comparisons and numbers of rules.
import { absolute, bounded, divide, scaledFromText, SCALE } from "./values.js";

const PLAIN = /^[+-]?[0-9]{1,60}(?:\.[0-9]{1,400})?$/;

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
const isNumber = (a) => typeof a === "bigint";
const same = (a, b) => isScalar(a) && typeof a === typeof b && a === b;
const ordered = (a, b) => typeof a === typeof b && (typeof a === "bigint" || typeof a === "string");
const compare = (a, b) => (typeof a === "string" ? compareTexts(a, b) : a < b ? -1 : a > b ? 1 : 0);
const areNumbers = (values) => values.every(isNumber);

/** The whole number (BigInt) that a value is, else null. */
export const whole = (a) => (isNumber(a) && a % SCALE === 0n ? a / SCALE : null);

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

// BigInt's % has the sign of the dividend; here the rest has that of the divisor.
function mod(run, a, b) {
  if (!areNumbers([a, b]) || b === 0n) return null;
  const rest = a % b;
  return rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest;
}

function floor(run, a) {
  if (!isNumber(a)) return null;
  const rest = mod(run, a, SCALE);
  return bounded(a - rest);
}

function ceil(run, a) {
  const down = isNumber(a) ? floor(run, -a) : null;
  return down === null ? null : -down;
}

function round(run, a, given = 0n) {
  const places = whole(given);
  if (!isNumber(a) || places === null || places < -17n || places > 6n) return null;
  const unit = 10n ** (6n - places);
  return bounded(divide(a, unit) * unit);
}

function extreme(values, sign) {
  if (!values.length || !values.every((value) => ordered(values[0], value))) return null;
  return values.reduce((best, value) => (compare(value, best) * sign > 0 ? value : best));
}

export const smallest = (values) => extreme(values, -1);
export const largest = (values) => extreme(values, 1);

function shownNumber(scaled) {
  const size = absolute(scaled);
  const fraction = String(size % SCALE).padStart(6, "0").replace(/0+$/, "");
  return `${scaled < 0n ? "-" : ""}${size / SCALE}${fraction ? `.${fraction}` : ""}`;
}

export const ARITHMETIC = {
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
  mod: [2, 2, mod],
  abs: [1, 1, (run, a) => (isNumber(a) ? absolute(a) : null)],
  floor: [1, 1, floor],
  ceil: [1, 1, ceil],
  round: [1, 2, round],
  min: [1, 50, (run, ...values) => smallest(values)],
  max: [1, 50, (run, ...values) => largest(values)],
  number: [1, 1, (run, a) => (typeof a === "string" ? (PLAIN.test(a) ? scaledFromText(a) : null) : isNumber(a) ? a : null)],
  text: [1, 1, (run, a) => (isNumber(a) ? shownNumber(a) : typeof a === "string" ? a : null)],
};
