// The office: partial page updates and keys for people who work through a list all day.
import htmx from "htmx.org";

import { insertPhrases } from "./js/phrases.js";
import { readBesideTheList } from "./js/reading.js";

window.htmx = htmx;
readBesideTheList();
insertPhrases();

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("[name=csrfmiddlewaretoken]");
  if (token) event.detail.headers["X-CSRFToken"] = token.value;
});

// Single keys can be switched off (WCAG 2.1.4). Only this choice is kept in the browser.
const KEY = "gov-keys";
const keysOn = () => localStorage.getItem(KEY) !== "off";

for (const button of document.querySelectorAll("[data-keys]")) {
  const show = () => button.setAttribute("aria-pressed", String(keysOn()));
  show();
  button.addEventListener("click", () => {
    localStorage.setItem(KEY, keysOn() ? "off" : "on");
    show();
  });
}

document.addEventListener("keydown", (event) => {
  if (!keysOn() || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable], dialog[open]")) return;
  if (event.key === "/") {
    const search = document.querySelector(".osearch input");
    if (search) {
      event.preventDefault();
      search.focus();
    }
    return;
  }
  if (event.key !== "j" && event.key !== "k") return;
  const items = [...document.querySelectorAll(".item")];
  if (!items.length) return;
  const here = items.findIndex((item) => item.contains(document.activeElement));
  const start = here === -1 ? items.findIndex((item) => item.classList.contains("sel")) : here;
  const next = Math.min(items.length - 1, Math.max(0, start + (event.key === "j" ? 1 : -1)));
  items[next].querySelector("a")?.focus();
  event.preventDefault();
});
