// @ts-check
// What a lab knows: the text, the scenarios, and how each stands. Pure: every function gives a new lab.

/** @typedef {import("./types.js").Scene} Scene */
/** @typedef {import("./types.js").Found} Found */

/**
 * One scenario. found: the last result, of whichever text; fresh: whether it is of the text and sizes as they are now.
 * failed: when it last failed, as a count of results; 0 for never.
 * @typedef {{scene: Scene, sizes: Record<string, number>, found: Found|null, fresh: boolean, wanted: boolean, failed: number}} Chip
 */
/**
 * smallest: look for the smallest sizes at which it fails. own: a scenario of the reader's, as TOML; "" for none.
 * @typedef {{text: string, chips: Chip[], picked: string, running: string, smallest: boolean, own: string, counted: number}} Lab
 */

/** The chip of the reader's own scenario. */
export const OWN = "your own";

/**
 * @param {string} text @param {Scene[]} scenes @param {string} picked
 * @returns {Lab}
 */
export function begun(text, scenes, picked = "") {
  const chips = scenes.map((scene) => ({
    scene,
    found: null,
    fresh: false,
    wanted: true,
    failed: 0,
    sizes: Object.fromEntries(scene.parameters.map((size) => [size.name, size.value])),
  }));
  return { text, chips, picked, running: "", smallest: false, own: "", counted: 0 };
}

/** Results stay until the new ones are there. @param {Lab} lab @param {string} text @returns {Lab} */
export function edited(lab, text) {
  return text === lab.text
    ? lab
    : { ...lab, text, chips: lab.chips.map((chip) => ({ ...chip, fresh: false, wanted: true })) };
}

/** @param {Lab} lab @param {string} name @param {Partial<Chip>} change @returns {Lab} */
function changed(lab, name, change) {
  return { ...lab, chips: lab.chips.map((chip) => (chip.scene.name === name ? { ...chip, ...change } : chip)) };
}

/** @param {Lab} lab @param {string} name */
export function chipOf(lab, name) {
  return lab.chips.find((chip) => chip.scene.name === name) ?? null;
}

/** A size within its bounds. @param {Lab} lab @param {string} name @param {string} size @param {number} value @returns {Lab} */
export function sized(lab, name, size, value) {
  const chip = chipOf(lab, name);
  const bounds = chip?.scene.parameters.find((one) => one.name === size);
  if (
    !chip ||
    !bounds ||
    !Number.isInteger(value) ||
    value < bounds.least ||
    value > bounds.most ||
    chip.sizes[size] === value
  )
    return lab;
  return changed(lab, name, { sizes: { ...chip.sizes, [size]: value }, fresh: false, wanted: true });
}

/** Everything, or one scenario, is to be checked again. @param {Lab} lab @param {string} [name] @returns {Lab} */
export function again(lab, name) {
  return {
    ...lab,
    chips: lab.chips.map((chip) =>
      name === undefined || chip.scene.name === name ? { ...chip, wanted: true, fresh: false } : chip,
    ),
  };
}

/** Nothing more is wanted. @param {Lab} lab @returns {Lab} */
export function stopped(lab) {
  return { ...lab, running: "", chips: lab.chips.map((chip) => ({ ...chip, wanted: false })) };
}

/** Whoever picks a scenario wants to know how it stands now. @param {Lab} lab @param {string} name @returns {Lab} */
export function picking(lab, name) {
  const chip = chipOf(lab, name);
  return { ...(chip && !chip.fresh ? changed(lab, name, { wanted: true }) : lab), picked: name };
}

/** What was left undone is wanted again. @param {Lab} lab @returns {Lab} */
export function resumed(lab) {
  return { ...lab, chips: lab.chips.map((chip) => ({ ...chip, wanted: !chip.fresh })) };
}

/**
 * What a page, a link or this browser brings: a scenario to look at, its sizes, and one of the reader's own as TOML.
 * @param {Lab} lab @param {{scenario?: string, sizes?: Record<string, number>, described?: string}} what @returns {Lab}
 */
export function brought(lab, { scenario = "", sizes = {}, described = "" }) {
  const whole = Object.entries(sizes).reduce(
    (so, [size, value]) => sized(so, scenario, size, value),
    described ? owned(lab, described) : lab,
  );
  return scenario ? picking(whole, scenario) : whole;
}

/**
 * The scenario of the reader's own, as TOML; "" takes it away.
 * @param {Lab} lab @param {string} toml @returns {Lab}
 */
export function owned(lab, toml) {
  const rest = lab.chips.filter((chip) => chip.scene.name !== OWN);
  if (!toml) return { ...lab, own: "", chips: rest, picked: lab.picked === OWN ? "" : lab.picked };
  const scene = { name: OWN, claim: "The scenario that you describe below.", parameters: [] };
  /** @type {Chip} */
  const chip = {
    scene,
    sizes: {},
    found: chipOf(lab, OWN)?.found ?? null,
    fresh: false,
    wanted: true,
    failed: lab.counted + 1,
  };
  return { ...lab, own: toml, chips: [...rest, chip], picked: OWN };
}

/**
 * What is checked next: the one that is looked at, then what failed last, then the others in their order.
 * @param {Lab} lab
 * @returns {Chip|null}
 */
export function next(lab) {
  const wanted = lab.chips.filter((chip) => chip.wanted);
  const first = wanted.find((chip) => chip.scene.name === lab.picked);
  return first ?? [...wanted].sort((a, b) => b.failed - a.failed)[0] ?? null;
}

/** @param {Lab} lab @param {string} name @returns {Lab} */
export function asked(lab, name) {
  return { ...lab, running: name };
}

/**
 * What a request says of a chip, for Python.
 * @param {Lab} lab @param {Chip} chip
 */
export function request(lab, chip) {
  const base = { ask: "check", policy: lab.text, file: "policy.py" };
  if (chip.scene.name === OWN) return { ...base, described: lab.own };
  return { ...base, scenario: chip.scene.name, params: chip.sizes, ...(lab.smallest ? { smallest: true } : {}) };
}

/** Whether a request is still what the lab would ask. @param {Lab} lab @param {Record<string, any>} sent */
export function isCurrent(lab, sent) {
  const chip = chipOf(lab, sent.scenario ?? OWN);
  return chip !== null && JSON.stringify(request(lab, chip)) === JSON.stringify(sent);
}

/**
 * A result came. It is of the text that was sent: if the text or the sizes are others now, it is kept as an older one.
 * @param {Lab} lab @param {Record<string, any>} sent @param {Found} found
 * @returns {Lab}
 */
export function answered(lab, sent, found) {
  const name = sent.scenario ?? OWN;
  const chip = chipOf(lab, name);
  if (!chip) return { ...lab, running: "" };
  const fresh = isCurrent(lab, sent);
  const counted = lab.counted + 1;
  const failed = isGood(found.verdict) ? 0 : counted;
  return { ...changed(lab, name, { found, fresh, wanted: chip.wanted && !fresh, failed }), running: "", counted };
}

/** @param {string} verdict */
export function isGood(verdict) {
  return verdict === "safe";
}

/**
 * How a chip stands: a mark, a word and a kind; never by colour alone.
 * @param {Chip} chip @param {string} running
 * @returns {{mark: string, word: string, kind: "good"|"bad"|"open"|"unsettled"}}
 */
export function standing(chip, running) {
  if (!chip.found)
    return { mark: "○", word: chip.scene.name === running ? "is being checked" : "not checked", kind: "open" };
  const { verdict } = chip.found;
  if (isGood(verdict)) return { mark: "✓", word: verdict, kind: "good" };
  if (verdict === "incomplete" || verdict === "error")
    return { mark: "?", word: verdict === "error" ? "cannot be checked" : "incomplete", kind: "unsettled" };
  return { mark: verdict === "policy-error" ? "!" : "✗", word: verdict, kind: "bad" };
}

/**
 * All in a sentence.
 * @param {Lab} lab
 */
export function summary(lab) {
  const fresh = lab.chips.filter((chip) => chip.fresh && chip.found);
  const safe = fresh.filter((chip) => standing(chip, "").kind === "good").length;
  const left = lab.chips.filter((chip) => chip.wanted).length;
  const bad = fresh.filter((chip) => standing(chip, "").kind === "bad");
  const count = `${safe} of ${lab.chips.length} scenarios are safe`;
  if (!fresh.length) return left ? "Checking …" : "Nothing has been checked yet.";
  const fails = bad.length
    ? `; ${bad
        .slice(0, 3)
        .map((chip) => `${chip.scene.name}: ${chip.found?.verdict}`)
        .join(", ")}${bad.length > 3 ? `, and ${bad.length - 3} more` : ""}`
    : "";
  return `${count}${fails}.${left ? ` ${left} to go.` : ""}`;
}
