// Single keys for people who work through a list all day. They can be switched off (WCAG 2.1.4);
// only this choice is kept in the browser.
import { hasTyped } from "./reading.js";
import { actLater, say, takeBack } from "./undo.js";

const KEY = "gov-keys";
const keysOn = () => localStorage.getItem(KEY) !== "off";
const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable], dialog[open]";

const items = () => [...document.querySelectorAll(".item:not(.pending)")];
const focused = () => document.activeElement?.closest?.(".item");
const current = () => focused() ?? document.querySelector(".item.sel");

function move(step) {
  const all = items();
  if (!all.length) return false;
  const here = all.indexOf(current());
  const next = all[Math.min(all.length - 1, Math.max(0, here + step))];
  (next.querySelector("a") ?? next.querySelector("input"))?.focus();
  return true;
}

function act() {
  const item = current();
  if (!item || !document.querySelector("#undo")) return false;
  if (item.classList.contains("sel") && hasTyped()) {
    say(document.querySelector("#undo").dataset.typed);
    return true;
  }
  const all = items();
  const next = all[all.indexOf(item) + 1] ?? all[all.indexOf(item) - 1];
  if (actLater(item)) next?.querySelector("a")?.focus();
  return true;
}

function choose() {
  const box = current()?.querySelector(".box");
  box?.click();
  return Boolean(box);
}

function search() {
  const field = document.querySelector(".osearch input");
  field?.focus();
  return Boolean(field);
}

function help() {
  const dialog = document.querySelector("#keys-help");
  dialog?.showModal();
  return Boolean(dialog);
}

const ACTS = { j: () => move(1), k: () => move(-1), a: act, z: takeBack, x: choose, "/": search, "?": help };

function showChosen() {
  for (const place of document.querySelectorAll("[data-chosen]")) {
    const count = document.querySelectorAll("#bulk .box:checked").length;
    place.textContent = place.dataset.chosen.replace("{n}", count);
  }
}

export function listKeys() {
  for (const button of document.querySelectorAll("[data-keys]")) {
    const show = () => button.setAttribute("aria-pressed", String(keysOn()));
    show();
    button.addEventListener("click", () => {
      localStorage.setItem(KEY, keysOn() ? "off" : "on");
      show();
    });
  }
  for (const button of document.querySelectorAll("[data-help]")) button.addEventListener("click", help);
  document.querySelector("#bulk")?.addEventListener("change", showChosen);
  document.addEventListener("keydown", (event) => {
    if (!keysOn() || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest(TYPING)) return;
    // A key held down walks through the list, and does nothing else.
    if (event.repeat && event.key !== "j" && event.key !== "k") return;
    if (ACTS[event.key]?.()) event.preventDefault();
  });
}
