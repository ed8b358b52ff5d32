// @ts-check
// The service worker of the book: what was opened once can be opened without a network. It never shows an old book to who is
// online: pages always come from the server then, and what has a digest in its name cannot be old. What a build before this
// one left is thrown away. wbviz/site/offline.py puts the version in.

/** @type {any} */
const worker = self;
const VERSION = "wbviz-version";
const PREFIX = `wbviz ${worker.registration.scope} `;
const CACHE = PREFIX + VERSION;
/** What lies in a folder or a file with a digest in its name. */
const LASTING = /\/_static\/(?:[^/]*\.[0-9a-f]{10,}\.\w+$|python\.[0-9a-f]{10}\/)/;

worker.addEventListener("install", () => worker.skipWaiting());

worker.addEventListener("activate", (/** @type {any} */ event) => {
  const clean = async () => {
    for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
    await worker.clients.claim();
  };
  event.waitUntil(clean());
});

/** The address under which something is kept: "folder/" and "folder/index.html" are one page. @param {string} address */
function bare(address) {
  const url = new URL(address);
  url.search = url.hash = "";
  url.pathname = url.pathname.replace(/\/index\.html$/, "/");
  return url.href;
}

/** @param {Request} request @param {Response} answer */
async function keep(request, answer) {
  if (answer.ok && answer.status === 200 && !answer.redirected)
    await (await caches.open(CACHE)).put(bare(request.url), answer);
}

/** @param {Request} request */
const kept = async (request) => (await caches.open(CACHE)).match(bare(request.url));

/** @param {Request} request @param {(done: Promise<any>) => void} until */
async function fromServer(request, until) {
  try {
    const answer = await fetch(request);
    until(keep(request, answer.clone()).catch(() => {}));
    return answer;
  } catch (error) {
    const old = await kept(request);
    if (old) return old;
    if (request.mode !== "navigate") throw error;
    const page = `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark"><title>Offline</title><body style="font: 1.1rem/1.5 system-ui; max-width: 40rem; margin: 3rem auto; padding: 0 1rem">
      <h1>You are offline</h1><p>This page was never opened in this browser. Those that were can be opened again without a network.</p></body></html>`;
    return new Response(page, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
  }
}

/** @param {Request} request @param {(done: Promise<any>) => void} until */
async function lasting(request, until) {
  return (await kept(request)) ?? fromServer(request, until);
}

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  /** @type {Request} */
  const request = event.request;
  if (request.method !== "GET" || !request.url.startsWith(worker.registration.scope)) return;
  const until = (/** @type {Promise<any>} */ done) => event.waitUntil(done);
  event.respondWith(LASTING.test(new URL(request.url).pathname) ? lasting(request, until) : fromServer(request, until));
});

// The first page of a visit has come without this worker: it says what it loaded, and the browser still has that.
worker.addEventListener("message", (/** @type {any} */ event) => {
  const fetchAll = async () => {
    for (const address of event.data.loaded) {
      const request = new Request(address, { cache: "force-cache" });
      if (address.startsWith(worker.registration.scope) && !(await kept(request)))
        await fetch(request).then(
          (answer) => keep(request, answer),
          () => {},
        );
    }
  };
  event.waitUntil(fetchAll());
});
