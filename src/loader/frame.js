// The chat in a frame of the proxy's origin, seen from the page: neither side reads the other, they tell each other what there
// is to tell over one channel, which is handed to the proxy's own page and to no other. It knows no conversation.

import { TitleMark } from "../title.js";
import { looks, watchLooks } from "./appearance.js";
import { Cover } from "./cover.js";
import { NAME } from "./element.js";
import { adopt } from "./launcher.js";
import { sendable } from "./sendable.js";

// The bundler puts frame.css and style/widget/launcher.css here.
const STYLE = __CHAT_FRAME_STYLE__;
const LAUNCHER = __CHAT_LAUNCHER_LATER_STYLE__;

/** A page that does not answer is not the proxy's: some milliseconds after it was loaded. */
const PATIENCE = 10_000;

/** Puts the frame beside the launcher, and resolves to the same handle that the chat itself would give. */
export function mount(element, { base, ...options }) {
  const page = new URL("frame.html", base.replace(/\/*$/, "/"));
  const frame = document.createElement("iframe");
  Object.assign(frame, { src: page, className: "frame", title: "Chat", allow: "clipboard-write; autoplay", hidden: true });
  const shadow = element.shadowRoot;
  // One that was still on its way when its chat ended.
  shadow.querySelector(".frame")?.remove();
  adopt(shadow, LAUNCHER);
  adopt(shadow, STYLE);
  return new Promise((resolve, reject) => {
    let patience;
    const chat = new Frame(element, frame, options, {
      answered: () => clearTimeout(patience),
      ready: () => resolve(chat.begin()),
      failed: ({ name, message }) => reject(Object.assign(new Error(message), { name })),
    });
    // A frame that is moved on the page is loaded anew, and is told everything anew.
    frame.onload = () => {
      chat.connect({ options, looks: looks(element, options) }, page.origin);
      patience = setTimeout(() => reject(new Error(`SecondMe Chat: ${page} does not answer`)), PATIENCE);
    };
    shadow.append(frame);
  }).catch((error) => {
    frame.remove();
    throw error;
  });
}

class Frame {
  isOpen = false;
  #element;
  #frame;
  #port;
  #told;
  #title = new TitleMark();
  #cover;
  #person;
  #options;
  #unwatch = () => {};

  constructor(element, frame, options, told) {
    this.#element = element;
    this.#frame = frame;
    this.#options = options;
    this.#told = { ...told, launcher: (named) => this.#name(named), event: (event) => this.#happen(event) };
  }

  begin() {
    this.#unwatch();
    this.#unwatch = watchLooks(() => this.#dress());
    this.#cover ??= new Cover(
      () => this.close(),
      () => this.#dress(),
    );
    return this;
  }

  connect(greeting, origin) {
    const { port1, port2 } = new MessageChannel();
    this.#port?.close();
    this.#port = port1;
    port1.onmessage = ({ data: [what, value] }) => this.#told[what]?.(value);
    // Whatever else may have been loaded into the frame is told nothing.
    this.#frame.contentWindow.postMessage(greeting, origin, [port2]);
    if (this.#person) this.identify(...this.#person);
    if (this.isOpen) this.open();
  }

  open() {
    this.#show(true);
    this.#call("open");
  }

  close() {
    this.isOpen = false;
    this.#call("close");
  }

  toggle() {
    if (this.isOpen) this.close();
    else this.open();
  }

  send(text) {
    this.#show(true);
    this.#call("send", text);
  }

  prefill(text) {
    this.#call("prefill", text);
  }

  reset() {
    this.#call("reset");
  }

  identify(...person) {
    this.#person = person;
    const [values, ports] = sendable(person);
    this.#tell("call", ["identify", ...values], ports);
  }

  focus() {
    this.#frame.focus();
    this.#call("focus");
  }

  /** A page that is taken away ends by itself, and saves what is to be saved. */
  destroy() {
    this.#unwatch();
    this.#title.show(0);
    this.#cover?.end();
    this.#port?.close();
    this.#frame.remove();
  }

  #call(...call) {
    this.#tell("call", call);
  }

  #tell(what, value, ports = []) {
    this.#port?.postMessage([what, value], ports);
  }

  #show(open) {
    if (open && !this.isOpen) this.#dress();
    this.isOpen = open;
    this.#frame.hidden = !open;
    this.#cover?.show(open);
  }

  #dress() {
    this.#tell("looks", looks(this.#element, this.#options));
  }

  #name({ label, lang, badge }) {
    const launcher = this.#element.shadowRoot.querySelector(".launcher");
    launcher.setAttribute("aria-label", label);
    launcher.lang = lang;
    this.#element.shadowRoot.querySelector(".badge").textContent = badge;
  }

  #happen([name, detail]) {
    if (name == "open") this.#show(true);
    if (name == "unread") this.#title.show(detail);
    // As the chat's own events are: they bubble, and cross the shadow root.
    this.#element.dispatchEvent(new CustomEvent(`${NAME}:${name}`, { bubbles: true, composed: true, detail }));
    if (name == "close") this.#show(false);
  }
}
