// The script tag: places the chat that floats, carries out what the page has asked for meanwhile, and from then on what it asks.
// It may be run late, and more than once, by whatever put it there.

import { NAME, define } from "./element.js";
import { partsAt } from "./parts.js";

// A tag manager may run the script so that the browser does not say which one it is.
const script = document.currentScript ?? document.querySelector('[src*="widget.js"]');
const base = new URL(".", script.src).href;
const { dataset } = script;

const place = () => {
  if (dataset.mode == "inline") return;
  const element = document.createElement(NAME);
  Object.assign(element.dataset, { mode: "floating", ...dataset });
  document.body.append(element);
};

if (customElements.get(NAME)) {
  // A second tag finds everything in place; but a single-page app may have put away the first one's chat with its view.
  if (!document.querySelector(NAME + "[data-mode^=f]")) place();
} else {
  const chat = define(partsAt(base, script.nonce), { base, ...dataset });
  const run = (callback) => callback(chat);
  const begin = () => {
    place();
    const queue = window.SecondMeChat;
    window.SecondMeChat = { push: run };
    queue?.forEach?.(run);
  };
  // Those that the page places may still be on their way.
  if (dataset.mode != "inline" ? document.body : document.readyState != "loading") begin();
  else addEventListener("DOMContentLoaded", begin);
}
