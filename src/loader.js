// The script tag: defines <secondme-chat>, draws one that floats, and each one's launcher at once, queues the page's calls,
// and fetches the rest when a chat is first wanted. It asks for nothing and stores nothing before that, and knows nothing of conversations.
(() => {
  const NAME = "secondme-chat";
  const script = document.currentScript;
  // A second tag, or a page that loads it again, finds everything in place.
  if (customElements.get(NAME)) return;

  const base = new URL(".", script.src).href;
  // The bundler fills in the names of the files it has just built.
  const SCRIPT = "__CHAT_SCRIPT__";
  const WASM = "__CHAT_WASM__";

  // What the launcher is called until the chat knows better: `open` in each file of languages/, as a test compares.
  const OPEN = {
    en: "Open chat",
    de: "Chat öffnen",
    fr: "Ouvrir le chat",
    es: "Abrir chat",
    pt: "Abrir chat",
    it: "Apri chat",
    id: "Buka chat",
    vi: "Mở trò chuyện",
    tr: "Sohbeti aç",
    ru: "Открыть чат",
    zh: "打开聊天",
    "zh-Hant": "開啟聊天",
    ja: "チャットを開く",
    ko: "채팅 열기",
    hi: "चैट खोलें",
    th: "เปิดแชต",
    ar: "فتح الدردشة",
    he: "פתיחת הצ׳אט",
  };
  const TEASER = NAME + ":teaser";
  const FAILED = "The chat could not be loaded. Please try again.";

  /** What the site says, the page, then the browser: the first that there are words in, as the chat itself chooses. */
  const LANGUAGE =
    [script.dataset.language, document.documentElement.lang, ...navigator.languages].map(readers).find((tag) => OPEN[tag]) ??
    "en";

  /** The language, and the script where the same language has two, so that Hong Kong finds Taiwan's words. */
  function readers(tag) {
    try {
      return new Intl.Locale(tag).maximize().baseName.replace(/-(?!Hant).*/, "");
    } catch {
      // The page's author wrote something else than a tag, or nothing.
    }
  }

  // An element that the page places itself fills the box that the page gives it. For one that floats, `all` keeps the page's
  // rules for its elements out; only custom properties, the theming API, pass. Its side is its direction of writing.
  const STYLE = `:host{display:block;position:relative;box-sizing:border-box;height:var(--chat-height,min(600px,90vh));
border:1px solid #8888;border-radius:var(--chat-radius,16px)}
:host([data-mode=floating]){all:initial!important;position:fixed!important;z-index:var(--chat-z-index,2147483000)!important;
bottom:var(--chat-offset-y,20px)!important;inset-inline-end:var(--chat-offset-x,20px)!important;width:56px!important;
height:56px!important;color-scheme:light dark!important}
:host([data-side=left]){direction:rtl!important}
:host([data-side=right]){direction:ltr!important}
:host([hidden]){display:none!important}
.launcher,.trouble,.teaser,.badge{all:initial;position:absolute;box-sizing:border-box;font:600 12px/20px system-ui,sans-serif}
.launcher{inset:0;display:grid;grid-auto-flow:column;gap:10px;place-items:center;width:fit-content;height:56px;margin:auto;
padding:0 15px;border-radius:28px;cursor:pointer;font-size:16px;
color:var(--chat-accent-text,#fff);background:var(--chat-accent,#2f4fc4);
box-shadow:0 4px 20px #0004;-webkit-tap-highlight-color:transparent}
@supports(color:rgb(from red r g b)){.launcher{color:var(--chat-accent-text,color(from var(--chat-accent,#2f4fc4) xyz
calc((.179 - y)*1e6) calc((.179 - y)*1e6) calc((.179 - y)*1e6)))}}
.launcher:focus-visible{outline:3px solid var(--chat-accent,#2f4fc4);outline-offset:3px}
.launcher svg{grid-area:1/1;width:26px;height:26px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;
stroke-linejoin:round;transition:opacity .15s,transform .15s}
.shut,[aria-expanded=true] .talk{opacity:0;transform:scale(.6)}
[aria-expanded=true] .shut{opacity:1;transform:none}
[aria-busy=true] .talk{animation:wait 1s ease-in-out infinite alternate}
@keyframes wait{to{opacity:.35}}
:host(:not([data-mode=floating])) .launcher::after{content:attr(aria-label)}
:host(:not([data-mode=floating])) [aria-expanded=true]{display:none}
.trouble,.teaser{inset-inline-end:0;bottom:68px;width:240px;padding:12px;border-radius:12px;
font-size:14px;font-weight:400;unicode-bidi:plaintext;color:#1c2333;background:#fff;box-shadow:0 4px 20px #0004}
.teaser{display:flex;padding:0;animation:wait .15s reverse}
.teaser button{all:unset;padding:12px;cursor:pointer}
.teaser :first-child{flex:1}
.teaser :focus-visible{outline:3px solid}
.trouble:empty{display:none}
.badge{top:-4px;inset-inline-end:-4px;min-width:20px;height:20px;padding:0 6px;border-radius:10px;
text-align:center;color:#fff;background:#c62828;pointer-events:none}
.badge:empty{display:none}
@media (max-width:480px),(max-height:480px){.launcher[aria-expanded=true]{visibility:hidden}}
@media (prefers-reduced-motion:reduce){.launcher *,.teaser{transition:none;animation:none}}
@media (forced-colors:active){.launcher,.teaser{border:2px solid}.badge,.trouble{border:1px solid}.badge{line-height:18px}}`;

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

  /** Who is signed in on the page, as an array of one, once the page has said so. */
  let identity;

  class SecondMeChat extends HTMLElement {
    #launcher = document.createElement("button");
    #message = document.createElement("p");
    #loading;
    #handle;
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
      launcher.lang = LANGUAGE;
      launcher.setAttribute("aria-label", OPEN[LANGUAGE]);
      const badge = document.createElement("span");
      badge.className = "badge";
      badge.setAttribute("aria-hidden", "true");
      launcher.append(icon(TALK, "talk"), icon(SHUT, "shut"));
      launcher.onclick = () => this.#toggle();
      this.#message.className = "trouble";
      this.#message.setAttribute("role", "alert");
      shadow.append(this.#message, launcher, badge);
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
          return (persist || "local") == "local" && consent == null && use(localStorage);
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

    on(name, listener) {
      this.addEventListener(NAME + ":" + name, listener);
    }

    /** Who is signed in on the page. A chat is told when it is there; it is fetched for that only where another person's lies. */
    identify(value) {
      identity = [value];
      everyone().forEach((chat) => chat.#identify());
    }

    destroy() {
      this.#end();
      this.remove();
    }

    disconnectedCallback() {
      // One that is only moved is in the page again by then.
      setTimeout(() => this.isConnected || this.#end());
    }

    #end() {
      this.#untease?.();
      this.#handle?.destroy();
      this.#handle = this.#loading = undefined;
      this.#expanded(false);
    }

    async #load() {
      this.#message.textContent = "";
      this.#launcher.setAttribute("aria-busy", "true");
      try {
        const { mount } = await fetchModule();
        // Whoever waits for a chat that is gone meanwhile waits for ever.
        if (!this.#loading) return new Promise(() => {});
        const options = { mode: "inline", ...this.dataset, base: this.dataset.base || script.dataset.base || base };
        this.#handle ??= mount(this, options);
        if (identity) this.#identify();
        return this.#handle;
      } catch (error) {
        this.#loading = undefined;
        // In English, unless the site has its own words: eighteen sentences would travel to each visitor for nothing.
        const own = this.dataset.loadFailed;
        if (!own) this.#message.lang = "en";
        this.#message.textContent = own || FAILED;
        console.error(error);
        throw error;
      } finally {
        this.#launcher.removeAttribute("aria-busy");
      }
    }

    /** What is no identity is the site owner's to mend; the chat goes on without it. */
    #identify() {
      try {
        if (this.#handle) this.#handle.identify(...identity);
        else if (stranger()) this.load().catch(() => {});
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
  }

  function stranger() {
    try {
      const known = localStorage.getItem(NAME + ":person");
      return known !== null && known !== identity[0]?.id;
    } catch {
      return false;
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

  const everyone = () => document.querySelectorAll(NAME);
  const chat = {};
  for (const name of ["open", "close", "toggle", "send", "prefill", "reset", "on", "destroy"]) {
    // What is called before the chat is there waits for it; a failed download is said in the page and on the console.
    SecondMeChat.prototype[name] ??= function (...values) {
      this.load().then((chat) => chat[name](...values), () => {});
    };
    // The page speaks to the chat that floats, else to the first one.
    chat[name] = (...values) => (document.querySelector(NAME + "[data-mode=floating]") ?? everyone()[0])?.[name](...values);
  }
  // A person is known to all, also to chats that the page places later, and is forgotten by all.
  chat.identify = SecondMeChat.prototype.identify;
  chat.reset = () => everyone().forEach((chat) => chat.reset());
  customElements.define(NAME, SecondMeChat);

  const run = (callback) => callback(chat);

  const floats = script.dataset.mode !== "inline";
  const place = () => {
    if (floats) {
      const element = document.createElement(NAME);
      Object.assign(element.dataset, script.dataset).mode = "floating";
      document.body.append(element);
    }
    const queue = window.SecondMeChat;
    window.SecondMeChat = { push: run };
    queue?.forEach?.(run);
  };
  // Those that the page places may still be on their way.
  if (floats ? document.body : document.readyState !== "loading") place();
  else addEventListener("DOMContentLoaded", place);
})();
