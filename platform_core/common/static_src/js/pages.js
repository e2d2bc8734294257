// Files of a form: each is sent by itself as soon as it is chosen or photographed, so that one that fails takes
// nothing with it. What could not be sent stays in the page with its reason, to be tried again or taken away.

export function filesOneByOne(root = document) {
  for (const field of root.querySelectorAll("[data-files]")) {
    const form = field.closest("form");
    if (form?.dataset.autosaveUrl) pages(field, form);
  }
}

function pages(field, form) {
  const name = field.dataset.files;
  let queue = Promise.resolve();
  let unsent = [];

  field.addEventListener("change", (event) => {
    const input = event.target;
    if (input.type !== "file") return;
    const instead = input.dataset.instead || "";
    const files = [...input.files];
    input.value = "";
    for (const file of files) enqueue({ file, instead });
  });

  field.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=_remove], button[name=_earlier], button[name=_join]");
    if (!button || button.closest("[data-waiting]")) return;
    event.preventDefault();
    queue = queue.then(() => send([[button.name, button.value]])).then((told) => tell(told || field.dataset.done));
  });

  addEventListener("beforeunload", (event) => {
    if (unsent.length) event.preventDefault();
  });
  // What is still here when the form is sent goes with it.
  form.addEventListener("submit", () => {
    const input = field.querySelector(`input[type=file][name="${CSS.escape(name)}"]`);
    const left = unsent.filter((one) => !one.refused);
    if (navigator.onLine === false || !input || !left.length || typeof DataTransfer === "undefined") return;
    const files = new DataTransfer();
    for (const one of left) files.items.add(one.file);
    input.files = files.files;
    unsent = [];
  });

  function enqueue(one) {
    one.refused = wrong(one.file);
    one.why = one.refused;
    unsent.push(one);
    draw();
    if (one.refused) return;
    queue = queue.then(async () => {
      one.why = field.dataset.sending;
      draw();
      const command = one.instead ? ["_instead", one.instead] : ["_upload", name];
      const told = await send([command], one);
      if (!told) unsent = unsent.filter((other) => other !== one);
      one.why = told;
      draw();
      tell(told ? `${one.file.name}: ${told}` : `${field.dataset.done} ${one.file.name}`);
    });
  }

  // Sends buttons and a file as the page itself would; "" when it was taken, else the reason.
  async function send(pairs, one = null) {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    for (const [key, value] of pairs) body.append(key, value);
    if (one) body.append(name, one.file, one.file.name);
    let text;
    try {
      const response = await fetch(form.dataset.autosaveUrl, {
        method: "POST", body, headers: { "X-Requested-With": "pages" },
      });
      if (response.status >= 500) return field.dataset.lost;
      text = await response.text();
    } catch {
      return field.dataset.lost;
    }
    const drawn = new DOMParser().parseFromString(text, "text/html");
    const fresh = drawn.querySelector(`[data-files="${CSS.escape(name)}"]`);
    if (!fresh) return field.dataset.out;
    const error = fresh.querySelector(".err > span");
    error?.querySelector(".vh")?.remove();
    const said = error?.textContent.trim() || "";
    const rev = drawn.querySelector("[name=_rev]");
    if (rev && form.elements._rev) form.elements._rev.value = rev.value;
    show(fresh);
    if (one) one.refused = said;
    return said;
  }

  function show(fresh) {
    const waiting = field.querySelector("[data-waiting]");
    const told = field.querySelector("[data-told]");
    const focused = document.activeElement && field.contains(document.activeElement);
    // Of the new field everything but what only this page knows.
    fresh.querySelector("[data-waiting]").replaceWith(waiting);
    fresh.querySelector("[data-told]").replaceWith(told);
    fresh.querySelector(":scope > .err")?.remove(); // it stands beside the file that it is about
    fresh.querySelector("[aria-invalid]")?.removeAttribute("aria-invalid");
    field.classList.remove("bad");
    field.replaceChildren(...fresh.childNodes);
    if (focused) field.querySelector("input[type=file]:not([data-instead]), button")?.focus();
  }

  function wrong(file) {
    if (file.size > Number(field.dataset.most)) return field.dataset.large;
    const accept = field.querySelector(`input[type=file][name="${CSS.escape(name)}"]`)?.accept || "";
    const ending = `.${file.name.split(".").pop().toLowerCase()}`;
    return !accept || accept.split(",").includes(ending) ? "" : field.dataset.unkind;
  }

  function draw() {
    const list = field.querySelector("[data-waiting]");
    list.hidden = !unsent.length;
    list.replaceChildren(...unsent.map(line));
  }

  function line(one) {
    const row = document.createElement("li");
    const words = document.createElement("span");
    words.className = "name";
    words.textContent = `${one.file.name} — ${one.why || field.dataset.sending}`;
    row.append(words);
    if (one.why && one.why !== field.dataset.sending) {
      row.className = "bad";
      if (!one.refused) row.append(action(field.dataset.again, () => {
        unsent = unsent.filter((other) => other !== one);
        enqueue(one);
      }));
      row.append(action(field.dataset.away, () => {
        unsent = unsent.filter((other) => other !== one);
        draw();
      }));
    }
    return row;
  }

  function action(words, deed) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn ghost sm";
    button.textContent = words;
    button.addEventListener("click", deed);
    return button;
  }

  function tell(words) {
    field.querySelector("[data-told]").textContent = words;
  }
}
