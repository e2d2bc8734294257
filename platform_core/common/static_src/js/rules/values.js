// What a rule works on in the browser: null, true/false, BigInt scaled by 10^6, texts, lists, rows; and real days.
export const SCALE = 1000000n;
const LIMIT = 10n ** 18n * SCALE;
const NUMBER = /^([+-]?)([0-9]{1,60})(?:\.([0-9]{1,400}))?(?:[eE]([+-]?[0-9]{1,4}))?$/;
const DAY = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const TAG = "$number";
export const LAST_DAY = 3652059; // 9999-12-31


export const absolute = (n) => (n < 0n ? -n : n);
export const bounded = (n) => (n > -LIMIT && n < LIMIT ? n : null);

export function divide(numerator, denominator) {
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

export const isObject = (raw) => typeof raw === "object" && raw !== null && !Array.isArray(raw);
const isTagged = (raw) => isObject(raw) && Object.keys(raw).length === 1 && Object.hasOwn(raw, TAG);
const isRow = (raw) => isObject(raw) && !isTagged(raw);

export function fromRaw(raw) {
  if (raw === null || raw === undefined) return null;
  if (typeof raw === "boolean") return raw;
  if (typeof raw === "bigint") return bounded(raw);
  if (typeof raw === "string") return raw === "" ? null : raw;
  if (typeof raw === "number") return Number.isFinite(raw) ? scaledFromText(String(raw)) : null;
  if (isTagged(raw)) return typeof raw[TAG] === "string" ? scaledFromText(raw[TAG]) : null;
  if (Array.isArray(raw)) return raw.length ? raw.map((item) => (isRow(item) ? item : single(item))) : null;
  return null;
}

// A list holds rows or single values; a list inside it is empty.
const single = (item) => (Array.isArray(item) ? null : fromRaw(item));

// Days are counted as Python does: 0001-01-01 is day 1 of the proleptic Gregorian calendar.
const isLeap = (year) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
export const lengthOf = (year, month) => (month === 2 && isLeap(year) ? 29 : LENGTHS[month - 1]);
export const daysBefore = (year) => {
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

/** Year, month and day of a day number. */
export function dayParts(number) {
  let rest = number;
  let year = Math.max(1, Math.floor(rest / 366));
  while (daysBefore(year + 1) < rest) year += 1;
  rest -= daysBefore(year);
  let month = 1;
  while (rest > lengthOf(year, month)) {
    rest -= lengthOf(year, month);
    month += 1;
  }
  return [year, month, rest];
}

export function dayText(number) {
  if (number < 1n || number > BigInt(LAST_DAY)) return null;
  const [year, month, day] = dayParts(Number(number));
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}
