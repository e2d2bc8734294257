// Drafts: saved as one types, on the server; while it cannot be reached, in this browser. Answers that the server
// seals (numbers of people and the like) never reach the browser's storage, and the copy goes once it was saved.

const SETTLE = 1500; // ms without a keystroke before a draft is saved
const RETRY = 10000; // ms until a failed saving is tried again
const KEPT = 7 * 86400000; // ms that a copy may wait in this browser
const SHELF = "gov-draft:";

export function keepAnswers(form) {
  const state = { dirty: false, busy: null, failed: false, checked: false, timer: 0, clash: false };
  const words = document.body.dataset;
  const status = form.querySelector("[data-saved]");
  const address = form.dataset.autosaveUrl;
  const shelf = address ? `${SHELF}${words.user || ""}:${address}` : "";
  const show = (text, link) => {
    if (!status) return;
    status.textContent = text;
    if (!link) return;
    const again = document.createElement("a");
    again.href = address;
    again.textContent = link;
    status.append(" ", again);
  };
  const later = (wait) => {
    clearTimeout(state.timer);
    state.timer = setTimeout(save, wait);
  };

  async function save(last = false) {
    if (!address || !state.dirty || state.clash || (state.busy && last !== true)) return;
    clearTimeout(state.timer);
    const answers = sendable(form);
    state.dirty = false;
    if (last !== true) show(words.saving);
    state.busy = new AbortController();
    try {
      const response = await fetch(address, {
        method: "POST", body: answers, redirect: "error", keepalive: last === true, signal: state.busy.signal,
        headers: { "X-Requested-With": "fetch" },
      });
      if (!response.ok) throw new Error(String(response.status));
      const told = await response.json();
      if (told.clash.length) {
        state.clash = true;
        show(`${words.clash} ${told.clash.join(", ")}`, words.clashLink);
      } else {
        form.elements._rev.value = told.rev;
        show(`${words.saved} ${clock(new Date(told.saved))}`);
      }
      state.failed = false;
      forget(shelf);
    } catch (error) {
      if (error.name === "AbortError") return;
      state.dirty = state.failed = true;
      show(navigator.onLine === false ? words.offline : words.unsaved);
      put(shelf, form);
      later(RETRY);
    } finally {
      state.busy = null;
    }
    if (state.dirty && !state.failed) later(SETTLE);
  }

  form.addEventListener("input", () => {
    state.dirty = true;
    if (state.failed) put(shelf, form);
    later(SETTLE);
  });
  form.addEventListener("focusout", (event) => {
    if (state.dirty && !state.failed && event.target.matches("input, select, textarea")) later(200);
  });
  addEventListener("online", () => save());
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(true); });
  addEventListener("pagehide", () => save(true));
  addEventListener("beforeunload", (event) => {
    // A page without a draft has nowhere to save to; with one only what could not be saved is at stake.
    if (state.dirty && (!address || state.failed)) event.preventDefault();
  });
  if (shelf) takeBack(form, shelf, () => {
    state.dirty = true;
    show(words.restored);
    save();
  });

  // Before sending: is the session still the one that the page was made for? A new sign-in changes the token.
  form.addEventListener("submit", (event) => {
    clearTimeout(state.timer);
    if (navigator.onLine === false) return; // js/forms.js keeps it here and says so
    if (state.checked) {
      state.dirty = false;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    state.busy?.abort(); // an older saving must not arrive after what is sent now
    const button = event.submitter;
    sessionState().then((session) => {
      if (session && session.user !== (words.user || "")) {
        askToSignIn(form);
        return;
      }
      if (session) {
        for (const input of document.querySelectorAll("[name=csrfmiddlewaretoken]")) input.value = session.token;
        forget(shelf);
      }
      state.checked = true;
      form.requestSubmit(button);
    });
  }, { capture: true });
}

function sendable(form) {
  const answers = new FormData(form);
  for (const [name, value] of [...answers]) if (value instanceof File) answers.delete(name);
  return answers;
}

function clock(at) {
  return [at.getHours(), at.getMinutes()].map((n) => String(n).padStart(2, "0")).join(":");
}

// The copy in this browser: made from the page as it stands, and bound to person, draft and page by its name.

function put(shelf, form) {
  if (!shelf) return;
  const isOpen = (name) => !form.elements.namedItem(name) || !closestAsk(form, name)?.matches("[data-private]");
  const answers = [...sendable(form)].filter(([name]) => !name.startsWith("_") && name !== "csrfmiddlewaretoken" && isOpen(name));
  try {
    const stand = [form.elements._rev.value, form.elements._pen.value];
    localStorage.setItem(shelf, JSON.stringify({ at: Date.now(), stand, answers }));
  } catch { /* no room, or storage is refused: the page itself still holds everything */ }
}

function closestAsk(form, name) {
  const found = form.elements.namedItem(name);
  return (found instanceof RadioNodeList ? found[0] : found).closest("[data-ask]");
}

function forget(shelf) {
  try {
    if (shelf) localStorage.removeItem(shelf);
  } catch { /* storage is refused: there is nothing to forget */ }
}

function takeBack(form, shelf, changed) {
  const kept = copyOn(shelf);
  if (!kept) return;
  // The copy was made from an older page: with its marks the server sees whether another device wrote meanwhile.
  [form.elements._rev.value, form.elements._pen.value] = kept.stand;
  const groups = Map.groupBy ? Map.groupBy(kept.answers, ([name]) => name) : grouped(kept.answers);
  for (const [name, entries] of groups) refill(form, name, entries.map(([, value]) => value));
  form.dispatchEvent(new Event("change", { bubbles: true }));
  changed();
}

function copyOn(shelf) {
  try {
    for (const name of Object.keys(localStorage).filter((one) => one.startsWith(SHELF))) {
      if (Date.now() - JSON.parse(localStorage.getItem(name)).at > KEPT) localStorage.removeItem(name);
    }
    return JSON.parse(localStorage.getItem(shelf));
  } catch {
    return null;
  }
}

function grouped(entries) {
  const found = new Map();
  for (const entry of entries) found.set(entry[0], [...(found.get(entry[0]) || []), entry]);
  return found;
}

function refill(form, name, values) {
  const row = /^(.+)-[0-9]+-[^-]+$/.exec(name);
  const adder = row && form.querySelector(`[data-ask="${row[1]}"] [name=_add]`);
  for (let tries = 0; adder && !form.elements.namedItem(name) && !adder.disabled && tries < 200; tries += 1) adder.click();
  const controls = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
  for (const control of controls) {
    if (control.type === "checkbox" || control.type === "radio") control.checked = values.includes(control.value);
    else if (control.type !== "file" && control.type !== "hidden") control.value = values[0];
  }
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
