// Questions of a form that appear and go with the answers, rows added without a round trip, towns of a county.
// The server decides in the end; without this file the page asks again after sending.
import { workOut } from "./computing.js";
import { isTrue, scaledFromText } from "./rules.js";

const DAY = /^([0-9]{4})[-/.\u5e74]?([0-9]{1,2})[-/.\u6708]?([0-9]{1,2})\u65e5?$/;
const MONEY = /[\u00a5\uffe5\u5143, ]/g;

export function liveQuestions(say, root = document) {
  for (const asks of root.querySelectorAll(".asks")) {
    const form = asks.closest("form");
    if (!form) continue;
    const show = () => conditions(asks, say);
    form.addEventListener("input", show);
    form.addEventListener("change", show);
    addEventListener("pageshow", show);
    for (const table of asks.querySelectorAll("[data-rows]")) rows(table, say, show);
    for (const place of asks.querySelectorAll("[data-towns]")) towns(place, show);
    conditions(asks, () => {});
  }
}

function conditions(asks, say) {
  const facts = JSON.parse(asks.dataset.facts);
  const today = asks.dataset.today;
  const reference = { calendar: JSON.parse(asks.dataset.calendar || "{}") };
  const holds = (rule) => {
    try {
      return isTrue(JSON.parse(rule), facts, today, reference);
    } catch {
      return false;
    }
  };
  const opened = [];
  for (const ask of asks.querySelectorAll(":scope > .ask")) {
    let shown = !ask.hidden;
    if (ask.dataset.showIf) {
      shown = holds(ask.dataset.showIf);
      if (ask.hidden === shown) {
        ask.hidden = !shown;
        ask.querySelector("[name=_shown]").disabled = !shown;
        if (shown) opened.push(ask.querySelector("label, legend, .legend")?.textContent.trim());
      }
    }
    if (!shown) continue;
    if (ask.dataset.needed) demand(ask, holds(ask.dataset.needed));
    if (ask.dataset.kind === "rows") workRows(ask, facts, today, reference);
    const output = ask.querySelector(":scope > .computed > [data-formula]");
    facts[ask.dataset.ask] = output ? workOut(output, facts, today, reference) : read(ask);
    for (const total of ask.querySelectorAll(".totals [data-formula]")) workOut(total, facts, today, reference);
  }
  if (opened.length) say(opened.filter(Boolean).join(", "));
}

// A question that another answer makes obligatory loses its word "(optional)", and gets it back.
function demand(ask, needed) {
  const title = ask.querySelector("label, legend");
  let mark = title?.querySelector(".optional");
  if (title && !mark) {
    mark = document.createElement("span");
    mark.className = "optional";
    mark.textContent = ask.dataset.optional;
    title.append(" ", mark);
  }
  if (mark) mark.hidden = needed;
}

// Row by row: cells come and go with the cells before them, and computed cells follow.
function workRows(ask, facts, today, reference) {
  const name = ask.dataset.ask;
  const kinds = JSON.parse(ask.querySelector("[data-cells]").dataset.cells);
  for (const row of ask.querySelectorAll("[data-row]")) {
    const cells = {};
    const here = { ...facts, [name]: [cells] };
    for (const cell of row.querySelectorAll("[data-cell]")) {
      if (cell.dataset.showIf) {
        const rule = { any: [{ var: name }, JSON.parse(cell.dataset.showIf)] };
        try {
          cell.hidden = !isTrue(rule, here, today, reference);
        } catch {
          cell.hidden = true;
        }
      }
      if (cell.hidden) continue;
      const key = cell.dataset.cell;
      const output = cell.querySelector("[data-formula]");
      cells[key] = output ? workOut(output, here, today, reference) : readCell(row, name, key, kinds[key]);
    }
    row.cells = cells;
  }
}

function read(ask) {
  const name = ask.dataset.part ? `${ask.dataset.ask}-${ask.dataset.part}` : ask.dataset.ask;
  const kind = ask.dataset.kind;
  if (kind === "rows") return readRows(ask);
  const fixed = ask.querySelector("[data-fixed]");
  if (fixed) return typed(kind, fixed.dataset.fixed);
  const controls = [...ask.querySelectorAll(`[name="${name}"]`)];
  const checked = controls.filter((control) => control.checked).map((control) => control.value);
  if (kind === "list") return checked;
  const radios = controls.some((control) => control.type === "radio");
  return typed(kind, radios ? checked[0] || "" : controls[0]?.value || "");
}

function typed(kind, value) {
  const text = value.normalize("NFKC").trim();
  if (kind === "bool") return text === "yes" ? true : text === "no" ? false : null;
  if (kind === "number") return scaledFromText(text.replace(MONEY, ""));
  if (kind === "date") {
    const day = DAY.exec(text.replace(/ /g, ""));
    return day ? `${day[1]}-${day[2].padStart(2, "0")}-${day[3].padStart(2, "0")}` : null;
  }
  return value.trim();
}

function cellControls(row, name, key) {
  return [...row.querySelectorAll(`[name="${name}-${row.dataset.row}-${key}"]`)];
}

function readCell(row, name, key, kind) {
  const controls = cellControls(row, name, key);
  if (kind === "list") return controls.filter((one) => one.checked).map((one) => one.value);
  const control = controls.find((one) => one.checked) || controls.find((one) => one.type !== "radio");
  return typed(kind, control?.value || "");
}

// Rows in which nothing was typed are none, as on the server.
function readRows(ask) {
  const name = ask.dataset.ask;
  const filled = (one) => (["radio", "checkbox"].includes(one.type) ? one.checked : one.value.trim());
  const all = [...ask.querySelectorAll("[data-row]")];
  return all.filter((row) => [...row.querySelectorAll(`[name^="${name}-"]`)].some(filled)).map((row) => row.cells);
}

function rows(table, say, show) {
  const template = table.querySelector("template");
  const adder = table.querySelector("[name=_add]");
  const all = () => [...table.querySelectorAll("[data-row]")];
  const settle = () => {
    adder.disabled = all().length >= Number(table.dataset.most);
    table.dispatchEvent(new Event("input", { bubbles: true }));
    show();
  };
  table.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button === adder) {
      event.preventDefault();
      const number = Math.max(-1, ...all().map((row) => Number(row.dataset.row))) + 1;
      const holder = document.createElement("template");
      holder.innerHTML = template.innerHTML.replaceAll("__n__", String(number));
      const row = holder.content.querySelector("[data-row]");
      for (const title of row.querySelectorAll("[data-row-title]")) {
        title.textContent = title.textContent.replace(String(number), String(all().length + 1));
      }
      template.before(row);
      settle();
      row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    } else if (button?.name === "_drop") {
      event.preventDefault();
      const row = button.closest("[data-row]");
      const words = row.querySelector("[data-row-title]").textContent;
      const next = row.nextElementSibling?.matches("[data-row]") ? row.nextElementSibling : null;
      row.remove();
      settle();
      (next?.querySelector("input, select") || adder).focus();
      say(`${button.textContent.replace(words, "").trim()} ${words}`);
    }
  });
}

function towns(place, show) {
  const county = place.querySelector("[data-county]");
  const town = place.querySelector("[data-town]");
  const label = place.querySelector("[data-town-label]");
  const language = document.documentElement.lang.startsWith("en") ? "name_en" : "name";
  county.addEventListener("change", async () => {
    const asked = county.value;
    while (town.options.length > 1) town.remove(1);
    town.hidden = label.hidden = !asked;
    if (!asked) return;
    const found = await fetch(`/api/v1/regions/?page_size=100&level=4&parent=${encodeURIComponent(asked)}`)
      .then((answer) => (answer.ok ? answer.json() : null))
      .catch(() => null);
    if (county.value !== asked || !found) return;
    for (const one of found.results) town.add(new Option(one[language] || one.name, one.code));
    show();
  });
}
