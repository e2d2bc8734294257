// Enhancement only: every page does its work without this file. No inline handlers, no eval, no style attributes.
// What a person types is written to the browser's storage only while the server cannot be reached (js/drafts.js).
import { captureAids } from "./js/capture.js";
import { guardForms } from "./js/forms.js";
import { filesOneByOne } from "./js/pages.js";
import { liveQuestions } from "./js/questions.js";
import { suggestions } from "./js/suggest.js";

const root = document.documentElement;
root.classList.add("js");

const live = document.createElement("div");
live.className = "vh";
live.setAttribute("role", "status");
document.body.append(live);

function say(words) {
  live.textContent = "";
  setTimeout(() => { live.textContent = words; }, 50);
}

const errors = document.querySelector(".errors");
if (errors) errors.focus();

for (const fold of document.querySelectorAll("details[data-open-wide]")) {
  if (matchMedia("(min-width: 62em)").matches) fold.open = true;
}

document.addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy && navigator.clipboard) {
    await navigator.clipboard.writeText(copy.dataset.copy);
    say(copy.dataset.done || document.body.dataset.copied);
    const words = copy.querySelector("[data-words]");
    if (words) words.textContent = document.body.dataset.copied;
  }
  const fill = event.target.closest("[data-fill-login]");
  if (fill) {
    document.getElementById("id_login").value = fill.dataset.fillLogin;
    document.getElementById("id_password").value = fill.dataset.fillPassword;
    document.querySelector(".auth form .main").focus();
  }
  if (event.target.closest("[data-print]")) window.print();
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog?.showModal) {
      event.preventDefault();
      dialog.showModal();
    }
  }
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  for (const menu of document.querySelectorAll("details.drop[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.drop[open]")) {
    menu.open = false;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
  }
});

// The page that stands in for another one while there is no connection gives way to it. A device says that it is
// connected a moment before it is, so the server itself is asked.
if (document.body.dataset.noConnection !== undefined) {
  const back = () => fetch("/healthz", { cache: "no-store" }).then(() => location.reload(), () => {});
  addEventListener("online", back);
  setInterval(back, 5000);
}

liveQuestions(say);
captureAids();
filesOneByOne();
guardForms();
suggestions();
