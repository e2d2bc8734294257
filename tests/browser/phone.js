// What is wrong with the page in one hand, in words. Read by phone.py.
() => {
  const SMALLEST = 24;
  const MAIN = 44;
  const root = document.documentElement;
  const found = new Set();
  const words = (one) => {
    const said = one.innerText || one.ariaLabel || one.name || one.id || String(one.className);
    return said.trim().replace(/\s+/g, " ").slice(0, 40) || one.tagName;
  };
  const say = (what, one) => found.add(`${what}: ${one.tagName.toLowerCase()} “${words(one)}”`);
  const all = (selector) => [...document.querySelectorAll(selector)].filter(isShown);

  function isShown(one) {
    if (!one.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
    const box = one.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && !one.closest(".vh, .skip");
  }

  // Wide tables are pushed aside with a finger, inside their own frame.
  function isPushed(one) {
    for (let up = one.parentElement; up; up = up.parentElement) {
      const isFrame = /auto|scroll/.test(getComputedStyle(up).overflowX);
      if (isFrame && up.scrollWidth > up.clientWidth) return true;
    }
    return false;
  }

  function isBeyond(one) {
    const box = one.getBoundingClientRect();
    return (box.right > root.clientWidth + 1 || box.left < -1) && !isPushed(one);
  }

  // A link within a sentence is as high as its line (WCAG 2.5.8).
  function isInText(one) {
    if (getComputedStyle(one).display !== "inline") return false;
    const beside = [...one.parentElement.childNodes];
    return one.parentElement.tagName === "P" || beside.some((it) => it.nodeType === 3 && it.data.trim());
  }

  function size(one) {
    const label = /checkbox|radio/.test(one.type) ? one.closest("label") || one.labels?.[0] : null;
    const boxes = [one, label].filter(Boolean).map((it) => it.getBoundingClientRect());
    return [Math.max(...boxes.map((box) => box.width)), Math.max(...boxes.map((box) => box.height))];
  }

  if (root.scrollWidth > root.clientWidth) found.add(`${root.scrollWidth} px wide`);
  for (const one of all("a[href], button, summary, select, textarea, input:not([type=hidden])")) {
    const [wide, high] = size(one);
    const isSmall = Math.min(wide, high) < SMALLEST - 0.5;
    if (isSmall && !one.matches(".stretch") && !isInText(one)) {
      say(`${Math.round(wide)}×${Math.round(high)} px`, one);
    }
    if (one.matches("main .btn:not(.sec, .ghost, .danger, .sm)") && high < MAIN - 0.5) {
      say(`${Math.round(high)} px for a main action`, one);
    }
    if (isBeyond(one)) say("beyond the edge", one);
  }
  for (const one of all("main :is(p, h1, h2, h3, td, th, dd, dt, li, label, .tag)")) {
    if (isBeyond(one)) say("beyond the edge", one);
  }
  for (const one of all("main *, header *, nav *")) {
    const style = getComputedStyle(one);
    const isCut = /hidden|clip/.test(style.overflowX) && style.clipPath === "none";
    if (one.matches("select")) continue;
    if (isCut && one.innerText?.trim() && one.scrollWidth > one.clientWidth + 1) say("cut off", one);
  }
  for (const form of all("main form[method=post]")) outOfReach(form);
  return [...found];

  // What a long form is sent with stands where the thumb is, from the moment the form comes into sight.
  function outOfReach(form) {
    const main = "button.btn:not(.sec, .ghost, .danger, .sm, [type=button])";
    const button = [...form.querySelectorAll(main)].find(isShown);
    if (!button || button.closest("dialog, .more")) return;
    const foot = innerHeight - (document.querySelector(".tabbar")?.offsetHeight ?? 0);
    const box = form.getBoundingClientRect();
    if (box.height < foot) return;
    scrollTo(0, box.top + scrollY);
    const at = button.getBoundingClientRect();
    scrollTo(0, 0);
    if (at.top < innerHeight / 2 || at.bottom > foot + 1) say(`out of reach at ${Math.round(at.top)}`, button);
  }
}
