// The outside world of a page, by script: the site's proxy behind `fetch`, SecondMe's socket behind `WebSocket`, and the
// clock. It knows the contract and the documents, and nothing of the widget.

const { fetch, WebSocket, requestAnimationFrame } = window;
const setTimeout = window.setTimeout.bind(window);
const clearTimeout = window.clearTimeout.bind(window);
const { setInterval, clearInterval } = window;
const { now } = Date;
const { setItem } = Storage.prototype;
const { warn } = console;
const { lang } = document.documentElement;
const localStorage = Object.getOwnPropertyDescriptor(window, "localStorage");

/** Gives the page its own world back. */
function restore() {
  Object.assign(window, { fetch, WebSocket, setTimeout, clearTimeout, setInterval, clearInterval, requestAnimationFrame });
  Date.now = now;
  Storage.prototype.setItem = setItem;
  Object.defineProperty(window, "localStorage", localStorage);
  delete crypto.randomUUID;
  delete navigator.languages;
  delete window.__CHAT_LANGUAGES__;
  document.documentElement.lang = lang;
  console.warn = warn;
  delete navigator.clipboard;
  delete document.execCommand;
}

// A time-out takes four milliseconds at least once they are nested; a message takes none.
const { port1, port2 } = new MessageChannel();
const turns = [];
port1.onmessage = () => turns.shift()();

/** Resolves once what is ready to run has run: in a task of its own, after all microtasks. */
export const turn = () =>
  new Promise((resolve) => {
    turns.push(resolve);
    port2.postMessage(null);
  });

/** Resolves after a frame was painted. */
export const frame = () =>
  new Promise((resolve) => requestAnimationFrame.call(window, () => setTimeout(resolve, 0)));

/** Where an element stands between the sides of the window, in CSS pixels: its left and its right edge. */
export function sides(element) {
  const { left, right } = element.getBoundingClientRect();
  return [left, right];
}

/** Milliseconds that pass whatever the scripted clock says. */
export const elapsed = () => performance.now();

export class World {
  #requests = [];
  #answers = { init: [], send: [], logout: [] };
  #held = [];
  #hidden = false;
  #working = 0;
  #sockets = [];
  #socketsWait = false;
  #pongs = true;
  #timers = new Map();
  #lastTimer = 1_000_000;
  #now = 1_760_000_000_000;
  #start = performance.now();
  #copied = [];
  #thrown = [];
  #warnings = [];
  #files = {};
  #onError = (event) => this.#thrown.push(String(event.message ?? event.reason));

  constructor() {
    restore();
    const world = this;
    // What an address itself contains is asked of nobody.
    window.fetch = (input, init) =>
      `${input}`.startsWith("data:") ? fetch(input) : this.#fetch(new Request(input, init));
    window.WebSocket = class extends ScriptedSocket {
      constructor(url) {
        super(url);
        world.#accept(this);
      }
    };
    window.setTimeout = (callback, wait = 0) => this.#set({ callback, wait });
    window.setInterval = (callback, wait = 0) => this.#set({ callback, wait, again: true });
    window.clearTimeout = window.clearInterval = (timer) => void (this.#timers.delete(timer) || clearTimeout(timer));
    Date.now = () => this.#now;
    console.warn = (...words) => this.#warnings.push(words.join(" "));
    this.#give("writeText", async (text) => void this.#copied.push(text));
    addEventListener("error", this.#onError);
    addEventListener("unhandledrejection", this.#onError);
  }

  end() {
    restore();
    removeEventListener("error", this.#onError);
    removeEventListener("unhandledrejection", this.#onError);
  }

  // What the page has done.

  /** All requests so far: `{path, url, method, headers, body, aborted}`. */
  requests() {
    return [...this.#requests];
  }

  sockets() {
    return [...this.#sockets];
  }

  /** The addresses the browser has loaded from, past the scripted `fetch`: pictures, scripts, styles, beacons. */
  loads() {
    const loads = performance.getEntriesByType("resource");
    return loads.filter(({ startTime }) => startTime > this.#start).map(({ name }) => name);
  }

  timers() {
    return this.#timers.size;
  }

  /** The messages of what was thrown and not caught. */
  thrown() {
    return [...this.#thrown];
  }

  /** What was said on the console as a warning. */
  warnings() {
    return [...this.#warnings];
  }

  // What the proxy does.

  /** The next answer on that path. Without one the proxy says yes. */
  answer(path, status, headers, body) {
    this.#answers[path].push(() => new Response(body, { status, headers: JSON.parse(headers) }));
  }

  /** A language besides English that was bundled, and its file. */
  bundle(tag, address, text) {
    (window.__CHAT_LANGUAGES__ ??= {})[tag] = address;
    this.#files[address.split("/").pop()] = text;
    this.#answers[address.split("/").pop()] = [];
  }

  /** The next request on that path fails as one on a dead network. */
  refuse(path) {
    this.#answers[path].push(() => Promise.reject(new TypeError("Failed to fetch")));
  }

  /** The browser keeps the proxy's answers from the page, as it does where the proxy does not want the page's origin. */
  hideAnswers() {
    this.#hidden = true;
  }

  /** The next request on that path is answered when `release` says so. */
  hold(path) {
    this.#answers[path].push((request) => new Promise((resolve) => this.#held.push(() => resolve(this.#yes(path, request)))));
  }

  /** The next answer on that path begins, and never ends. */
  stall(path) {
    this.#answers[path].push((_, signal) => {
      const start = (body) => signal.addEventListener("abort", () => body.error(signal.reason));
      return Object.assign(new Response(new ReadableStream({ start }), { status: 200 }), { stalls: true });
    });
  }

  /** Answers the oldest request that is held. */
  release() {
    this.#held.shift()();
  }

  async #fetch(request) {
    const { url, method, headers, signal } = request;
    const path = new URL(url).pathname.split("/").pop();
    const entry = { path, url, method, headers: Object.fromEntries(headers), cache: request.cache, aborted: false };
    const aborted = new Promise((_, reject) => {
      signal.addEventListener("abort", () => {
        entry.aborted = true;
        reject(signal.reason);
      });
    });
    entry.body = await this.#atWork(request.clone().text());
    if (this.#hidden && request.mode === "no-cors") return new Response(null);
    this.#requests.push(entry);
    if (this.#hidden) throw new TypeError("Failed to fetch");
    const script = this.#answers[path].shift() ?? ((entry) => this.#yes(path, entry));
    const response = await Promise.race([script(entry, signal), aborted]);
    if (!response.stalls) response.text = () => this.#atWork(Response.prototype.text.call(response));
    return response;
  }

  /** The clock stands still while the proxy works: its answers are not late because a test's clock runs fast. */
  #atWork(promise) {
    this.#working += 1;
    return promise.finally(() => (this.#working -= 1));
  }

  #yes(path, { body }) {
    if (path in this.#files) return new Response(this.#files[path]);
    const asked = JSON.parse(body);
    const number = this.#requests.filter(({ path }) => path === "init").length;
    const data = {
      init: {
        sessionId: asked.sessionId ?? `session-${asked.avatar ?? "first"}`,
        wsUrl: `wss://socket.example/os/ws?wsId=ws%3A${number}&authBody=e30%3D`,
        avatarName: "Mira",
        opening: "Hello, I am Mira.",
      },
      send: { sent: true },
    };
    return new Response(JSON.stringify({ code: 0, data: data[path] }), { headers: { "content-type": "application/json" } });
  }

  // What the socket's server does.

  /** From now on sockets are opened by `open` alone. */
  holdSockets() {
    this.#socketsWait = true;
  }

  /** From now on no ping is answered. */
  silence() {
    this.#pongs = false;
  }

  #accept(socket) {
    this.#sockets.push(socket);
    socket.onPing = (ping) => this.#pongs && socket.push(JSON.stringify({ type: "pong", wsId: ping.wsId }));
    if (!this.#socketsWait) setTimeout(() => socket.open(), 0);
  }

  // What the browser does.

  /** The language that the page declares, and those that the visitor reads. */
  speak(page, visitor) {
    document.documentElement.lang = page;
    Object.defineProperty(navigator, "languages", { configurable: true, value: visitor });
  }

  /** To name the storage is forbidden, as in a page without an origin of its own. */
  forbidStorage() {
    const get = () => {
      throw new DOMException("The operation is insecure.", "SecurityError");
    };
    Object.defineProperty(window, "localStorage", { configurable: true, get });
  }

  /** Nothing more can be stored. */
  fillStorage() {
    Storage.prototype.setItem = () => {
      throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
    };
  }

  /** A page without TLS: the browser makes no UUIDs for it. */
  insecure() {
    Object.defineProperty(crypto, "randomUUID", { configurable: true, value: undefined });
  }

  /** What the page has put into the clipboard. */
  copied() {
    return [...this.#copied];
  }

  /** The clipboard is for pages with TLS alone; the old way there is as it was. */
  forbidClipboard() {
    this.#give("writeText", () => Promise.reject(new DOMException("Write permission denied.", "NotAllowedError")));
    document.execCommand = () => {
      const event = new ClipboardEvent("copy", { clipboardData: new DataTransfer(), bubbles: true, cancelable: true });
      if (!document.dispatchEvent(event)) this.#copied.push(event.clipboardData.getData("text/plain"));
      return event.defaultPrevented;
    };
  }

  #give(name, value) {
    Object.defineProperty(navigator, "clipboard", { configurable: true, value: { [name]: value } });
  }

  // The clock.

  /** Lets time pass; what is due on the way is called in order. */
  async pass(milliseconds) {
    const end = this.#now + milliseconds;
    for (;;) {
      do await turn();
      while (this.#working > 0);
      const due = [...this.#timers].filter(([, { at }]) => at <= end).sort(([, one], [, other]) => one.at - other.at)[0];
      if (!due) break;
      const [number, timer] = due;
      this.#now = Math.max(this.#now, timer.at);
      if (timer.again) timer.at += Math.max(timer.wait, 1);
      else this.#timers.delete(number);
      timer.callback();
    }
    this.#now = end;
  }

  /** The computer sleeps: its clock goes on, and whatever was due meanwhile is called once afterwards. */
  sleep(milliseconds) {
    this.#now += milliseconds;
    for (const timer of this.#timers.values()) timer.at = Math.max(timer.at, this.#now);
  }

  /** A page in the background paints nothing. */
  hide() {
    window.requestAnimationFrame = () => 0;
  }

  #set(timer) {
    const number = ++this.#lastTimer;
    this.#timers.set(number, { ...timer, at: this.#now + timer.wait });
    return number;
  }
}

/** A `WebSocket` whose server is the test. */
export class ScriptedSocket {
  onopen = null;
  onmessage = null;
  onclose = null;
  onerror = null;
  binaryType = "blob";
  readyState = 0;
  sent = [];
  onPing = () => {};

  constructor(url) {
    // Refuses what the browser's own refuses.
    this.url = new URL(url).href;
    if (!/^(wss?|https?):/.test(this.url)) throw new DOMException("The URL's scheme is not allowed.", "SyntaxError");
  }

  send(text) {
    if (this.readyState === 0) throw new DOMException("Still in CONNECTING state.", "InvalidStateError");
    if (this.readyState !== 1) return;
    this.sent.push(text);
    const frame = JSON.parse(text);
    if (frame.type === "ping") setTimeout(() => this.onPing(frame), 0);
  }

  close() {
    if (this.readyState >= 2) return;
    this.readyState = 2;
    setTimeout(() => this.#closed(1000), 0);
  }

  // The server's side.

  open() {
    if (this.readyState !== 0) return;
    this.readyState = 1;
    this.onopen?.(new Event("open"));
  }

  push(data) {
    if (this.readyState === 1) this.onmessage?.(new MessageEvent("message", { data }));
  }

  /** Each in a task of its own, as a network gives them. */
  async burst(frames) {
    for (const data of frames) {
      this.push(data);
      await turn();
    }
  }

  /** The server closes, or refuses where the socket was not open yet. */
  drop() {
    if (this.readyState === 3) return;
    this.onerror?.(new Event("error"));
    this.#closed(1006);
  }

  isLive() {
    return this.readyState < 2;
  }

  #closed(code) {
    this.readyState = 3;
    this.onclose?.(new CloseEvent("close", { code, wasClean: code === 1000 }));
  }
}
/** Hears as a screen reader does what is added to a live region, or changed in it, and nothing that goes. */
export class Listener {
  #heard = [];
  #observer = new MutationObserver((changes) => this.#take(changes));

  constructor(region) {
    this.#observer.observe(region, { subtree: true, childList: true, characterData: true });
  }

  /** Everything so far, in order. */
  heard() {
    this.#take(this.#observer.takeRecords());
    return [...this.#heard];
  }

  #take(changes) {
    for (const { type, target, addedNodes } of changes)
      for (const node of type === "characterData" ? [target] : addedNodes)
        if (node.textContent) this.#heard.push(node.textContent);
  }
}

/** Counts what is written into a part of the page. */
export class Writes {
  #records = 0;
  #observer = new MutationObserver((records) => this.#count(records));

  constructor(node) {
    this.#observer.observe(node, { subtree: true, childList: true, characterData: true, attributes: true });
  }

  count() {
    this.#count(this.#observer.takeRecords());
    return this.#records;
  }

  #count(records) {
    this.#records += records.length;
  }
}
