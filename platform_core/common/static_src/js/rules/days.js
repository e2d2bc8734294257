// Days, months, working days, and what a citizen number says of a person.
import { whole } from "./arithmetic.js";
import { dayNumber, dayParts, daysBefore, dayText, lengthOf, SCALE } from "./values.js";

const CITIZEN = /^[0-9]{17}[0-9X]$/;
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = "10X98765432";
const pad = (number, places) => String(number).padStart(places, "0");
const written = ([year, month, day]) => `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;

const partsOf = (text) => {
  const number = dayNumber(text);
  return number === null ? null : dayParts(number);
};

/** The working days of the years in `years`: {"2020": ["01-24", …]} lists what differs from Monday to Friday. */
export class Calendar {
  constructor(years = {}) {
    this.years = years;
    this.known = new Map();
  }

  working(year) {
    if (!this.known.has(year)) {
      const listed = Object.hasOwn(this.years, String(year)) ? new Set(this.years[String(year)]) : null;
      this.known.set(year, listed && this.workingDays(year, listed));
    }
    return this.known.get(year);
  }

  workingDays(year, differ) {
    const found = [];
    let number = daysBefore(year);
    for (let month = 1; month <= 12; month += 1) {
      for (let day = 1; day <= lengthOf(year, month); day += 1) {
        number += 1;
        if ((number - 1) % 7 < 5 !== differ.has(`${pad(month, 2)}-${pad(day, 2)}`)) found.push(number);
      }
    }
    return found;
  }

  isWorking(number) {
    const days = this.working(dayParts(number)[0]);
    return days && days.includes(number);
  }

  after(number, count) {
    if (count === 0n) return number;
    const step = count > 0n ? 1 : -1;
    if (number + step < 1 || number + step > 3652059) return null;
    let left = step > 0 ? count : -count;
    for (let [year] = dayParts(number + step), days = this.working(year); days; days = this.working((year += step))) {
      const open = days.filter((day) => (step > 0 ? day > number : day < number));
      if (left <= BigInt(open.length)) return open[step > 0 ? Number(left) - 1 : open.length - Number(left)];
      left -= BigInt(open.length);
    }
    return null;
  }

  between(first, last) {
    if (last < first) {
      const back = this.between(last, first);
      return back === null ? null : 0 - back;
    }
    if (last === first) return 0;
    let total = 0;
    for (let [year] = dayParts(first + 1); year <= dayParts(last)[0]; year += 1) {
      const days = this.working(year);
      if (!days) return null;
      total += days.filter((day) => day > first && day <= last).length;
    }
    return total;
  }
}

// Where the month has no such day its last one is meant (Civil Code art. 202).
function monthsAfter([year, month, day], months) {
  const total = year * 12 + month - 1 + months;
  if (total < 12 || total >= 120000) return null;
  const found = Math.floor(total / 12);
  return [found, (total % 12) + 1, Math.min(day, lengthOf(found, (total % 12) + 1))];
}

function fullMonths(start, end) {
  if (written(end) < written(start)) return 0 - fullMonths(end, start);
  const months = (end[0] - start[0]) * 12 + end[1] - start[1];
  const reached = monthsAfter(start, months);
  return reached && written(reached) <= written(end) ? months : months - 1;
}

const part = (at) => (run, text) => {
  const found = partsOf(text);
  return found && BigInt(found[at]) * SCALE;
};

function weekday(run, text) {
  const number = dayNumber(text);
  return number === null ? null : BigInt(((number - 1) % 7) + 1) * SCALE;
}

function addDays(run, start, given) {
  const number = dayNumber(start);
  const days = whole(given);
  return number === null || days === null ? null : dayText(BigInt(number) + days);
}

function addMonths(run, start, given) {
  const parts = partsOf(start);
  const months = whole(given);
  if (!parts || months === null || months < -120000n || months > 120000n) return null;
  const found = monthsAfter(parts, Number(months));
  return found && written(found);
}

function daysBetween(run, start, end) {
  const first = dayNumber(start);
  const last = dayNumber(end);
  return first === null || last === null ? null : BigInt(last - first) * SCALE;
}

const between = (divisor) => (run, start, end) => {
  const first = partsOf(start);
  const last = partsOf(end);
  return first && last && BigInt(Math.trunc(fullMonths(first, last) / divisor)) * SCALE;
};

function isWorkingDay(run, text) {
  const number = dayNumber(text);
  return number === null ? null : run.calendar.isWorking(number);
}

function addWorkingDays(run, start, given) {
  const number = dayNumber(start);
  const count = whole(given);
  if (number === null || count === null) return null;
  const found = run.calendar.after(number, count);
  return found === null ? null : dayText(BigInt(found));
}

function workingDaysBetween(run, start, end) {
  const first = dayNumber(start);
  const last = dayNumber(end);
  const count = first === null || last === null ? null : run.calendar.between(first, last);
  return count === null ? null : BigInt(count) * SCALE;
}

function birthday(run, number) {
  if (typeof number !== "string" || !CITIZEN.test(number)) return null;
  const total = WEIGHTS.reduce((sum, weight, at) => sum + weight * Number(number[at]), 0);
  if (CHECKS[total % 11] !== number[17]) return null;
  const born = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
  return dayNumber(born) === null ? null : born;
}

function age(run, person, ...on) {
  const born = partsOf(person) || partsOf(birthday(run, person));
  const day = partsOf(on.length ? on[0] : run.today);
  if (!born || !day || written(day) < written(born)) return null;
  return BigInt(Math.floor(fullMonths(born, day) / 12)) * SCALE;
}

function sex(run, number) {
  return birthday(run, number) && (Number(number[16]) % 2 ? "male" : "female");
}

export const DAYS = {
  today: [0, 0, (run) => run.today],
  year: [1, 1, part(0)],
  month: [1, 1, part(1)],
  day: [1, 1, part(2)],
  weekday: [1, 1, weekday],
  add_days: [2, 2, addDays],
  add_months: [2, 2, addMonths],
  days_between: [2, 2, daysBetween],
  months_between: [2, 2, between(1)],
  years_between: [2, 2, between(12)],
  is_working_day: [1, 1, isWorkingDay],
  add_working_days: [2, 2, addWorkingDays],
  working_days_between: [2, 2, workingDaysBetween],
  birthday: [1, 1, birthday],
  age: [1, 2, age],
  sex: [1, 1, sex],
};
