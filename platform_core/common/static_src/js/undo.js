// The act of a line waits eight seconds before it is sent, so that a slip can be taken back. Leaving
// the page sends it at once; the server knows nothing of it before, and refuses what comes twice.
const WINDOW = 8;
const waiting = new Map();

const toast = () => document.querySelector("#undo");
const titleOf = (item) => item.querySelector("h3")?.textContent.trim() ?? "";
const filled = (words, values) => words.replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");

export function say(words) {
  const box = toast();
  box.hidden = false;
  box.querySelector("span").textContent = words;
  box.querySelector("button").hidden = waiting.size === 0;
}

function bodyOf(entry) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  body.set("chosen", entry.key);
  body.set("action", entry.action);
  return body;
}

function showCounts(counts) {
  for (const place of document.querySelectorAll("[data-count]")) {
    const count = counts[place.dataset.count];
    if (count !== undefined) place.textContent = count;
  }
}

function leaveList(item) {
  let heading = item.previousElementSibling;
  while (heading && !heading.matches("h2")) heading = heading.previousElementSibling;
  const rest = heading?.querySelector("[data-in-group]");
  if (rest) rest.textContent = Number(rest.textContent) - 1;
  item.remove();
  if (!document.querySelector(".inbox .list .item")) location.reload();
}

async function send(entry) {
  waiting.delete(entry.item);
  const title = titleOf(entry.item);
  const lost = () => {
    entry.item.classList.remove("pending");
    say(filled(toast().dataset.lost, { title }));
  };
  try {
    // It goes on when the page is left meanwhile.
    const answer = await fetch(toast().dataset.quick, {
      method: "POST",
      body: bodyOf(entry),
      keepalive: true,
    });
    const told = await answer.json();
    if (answer.ok) {
      leaveList(entry.item);
      showCounts(told.counts);
      say(`${told.said}: ${title}`);
    } else {
      entry.item.classList.remove("pending");
      say(`${title}: ${told.said}`);
    }
  } catch {
    lost();
  }
}

// Begins the window for the act of a line; false when the line offers none.
export function actLater(item) {
  const { line, act, actLabel, undoable } = item.dataset;
  if (!act) {
    say(toast().dataset.none);
    return false;
  }
  if (waiting.has(item)) return false;
  const entry = { item, key: line, action: act, timer: 0 };
  waiting.set(item, entry);
  item.classList.add("pending");
  if (undoable === undefined) {
    send(entry);
    return true;
  }
  entry.timer = setTimeout(() => send(entry), WINDOW * 1000);
  const values = { act: actLabel, seconds: WINDOW, title: titleOf(item) };
  say(filled(toast().dataset.waits, values));
  return true;
}

// Takes back what was begun last and is not sent yet.
export function takeBack() {
  const entry = [...waiting.values()].at(-1);
  if (!entry) return;
  clearTimeout(entry.timer);
  waiting.delete(entry.item);
  entry.item.classList.remove("pending");
  say(filled(toast().dataset.back, { title: titleOf(entry.item) }));
  entry.item.querySelector("a")?.focus();
}

export function undoWindow() {
  if (!toast()) return;
  toast().querySelector("button").addEventListener("click", takeBack);
  window.addEventListener("pagehide", () => {
    for (const entry of waiting.values()) {
      clearTimeout(entry.timer);
      navigator.sendBeacon(toast().dataset.quick, bodyOf(entry));
    }
    waiting.clear();
  });
  // A page kept by the browser would show lines that are done.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}
