// Texts of rules, code point by code point: half of a surrogate pair is never found inside a whole one.
import { whole } from "./arithmetic.js";
import { SCALE } from "./values.js";

export const MAX_TEXT = 4000;
const BLANKS = /^[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+|[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/g;

const areTexts = (...values) => values.every((value) => typeof value === "string");
const size = (text) => [...text].length;

function splitsPair(text, at) {
  if (at <= 0 || at >= text.length) return false;
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}

function holds(text, part) {
  let at = text.indexOf(part);
  while (at >= 0 && (splitsPair(text, at) || splitsPair(text, at + part.length))) at = text.indexOf(part, at + 1);
  return at >= 0;
}

function concat(run, ...parts) {
  if (!areTexts(...parts) || parts.reduce((sum, part) => sum + size(part), 0) > 2 * MAX_TEXT) return null;
  const joined = parts.join("");
  return size(joined) <= MAX_TEXT ? joined : null;
}

function slice(run, text, from, ...rest) {
  const start = whole(from);
  if (typeof text !== "string" || start === null || start < 1n) return null;
  const points = [...text];
  const first = start > BigInt(points.length) ? points.length : Number(start) - 1;
  if (!rest.length) return points.slice(first).join("") || null;
  const count = whole(rest[0]);
  if (count === null || count < 0n) return null;
  const most = count > BigInt(points.length) ? points.length : Number(count);
  return points.slice(first, first + most).join("") || null;
}

const cased = (letters, change) => (run, a) => (areTexts(a) ? a.replace(letters, change) : null);

export const TEXTS = {
  length: [1, 1, (run, a) => (areTexts(a) ? BigInt(size(a)) * SCALE : null)],
  concat: [1, 50, concat],
  contains: [2, 2, (run, a, b) => areTexts(a, b) && holds(a, b)],
  starts_with: [2, 2, (run, a, b) => areTexts(a, b) && a.startsWith(b) && !splitsPair(a, b.length)],
  ends_with: [2, 2, (run, a, b) => areTexts(a, b) && a.endsWith(b) && !splitsPair(a, a.length - b.length)],
  upper: [1, 1, cased(/[a-z]+/g, (part) => part.toUpperCase())],
  lower: [1, 1, cased(/[A-Z]+/g, (part) => part.toLowerCase())],
  trim: [1, 1, (run, a) => (areTexts(a) ? a.replace(BLANKS, "") || null : null)],
  slice: [2, 3, slice],
};
