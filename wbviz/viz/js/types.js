// @ts-check
// The bundle that wbviz/viz/stage/frames.py makes, and what the player's modules hand each other. No code.

/**
 * A mark: role first, then numbers and, at the end of a glyph or a text, a string. See wbviz/viz/stage/marks.py.
 * @typedef {(string|number)[]} Mark
 */
/**
 * @typedef {{name: string, form: "box"|"glyph"|"path"|"text", width: number, dash: boolean, size: number,
 *   align: string, bold: boolean}} Layer
 */
/**
 * Changes hold, by layer, [place in the layer, the mark, or 0 for "not there any more"].
 * `keys` names the marks that can be touched, by layer, in the order of their places.
 * @typedef {{w: number, h: number, small: boolean, count: Record<string, number>, keys: Record<string, string[]>,
 *   changes: Record<string, [number, Mark|0][]>[]}} Scene
 */
/**
 * How scenes are drawn, whatever they show.
 * @typedef {{layers: Layer[], shapes: Record<string, number[]>, scenes: {wide: Size, narrow: Size}}} Picture
 * @typedef {{w: number, h: number}} Size
 */
/**
 * @typedef {{kind: "start"|"step"|"wait"|"end", count: string, say: string, lines: Record<string, number>, state: string,
 *   step?: number, task?: string}} Frame
 */
/**
 * What can be touched, frame by frame: [key, text, kin, ...] by number for what has changed, [key] for what is gone.
 * @typedef {{keys: string[], texts: string[], frames: number[][][]}} Touch
 */
/**
 * @typedef {{v: number, id: string, title: string, about: string, policy: string, source: string[], code: [string, number][][],
 *   ran: Record<string, number[]>, hues: Record<string, number>, touch: Touch,
 *   verdict: null|{kind: string, title: string, text: string, cycle: string}, loop: number|null, frames: Frame[],
 *   layers: Layer[], shapes: Record<string, number[]>, scenes: {wide: Scene, narrow: Scene}}} Bundle
 */
/**
 * What a sink draws for one layer: for texts x, y and text; for all others one outline per mark.
 * @typedef {{x: number[][], y: number[][], roles: string[], opacity: number[]}} Outlines
 * @typedef {{x: number[], y: number[], text: string[], roles: string[], opacity: number[]}} Texts
 */
/**
 * Where a scene is drawn: bqplot's models, or an SVG of our own.
 * @typedef {object} Sink
 * @property {(scene: Size, pixels: number) => void} fit   a scene of this size is to be drawn this many pixels wide
 * @property {(layer: number, data: Outlines|Texts) => void} draw
 * @property {() => void} dispose
 */
/**
 * A level of the game, as wbviz/viz/stage/board.py makes it; -1 stands for "none".
 * @typedef {Size & {count: Record<string, number>, keys: Record<string, string[]>, parents: number[], marks: Mark[], changes: number[][]}} BoardScene
 * @typedef {{v: number, id: string, title: string, task: string, rules: string, won: string, goal: "break"|"save"|"circle", begin: string,
 *   par: number, policy: string, source: string[], code: [string, number][][], hues: Record<string, number>, titles: Record<string, string>,
 *   tasks: string[], pages: string[], texts: string[], looks: [string, number, number][], names: [number, string][],
 *   steps: number[][], who: number[], words: number[][], moves: number[][], bug: number[], safe: number[],
 *   marks: Record<string, string>, cycles: Record<string, string>, touch: Touch, layers: Layer[], shapes: Record<string, number[]>,
 *   scenes: {wide: BoardScene, narrow: BoardScene}}} Board
 */
/**
 * `at`: the frame at which a player asks it; `when`: that in words.
 * @typedef {{text: string, at?: number, when?: string, options: {text: string, right: boolean, feedback: string}[]}} Question
 */
/**
 * A run of a lab, as wbviz/viz/labs/shown.py gives it.
 * @typedef {{settings: Record<string, any>, seed: number, ticks: number, tick: number, unit: string,
 *   lines: [string, string, "solid"|"dashed"|"dotted", number[]][], marks: [string, number][], actors: Record<string, string>,
 *   letters: Record<string, [string, string]>, moments: [number, string][], sizes: string, table: [string, string][],
 *   picture: any}} LabRun
 * @typedef {{name: string, label: string, options: [any, string][]}} LabControl
 * @typedef {{name: string, label: string, value: any, least: number, most: number, options: [any, string][]}} LabField
 */
/**
 * What a lab's curves and bars are drawn with, up to a value of `top`; `old` is the run before, to be laid behind. Each
 * gives what moves it on to a tick, with what has been `seen` so far.
 * @typedef {{lines: (run: LabRun, top: number, old: {run: LabRun, seen: number}|null) => (at: number, seen: number) => void,
 *   bars: (counts: number[][], names: string[], top: number) => (at: number, seen: number) => void,
 *   dispose: () => void}} Charts
 */
/**
 * A simulator behind a lab. listen: told when it comes or goes, and given its runs with the settings they were made for;
 * gives what ends that.
 * @typedef {{live: () => boolean, run: (settings: Record<string, any>) => void,
 *   listen: (changed: () => void, came: (packed: string, settings: Record<string, any>) => void) => () => void}} Kernel
 */
/**
 * What a notebook has and a page has not: other things to draw with, and a kernel. A page gives none of them.
 * @typedef {{sink?: (host: HTMLElement, picture: Picture) => Promise<Sink|null>,
 *   charts?: (curves: HTMLElement, bars: HTMLElement) => Promise<Charts|null>, kernel?: Kernel}} Host
 */
/**
 * Puts a widget into an element; gives what takes it away. data: its traits, as wbviz/viz gives them.
 * @typedef {(el: HTMLElement, data: any, host: Host) => (() => void)} Mount
 */
export {};
