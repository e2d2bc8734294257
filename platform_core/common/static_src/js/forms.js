// Forms: one sending per press, drafts saved as one types, no answer lost to a closed page or an ended session.

const SETTLE = 1500; // ms without a keystroke before a draft is saved
const RETRY = 10000; // ms until a failed saving is tried again

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

function keepAnswers(form) {
  let dirty = false;
  let checked = false;
  let timer = 0;
  const status = form.querySelector("[data-saved]");
  const words = document.body.dataset;

  const show = (text) => { if (status) status.textContent = text; };

  async function save() {
    if (!form.dataset.autosaveUrl || !dirty) return;
    const answers = new FormData(form);
    for (const [name, value] of [...answers]) if (value instanceof File) answers.delete(name);
    show(words.saving);
    dirty = false;
    try {
      const response = await fetch(form.dataset.autosaveUrl, {
        method: "POST", body: answers, redirect: "error", headers: { "X-Requested-With": "fetch" },
      });
      if (!response.ok) throw new Error(String(response.status));
      const now = new Date();
      const clock = [now.getHours(), now.getMinutes()].map((n) => String(n).padStart(2, "0")).join(":");
      show(`${words.saved} ${clock}`);
    } catch {
      dirty = true;
      show(words.unsaved);
      clearTimeout(timer);
      timer = setTimeout(save, RETRY);
    }
  }

  form.addEventListener("input", () => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, SETTLE);
  });
  addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });

  // Before sending: is the session still the one that the page was made for? A new sign-in changes the token.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (checked) {
      dirty = false;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    sessionState().then((state) => {
      if (state && state.user !== (document.body.dataset.user || "")) {
        askToSignIn(form);
        return;
      }
      if (state) for (const input of document.querySelectorAll("[name=csrfmiddlewaretoken]")) input.value = state.token;
      checked = true;
      form.requestSubmit(button);
    });
  }, { capture: true });
}

async function sessionState() {
  try {
    const response = await fetch("/session", { cache: "no-store" });
    return response.ok ? await response.json() : null;
  } catch {
    return null; // offline or server away: the browser says so itself when it sends the form
  }
}

function askToSignIn(form) {
  const note = document.getElementById("signed-out");
  if (!note) return;
  form.prepend(note);
  note.hidden = false;
  note.focus(); // a screen reader reads the note from there
}
