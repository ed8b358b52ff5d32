// @ts-check
// The policy lab: an editor, beside it the scenarios, and below what was found. It holds the state and hands it to its parts.

import { element } from "../../../viz/js/dom.js";
import { bringPython, leavePython } from "../../../viz/js/shared_python.js";
import { chipList, steppers } from "./chips.js";
import { FILE, grading, save } from "./grading.js";
import { exported, keep, noted, recalled } from "./history.js";
import { keyRow } from "./keys.js";
import { owning } from "./owning.js";
import { beginnings, button, starting } from "./parts.js";
import { proving } from "./proving.js";
import { runner } from "./runner.js";
import { scheduling } from "./scheduling.js";
import { packed } from "./share.js";
import { shown } from "./shown.js";
import {
  OWN,
  again,
  begun,
  brought,
  chipOf,
  edited,
  owned,
  picking,
  resumed,
  sized,
  standing,
  summary,
} from "./state.js";
import { triedList, when } from "./tried.js";

/** @typedef {import("./types.js").Wish} Wish */
/** @typedef {import("./types.js").Shared} Shared */
/** @typedef {import("./types.js").Editor} Editor */

/**
 * Put a lab into an element. Python is started at once: whoever calls this was asked to by the reader.
 * @param {HTMLElement} el
 * @param {Wish} wish
 * @param {(parent: HTMLElement, options: any) => Editor} newEditor
 * @param {{shared: Shared|null, pressed: {scenario: string, sizes: Record<string, number>}|null, address: string}} options
 *   shared: what a link brought; pressed: what the reader asked for by opening it; address: the page that a link leads to
 */
export function mountLab(el, wish, newEditor, { shared, pressed, address }) {
  const kept = recalled(wish.id);
  const text = shared?.text ?? kept?.text ?? wish.text;
  // A link takes nothing away: what stood here before is the newest of what was tried.
  const before =
    shared && kept && kept.text !== text
      ? [{ text: kept.text, at: Date.now(), said: "what stood here before the link came" }]
      : [];
  let tried = before.reduce(noted, kept?.tried ?? []);
  const looksAt = shared?.scenario ?? (shared?.described ? OWN : wish.scenario);
  const described = shared?.described ?? kept?.own ?? "";
  let lab = { ...begun(text, []), own: described };
  let started = false;
  let over = false;
  let quiet = 0;

  // -- the parts
  const chips = chipList(pick);
  const sizes = steppers((name, size, value) => {
    set(sized(lab, name, size, value));
    checks.touched();
  });
  const start = starting(begin, leavePython);
  const own = owning(
    (described) => {
      set(owned(lab, described));
      remember();
      now();
    },
    later,
    shared?.described ?? kept?.draft ?? "",
  );
  const proof = proving({
    notes: (notes) => editor.notes(notes),
    ask: () => ask({ ask: "certify", policy: lab.text }),
  });
  const grade = wish.exercise
    ? grading(wish.exercise, {
        text: () => lab.text,
        grade: () => ask({ ask: "grade", exercise: wish.exercise, policy: lab.text }),
      })
    : null;
  const history = triedList(
    (older) => editor.replace(older),
    () => save(FILE, exported({ text: lab.text, tried }, when)),
  );
  const said = element("p", { role: "status", class: "wb-summary" }, "");
  const told = element("p", { role: "status", class: "wb-soft" });
  const stop = button("stop", "Stop", () => checks.stop());
  const smallest = button("smallest", "Smallest", () => {
    set({ ...again(lab), smallest: !lab.smallest });
    now();
  });
  smallest.title = "Look for the smallest sizes at which a scenario fails";
  const game = scheduling({ get: () => lab, ask, tell: (words) => (told.textContent = words) });
  const found = shown((lines) => editor.here(lines), element("div", { class: "wb-bar" }, sizes.root, game.button));
  const write = element("div", { class: "wb-write" });
  const root = element(
    "div",
    { class: "wbviz wb-policy-lab", "data-lab-id": wish.id, role: "group", "aria-label": "Policy lab" },
    element(
      "div",
      { class: "wb-lab-two" },
      element(
        "div",
        {},
        write,
        keyRow(() => editor),
        element(
          "p",
          { class: "wb-soft wb-help" },
          "Tab leaves the editor; Control or Command with ] and [ indents. After a dot, what can follow is offered.",
        ),
        element(
          "div",
          { class: "wb-bar" },
          beginnings(LAB_POLICIES, (next) => editor.replace(next)),
          button("share", "Copy link", share),
          button("save", "Save as a file", () => save(FILE, lab.text)),
        ),
      ),
      element(
        "div",
        {},
        start.root,
        said,
        chips.root,
        element(
          "div",
          { class: "wb-bar" },
          button(
            "all",
            "Check all",
            () => {
              set(again(lab));
              checks.go();
            },
            "wb-strong",
          ),
          stop,
          smallest,
          button("prove", "Prove it for every size", () => proof.prove()),
        ),
      ),
    ),
    told,
    grade?.root ?? null,
    proof.root,
    found.root,
    game.root,
    own.root,
    history.root,
  );
  el.append(root);
  const editor = newEditor(write, { text, kept: shared ? null : kept?.undo, label: "Your policy, in Python", changed });

  const checks = runner(python, { get: () => lab, set, failed: start.failed });

  // -- what happens
  function draw() {
    chips.draw(lab);
    sizes.draw(lab);
    found.draw(lab);
    grade?.draw(lab.text);
    game.draw(lab);
    const words = lab.running ? `${summary(lab)} Now: ${lab.running}.` : summary(lab);
    said.textContent = lab.chips.length ? words : "";
    stop.disabled = !lab.running;
    smallest.setAttribute("aria-pressed", String(lab.smallest));
    history.draw(tried, lab.text);
    editor.blame(blamed());
    root.dataset.busy = String(Boolean(lab.running));
  }

  /** The lines that the verdict is about: of the scenario that is looked at, else of a text that is no policy. */
  function blamed() {
    const picked = chipOf(lab, lab.picked);
    const wrong =
      picked?.fresh && picked.found?.blame.length
        ? picked
        : lab.chips.find((chip) => chip.fresh && chip.found?.verdict === "policy-error");
    return wrong?.found?.blame ?? [];
  }

  let drawing = 0;
  /** @param {import("./state.js").Lab} next */
  function set(next) {
    if (over) return;
    lab = next;
    if (started && lab.chips.length && lab.chips.every((chip) => chip.fresh && chip.found && !chip.wanted)) note();
    drawing ||= requestAnimationFrame(() => {
      drawing = 0;
      draw();
    });
  }

  function note() {
    if (tried[0]?.text === lab.text && tried[0].said === summary(lab)) return;
    tried = noted(tried, { text: lab.text, at: Date.now(), said: summary(lab) });
    remember();
  }

  function remember() {
    clearTimeout(quiet);
    const kept = keep(wish.id, { text: lab.text, undo: editor.keep(), tried, own: lab.own, draft: own.text() });
    root.dataset.kept = String(kept);
    if (!kept) told.textContent = "This browser keeps nothing: save the text as a file before you leave.";
  }

  /** Once the keys are quiet. */
  function later() {
    root.dataset.kept = "false";
    clearTimeout(quiet);
    quiet = window.setTimeout(remember, 250);
  }

  /** @param {string} next */
  function changed(next) {
    later();
    if (next === lab.text) return;
    proof.forget();
    set(edited(lab, next));
    if (started) checks.touched();
  }

  /** @param {string} name */
  function pick(name) {
    set(picking(lab, name));
    draw();
    const chip = chipOf(lab, name);
    if (chip && standing(chip, "").kind === "bad") found.play();
    checks.go();
  }

  /** What is wanted now differs from what is being checked. */
  function now() {
    checks.touched();
    checks.go();
  }

  async function python() {
    const there = await bringPython(start.progress);
    start.done();
    return there;
  }

  /** @param {Record<string, any>} request */
  async function ask(request) {
    return (await python()).ask(request).answer;
  }

  /** @param {any[]} scenes */
  function arrive(scenes) {
    lab = begun(editor.text(), scenes);
    lab = brought(lab, { scenario: looksAt, sizes: shared?.sizes, described });
    if (pressed) lab = brought(lab, pressed);
    else if (shared?.step !== undefined) found.play(shared.step);
    started = true;
  }

  /** Also pressed again, where Python had not come or has gone. */
  async function begin() {
    start.progress({});
    try {
      const scenes = started ? [] : await ask({ ask: "scenarios" });
      if (scenes.error) throw new Error(scenes.error);
      if (!started) arrive(scenes);
      set(resumed(lab));
      await checks.go();
    } catch (error) {
      start.failed(error instanceof Error ? error.message : String(error));
    }
  }

  async function share() {
    const chip = chipOf(lab, lab.picked);
    const step = found.step();
    /** @type {Shared} */
    const whole = {
      text: lab.text,
      ...(chip ? { scenario: lab.picked, sizes: chip.sizes } : {}),
      ...(lab.own ? { described: lab.own } : {}),
      ...(step ? { step } : {}),
    };
    const fragment = await packed(whole);
    if (fragment === null) {
      told.textContent = "This is too long for a link: save it as a file.";
      return;
    }
    const link = new URL(address);
    link.hash = fragment;
    window.history.replaceState(window.history.state, "", link.pathname === location.pathname ? link : location.href);
    const copied = await (navigator.clipboard?.writeText(link.href) ?? Promise.reject()).then(
      () => true,
      () => false,
    );
    told.replaceChildren(
      copied ? "Copied. " : "Here it is: ",
      element("a", { href: link.href, class: "wb-shared" }, "the link to this policy, scenario and step"),
      ". All of it stands in the link itself; nothing was sent.",
    );
  }

  draw();
  begin();
  return {
    focus: () => editor.focus(),
    grade: () => grade?.grade(),
    /** @param {string} name @param {Record<string, number>} to */
    check(name, to) {
      set(brought(lab, { scenario: name, sizes: to }));
      pick(name);
    },
    /** What was written is kept; nothing of it stays in the page. */
    dispose() {
      checks.stop();
      remember();
      over = true;
      cancelAnimationFrame(drawing);
      game.dispose();
      grade?.dispose();
      found.dispose();
      editor.dispose();
      root.remove();
    },
  };
}
