// The office on this device: kept ready for when there is no connection, installed, told of messages.
// Without script the office works as ever; only these three need one.

export function onThisDevice() {
  const form = document.querySelector("[data-push]");
  if (form) tellHere(form);
  if (!("serviceWorker" in navigator)) return;
  begun().catch(() => {});
  navigator.serviceWorker.ready.then((worker) => {
    worker.active.postMessage({ language: document.documentElement.lang });
  });
  offerInstalling();
}

// Kept for an hour like any file, or each page would ask for it once more.
const begun = () => navigator.serviceWorker.register("/sw.js", { updateViaCache: "all" });

// Browsers that install by themselves say so; the button is for where somebody looks for it.
function offerInstalling() {
  const button = document.querySelector("[data-install]");
  if (!button) return;
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    button.hidden = false;
    button.onclick = () => event.prompt();
  });
  addEventListener("appinstalled", () => { button.hidden = true; });
}

async function tellHere(form) {
  const say = (what) => {
    for (const note of form.querySelectorAll("[data-when]")) note.hidden = note.dataset.when !== what;
  };
  const needed = ["serviceWorker" in navigator, "PushManager" in window, "Notification" in window];
  if (needed.includes(false)) return say("unable");
  if (Notification.permission === "denied") return say("denied");
  try {
    await begun();
  } catch {
    return say("unable");
  }
  const worker = await navigator.serviceWorker.ready;
  const known = await worker.pushManager.getSubscription();
  const line = known && document.querySelector(`[data-device="${await digest(known.endpoint)}"]`);
  if (line) {
    line.querySelector("[data-here]").hidden = false;
    return say("here");
  }
  say("able");
  form.querySelector("[data-subscribe]").addEventListener("click", async () => {
    const answer = await Notification.requestPermission();
    if (answer !== "granted") return say(answer === "denied" ? "denied" : "able");
    say("asking");
    try {
      fill(form, await subscribe(worker.pushManager, form.dataset.push));
    } catch {
      return say("failed");
    }
    form.requestSubmit();
  });
}

async function subscribe(manager, key) {
  const wanted = { userVisibleOnly: true, applicationServerKey: key };
  try {
    return await manager.subscribe(wanted);
  } catch (error) {
    // Subscribed once with another key: the old one reaches nobody any more.
    const old = await manager.getSubscription();
    if (!old) throw error;
    await old.unsubscribe();
    return manager.subscribe(wanted);
  }
}

function fill(form, subscription) {
  const { endpoint, keys } = subscription.toJSON();
  form.elements.endpoint.value = endpoint;
  form.elements.key.value = keys.p256dh;
  form.elements.secret.value = keys.auth;
}

async function digest(text) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
