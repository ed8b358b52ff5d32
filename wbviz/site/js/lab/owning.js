// @ts-check
// A scenario of the reader's own: a form that writes a text, and the text, which is what counts.

import { element } from "../../../viz/js/dom.js";
import { FILESYSTEMS, FIRST, TASKS, formOf, toml } from "./describe.js";

/** @typedef {import("./describe.js").Form} Form */

let forms = 0;

/**
 * @param {(described: string) => void} use  the scenario is to be checked; "" takes it away
 * @param {() => void} changed  another text stands there
 * @param {string} before  a text that is there already
 */
export function owning(use, changed, before) {
  const key = `wb-own${(forms += 1)}`;
  /** @type {Form} */
  let form = structuredClone(FIRST); // the last that the text was
  const text = /** @type {HTMLTextAreaElement} */ (
    element("textarea", { id: `${key}-text`, rows: 14, spellcheck: "false", autocapitalize: "off" })
  );
  text.value = before || toml(form);
  const told = element("p", { role: "status", class: "wb-soft" });
  const anew = element("button", { type: "button", hidden: true }, "Back to the form");
  const fields = element("div", { class: "wb-fields" });
  const check = element("button", { type: "button", class: "wb-strong", "data-do": "own" }, "Check in this scenario");
  const remove = element("button", { type: "button" }, "Take it away");
  check.addEventListener("click", () => use(text.value));
  remove.addEventListener("click", () => use(""));
  anew.addEventListener("click", () => {
    set({});
    /** @type {HTMLElement|null} */ (fields.querySelector("input"))?.focus();
  });
  text.addEventListener("input", () => {
    draw();
    changed();
  });

  /** @param {Partial<Form>} change */
  function set(change) {
    form = { ...form, ...change };
    text.value = toml(form);
    draw();
    changed();
  }

  /** @param {string} label @param {HTMLElement} control @param {string} name */
  function field(label, control, name) {
    control.dataset.field = name;
    return element("label", {}, element("span", {}, label), control);
  }

  /** @param {string} label @param {string} name @param {number} value @param {number} least @param {number} most @param {(value: number) => void} put */
  function whole(label, name, value, least, most, put) {
    const input = /** @type {HTMLInputElement} */ (
      element("input", { type: "number", min: least, max: most, value, inputmode: "numeric" })
    );
    input.addEventListener("change", () =>
      put(Math.min(most, Math.max(least, Math.round(input.valueAsNumber) || least))),
    );
    return field(label, input, name);
  }

  /** @param {string} label @param {string} name @param {string[]} options @param {string} value @param {(value: string) => void} put */
  function choice(label, name, options, value, put) {
    const select = /** @type {HTMLSelectElement} */ (
      element("select", {}, ...options.map((one) => element("option", { value: one, selected: one === value }, one)))
    );
    select.addEventListener("change", () => put(select.value));
    return field(label, select, name);
  }

  /** @param {string} text @param {() => void} action @param {string} name */
  function small(text, action, name) {
    const button = element("button", { type: "button", "data-field": name }, text);
    button.addEventListener("click", action);
    return button;
  }

  function draw() {
    const read = formOf(text.value);
    form = read ?? form;
    told.textContent = read ? "" : "The form cannot show this text, and leaves it as it is.";
    anew.hidden = Boolean(read);
    const at =
      document.activeElement instanceof HTMLElement && fields.contains(document.activeElement)
        ? document.activeElement.dataset.field
        : "";
    const names = Object.keys(form.files);
    const free = "ABCDEFG".split("").find((letter) => !names.includes(letter));
    const task = (/** @type {number} */ i, /** @type {Partial<import("./describe.js").Task>} */ change) =>
      set({ tasks: form.tasks.map((one, j) => (i === j ? { ...one, ...change } : one)) });
    fields.replaceChildren(
      element(
        "fieldset",
        {},
        element("legend", {}, "Files"),
        ...names.map((name) =>
          whole(`Pages of ${name}`, `file${name}`, form.files[name], 1, 8, (pages) =>
            set({ files: { ...form.files, [name]: pages } }),
          ),
        ),
        free ? small("Another file", () => set({ files: { ...form.files, [free]: 1 } }), "more-files") : null,
        names.length > 1
          ? small(
              `Without ${names.at(-1)}`,
              () => set({ files: Object.fromEntries(Object.entries(form.files).slice(0, -1)) }),
              "fewer-files",
            )
          : null,
      ),
      element(
        "fieldset",
        {},
        element("legend", {}, "Tasks beside the policy"),
        ...form.tasks.map((one, i) => {
          const on = /** @type {HTMLInputElement} */ (
            element("input", { type: "text", value: one.on, autocapitalize: "off" })
          );
          on.addEventListener("change", () => task(i, { on: on.value }));
          return element(
            "div",
            { class: "wb-task-row" },
            choice(`Task ${i + 1}`, `program${i}`, Object.keys(TASKS), one.program, (program) => task(i, { program })),
            field(`its ${TASKS[one.program]}`, on, `on${i}`),
            small("Remove", () => set({ tasks: form.tasks.filter((_, j) => j !== i) }), `remove${i}`),
          );
        }),
        small("Another task", () => set({ tasks: [...form.tasks, { program: "reader", on: "A0" }] }), "more-tasks"),
      ),
      element(
        "fieldset",
        {},
        element("legend", {}, "The rest"),
        choice("Filesystem", "filesystem", FILESYSTEMS, form.filesystem, (filesystem) => set({ filesystem })),
        whole("Room in the queue (0: any)", "queue", form.queue, 0, 64, (queue) => set({ queue })),
        whole("Flushers", "flushers", form.flushers, 1, 4, (flushers) => set({ flushers })),
        choice("Journalled", "journalled", ["no", "yes"], form.journalled ? "yes" : "no", (yes) =>
          set({ journalled: yes === "yes" }),
        ),
      ),
    );
    for (const one of /** @type {NodeListOf<HTMLFieldSetElement>} */ (fields.querySelectorAll("fieldset")))
      one.disabled = !read;
    if (at) /** @type {HTMLElement|null} */ (fields.querySelector(`[data-field="${at}"]`))?.focus();
  }

  draw();
  const root = element(
    "details",
    { class: "wb-own" },
    element("summary", {}, "A scenario of your own"),
    element(
      "p",
      {},
      "The form writes the text beside it, and the text is what counts: you may change it as you like. The command line reads the same, with check --scenario-file.",
    ),
    element(
      "div",
      { class: "wb-own-parts" },
      fields,
      element("div", {}, element("label", { for: `${key}-text` }, "As text (TOML)"), text, told, anew),
    ),
    element("div", { class: "wb-bar" }, check, remove),
  );
  return { root, text: () => text.value };
}
