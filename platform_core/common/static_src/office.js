// The office: partial page updates and keys for people who work through a list all day.
import htmx from "htmx.org";

import { onThisDevice } from "./js/device.js";
import { listKeys } from "./js/keys.js";
import { insertPhrases } from "./js/phrases.js";
import { readBesideTheList } from "./js/reading.js";
import { undoWindow } from "./js/undo.js";

window.htmx = htmx;
readBesideTheList();
insertPhrases();
listKeys();
undoWindow();
onThisDevice();

// A refusal that brings the part as it is now, with who was first, says so by this header.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.getResponseHeader("HX-Reswap")) event.detail.shouldSwap = true;
});

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("[name=csrfmiddlewaretoken]");
  if (token) event.detail.headers["X-CSRFToken"] = token.value;
});
