// @ts-check
// Python in the page, the page's side: starts the worker when a reader asks for it, and puts questions to it, one after
// another. Nothing is fetched before `startPython`. What may be asked: wbviz/page/answers.py.

/**
 * @typedef {{loaded: number, total: number, stage: string}} Loading  bytes, and what is done now in words
 * @typedef {{answer: Promise<any>, stop: () => void}} Question
 *   answer: what wbviz/page/answers.py says, {error: words} included; {stopped: true, error: words} after `stop`;
 *   {crashed: true, error: words} where the worker broke. It is never rejected.
 * @typedef {{ask: (request: Record<string, any>, how?: {onProgress?: (told: any) => void}) => Question, close: () => void}} Python
 * @typedef {{number: number, text: string, onProgress?: (told: any) => void, done: (answer: any) => void}} Waiting
 */

const META = 'meta[name="wb-python"]';

/** The folder of the worker, and the bytes that a start fetches. @returns {{folder: string, bytes: number}|null} */
function made() {
  const [folder, bytes] = (document.querySelector(META)?.getAttribute("content") ?? "").split(" ");
  return folder ? { folder: new URL(folder, document.baseURI).href, bytes: Number(bytes) } : null;
}

/** How many bytes a first start fetches. */
export function costs() {
  return made()?.bytes ?? 0;
}

/** Why Python cannot run in this page, as a sentence; "" where nothing is known to be in the way. */
export function why() {
  if (location.protocol === "file:")
    return "This page was opened from a file, and browsers start no Python from there. Serve the folder: python3 -m http.server";
  if (!made()) return "This page was built without Python.";
  if (typeof WebAssembly !== "object")
    return "This browser has no WebAssembly, or it is switched off: Python needs it.";
  if (typeof Worker !== "function")
    return "This browser has no web workers: Python needs one, so that the page stays quick.";
  if (typeof DecompressionStream !== "function")
    return "This browser is too old for Python in the page: it needs one of 2023 or later.";
  return "";
}

/**
 * Start Python. Rejected, with a sentence, where it cannot be.
 * @param {{onProgress?: (loading: Loading) => void, signal?: AbortSignal}} [how]  signal: gives the start up
 * @returns {Promise<Python>}
 */
export async function startPython({ onProgress, signal } = {}) {
  const reason = why();
  const folder = made()?.folder;
  if (reason || !folder) throw new Error(reason);

  /** @type {Worker|null} */
  let worker = null;
  /** @type {Promise<void>|null} */
  let ready = null;
  /** @type {ArrayBuffer|null} */
  let memory = null;
  /** @type {Waiting[]} */
  const queue = [];
  /** @type {Waiting|null} */
  let running = null;
  let count = 0;
  let closed = false;

  function begin() {
    const mine = new Worker(new URL("worker.js", `${folder}/`));
    worker = mine;
    ready = new Promise((resolve, reject) => {
      mine.onmessage = ({ data }) => {
        if (mine !== worker) return;
        if ("total" in data) onProgress?.(data);
        else if ("ready" in data) {
          memory = data.ready ?? memory;
          resolve();
        } else if ("broken" in data) reject(new Error(data.broken));
        else if ("told" in data) {
          if (running?.number === data.told) running?.onProgress?.(JSON.parse(data.text));
        } else if (running?.number === data.answered) finish(JSON.parse(data.text));
      };
      mine.onerror = (event) => {
        event.preventDefault();
        if (mine !== worker) return;
        end();
        reject(new Error(event.message || "the worker was blocked"));
        finish({
          crashed: true,
          error: "Python in the page broke, perhaps for want of memory. The next question starts it anew.",
        });
      };
    });
    ready.catch(() => {}); // whoever waits is told
    mine.postMessage({ start: memory });
  }

  function end() {
    worker?.terminate();
    worker = null;
    ready = null;
  }

  /** @param {any} answer */
  function finish(answer) {
    const one = running;
    running = null;
    one?.done(answer);
    next();
  }

  async function next() {
    if (running || closed) return;
    const one = queue.shift();
    if (!one) return;
    running = one;
    if (!worker) begin();
    try {
      await ready;
    } catch (error) {
      if (running !== one) return;
      end();
      finish({ crashed: true, error: sentence(error) });
      return;
    }
    if (running === one) worker?.postMessage({ ask: one.number, text: one.text });
  }

  const give = () => {
    closed = true;
    end();
  };
  begin();
  await new Promise((resolve, reject) => {
    signal?.addEventListener("abort", () => reject(new Error("Given up.")));
    if (signal?.aborted) reject(new Error("Given up."));
    ready?.then(
      () => resolve(null),
      (error) => reject(new Error(sentence(error))),
    );
  }).catch((error) => {
    give();
    throw error;
  });

  return {
    ask(request, { onProgress: progress } = {}) {
      const number = (count += 1);
      /** @type {Waiting} */
      const one = { number, text: JSON.stringify(request), onProgress: progress, done: () => {} };
      /** @type {Promise<any>} */
      const answer = new Promise((resolve) => (one.done = resolve));
      queue.push(one);
      next();
      const stop = () => {
        const stopped = { stopped: true, error: "Stopped." };
        const at = queue.indexOf(one);
        if (at >= 0) {
          queue.splice(at, 1);
          one.done(stopped);
        } else if (running === one) {
          end();
          begin(); // from memory: it is there again by the time that somebody asks
          finish(stopped);
        }
      };
      return { answer, stop };
    },
    close() {
      give();
      for (const one of [...queue.splice(0), ...(running ? [running] : [])])
        one.done({ stopped: true, error: "Stopped." });
      running = null;
    },
  };
}

/** @param {unknown} error */
function sentence(error) {
  const said = error instanceof Error ? error.message : String(error);
  const offline = navigator.onLine ? "" : " You are offline, and it was never started here before.";
  return `Python could not be started: ${said}.${offline}`;
}
