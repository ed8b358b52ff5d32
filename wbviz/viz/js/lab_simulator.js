// @ts-check
// A lab's machine at any setting and with any seed: the simulator runs in the page, by Python in the page.

import { element } from "./dom.js";
import { why } from "./python.js";
import { bringPython, leavePython, pythonCosts, startingWords } from "./shared_python.js";
import { unpack } from "./unpack.js";

/** @typedef {import("./types.js").LabField} LabField */
/** @typedef {import("./types.js").LabRun} LabRun */
/** @typedef {Record<string, any>} Values */

/** How a run is asked for, beside what the machine is set to. */
const SEED = "seed";

/**
 * @param {string} name of the lab
 * @param {LabField[]} fields  what can be set, the seed among it, with the values of the run that is shown first
 * @param {(run: LabRun, values: Values) => void} came
 * @returns {{root: HTMLElement, set: (values: Values) => void, special: (controls: string[]) => boolean, run: () => void, dispose: () => void}}
 *   set: other values stand there now; special: whether anything but these controls is not as it was at first
 */
export function labSimulator(name, fields, came) {
  const inputs = fields.map(inputFor);
  const start = /** @type {HTMLButtonElement} */ (element("button", { class: "wb-run" }, "Run it"));
  const stop = /** @type {HTMLButtonElement} */ (element("button", { type: "button", hidden: true }, "Stop"));
  const status = element("p", { role: "status" });
  const form = element(
    "form",
    { class: "wb-any-fields" },
    ...fields.map((field, i) => element("label", {}, element("span", {}, field.label), inputs[i])),
    element("p", { class: "wb-row" }, start, stop),
  );
  const impossible = why();
  const root = element(
    "details",
    { class: "wb-any" },
    element("summary", {}, "Any setting, any seed"),
    element("p", {}, impossible || `The simulator runs in this page. ${pythonCosts()}`),
    form,
    status,
  );
  form.hidden = Boolean(impossible);
  form.addEventListener("keydown", (event) => event.stopPropagation()); // arrows, space and letters are the fields' own
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });
  stop.addEventListener("click", () => {
    if (job) job.stop();
    else leavePython();
  });
  /** @type {import("./python.js").Question|null} */
  let job = null;
  let asked = 0; // only the last that was asked for is shown

  /** @returns {Values} */
  const values = () =>
    Object.fromEntries(
      fields.map((field, i) => [
        field.name,
        field.options.length ? field.options[Number(inputs[i].value)][0] : Number(inputs[i].value),
      ]),
    );

  async function run() {
    const number = (asked += 1);
    job?.stop();
    const wanted = values();
    const { [SEED]: seed, ...settings } = wanted;
    root.setAttribute("open", "");
    stop.hidden = false;
    status.textContent = startingWords({});
    let words = "";
    try {
      const python = await bringPython((told) => (status.textContent = startingWords(told)));
      if (number !== asked) return;
      status.textContent = "The simulator runs …";
      job = python.ask({ ask: "run", lab: name, settings, seed });
      const answer = await job.answer;
      if (answer.error) throw new Error(answer.error);
      const [found] = await unpack(answer.runs);
      if (number === asked) came(found, wanted);
    } catch (error) {
      words = error instanceof Error ? error.message : String(error);
    }
    if (number !== asked) return;
    job = null;
    stop.hidden = true;
    status.textContent = words;
  }

  return {
    root,
    set(now) {
      fields.forEach((field, i) => {
        if (field.name in now) put(inputs[i], shown(field, now[field.name]));
      });
    },
    special: (controls) =>
      fields.some((field, i) => !controls.includes(field.name) && inputs[i].value !== shown(field, field.value)),
    run,
    dispose() {
      asked += 1;
      job?.stop();
    },
  };
}

/** What an input holds for a value. @param {LabField} field @param {any} value */
function shown(field, value) {
  return String(field.options.length ? field.options.findIndex(([one]) => one === value) : value);
}

/** @param {HTMLInputElement} input @param {string} value */
function put(input, value) {
  const option = /** @type {HTMLOptionElement|null} */ (input.querySelector(`option[value="${value}"]`));
  if (option) option.selected = true;
  else input.value = value;
}

/** @param {LabField} field */
function inputFor(field) {
  const { name, least, most, options } = field;
  const input = options.length
    ? element("select", {}, ...options.map(([, text], i) => element("option", { value: i }, text)))
    : element("input", { type: "number", required: true, min: least, max: most, step: 1, inputmode: "numeric" });
  input.dataset.field = name;
  put(/** @type {HTMLInputElement} */ (input), shown(field, field.value));
  return /** @type {HTMLInputElement} */ (input);
}
