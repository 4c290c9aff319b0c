// <secondme-chat>: its launcher at once, and the chat when it is first wanted. It does not know where the chat's files lie, nor
// what a conversation is.

import { spoken } from "./language.js";
import { draw } from "./launcher.js";

export const NAME = "secondme-chat";

// The bundler puts launcher.css here.
const STYLE = __CHAT_LAUNCHER_STYLE__;

const FAILED = "The chat could not be loaded. Please try again.";

const METHODS = ["open", "close", "toggle", "send", "prefill", "reset", "on", "destroy"];

/**
 * Defines the element, and gives the page's own way to its chats.
 *
 * `parts.chat()` promises the chat's module, ready for `mount`, and `parts.more()` what only some pages want (more.js); both may
 * be asked again after they have failed. `defaults` holds the page's `base`, where an element names none, and `language`.
 */
export function define(parts, defaults) {
  const [language, open] = spoken(defaults.language);
  /** Who is signed in on the page, null for nobody, once the page has said so. */
  let identity;

  class SecondMeChat extends HTMLElement {
    #launcher;
    #words;
    #loading;
    #handle;
    #teaser;
    #unread = 0;

    constructor() {
      super();
      const shadow = this.attachShadow({ mode: "open" });
      const [launcher] = ([this.#launcher, this.#words] = draw(shadow, language, open, STYLE));
      launcher.onclick = () =>
        this.load().then(
          (chat) => {
            chat.toggle();
            // A keyboard that springs up over a small screen is not what a tap on the launcher asked for.
            if (chat.isOpen && !matchMedia("(pointer:coarse)").matches) chat.focus();
          },
          () => {},
        );
      this.#expanded(false);
      this.on("open", () => this.#expanded(true));
      this.on("close", () => {
        // Whoever was in the panel comes back to where they came from.
        const inside = shadow.activeElement && shadow.activeElement !== launcher;
        this.#expanded(false);
        if (inside) launcher.focus();
      });
      this.on("unread", ({ detail }) => (this.#unread = detail));
    }

    connectedCallback() {
      const { dataset } = this;
      const fetchAhead = () => void this.#fetch().catch(() => {});
      if (dataset.load == "eager") fetchAhead();
      else if (dataset.load == "idle") (window.requestIdleCallback ?? setTimeout)(fetchAhead);
      this.#launcher.onpointerenter = this.#launcher.onfocus = fetchAhead;
      // An element that is moved on the page is connected again.
      if (dataset.teaser) this.#teaser ??= parts.more().then(({ tease }) => tease(this), () => {});
    }

    disconnectedCallback() {
      // One that is only moved is in the page again by then.
      setTimeout(() => this.isConnected || this.#end());
    }

    /** Resolves to the chat, fetching it first where that has not been done. */
    load() {
      const loading = (this.#loading ??= this.#load(() => this.#loading != loading));
      return loading;
    }

    on(name, listener) {
      this.addEventListener(NAME + ":" + name, listener);
    }

    /** Who is signed in on the page. A chat is told when it is there; it is fetched for that only where another person's lies. */
    identify(value) {
      identity = value ?? null;
      everyone().forEach((chat) => chat.#identify());
    }

    /** How the chat stands now. */
    get state() {
      return { open: !!this.#handle?.isOpen, unread: this.#unread };
    }

    destroy() {
      this.#end();
      this.remove();
    }

    #end() {
      this.#teaser?.then((end) => end?.());
      this.#handle?.destroy();
      this.#handle = this.#loading = this.#teaser = undefined;
      this.#unread = 0;
      this.#expanded(false);
    }

    /** The files alone: nothing is sent, asked or stored. */
    #fetch() {
      return this.dataset.mode == "frame" ? parts.more() : parts.chat();
    }

    async #load(ended) {
      this.#words.textContent = "";
      this.#launcher.ariaBusy = true;
      try {
        const { mount } = await this.#fetch();
        const handle = ended() || (await mount(this, { mode: "inline", base: defaults.base, ...this.dataset }));
        // Whoever waits for a chat that is gone meanwhile waits for ever.
        if (ended()) return new Promise(() => handle.destroy?.());
        this.#handle = handle;
        if (identity !== undefined) this.#identify();
        return handle;
      } catch (error) {
        this.#loading = undefined;
        console.error(error);
        const own = this.dataset.loadFailed;
        // What can be done instead is said by what may be lost as well: then there is this one sentence.
        parts.more().then(
          ({ apologize }) => apologize(this.#words, error, this.dataset),
          () => Object.assign(this.#words, { lang: own ? "" : "en", textContent: own || FAILED }),
        );
        throw error;
      } finally {
        this.#launcher.ariaBusy = null;
      }
    }

    /** What is no identity is the site owner's to mend; the chat goes on without it. */
    #identify() {
      try {
        if (this.#handle) this.#handle.identify(identity);
        else if ((localStorage[NAME + ":person"] ?? identity?.id) !== identity?.id) this.load().catch(() => {});
      } catch (error) {
        console.error(error);
      }
    }

    #expanded(open) {
      this.#launcher.setAttribute("aria-expanded", open);
    }
  }

  const everyone = () => document.querySelectorAll(NAME);
  // The page speaks to the chat that floats, else to the first one.
  const first = () => document.querySelector(NAME + "[data-mode^=f]") ?? everyone()[0];
  const chat = {
    get state() {
      return first()?.state;
    },
  };
  for (const name of METHODS) {
    // What is called before the chat is there waits for it; a failed download is said in the page and on the console.
    SecondMeChat.prototype[name] ??= function (...values) {
      this.load().then((chat) => chat[name](...values), () => {});
    };
    chat[name] = (...values) => first()?.[name](...values);
  }
  // A person is known to all, also to chats that the page places later, and is forgotten by all.
  chat.identify = SecondMeChat.prototype.identify;
  chat.reset = () => everyone().forEach((chat) => chat.reset());
  customElements.define(NAME, SecondMeChat);
  return chat;
}
