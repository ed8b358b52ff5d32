// @ts-check
// "You are the scheduler" without its looks: where the reader is in the explored graph, what can be chosen, how it stands.
// Pure functions; a game is never changed, a choice gives the next one.

/** @typedef {import("./types.js").Board} Board */

/**
 * A move that can be made. `label` says what it does without its task's name; how a run ends is not told before.
 * @typedef {{name: string, task: string, says: string, label: string, to: number, ends: boolean, pages: number[]}} Option
 */
/**
 * Where the reader is: `at`, and the moves made since the level began, each with the state it was made in.
 * @typedef {{board: Board, start: number, at: number, made: {from: number, option: Option}[]}} Game
 */
/**
 * How it stands. won, lost: it is over. late: it cannot be saved any more. stuck: there is no way to the goal any more.
 * @typedef {"open"|"won"|"lost"|"late"|"stuck"} Outcome
 */

/**
 * The moves of a state.
 * @param {Board} board @param {number} state
 * @returns {Option[]}
 */
export function optionsAt(board, state) {
  const found = [];
  const moves = board.moves[state];
  for (let i = 0; i < moves.length; i += 2) {
    const [name, text, before, ends, ...pages] = board.steps[moves[i]];
    const task = board.tasks[board.names[name][0]];
    found.push({
      name: board.names[name][1],
      task,
      says: board.texts[text],
      label: board.texts[before].slice(task.length + 1),
      to: state + moves[i + 1],
      ends: ends === 1,
      pages,
    });
  }
  return found;
}

/**
 * How each task looks in a state.
 * @param {Board} board @param {number} state
 * @returns {{task: string, status: string, text: string, line: number}[]}
 */
export function looksAt(board, state) {
  return board.tasks.map((task, i) => {
    const [status, text, line] = board.looks[board.who[state * board.tasks.length + i]];
    return { task, status, text: board.texts[text], line };
  });
}

/** The level at its beginning. @param {Board} board @returns {Game} */
export function beginning(board) {
  const game = followed({ board, start: 0, at: 0, made: [] }, board.begin);
  if (!game) throw new Error(`level ${board.id} cannot begin with ${board.begin}`);
  return { ...game, start: game.at, made: [] };
}

/** Has the run ended by a broken rule, or the game by a win? @param {Game} game */
export function isOver(game) {
  return ["won", "lost"].includes(outcome(game));
}

/**
 * Make a move. Nothing happens when the game is over.
 * @param {Game} game @param {Option} option
 * @returns {Game}
 */
export function chosen(game, option) {
  if (isOver(game)) return game;
  return { ...game, at: option.to, made: [...game.made, { from: game.at, option }] };
}

/** Back to when that many moves had been made. @param {Game} game @param {number} count @returns {Game} */
export function undone(game, count = game.made.length - 1) {
  if (count < 0 || count >= game.made.length) return game;
  return { ...game, at: game.made[count].from, made: game.made.slice(0, count) };
}

/** The verdict that can be seen here, or null. @param {Game} game @returns {string|null} */
export function verdictAt(game) {
  const last = game.made.at(-1);
  return last?.option.ends ? "rule-violation" : (game.board.marks[game.at] ?? null);
}

/**
 * The circle that the last move has closed, if it has: back in a state where the reader has been since the beginning.
 * `left` names the moves that could be made on the way and never were: a fair scheduler would make them.
 * Of several circles the one with the fewest left out.
 * @param {Game} game
 * @returns {{steps: number, left: string[]}|null}
 */
export function circleAt(game) {
  const circles = rounds(game)
    .filter(({ state }) => state === game.at)
    .map(({ steps, ran, could }) => ({ steps, left: namesOf(game.board, could & ~ran) }));
  return circles.sort((a, b) => a.left.length - b.left.length)[0] ?? null;
}

/** The moves of a state by number, as bits. @param {Board} board @param {number} state */
function couldRun(board, state) {
  return board.moves[state].reduce((bits, value, i) => (i % 2 ? bits : bits | (1 << board.steps[value][0])), 0);
}

/** @param {Board} board @param {number} bits */
function namesOf(board, bits) {
  return board.names.filter((_, i) => bits & (1 << i)).map(([, name]) => name);
}

/**
 * What was done since each state that was passed: the moves that were made and those that could have been, as bits.
 * @param {Game} game
 */
function rounds({ board, made }) {
  let ran = 0;
  let could = 0;
  return made
    .map((_, i) => made[made.length - 1 - i])
    .map(({ from, option }, i) => {
      ran |= 1 << board.names.findIndex(([, name]) => name === option.name);
      could |= couldRun(board, from);
      return { state: from, ran, could, steps: i + 1 };
    });
}

/**
 * The shortest way on that closes a circle and leaves nobody out, in the states that the checker calls a livelock.
 * @param {Game} game
 * @returns {{steps: number, name: string}|null} how many steps, and the first of them
 */
function closing(game) {
  const { board, at } = game;
  const begun = [{ state: at, ran: 0, could: 0 }, ...rounds(game)];
  const outside = begun.findIndex(({ state }) => !board.marks[state]);
  /** @type {{steps: number, name: string}|null} */
  let best = null;
  for (const { state: goal, ran: before, could: open } of outside < 0 ? begun : begun.slice(0, outside)) {
    const seen = new Set();
    let ring = [{ state: at, ran: before, could: open, name: "" }];
    for (let steps = 1; ring.length && (!best || steps < best.steps); steps += 1) {
      const next = [];
      for (const node of ring) {
        for (const option of optionsAt(board, node.state)) {
          if (option.ends || !board.marks[option.to]) continue;
          const number = board.names.findIndex(([, other]) => other === option.name);
          const step = {
            state: option.to,
            ran: node.ran | (1 << number),
            could: node.could | couldRun(board, node.state),
            name: node.name || option.name,
          };
          const key = `${step.state} ${step.ran} ${step.could}`;
          if (seen.has(key)) continue;
          seen.add(key);
          if (step.state === goal && !(step.could & ~step.ran) && (!best || steps < best.steps))
            best = { steps, name: step.name };
          next.push(step);
        }
      }
      ring = next;
    }
  }
  return best;
}

/** @param {Game} game @returns {Outcome} */
export function outcome(game) {
  const { board, at } = game;
  const bad = verdictAt(game) !== null;
  if (board.goal === "circle") {
    if (board.marks[at] && circleAt(game)?.left.length === 0) return "won";
    return board.bug[at] < 0 ? "stuck" : "open";
  }
  if (board.goal === "break") return bad ? "won" : board.bug[at] < 0 ? "stuck" : "open";
  if (bad) return "lost";
  return board.safe[at] === 0 ? "won" : board.safe[at] < 0 ? "late" : "open";
}

/**
 * Help: how far it is to the goal, how far to what can go wrong, and the moves that lead nearer to the goal.
 * @param {Game} game
 * @returns {{goal: number, danger: number, moves: string[]}}  -1: there is no way
 */
export function hintAt(game) {
  const { board, at } = game;
  const round = board.goal === "circle" && board.marks[at] ? closing(game) : null;
  if (round) return { goal: round.steps, danger: 0, moves: [round.name] };
  const far = board.goal === "save" ? board.safe : board.bug;
  const nearer = optionsAt(board, at).filter(({ to, ends }) =>
    ends ? board.goal === "break" && far[at] === 1 : far[to] === far[at] - 1 && far[to] >= 0,
  );
  return { goal: far[at], danger: board.bug[at], moves: nearer.map(({ name }) => name) };
}

/** The moves so far as a schedule has them: `kswapd*3 writer disk:A0`. @param {Game} game */
export function scheduleOf(game) {
  /** @type {[string, number][]} */
  const words = [];
  for (const { option } of game.made) {
    const last = words.at(-1);
    if (last?.[0] === option.name) last[1] += 1;
    else words.push([option.name, 1]);
  }
  return words.map(([name, count]) => (count > 1 ? `${name}*${count}` : name)).join(" ");
}

/**
 * Make the moves of a schedule; null when one of them cannot be made.
 * @param {Game} game @param {string} schedule
 * @returns {Game|null}
 */
export function followed(game, schedule) {
  let now = game;
  for (const word of schedule.split(" ").filter(Boolean)) {
    const [name, times] = word.split("*");
    for (let left = Number(times ?? 1); left > 0; left -= 1) {
      const option = optionsAt(now.board, now.at).find((other) => other.name === name);
      if (!option || now.made.at(-1)?.option.ends) return null;
      now = { ...now, at: option.ends ? now.at : option.to, made: [...now.made, { from: now.at, option }] };
    }
  }
  return now;
}

/** What the address holds for a position: #game=ID:schedule, with + for spaces. @param {Game} game */
export function linkOf(game) {
  return `game=${encodeURIComponent(game.board.id)}:${scheduleOf(game).replaceAll(" ", "+")}`;
}

/**
 * The schedule that the address names for this level, or null.
 * @param {string} hash @param {string} id
 */
export function linkedSchedule(hash, id) {
  const found = /[#&]game=([^:&]+):([^&]*)/.exec(hash);
  if (!found) return null;
  try {
    return decodeURIComponent(found[1]) === id ? decodeURIComponent(found[2]).replaceAll("+", " ") : null;
  } catch {
    return null; // a link that was cut in the middle
  }
}
