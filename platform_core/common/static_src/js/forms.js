// Forms: one sending per press, no answer lost to a closed page or an ended session.
import { keepAnswers } from "./drafts.js";

export function guardForms(root = document) {
  for (const form of root.querySelectorAll("form")) {
    if (form.method === "post") sendOnce(form);
    if (form.dataset.autosaveUrl || form.dataset.guard !== undefined) keepAnswers(form);
  }
}

function sendOnce(form) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (navigator.onLine === false) {
      event.preventDefault();
      sayOffline(form, event.submitter);
      return;
    }
    if (sent) {
      event.preventDefault();
      return;
    }
    sent = true;
    const button = event.submitter;
    if (!button || form.dataset.quiet !== undefined) return;
    // The button stays enabled so that its name and value are sent; a second press is stopped above.
    setTimeout(() => {
      button.setAttribute("aria-disabled", "true");
      button.setAttribute("aria-busy", "true");
      button.dataset.words = button.innerHTML;
      button.textContent = button.dataset.busy || document.body.dataset.busy;
    }, 0);
  });
  // The page may come back from the browser's memory (Back button): everything works anew.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    sent = false;
    for (const button of form.querySelectorAll("[aria-busy]")) {
      button.removeAttribute("aria-disabled");
      button.removeAttribute("aria-busy");
      if (button.dataset.words) button.innerHTML = button.dataset.words;
    }
  });
}

// Sent now, the browser would show a page of its own and what was typed might be gone.
function sayOffline(form, button) {
  const note = document.getElementById("offline");
  if (!note) return;
  (button?.closest("p, .row") || form.lastElementChild).before(note);
  note.hidden = false;
  note.focus();
  addEventListener("online", () => { note.hidden = true; }, { once: true });
}
