// @ts-check
// "You are the scheduler": the scene, what each task may do, and how it stands.

import { boardScene } from "./board_scene.js";
import { element, glyph, mark } from "./dom.js";
import { beginning, chosen, circleAt, followed, hintAt, isOver, linkedSchedule, linkOf, looksAt, optionsAt, outcome, undone, verdictAt } from "./game.js";
import { codePanel, morePanel } from "./panels.js";
import { recall, remember } from "./progress.js";
import { screenFor } from "./screen.js";

/** @typedef {import("./types.js").Board} Board */
/** @typedef {import("./types.js").Picture} Picture */
/** @typedef {import("./types.js").Sink} Sink */
/** @typedef {import("./game.js").Game} Game */
/** @typedef {import("./game.js").Option} Option */

const GOALS = { break: "Break it", save: "Save it", circle: "Keep it going" };
const STATUS_WORDS = /** @type {Record<string, string>} */ ({ ready: "can run", blocked: "waits", idle: "idle", ended: "ended" });
const GLYPHS = /** @type {Record<string, string>} */ ({ ready: "runs", blocked: "waits", idle: "idle", ended: "ended" });
const KEYS = /** @type {[string, string, string, string][]} */ ([
  ["1", "to", "9", "lets that task run"],
  ["u", "or", "⌫", "takes back one step"],
  ["h", "", "", "a hint; again, and it shows the way"],
]);
let games = 0;

/** @param {number} count @param {string} word */
const counted = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

/**
 * What the level wants to see, as part of a sentence.
 * @param {Board} board
 */
export function badThing(board) {
  const title = (Object.values(board.titles)[0] ?? "a mistake").toLowerCase();
  return title === "a rule is broken" ? "a broken rule" : /^lost/.test(title) ? title : `a ${title}`;
}

/**
 * How it stands, in words; empty while it is open.
 * @param {Game} game
 */
export function outcomeWords(game) {
  const { board, at } = game;
  const kind = verdictAt(game);
  const stands = outcome(game);
  const round = circleAt(game);
  if (board.goal === "circle" && stands === "won" && round) return `Livelock: round in ${counted(round.steps, "step")}, and everybody ran.`;
  if (stands === "won" && board.goal === "save") return "Saved: from here nothing can go wrong any more, whoever runs next.";
  if (kind !== null && kind !== "livelock") {
    const cycle = board.cycles[at];
    return `${board.titles[kind]}${cycle ? `: ${cycle}` : ""}.`;
  }
  if (stands === "late") return "Too late: from here every order ends badly. Go on and watch it come, or take back a step.";
  if (stands === "stuck") return `No way leads from here to ${badThing(board)} any more. Take back a step, or start again.`;
  if (round) return `You have been here ${counted(round.steps, "step")} ago. But ${round.left.join(" and ")} could have run on the way and never did: a fair scheduler would have let ${round.left.length > 1 ? "them" : "it"}.`;
  return "";
}

/**
 * Help in words: first only how far it is.
 * @param {Game} game @param {boolean} shown  whether the way is shown as well
 */
export function hintWords(game, shown) {
  const { goal, danger, moves } = hintAt(game);
  const { board } = game;
  if (goal < 0) return "There is no way from here: take back a step.";
  const way = shown && moves.length ? ` ${moves.join(" or ")}: that way.` : "";
  if (board.goal === "save") return `Safety is ${counted(goal, "step")} away${danger > 0 ? `, ${badThing(board)} ${danger}` : ""}.${way}`;
  if (board.goal === "circle") return (danger ? `A circle begins ${counted(goal, "step")} from here.` : `The circle can be closed in ${counted(goal, "step")}.`) + way;
  const thing = badThing(board);
  return `${thing[0].toUpperCase()}${thing.slice(1)} is ${counted(goal, "step")} away, at the fewest.${way}`;
}

/**
 * Put a level into an element.
 * @param {HTMLElement} el
 * @param {Board} board
 * @param {(host: HTMLElement, picture: Picture) => Promise<Sink|null>} [sink] where to draw; without one an SVG
 * @returns {{dispose: () => void}}
 */
export function mountGame(el, board, sink) {
  const key = `wbg${(games += 1)}`;
  const stop = new AbortController();
  const { signal } = stop;
  let game = beginning(board);
  let hints = 0; // asked for since the level was begun
  let helped = 0; // for this position: 1 how far, 2 which way

  // -- the parts
  const best = element("span", { class: "wb-best" });
  const goal = element("span", { class: "wb-chip wb-goal", "data-goal": board.goal }, GOALS[board.goal]);
  const host = element("div", { class: "wb-scene", role: "img", "aria-labelledby": `${key}-say`, "aria-describedby": `${key}-words` });
  const count = element("span", { class: "wb-count" });
  const say = element("span", { class: "wb-say", id: `${key}-say` });
  const stands = element("span", { class: "wb-stands" });
  const caption = element("p", { class: "wb-caption", "aria-live": "polite", "aria-atomic": "true" }, count, say, stands);
  const moves = element("div", { class: "wb-moves", role: "group", "aria-labelledby": `${key}-who` });
  const asked = element("p", { class: "wb-asked", id: `${key}-who` }, "Who runs next?");
  const card = element("div", { class: "wb-won", tabindex: -1, role: "group", "aria-label": "Result", hidden: true });
  const told = element("p", { class: "wb-hint", role: "status" });
  /** @param {string} name @param {string} text @param {() => void} action */
  const button = (name, text, action) => {
    const node = /** @type {HTMLButtonElement} */ (element("button", { type: "button", class: `wb-${name}` }, text));
    node.addEventListener("click", action);
    return node;
  };
  const back = button("undo", "Undo", () => go(undone(game)));
  const again = button("again", "Start again", restart);
  const help = button("help", "Hint", () => {
    if (helped < 2) hints += 1;
    helped = Math.min(2, helped + 1);
    told.textContent = hintWords(game, helped === 2);
    label();
  });
  const link = button("link", "Copy link", () => {
    const url = new URL(location.href);
    url.hash = linkOf(game);
    history.replaceState(history.state, "", url);
    const says = (/** @type {boolean} */ copied) => (told.textContent = copied ? "Link to this position copied." : "The address bar now holds the link to this position.");
    (navigator.clipboard?.writeText(url.href) ?? Promise.reject()).then(() => says(true), () => says(false));
  });
  const controls = element("div", { class: "wb-controls", role: "group", "aria-label": "Game" }, back, again, help, link);
  const code = codePanel(board, key);
  const list = element("ol", { class: "wb-steps" });
  const box = element("div", { class: "wb-box", tabindex: 0, role: "group", "aria-labelledby": `${key}-made` }, list);
  const steps = element("div", { class: "wb-panel" }, element("p", { id: `${key}-made` }, "Your schedule; press a step to go back to it"), box);
  const more = morePanel(board, key, KEYS);
  const root = element("div", { class: "wbviz wb-game", role: "group", "aria-label": `You are the scheduler: ${board.title}`,
    tabindex: -1, "data-lm-suppress-shortcuts": "true", "data-game": board.id, "data-title": board.title },
    element("div", { class: "wb-head" }, element("span", { class: "wb-title" }, "You are the scheduler: ", element("span", {}, board.title)), goal, best),
    element("p", { class: "wb-task" }, board.task),
    host, caption, asked, moves, card, controls, told, element("div", { class: "wb-panels" }, code.root, steps), more.root);
  el.append(root);

  // -- the scene
  /** @type {{wide?: ReturnType<typeof boardScene>, narrow?: ReturnType<typeof boardScene>}} */
  const scenes = {};
  const stage = screenFor(root, host, board, (shape) => {
    const last = game.made.at(-1)?.option;
    return (scenes[shape] ??= boardScene(board, board.scenes[shape]))(game.at, last?.task, last?.pages);
  }, sink);

  // -- what can be chosen: one button for each task, more where it has a choice. They keep their places.
  /** @typedef {{task: string, status: string, text: string, option: Option|null}} Entry */
  /** @returns {Entry[]} */
  function entries() {
    const open = optionsAt(board, game.at);
    const ended = game.made.at(-1)?.option.ends;
    return looksAt(board, game.at).flatMap(({ task, status, text }) => {
      /** @type {Option[]} */
      const mine = ended ? [] : open.filter((option) => option.task === task);
      /** @type {(Option|null)[]} */
      const shown = mine.length ? mine : [null];
      const why = status === "blocked" ? text.slice(task.length + 1) : status === "ended" ? "has nothing left to do" : task === "disk" ? "has nothing to write" : "finds the queue empty";
      return shown.map((option) => ({ task, status, text: option ? option.label : why, option }));
    });
  }

  /** @type {HTMLElement[]} */
  const buttons = [];
  function label() {
    const shown = entries();
    const way = helped === 2 ? hintAt(game).moves : [];
    while (buttons.length < shown.length) {
      const node = element("button", { type: "button" });
      const place = buttons.length;
      node.addEventListener("click", () => pick(place));
      buttons.push(node);
      moves.append(node);
    }
    buttons.forEach((node, i) => {
      const entry = shown[i];
      node.hidden = !entry;
      if (!entry) return;
      const { task, status, text, option } = entry;
      const colour = task === "disk" ? "var(--wb-disk)" : `var(--wb-t${board.hues[task]})`;
      const mark = element("span", { class: "wb-mark", "aria-hidden": "true" }, String(i + 1));
      mark.style.background = colour;
      const hinted = option !== null && way.includes(option.name);
      node.setAttribute("aria-disabled", String(option === null));
      node.dataset.move = option?.name ?? task;
      node.dataset.status = option ? "ready" : status;
      node.toggleAttribute("data-hint", hinted);
      node.replaceChildren(mark,
        element("span", { class: "wb-who" }, element("strong", {}, task), " ",
          element("span", { class: "wb-state" }, glyph(board.shapes[GLYPHS[status]], "currentColor"), hinted ? "this way" : task === "disk" && option ? "can write" : STATUS_WORDS[status])),
        element("span", { class: "wb-what" }, text));
    });
  }

  /** @param {number} place */
  function pick(place) {
    const entry = entries()[place];
    if (!entry || isOver(game)) return;
    if (entry.option) return go(chosen(game, entry.option));
    told.textContent = `${entry.task} cannot run now: it ${entry.text.replace(/\.$/, "")}.`;
  }

  // -- going on
  /** @param {Game} next @param {boolean} played  by the reader; what a link brings is no win of theirs */
  function go(next, played = true) {
    if (next === game) return;
    const inside = root.contains(document.activeElement);
    const near = Math.abs(next.made.length - game.made.length) === 1;
    const grew = next.made.length > game.made.length;
    game = next;
    helped = 0;
    told.textContent = "";
    tell();
    stage.show(near);
    if (played && grew && outcome(game) === "won") won();
    if (inside && isOver(game)) card.focus({ preventScroll: true });
    else if (inside && (document.activeElement === document.body || document.activeElement === card)) buttons[0].focus({ preventScroll: true });
  }

  function restart() {
    hints = 0;
    go(beginning(board));
  }

  function won() {
    const before = /** @type {{steps?: number}|undefined} */ (recall()[`game:${board.id}`]);
    const steps = game.made.length;
    if (before?.steps === undefined || steps < before.steps) remember("game", board.id, { steps, par: board.par, hints });
    face();
  }

  function face() {
    const kept = /** @type {{steps?: number, par?: number}|undefined} */ (recall()[`game:${board.id}`]);
    best.hidden = kept?.steps === undefined;
    if (kept?.steps !== undefined) best.textContent = `✓ won in ${counted(kept.steps, "step")}${kept.steps <= board.par ? ", par" : ""}`;
  }

  /** The next level in this page, or what keeps its room until it comes. @returns {HTMLElement|undefined} */
  function nextGame() {
    const all = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".wb-game")]);
    return all[all.indexOf(root) + 1];
  }

  /** The result: how many steps, and what was learned. */
  function result() {
    const stood = outcome(game);
    const done = isOver(game);
    card.hidden = !done;
    asked.hidden = moves.hidden = done;
    if (!done) return;
    const took = game.made.length;
    const par = took <= board.par ? "the fewest possible: par" : `par is ${board.par}`;
    const helping = hints ? `, with ${counted(hints, "hint")}` : "";
    card.dataset.kind = stood === "won" ? "good" : "bad";
    const following = nextGame();
    const onward = button("onward", `Next level: ${following?.dataset.title}`, () => {
      const place = /** @type {HTMLElement|null|undefined} */ (following?.closest(".wb-shell")?.parentElement);
      place?.addEventListener("wb-live", () => /** @type {HTMLElement} */ (place.querySelector(".wb-game")).focus({ preventScroll: true }), { once: true });
      (place ?? following)?.scrollIntoView({ block: "start" });
      if (!place) following?.focus({ preventScroll: true });
    });
    const parts = stood === "won"
      ? [element("p", { class: "wb-won-head" }, `✓ Won in ${counted(took, "step")}`, element("span", {}, ` (${par})${helping}`)), element("p", {}, board.won), following ? onward : null]
      : [element("p", { class: "wb-won-head" }, "✗ Lost"), element("p", {}, "Take back some steps and look for the last one that still left a way out.")];
    card.replaceChildren(...parts.filter((part) => part !== null));
  }

  function tell() {
    const { made } = game;
    const last = made.at(-1);
    const before = last ? looksAt(board, last.from) : [];
    const now = looksAt(board, game.at);
    const asleep = now.filter(({ status, text }, i) => last && status === "blocked" && text !== before[i].text);
    const stood = outcome(game);
    const kind = stood === "won" ? (board.goal === "save" ? "good" : "bad") : stood === "lost" ? "bad" : stood === "open" ? "step" : "wait";
    count.textContent = last ? `Step ${made.length}, par ${board.par}` : `Start, par ${board.par}`;
    const begun = board.begin ? "Some steps have been made already." : "Nothing has run yet.";
    say.textContent = [last ? `${last.option.says}.` : begun, ...asleep.map(({ text }) => text)].join(" ");
    stands.textContent = outcomeWords(game);
    caption.dataset.kind = kind;
    back.disabled = again.disabled = !made.length;
    help.disabled = isOver(game);
    const lines = Object.fromEntries(now.filter(({ line }) => line > 0).map(({ task, line }) => [task, line]));
    code.show({ kind: last ? "step" : "start", say: "", state: "", lines, task: last?.option.task });
    more.tell([...board.words[game.at].map((text) => board.texts[text]), ...now.map(({ text }) => text)].join(" "));
    list.replaceChildren(...made.map(({ option }, i) => {
      const node = element("button", { type: "button" }, element("span", {}, String(i + 1)), element("span", {}, option.says));
      mark(node, i === made.length - 1);
      node.addEventListener("click", () => {
        go(undone(game, i + 1));
        /** @type {HTMLElement|null} */ (list.lastElementChild?.firstElementChild ?? null)?.focus({ preventScroll: true });
      });
      return element("li", {}, node);
    }));
    if (!made.length) list.append(element("li", { class: "wb-soft" }, "No step yet."));
    box.scrollTop = box.scrollHeight;
    host.classList.toggle("wb-ants", game.at in board.cycles);
    root.dataset.stands = stood;
    root.dataset.steps = String(made.length);
    label();
    result();
  }

  // -- listening
  root.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    const digit = /^[1-9]$/.test(event.key) ? Number(event.key) - 1 : -1;
    const action = digit >= 0 ? () => pick(digit) : { u: () => back.click(), Backspace: () => back.click(), h: () => help.click() }[event.key];
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  });
  const restore = () => {
    const schedule = linkedSchedule(location.hash, board.id);
    if (schedule === null) return;
    const found = followed(beginning(board), schedule);
    if (found) go(found, false);
    else told.textContent = "The link leads to a position that this level does not have.";
    root.scrollIntoView({ block: "start" });
  };
  window.addEventListener("hashchange", restore, { signal });
  const watch = new ResizeObserver(() => stage.fit());

  face();
  tell();
  stage.ready.then(() => {
    if (signal.aborted) return;
    watch.observe(root);
    restore();
  });

  return {
    dispose() {
      stop.abort();
      watch.disconnect();
      stage.dispose();
      root.remove();
    },
  };
}
