// @ts-check
// A scenario of the reader's own, from a form to the small TOML that the command line reads too, and back. Pure.

/**
 * @typedef {{program: string, on: string}} Task  on: pages or files, with spaces between
 * @typedef {{files: Record<string, number>, tasks: Task[], filesystem: string, queue: number, flushers: number, journalled: boolean}} Form
 *   queue: 0 for any number
 */

/** What each program is told it works on. @type {Record<string, "pages"|"page"|"file"|"files">} */
export const TASKS = {
  kswapd: "pages",
  writer: "pages",
  polite: "pages",
  truncate: "pages",
  fsync: "pages",
  prepare: "pages",
  reader: "page",
  cleaner: "page",
  dirtier: "page",
  sync: "file",
  unlink: "file",
  umount: "files",
};
export const FILESYSTEMS = ["single", "cluster", "cluster-try"];

/** @type {Form} */
export const FIRST = {
  files: { A: 2 },
  tasks: [
    { program: "kswapd", on: "A1" },
    { program: "writer", on: "A0 A1" },
  ],
  filesystem: "single",
  queue: 0,
  flushers: 1,
  journalled: false,
};

/** @param {string} text */
const quoted = (text) => JSON.stringify(text);

/**
 * @param {Form} form
 * @returns {string} TOML
 */
export function toml(form) {
  const lines = [];
  if (form.filesystem !== "single") lines.push(`filesystem = ${quoted(form.filesystem)}`);
  if (form.queue > 0) lines.push(`queue_limit = ${form.queue}`);
  if (form.flushers !== 1) lines.push(`flushers = ${form.flushers}`);
  if (form.journalled) lines.push("journalled = true");
  const owned = [...new Set(form.tasks.filter((task) => task.program === "unlink").map((task) => task.on.trim()))];
  if (owned.length) lines.push(`owners = [${owned.map(quoted).join(", ")}]`);
  if (lines.length) lines.push("");
  lines.push("[files]", ...Object.entries(form.files).map(([name, pages]) => `${name} = ${pages}`));
  for (const { program, on } of form.tasks) {
    const key = TASKS[program] ?? "pages";
    const names = on
      .trim()
      .split(/[\s,]+/)
      .filter(Boolean);
    const value = key.endsWith("s") ? `[${names.map(quoted).join(", ")}]` : quoted(names.join(" "));
    lines.push("", "[[task]]", `program = ${quoted(program)}`, `${key} = ${value}`);
  }
  return `${lines.join("\n")}\n`;
}

/** A text as it counts, without the blanks between things. @param {string} text */
const bare = (text) =>
  text
    .split("\n")
    .map((line) => line.replace(/\s+/g, ""))
    .filter(Boolean)
    .join("\n");

/**
 * The form that writes a text.
 * @param {string} text TOML
 * @returns {Form|null} null where the text says more than a form can, or something else: a comment is enough
 */
export function formOf(text) {
  /** @type {Record<string, any>} */
  const head = {};
  /** @type {Record<string, any>} */
  const files = {};
  /** @type {Record<string, any>[]} */
  const tasks = [];
  let into = head;
  try {
    for (const line of text
      .split("\n")
      .map((one) => one.trim())
      .filter(Boolean)) {
      const [, key, value] = /^(\w+)\s*=\s*(.*)$/.exec(line) ?? [];
      if (key)
        into[key] = JSON.parse(value); // what a form writes is the same in JSON
      else if (line === "[files]") into = files;
      else if (line === "[[task]]") tasks.push((into = {}));
      else return null;
    }
    const form = {
      files,
      tasks: tasks.map((one) => ({ program: one.program, on: [one[TASKS[one.program]]].flat().join(" ") })),
      filesystem: head.filesystem ?? FIRST.filesystem,
      queue: head.queue_limit ?? FIRST.queue,
      flushers: head.flushers ?? FIRST.flushers,
      journalled: head.journalled ?? FIRST.journalled,
    };
    return bare(toml(form)) === bare(text) ? form : null;
  } catch {
    return null;
  }
}
