// The game's pure functions on a board drawn by hand.
import assert from "node:assert/strict";
import { test } from "node:test";

import { boardScene } from "../../../wbviz/viz/js/board_scene.js";
import {
  beginning,
  chosen,
  circleAt,
  followed,
  hintAt,
  isOver,
  linkedSchedule,
  linkOf,
  looksAt,
  optionsAt,
  outcome,
  scheduleOf,
  undone,
  verdictAt,
} from "../../../wbviz/viz/js/game.js";
import { fateOf, mapPlaces } from "../../../wbviz/viz/js/game_map.js";
import { hintWords, outcomeWords } from "../../../wbviz/viz/js/game_words.js";

//          u            u
//   0 ---------> 1 ---------> 3 deadlock      u and d: two tasks. The disk writes A0 or A1, and is where it was.
//   |  ^         |
//   d  d         d            d breaks a rule in 1
//   v  |
//   2 (u from 2 leads to 4, rest; d leads back to 0)
const layer = { name: "rings", form: "box", width: 1, dash: false, size: 0, align: "start", bold: false };
const scene = {
  w: 10,
  h: 10,
  count: { rings: 3 },
  parents: [-1, 0, 0, 1, 2, 0, 0, 0, 0],
  marks: [
    ["cycle", 1],
    ["ring", 2],
    ["ring", 3],
  ],
  changes: [[], [0, 2, 0], [], [0, 2, -1, 0, 0, 0], [], [0, 0, 1], [0, 1, 1], [], [0, 2, 2]],
};
const board = {
  v: 1,
  id: "two",
  title: "Two",
  task: "Break it.",
  won: "Learned.",
  goal: "break",
  begin: "",
  par: 2,
  policy: "p",
  source: [],
  hues: { u: 0, d: 1 },
  titles: { deadlock: "Deadlock", "rule-violation": "A rule is broken" },
  tasks: ["u", "d", "disk"],
  pages: ["A0"],
  texts: [
    "u locks A0",
    "d locks A1",
    "d does lock_page(A1): it was freed",
    "d does lock_page(A1)",
    "u can run.",
    "d waits: A1 is locked by u.",
    "disk is idle.",
  ],
  names: [
    [0, "u"],
    [1, "d"],
    [2, "disk:A0"],
    [2, "disk:A1"],
  ],
  steps: [
    [0, 0, 0, 0, 0],
    [1, 1, 1, 0],
    [1, 2, 3, 1],
  ],
  looks: [
    ["ready", 4, 3],
    ["blocked", 5, -1],
    ["idle", 6, -1],
  ],
  who: [0, 0, 2, 0, 0, 2, 0, 0, 2, 1, 1, 2, 2, 2, 2],
  words: [[], [], [], [], []],
  moves: [[0, 1, 1, 2], [0, 2, 2, 0], [0, 2, 1, -2], [], []],
  bug: [2, 1, 3, 0, -1],
  safe: [2, -1, 1, -1, 0],
  marks: { 3: "deadlock" },
  cycles: { 3: "u waits for d → d waits for u" },
  layers: [layer],
  shapes: {},
  scenes: { wide: scene, narrow: scene },
};
const saving = { ...board, goal: "save" };
const circling = { ...board, goal: "circle", bug: [0, 1, 0, 0, -1], marks: { 0: "livelock", 2: "livelock" } };
const play = (which, schedule) => followed(beginning(which), schedule);

test("what can be chosen, and how tasks look", () => {
  const [u, d] = optionsAt(board, 1);
  assert.deepEqual([u.name, u.task, u.label, u.to, u.ends, u.pages], ["u", "u", "locks A0", 3, false, [0]]);
  assert.deepEqual(
    [d.label, d.says, d.ends],
    ["does lock_page(A1)", "d does lock_page(A1): it was freed", true],
    "how a run ends is not told before",
  );
  assert.deepEqual(
    looksAt(board, 3).map(({ task, status, line }) => [task, status, line]),
    [
      ["u", "blocked", -1],
      ["d", "blocked", -1],
      ["disk", "idle", -1],
    ],
  );
});

test("a game is never changed; undo goes back one move or to a number of moves", () => {
  const start = beginning(board);
  const one = chosen(start, optionsAt(board, 0)[1]);
  const two = chosen(one, optionsAt(board, 2)[1]);
  assert.deepEqual([start.made.length, one.made.length, two.made.length], [0, 1, 2]);
  assert.deepEqual([one.at, two.at, undone(two).at], [2, 0, 2]);
  assert.equal(undone(two, 0).at, 0);
  assert.equal(undone(start), start);
  assert.equal(undone(two, 7), two);
});

test("breaking: won at the verdict or at a broken rule, and then nothing goes on; stuck where no way leads there", () => {
  const dead = play(board, "u*2");
  assert.equal(outcome(dead), "won");
  assert.equal(verdictAt(dead), "deadlock");
  assert.equal(outcomeWords(dead), "Deadlock: u waits for d → d waits for u.");
  assert.equal(chosen(dead, optionsAt(board, 0)[0]), dead);
  const broken = play(board, "u d");
  assert.deepEqual([outcome(broken), verdictAt(broken), broken.at], ["won", "rule-violation", 1]);
  assert.equal(outcomeWords(broken), "A rule is broken.", "how is what the step itself says");
  assert.equal(outcome(play(board, "d u")), "stuck");
  assert.equal(isOver(play(board, "d u")), false);
  assert.equal(outcomeWords(play(board, "u")), "");
});

test("saving: won where nothing can go wrong, late where it cannot be reached, lost at the verdict", () => {
  assert.deepEqual(
    ["", "d", "d u", "u", "u u", "u d"].map((s) => outcome(play(saving, s))),
    ["open", "open", "won", "late", "lost", "lost"],
  );
  assert.match(outcomeWords(play(saving, "u")), /^Too late/);
});

test("circling: a round counts when everybody who could run did", () => {
  const round = play(circling, "d d");
  assert.deepEqual(circleAt(round), { steps: 2, left: ["u"] });
  assert.equal(outcome(round), "open");
  assert.match(outcomeWords(round), /^You have been here 2 steps ago. But u could have run/);
  const alone = { ...circling, moves: [[1, 2], [], [1, -2], [], []] };
  assert.deepEqual(circleAt(play(alone, "d d")), { steps: 2, left: [] });
  assert.deepEqual(hintAt(play(alone, "")), { goal: 2, danger: 0, moves: ["d"] });
  assert.deepEqual(hintAt(play(alone, "d")), { goal: 1, danger: 0, moves: ["d"] });
  assert.equal(outcome(play(alone, "d d")), "won");
  assert.equal(circleAt(play(alone, "d")), null);
  assert.equal(outcome(play(circling, "d u")), "stuck");
});

test("a hint tells how far it is, and then the way", () => {
  assert.deepEqual(hintAt(play(board, "")), { goal: 2, danger: 2, moves: ["u"] });
  assert.deepEqual(hintAt(play(board, "u")).moves, ["u", "d"], "the broken rule is one step away as well");
  assert.deepEqual(hintAt(play(saving, "d")), { goal: 1, danger: 3, moves: ["u"] });
  assert.equal(hintWords(play(board, ""), false), "A deadlock is 2 steps away, at the fewest.");
  assert.match(hintWords(play(board, ""), true), /u: that way\.$/);
  assert.match(hintWords(play(saving, "d"), false), /^Safety is 1 step away/);
  assert.match(hintWords(play(saving, "u"), true), /no way/);
});

test("a link holds the schedule and gives the position back", () => {
  const game = play(board, "d*2 u");
  assert.equal(scheduleOf(game), "d*2 u");
  const link = linkOf(game);
  assert.equal(link, "game=two:d*2+u");
  const schedule = linkedSchedule(`#${link}`, "two");
  assert.deepEqual(followed(beginning(board), schedule), game);
  assert.equal(linkedSchedule(`#${link}`, "other"), null);
  assert.equal(linkedSchedule("#play=two:3", "two"), null);
  assert.equal(linkedSchedule("#game=%E0%A4:u", "two"), null);
  assert.equal(followed(beginning(board), "disk:A0"), null, "a move that cannot be made");
  assert.equal(followed(beginning(board), "u d u"), null, "a move after the end");
  assert.equal(followed(beginning(board), "u*1000000"), null);
});

test("a level may begin later; its beginning cannot be undone", () => {
  const game = beginning({ ...board, begin: "d" });
  assert.deepEqual([game.at, game.start, game.made.length], [2, 2, 0]);
  assert.equal(undone(game), game);
  assert.throws(() => beginning({ ...board, begin: "disk:A0" }), /cannot begin/);
});

test("pictures are put together from earlier ones; rings go on top where there is room", () => {
  const rows = boardScene(board, scene);
  assert.deepEqual(rows(0)[0], [0, 0, 0]);
  assert.deepEqual(rows(1)[0], [0, 0, ["cycle", 1]]);
  assert.deepEqual(rows(3)[0], [["cycle", 1], 0, 0]);
  assert.deepEqual(rows(0, "u")[0], [["ring", 2], 0, 0]);
  assert.deepEqual(rows(3, "u")[0], [["cycle", 1], 0, 0], "a cycle's ring is not covered");
  assert.deepEqual(rows(0, "d", [0])[0], [0, ["ring", 2], ["ring", 3]]);
});

test("on the map each step goes to the right, and no two states of a column lie upon each other", () => {
  const places = mapPlaces(board);
  assert.deepEqual(
    places.map(({ x }) => x),
    [0, 0.5, 0.5, 1, 1],
  );
  assert.equal(new Set(places.map(({ x, y }) => `${x} ${y}`)).size, 5);
  assert.deepEqual(
    board.moves.map((_, state) => fateOf(board, state)),
    ["open", "open", "open", "bad", "safe"],
  );
});
