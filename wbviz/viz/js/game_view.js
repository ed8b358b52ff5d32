// @ts-check
// "You are the scheduler": the scene, what each task may do, and how it stands.

import { boardScene } from "./board_scene.js";
import { codePanel } from "./code_panel.js";
import { copyLink, element, glyph, mark, reserve } from "./dom.js";
import {
  beginning,
  chosen,
  followed,
  hintAt,
  isOver,
  linkedSchedule,
  linkOf,
  looksAt,
  optionsAt,
  outcome,
  undone,
} from "./game.js";
import { gameMap } from "./game_map.js";
import { counted, GAME_KEYS, GLYPHS, GOALS, hintWords, outcomeWords, STATUS_WORDS } from "./game_words.js";
import { morePanel } from "./panels.js";
import { recall, remember } from "./progress.js";
import { screenFor } from "./screen.js";
import { toldBy, toldSince } from "./things.js";
import { touchable } from "./touch.js";

/** @typedef {import("./types.js").Board} Board */
/** @typedef {import("./types.js").Picture} Picture */
/** @typedef {import("./types.js").Sink} Sink */
/** @typedef {import("./game.js").Game} Game */
/** @typedef {import("./game.js").Option} Option */

let games = 0;

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
  const host = element("div", {
    class: "wb-scene",
    role: "img",
    "aria-labelledby": `${key}-say`,
    "aria-describedby": `${key}-words`,
  });
  const count = element("span", { class: "wb-count" });
  const say = element("span", { class: "wb-say", id: `${key}-say` });
  const said = element("span", { class: "wb-said" }, say);
  const stands = element("span", { class: "wb-stands" });
  const caption = element(
    "p",
    { class: "wb-caption", "aria-live": "polite", "aria-atomic": "true" },
    count,
    said,
    stands,
  );
  const waits = board.looks
    .filter(([status]) => status === "blocked")
    .map(([, text]) => board.texts[text])
    .sort((a, b) => b.length - a.length);
  reserve(
    said,
    board.steps.map(([, text]) => `${board.texts[text]}. ${waits[0] ?? ""}`),
  );
  const moves = element("div", { class: "wb-moves", role: "group", "aria-labelledby": `${key}-who` });
  const asked = element("p", { class: "wb-asked", id: `${key}-who` }, "Who runs next?");
  const map = gameMap(board);
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
    if (isOver(game)) return;
    if (helped < 2) hints += 1;
    helped = Math.min(2, helped + 1);
    told.textContent = hintWords(game, helped === 2);
    label();
  });
  const link = button("link", "Copy link", () =>
    copyLink(linkOf(game), "position", (text) => (told.textContent = text)),
  );
  const controls = element(
    "div",
    { class: "wb-controls", role: "group", "aria-label": "Game" },
    back,
    again,
    help,
    link,
  );
  const code = codePanel(board, key);
  const list = element("ol", { class: "wb-steps" });
  const box = element("div", { class: "wb-box", tabindex: 0, role: "group", "aria-labelledby": `${key}-made` }, list);
  const steps = element(
    "div",
    { class: "wb-panel" },
    element("p", { id: `${key}-made` }, "Your schedule; press a step to go back to it"),
    box,
  );
  const more = morePanel(board, key, GAME_KEYS);
  /** @param {"wide"|"narrow"} shape */
  const shown = (shape) => {
    const last = game.made.at(-1)?.option;
    return (scenes[shape] ??= boardScene(board, board.scenes[shape]))(game.at, last?.task, last?.pages);
  };
  const tells = toldBy(board.touch, (state) => board.scenes.wide.parents[state]);
  const things = touchable(
    host,
    board,
    shown,
    () => toldSince(tells, [...game.made.map(({ from }) => from), game.at]),
    key,
  );
  const root = element(
    "div",
    {
      class: "wbviz wb-game",
      role: "group",
      "aria-label": `You are the scheduler: ${board.title}`,
      tabindex: -1,
      "data-lm-suppress-shortcuts": "true",
      "data-game": board.id,
      "data-title": board.title,
    },
    element(
      "div",
      { class: "wb-head" },
      element("span", { class: "wb-title" }, "You are the scheduler: ", element("span", {}, board.title)),
      goal,
      best,
    ),
    element("p", { class: "wb-task" }, board.task, " ", element("span", { class: "wb-rules" }, board.rules)),
    things.root,
    caption,
    element(
      "div",
      { class: "wb-turn", style: `--moves: ${board.tasks.length}`, "data-long": board.won },
      asked,
      moves,
      card,
    ),
    controls,
    told,
    element("div", { class: "wb-panels" }, code.root, steps),
    map.root,
    more.root,
  );
  el.append(root);

  // -- the scene
  /** @type {{wide?: ReturnType<typeof boardScene>, narrow?: ReturnType<typeof boardScene>}} */
  const scenes = {};
  const stage = screenFor(root, host, board, shown, sink);

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
      const why =
        status === "blocked"
          ? text.slice(task.length + 1)
          : status === "ended"
            ? "has nothing left to do"
            : task === "disk"
              ? "has nothing to write"
              : "finds the queue empty";
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
      node.replaceChildren(
        mark,
        element(
          "span",
          { class: "wb-who" },
          element("strong", {}, task),
          " ",
          element(
            "span",
            { class: "wb-state" },
            glyph(board.shapes[GLYPHS[status]], "currentColor"),
            hinted ? "this way" : task === "disk" && option ? "can write" : STATUS_WORDS[status],
          ),
        ),
        element("span", { class: "wb-what" }, text),
      );
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
    else if (inside && (document.activeElement === document.body || document.activeElement === card))
      buttons[0].focus({ preventScroll: true });
  }

  function restart() {
    hints = 0;
    go(beginning(board));
  }

  function won() {
    const before = /** @type {{steps?: number}|undefined} */ (recall()[`game:${board.id}`]);
    const steps = game.made.length;
    if (before?.steps === undefined || steps < before.steps)
      remember("game", board.id, { steps, par: board.par, hints });
    face();
  }

  function face() {
    const kept = /** @type {{steps?: number, par?: number}|undefined} */ (recall()[`game:${board.id}`]);
    best.textContent =
      kept?.steps === undefined
        ? "not won yet"
        : `✓ won in ${counted(kept.steps, "step")}${kept.steps <= board.par ? ", par" : ""}`;
    best.toggleAttribute("data-won", kept?.steps !== undefined);
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
      place?.addEventListener(
        "wb-live",
        () => /** @type {HTMLElement} */ (place.querySelector(".wb-game")).focus({ preventScroll: true }),
        { once: true },
      );
      (place ?? following)?.scrollIntoView({ block: "start" });
      if (!place) following?.focus({ preventScroll: true });
    });
    const parts =
      stood === "won"
        ? [
            element(
              "p",
              { class: "wb-won-head" },
              `✓ Won in ${counted(took, "step")}`,
              element("span", {}, ` (${par})${helping}`),
            ),
            element("p", {}, board.won),
            following ? onward : null,
          ]
        : [
            element("p", { class: "wb-won-head" }, "✗ Lost"),
            element("p", {}, "Take back some steps and look for the last one that still left a way out."),
          ];
    card.replaceChildren(...parts.filter((part) => part !== null));
  }

  function tell() {
    const { made } = game;
    const last = made.at(-1);
    const before = last ? looksAt(board, last.from) : [];
    const now = looksAt(board, game.at);
    const asleep = now.filter(({ status, text }, i) => last && status === "blocked" && text !== before[i].text);
    const stood = outcome(game);
    const kind =
      stood === "won"
        ? board.goal === "save"
          ? "good"
          : "bad"
        : stood === "lost"
          ? "bad"
          : stood === "open"
            ? "step"
            : "wait";
    count.textContent = last ? `Step ${made.length}, par ${board.par}` : `Start, par ${board.par}`;
    const begun = board.begin ? "Some steps have been made already." : "Nothing has run yet.";
    say.textContent = [last ? `${last.option.says}.` : begun, ...asleep.map(({ text }) => text)].join(" ");
    stands.textContent = outcomeWords(game);
    caption.dataset.kind = kind;
    for (const [node, over] of /** @type {[HTMLElement, boolean][]} */ ([
      [back, !made.length],
      [again, !made.length],
      [help, isOver(game)],
    ])) {
      node.setAttribute("aria-disabled", String(over)); // it keeps the focus, and so the keys go on working
    }
    map.show([...made.map(({ from }) => from), game.at], stood === "won");
    const lines = Object.fromEntries(now.filter(({ line }) => line > 0).map(({ task, line }) => [task, line]));
    code.show({ kind: last ? "step" : "start", lines, task: last?.option.task });
    more.tell([...board.words[game.at].map((text) => board.texts[text]), ...now.map(({ text }) => text)].join(" "));
    list.replaceChildren(
      ...made.map(({ option }, i) => {
        const node = element(
          "button",
          { type: "button" },
          element("span", {}, String(i + 1)),
          element("span", {}, option.says),
        );
        mark(node, i === made.length - 1);
        node.addEventListener("click", () => {
          go(undone(game, i + 1));
          /** @type {HTMLElement|null} */ (list.lastElementChild?.firstElementChild ?? null)?.focus({
            preventScroll: true,
          });
        });
        return element("li", {}, node);
      }),
    );
    if (!made.length) list.append(element("li", { class: "wb-soft" }, "No step yet."));
    box.scrollTop = box.scrollHeight;
    host.classList.toggle("wb-ants", game.at in board.cycles);
    root.dataset.stands = stood;
    root.dataset.steps = String(made.length);
    label();
    result();
    things.show();
  }

  // -- listening
  root.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    const digit = /^[1-9]$/.test(event.key) ? Number(event.key) - 1 : -1;
    const action =
      digit >= 0
        ? () => pick(digit)
        : { u: () => back.click(), Backspace: () => back.click(), h: () => help.click() }[event.key];
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
  const watch = new ResizeObserver(() => {
    stage.fit();
    things.show();
  });

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
