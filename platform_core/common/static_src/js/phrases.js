// A usual opinion is added to what is typed already; without this file the choice itself is sent.
export function insertPhrases() {
  document.addEventListener("change", (event) => {
    const choice = event.target.closest("select[data-insert]");
    const field = choice && document.getElementById(choice.dataset.insert);
    if (!field || !choice.value) return;
    field.value = [field.value.trim(), choice.value].filter(Boolean).join("\n");
    choice.value = "";
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
