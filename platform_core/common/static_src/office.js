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

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  // A refusal that brings the part as it is now, with who was first, says so by this header.
  if (xhr.getResponseHeader("HX-Reswap")) event.detail.shouldSwap = true;
  // The session ended meanwhile: signing in takes the whole page, not the part that was asked for.
  if (new URL(xhr.responseURL).pathname.startsWith("/accounts/")) {
    event.detail.shouldSwap = false;
    location.reload();
  }
});

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("[name=csrfmiddlewaretoken]");
  if (token) event.detail.headers["X-CSRFToken"] = token.value;
});
