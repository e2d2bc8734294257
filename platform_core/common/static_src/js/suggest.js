// What fits the words typed so far, offered by the browser's own list. Searching works without it.
const WAIT = 180;

export function suggestions() {
  for (const form of document.querySelectorAll("form[data-suggest]")) {
    const input = form.querySelector("input[type=search]");
    const list = document.createElement("datalist");
    list.id = `${input.id}-suggested`;
    form.append(list);
    let timer;
    let newest = 0;
    input.addEventListener("input", (event) => {
      clearTimeout(timer);
      const chosen = [...list.children].some((one) => one.value === input.value);
      // Taking one of the list is no typing: browsers name it a replacement or give it no name.
      if (chosen && (!event.inputType || event.inputType === "insertReplacementText")) {
        form.requestSubmit();
        return;
      }
      const words = input.value.trim();
      if (words) timer = setTimeout(() => ask(words), WAIT);
    });

    async function ask(words) {
      const mine = ++newest;
      try {
        const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(words)}`);
        if (!answer.ok || mine !== newest) return;
        const { hits } = await answer.json();
        // From now on the box is one with a list; until then it stays a plain search box.
        input.setAttribute("list", list.id);
        list.replaceChildren(...hits.map((hit) => new Option(hit.title, hit.title)));
      } catch {
        // Offline: the list stays as it is.
      }
    }
  }
}
