// The script tag: defines <secondme-chat>, draws its launcher at once, queues the page's calls, and fetches the rest when
// the chat is first wanted. It asks for nothing and stores nothing before that, and knows nothing of conversations.
(() => {
  const NAME = "secondme-chat";
  const script = document.currentScript;
  // A second tag, or a page that loads it again, finds everything in place.
  if (customElements.get(NAME)) return;

  const base = new URL(".", script.src).href;
  // The bundler fills in the names of the files it has just built.
  const SCRIPT = "__CHAT_SCRIPT__";
  const WASM = "__CHAT_WASM__";

  const TEASER = NAME + ":teaser";
  const OPEN = "Open chat";
  const FAILED = "The chat could not be loaded. Please try again.";

  // `all` keeps the page's rules for its elements out; only custom properties, the theming API, pass.
  const STYLE = `:host{all:initial!important;position:fixed!important;z-index:var(--chat-z-index,2147483000)!important;
inset:auto var(--chat-offset-x,20px) var(--chat-offset-y,20px) auto!important;width:56px!important;height:56px!important;
color-scheme:light dark!important}
:host([hidden]){display:none!important}
.launcher{all:unset;box-sizing:border-box;display:grid;place-items:center;width:56px;height:56px;border-radius:28px;cursor:pointer;
color:var(--chat-accent-text,#fff);background:var(--chat-accent,#2f4fc4);
box-shadow:0 1px 2px rgb(16 24 40/.16),0 6px 20px rgb(16 24 40/.22);-webkit-tap-highlight-color:transparent}
.launcher:focus-visible{outline:3px solid var(--chat-accent,#2f4fc4);outline-offset:3px}
.launcher svg{grid-area:1/1;width:26px;height:26px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;
stroke-linejoin:round;transition:opacity .15s,transform .15s}
.shut,[aria-expanded=true] .talk{opacity:0;transform:scale(.6)}
[aria-expanded=true] .shut{opacity:1;transform:none}
[aria-busy=true] .talk{animation:wait 1s ease-in-out infinite alternate}
@keyframes wait{to{opacity:.35}}
.trouble,.teaser{position:absolute;inset:auto 0 68px auto;box-sizing:border-box;width:240px;margin:0;padding:12px 14px;border-radius:12px;
font:14px/1.45 system-ui,sans-serif;color:#1c2333;background:#fff;box-shadow:0 4px 24px rgb(16 24 40/.2)}
.teaser{display:flex;padding:0;animation:wait .15s reverse}
.teaser button{all:unset;padding:12px;cursor:pointer}
.teaser :first-child{flex:1}
.teaser :focus-visible{outline:3px solid}
.trouble:empty{display:none}
.badge{position:absolute;inset:-4px -4px auto auto;box-sizing:border-box;min-width:20px;height:20px;padding:0 6px;border-radius:10px;
font:600 12px/20px system-ui,sans-serif;text-align:center;color:#fff;background:#c62828}
.badge:empty{display:none}
@media (max-width:480px){.launcher[aria-expanded=true]{visibility:hidden}}
@media (prefers-reduced-motion:reduce){.launcher *,.teaser{transition:none;animation:none}}
@media (forced-colors:active){.launcher,.teaser{border:2px solid}}`;

  const TALK = "M5 4h14a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-7l-5 4v-4H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z";
  const SHUT = "M6 9l6 6 6-6";

  /** The WebAssembly module, fetched once for all elements of the page. */
  let module;
  const fetchModule = () =>
    (module ??= Promise.all([import(base + SCRIPT), fetch(base + WASM)])
      .then(([chat, wasm]) => chat.default({ module_or_path: wasm }).then(() => chat))
      .catch((error) => {
        // The next attempt fetches again.
        module = undefined;
        throw error;
      }));

  class SecondMeChat extends HTMLElement {
    #launcher = document.createElement("button");
    #message = document.createElement("p");
    #loading;
    #handle;
    #identity;
    #untease;

    constructor() {
      super();
      const shadow = this.attachShadow({ mode: "open" });
      style(shadow);
      const launcher = this.#launcher;
      launcher.type = "button";
      launcher.className = "launcher";
      launcher.setAttribute("part", "launcher");
      launcher.setAttribute("aria-haspopup", "dialog");
      // The chat gives it another name once it is there, and fills the badge.
      launcher.setAttribute("aria-label", OPEN);
      const badge = document.createElement("span");
      badge.className = "badge";
      badge.setAttribute("aria-hidden", "true");
      launcher.append(icon(TALK, "talk"), icon(SHUT, "shut"), badge);
      launcher.onclick = () => this.#toggle();
      this.#message.className = "trouble";
      this.#message.setAttribute("role", "alert");
      shadow.append(this.#message, launcher);
      this.#expanded(false);
      this.addEventListener(NAME + ":open", () => {
        this.#untease?.();
        this.#expanded(true);
      });
      this.addEventListener(NAME + ":close", () => {
        // Whoever was in the panel comes back to where they came from.
        const inside = shadow.activeElement && shadow.activeElement !== launcher;
        this.#expanded(false);
        if (inside) launcher.focus();
      });
    }

    connectedCallback() {
      // An element that is moved on the page is connected again.
      if (this.dataset.teaser && !this.#untease) this.#tease(this.dataset);
    }

    /** A few words beside the launcher, after some time or some scrolling; not for a visitor who knows the chat already. */
    #tease({ teaser, teaserAfter, teaserScroll, teaserDismiss, persist, consent }) {
      // Only a page whose chat keeps things remembers that it was dismissed, and never that it was merely shown.
      const kept = (use) => {
        try {
          return (persist ?? "local") == "local" && consent == null && use(localStorage);
        } catch {}
      };
      if (kept((store) => store[TEASER] || store[NAME + ":visitorId"])) return;
      const bubble = document.createElement("div");
      bubble.className = bubble.part = "teaser";
      bubble.dir = "auto";
      for (const [text, act] of [
        [teaser, () => this.#toggle()],
        ["×", () => kept((store) => (store[TEASER] = 1))],
      ]) {
        const button = document.createElement("button");
        button.textContent = text;
        button.onclick = () => {
          // The button goes, and leaves the keyboard's focus beside it.
          this.#launcher.focus();
          this.#untease();
          act();
        };
        bubble.append(button);
      }
      bubble.lastChild.setAttribute("aria-label", teaserDismiss || "Dismiss");
      const show = () => {
        this.#untease();
        this.#launcher.before(bubble);
      };
      const scrolled = () => {
        if ((scrollY / (document.documentElement.scrollHeight - innerHeight)) * 100 >= teaserScroll) show();
      };
      const timer = setTimeout(show, (teaserAfter ?? 15) * 1000);
      if (teaserScroll) addEventListener("scroll", scrolled);
      this.#untease = () => {
        clearTimeout(timer);
        removeEventListener("scroll", scrolled);
        bubble.remove();
      };
    }

    /** Resolves to the chat, fetching it first where that has not been done. */
    load() {
      return (this.#loading ??= this.#load());
    }

    /** Who is signed in on the page. The chat is told when it is there; it is fetched for that only where another person's lies. */
    identify(identity) {
      this.#identity = [identity];
      if (this.#handle) this.#identify();
      else if (this.#stranger(identity)) this.load().catch(() => {});
    }

    destroy() {
      this.#untease?.();
      this.#handle?.destroy();
      this.remove();
    }

    async #load() {
      this.#message.textContent = "";
      this.#launcher.setAttribute("aria-busy", "true");
      try {
        const { mount } = await fetchModule();
        const handle = mount(this, { ...this.dataset, base: this.dataset.base || base });
        this.#handle = handle;
        if (this.#identity) this.#identify();
        return handle;
      } catch (error) {
        this.#loading = undefined;
        this.#message.textContent = FAILED;
        console.error(error);
        throw error;
      } finally {
        this.#launcher.removeAttribute("aria-busy");
      }
    }

    /** What is no identity is the site owner's to mend; the chat goes on without it. */
    #identify() {
      try {
        this.#handle.identify(...this.#identity);
      } catch (error) {
        console.error(error);
      }
    }

    #toggle() {
      this.load().then(
        (chat) => {
          chat.toggle();
          // A keyboard that springs up over a small screen is not what a tap on the launcher asked for.
          if (chat.isOpen && !matchMedia("(pointer: coarse)").matches) chat.focus();
        },
        () => {},
      );
    }

    #expanded(open) {
      this.#launcher.setAttribute("aria-expanded", open);
    }

    #stranger(identity) {
      try {
        const known = localStorage.getItem(NAME + ":person");
        return known !== null && known !== identity?.id;
      } catch {
        return false;
      }
    }
  }

  function style(shadow) {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      shadow.adoptedStyleSheets = [sheet];
    } catch {
      const element = document.createElement("style");
      element.textContent = STYLE;
      shadow.append(element);
    }
  }

  function icon(path, name) {
    const make = (tag) => document.createElementNS("http://www.w3.org/2000/svg", tag);
    const svg = make("svg");
    const line = make("path");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("class", name);
    svg.setAttribute("aria-hidden", "true");
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  }

  customElements.define(NAME, SecondMeChat);
  const element = document.createElement(NAME);
  Object.assign(element.dataset, script.dataset);

  // What the page calls before the chat is there waits for it; a failed download is said in the page and on the console.
  const call = (method, ...values) => void element.load().then((chat) => chat[method](...values), () => {});
  const chat = {
    open: () => call("open"),
    close: () => call("close"),
    toggle: () => call("toggle"),
    send: (text) => call("send", text),
    prefill: (text) => call("prefill", text),
    identify: (identity) => element.identify(identity),
    reset: () => call("reset"),
    destroy: () => element.destroy(),
    on: (name, listener) => element.addEventListener(NAME + ":" + name, listener),
  };
  const run = (callback) => callback(chat);
  const queue = window.SecondMeChat;
  window.SecondMeChat = { push: run };

  const place = () => {
    document.body.append(element);
    if (Array.isArray(queue)) queue.forEach(run);
  };
  if (document.body) place();
  else addEventListener("DOMContentLoaded", place);
})();
