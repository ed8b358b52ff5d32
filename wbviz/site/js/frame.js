// @ts-check
// What every page's frame does: colours, search box, sidebars, downloads, copying, the way back to the top. The theme's own
// scripts, with Bootstrap and a dozen more, weigh fifty kilobytes compressed; the book uses this much of them.

import { bring } from "./bring.js";

const html = document.documentElement;
/** @template {HTMLElement} T @param {string} selector @returns {T[]} */
const all = (selector) => /** @type {T[]} */ ([...document.querySelectorAll(selector)]);
/** @param {string} selector */
const one = (selector) => /** @type {HTMLElement|null} */ (document.querySelector(selector));

/** What a browser keeps, if it keeps anything. @param {string} key @param {string} value */
function keep(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    return;
  }
}

// -- what was opened once can be opened without a network: service.js. Not before the page is there, and not from a disk
{
  const here = /** @type {HTMLScriptElement|null} */ (document.currentScript)?.src;
  const begin = async () => {
    const fresh = !navigator.serviceWorker.controller;
    const { active } = await navigator.serviceWorker
      .register(new URL("../service.js", here), { updateViaCache: "none" })
      .then(() => navigator.serviceWorker.ready);
    const loaded = [location.href, ...performance.getEntriesByType("resource").map(({ name }) => name)];
    if (fresh) active?.postMessage({ loaded });
  };
  if (here && "serviceWorker" in navigator && location.protocol !== "file:") {
    addEventListener("load", () => setTimeout(() => begin().catch(() => {}), 1000)); // where it may not be, all else works
  }
}

// -- colours: as the system has it, or as the reader chose; the head of the page has set both already
{
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const { mode } = html.dataset;
    html.dataset.theme = mode === "auto" ? (dark.matches ? "dark" : "light") : mode;
  };
  dark.addEventListener("change", apply);
  // Paper is white, whatever the screen is: browsers print no grounds, and pale lines would be left.
  addEventListener("beforeprint", () => {
    html.dataset.theme = "light";
  });
  addEventListener("afterprint", apply);
  for (const button of all(".theme-switch-button")) {
    const tell = () => {
      const words = { auto: "as the system", light: "light", dark: "dark" }[html.dataset.mode ?? "auto"];
      button.setAttribute("aria-label", `Colours: ${words}`);
      button.title = `Colours: ${words}`;
    };
    tell();
    button.addEventListener("click", () => {
      const order = dark.matches ? ["auto", "light", "dark"] : ["auto", "dark", "light"];
      html.dataset.mode = order[(order.indexOf(html.dataset.mode ?? "auto") + 1) % 3];
      keep("mode", html.dataset.mode);
      apply();
      tell();
    });
  }
}

// -- the search box
{
  const dialog = /** @type {HTMLDialogElement|null} */ (one("#pst-search-dialog"));
  const field = /** @type {HTMLInputElement|null} */ (one(".bd-search-container input[type=search]"));
  const open = () => {
    if (field) return field.focus();
    if (dialog?.open) dialog.close();
    else dialog?.showModal();
  };
  for (const button of all(".search-button__button")) button.addEventListener("click", open);
  for (const key of all(".search-button__kbd-shortcut kbd:first-child"))
    if (/Mac/.test(navigator.platform)) key.textContent = "⌘";
  addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || event.shiftKey || event.altKey || event.ctrlKey === event.metaKey) return;
    event.preventDefault();
    open();
  });
  dialog?.addEventListener("click", (event) => event.target === dialog && dialog.close());
}

// -- the two sidebars: on a narrow screen their content goes into a dialog for as long as that is open
for (const [toggle, sidebar, modal] of [
  [".primary-toggle", "#pst-primary-sidebar", "#pst-primary-sidebar-modal"],
  [".secondary-toggle", "#pst-secondary-sidebar", "#pst-secondary-sidebar-modal"],
]) {
  const [button, place] = [one(toggle), one(sidebar)];
  const dialog = /** @type {HTMLDialogElement|null} */ (one(modal));
  if (!button || !place || !dialog) continue;
  /** @param {HTMLElement} from @param {HTMLElement} to */
  const move = (from, to) => {
    to.append(...from.childNodes);
    to.className = from.className;
    from.className = "";
  };
  button.addEventListener("click", () => {
    if (toggle === ".primary-toggle" && matchMedia("(min-width: 992px)").matches) {
      place.classList.toggle("pst-sidebar-hidden");
      return;
    }
    move(place, dialog);
    dialog.showModal();
  });
  dialog.addEventListener("click", (event) => {
    const box = dialog.getBoundingClientRect();
    const outside =
      event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
    if (outside || /** @type {HTMLElement} */ (event.target).closest("a")) dialog.close();
  });
  dialog.addEventListener("close", () => {
    move(dialog, place);
    button.focus();
  });
}
{
  // The reader's own chapter can be seen in the list of chapters.
  const [bar, here] = [one("#pst-primary-sidebar"), one("#pst-primary-sidebar .current.active")];
  if (bar && here && here.offsetTop > bar.clientHeight) bar.scrollTop = here.offsetTop - bar.clientHeight / 2;
}

// -- what can be downloaded, or printed
for (const button of all("[data-wb-print]")) button.addEventListener("click", () => print());
for (const button of all(".dropdown-toggle")) {
  const menu = /** @type {HTMLElement} */ (button.nextElementSibling);
  /** @param {boolean} open */
  const show = (open) => {
    menu.classList.toggle("show", open);
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => show(!menu.classList.contains("show")));
  addEventListener(
    "click",
    (event) => !button.parentElement?.contains(/** @type {Node} */ (event.target)) && show(false),
  );
  button.parentElement?.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    show(false);
    button.focus();
  });
}

// -- code to copy
all(".bd-article div.highlight pre").forEach((pre) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "wb-copy";
  button.textContent = "Copy";
  button.addEventListener("click", () => {
    const text = (pre.textContent ?? "").replace(/^(?:\$ |>>> )/gm, "");
    navigator.clipboard?.writeText(text).then(() => {
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = "Copy"), 2000);
    });
  });
  pre.parentElement?.append(button);
});

// -- boxes that scroll can be reached by keyboard, and only they
{
  const boxes = all(".bd-article pre, .bd-article .cell_output > .output, .bd-article .pst-scrollable-table-container");
  const sizes = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth || target.scrollHeight > target.clientHeight + 1)
        target.setAttribute("tabindex", "0");
      else target.removeAttribute("tabindex");
    }
  });
  for (const box of boxes) sizes.observe(box);
}

// -- where in the page one is; and back to the top, offered where it covers nothing: on the way up
{
  const links = /** @type {HTMLAnchorElement[]} */ (all("#pst-page-toc-nav a[href^='#']"));
  const heads = links
    .map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))))
    .filter((head) => head !== null);
  const seen = new IntersectionObserver(
    (entries) => {
      const head = entries.filter((entry) => entry.isIntersecting).pop()?.target;
      if (!head) return;
      for (const link of links) {
        const here = link.hash === `#${head.id}`;
        link.classList.toggle("active", here);
        if (here) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    },
    { rootMargin: "0px 0px -70% 0px" },
  );
  for (const head of heads) seen.observe(head);
  one("#pst-back-to-top")?.addEventListener("click", () => {
    scrollTo({ top: 0 });
    one("#main-content")?.focus({ preventScroll: true });
  });
}

// -- a policy lab: what it needs comes when a reader asks for it, or when a link brings a policy
{
  /** @param {HTMLElement} place @param {(lab: any) => void} does  with the lab's functions, once they are there */
  const withLab = (place, does) =>
    bring(place.dataset.script ?? "", "The lab did not load. Is there a connection?").then(
      () => does(/** @type {any} */ (globalThis).wbvizLab),
      (error) => place.querySelector("[data-said]")?.replaceChildren(error.message),
    );
  const first = one("[data-lab]");
  for (const button of all("[data-open]")) {
    button.addEventListener("click", () => {
      const place = /** @type {HTMLElement|null} */ (button.closest("[data-lab]")) ?? first;
      if (place) withLab(place, (lab) => lab.open(place, button.dataset));
    });
  }
  const arrive = () => {
    if (first && location.hash.startsWith("#lab=")) withLab(first, (lab) => lab.arrive(first));
  };
  addEventListener("hashchange", arrive);
  arrive();
}

// -- what a word of the glossary means: under the pointer, or with the focus on it; Escape closes it
{
  const tip = document.createElement("span");
  tip.className = "wb-tip";
  tip.id = "wb-tip";
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;
  document.body.append(tip);
  let leaving = 0;
  /** @param {HTMLElement} word */
  const show = (word) => {
    clearTimeout(leaving);
    tip.textContent = word.dataset.tip ?? "";
    tip.hidden = false;
    word.setAttribute("aria-describedby", tip.id);
    const line = word.getClientRects()[0];
    const above = line.top > tip.offsetHeight + 12;
    tip.style.top = `${scrollY + (above ? line.top - tip.offsetHeight - 8 : line.bottom + 8)}px`;
    tip.style.left = `${Math.max(8, Math.min(line.left, html.clientWidth - tip.offsetWidth - 8))}px`;
  };
  const hide = () => {
    tip.hidden = true;
    one(".wb-term[aria-describedby]")?.removeAttribute("aria-describedby");
  };
  const leave = () => (leaving = window.setTimeout(hide, 200));
  for (const word of all(".wb-term")) {
    word.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && show(word));
    word.addEventListener("pointerleave", leave);
    word.addEventListener("focus", () => show(word));
    word.addEventListener("blur", hide);
  }
  tip.addEventListener("pointerenter", () => clearTimeout(leaving));
  tip.addEventListener("pointerleave", leave);
  addEventListener("keydown", (event) => event.key === "Escape" && hide());
}
