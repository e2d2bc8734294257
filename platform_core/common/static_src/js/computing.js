// Values that the browser works out while one types: computed questions, cells and the sums under columns.
// The server works them out again in any case. Written as the server writes them.
import { evaluate } from "./rules.js";

const SCALE = 1000000n;

function rounded(value, places) {
  const step = 10n ** BigInt(6 - places);
  const half = value < 0n ? -(step / 2n) : step / 2n;
  return places === 6 ? value : ((value + half) / step) * step;
}

function plain(value, places, keep) {
  const sign = value < 0n ? "-" : "";
  const size = value < 0n ? -value : value;
  const whole = String(size / SCALE).replace(/\B(?=([0-9]{3})+$)/g, ",");
  let rest = String(size % SCALE).padStart(6, "0").slice(0, places);
  if (!keep) rest = rest.replace(/0+$/, "");
  return rest ? `${sign}${whole}.${rest}` : `${sign}${whole}`;
}

function words(value, how) {
  if (value === null) return "—";
  if (typeof value === "bigint") {
    const money = how.result === "money";
    const text = plain(rounded(value, how.places), how.places, money);
    if (money) return `\u00a5${text}`;
    return how.unit ? `${text} ${how.unit}` : text;
  }
  return typeof value === "boolean" ? how.said[Number(value)] : String(value);
}

/** Work out one <output data-formula>; gives the value as rules read it. */
export function workOut(output, facts, today, reference) {
  const how = JSON.parse(output.dataset.formula);
  let value = null;
  try {
    value = evaluate(how.rule, facts, today, reference);
  } catch { /* too much work for this page: the server shows it after sending */ }
  if (typeof value === "bigint") value = rounded(value, how.places);
  const said = words(value, how);
  // A day that the server wrote stays until it changes: the server knows the reader's way of writing days.
  const isFirst = output.worked === undefined;
  if (output.worked !== said && !(isFirst && typeof value === "string")) output.textContent = said;
  output.worked = said;
  return value;
}
