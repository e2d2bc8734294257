// On wide screens a task opens beside the list, which keeps its place; narrow ones load the page.
import htmx from "htmx.org";

import { guardForms } from "./forms.js";
import { liveQuestions } from "./questions.js";

const wide = matchMedia("(min-width: 62em)");

export function readBesideTheList(root = document) {
  for (const link of root.querySelectorAll(".inbox .list a[data-beside]")) {
    link.setAttribute("hx-get", link.getAttribute("href"));
    link.setAttribute("hx-target", "#reading");
    link.setAttribute("hx-swap", "outerHTML show:none");
    link.setAttribute("hx-push-url", "true");
    htmx.process(link);
  }
}

// A page has one first heading: now it is the task's, as when the page is loaded.
function onlyHeading() {
  const old = document.querySelector("h1#list-title");
  if (!old) return;
  const plain = document.createElement("p");
  plain.id = old.id;
  plain.className = "h3";
  plain.textContent = old.textContent;
  old.replaceWith(plain);
}

export function hasTyped() {
  const opinion = document.querySelector("#act textarea");
  return Boolean(opinion) && opinion.value !== opinion.defaultValue;
}

// Before htmx sees the click: on narrow screens the link stays a link, and so it does beside words
// not sent, because leaving the page asks first.
document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest?.(".inbox .list a[data-beside]");
    if (link && (!wide.matches || hasTyped())) event.stopImmediatePropagation();
  },
  true,
);

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "reading") return;
  liveQuestions(() => {}, document.querySelector("#reading"));
  guardForms(document.querySelector("#reading"));
  for (const item of document.querySelectorAll(".inbox .list .item")) {
    const isOpen = item.querySelector("a")?.getAttribute("href") === event.detail.pathInfo.requestPath;
    item.classList.toggle("sel", isOpen);
    if (isOpen) item.setAttribute("aria-current", "true");
    else item.removeAttribute("aria-current");
  }
  const heading = document.querySelector("#subject");
  if (heading) {
    onlyHeading();
    document.title = `${heading.textContent} - ${document.title.split(" - ").at(-1)}`;
    heading.focus();
  }
});

// A refusal to show the task (signed out, gone) is an answer of its own: go there.
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.target?.id === "reading") location.assign(event.detail.pathInfo.requestPath);
});
