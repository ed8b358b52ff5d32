// Plays every level of the game by its own hints, and says how that went: node play_levels.mjs BOARDS.json
import { readFileSync } from "node:fs";

import { boardScene } from "../../../wbviz/viz/js/board_scene.js";
import {
  beginning,
  chosen,
  followed,
  hintAt,
  isOver,
  linkedSchedule,
  linkOf,
  optionsAt,
  outcome,
  scheduleOf,
} from "../../../wbviz/viz/js/game.js";

const MANY = 60;
const told = JSON.parse(readFileSync(process.argv[2], "utf8")).map((board) => {
  let game = beginning(board);
  const outcomes = [outcome(game)];
  while (!isOver(game) && game.made.length < MANY) {
    const [name] = hintAt(game).moves;
    const option = optionsAt(board, game.at).find((other) => other.name === name);
    if (!option) break;
    game = chosen(game, option);
    outcomes.push(outcome(game));
  }
  const again = followed(beginning(board), linkedSchedule(`#${linkOf(game)}`, board.id));
  const scene = board.scenes.wide;
  const rows = boardScene(board, scene)(game.at).map((row) => row.filter(Boolean));
  return {
    id: board.id,
    steps: game.made.length,
    outcomes,
    schedule: scheduleOf(game),
    at: game.at,
    linked: again?.at,
    rows,
  };
});
console.log(JSON.stringify(told));
