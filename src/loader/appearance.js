// What of a page's looks a chat in a frame is told, since nothing of a page reaches into a frame by itself.

import { SMALL } from "./cover.js";

/** The custom properties that are read inside; the others are those of the frame's own place. */
const PROPERTIES = [
  "--chat-accent",
  "--chat-accent-text",
  "--chat-surface",
  "--chat-bubble",
  "--chat-text",
  "--chat-quiet",
  "--chat-owner",
  "--chat-line",
  "--chat-edge",
  "--chat-font",
  "--chat-font-size",
  "--chat-radius",
];

const SQUARE = [["--chat-radius", "0px"]];

/** What the page around the element looks like now. */
export function looks(element, { darkClass }) {
  const style = getComputedStyle(element);
  const { documentElement, body } = document;
  return {
    // What fills a screen has no corners of its own.
    properties: [...PROPERTIES.map((name) => [name, style.getPropertyValue(name)]), ...(SMALL.matches ? SQUARE : [])],
    darkClass: [documentElement, body].some(({ classList }) => darkClass && classList.contains(darkClass)) ? darkClass : "",
    language: element.closest("[lang]")?.lang ?? "",
    direction: getComputedStyle(element.parentElement ?? body).direction,
  };
}

/** Calls when it may have changed, until the function that this gives is called. */
export function watchLooks(changed) {
  const observer = new MutationObserver(changed);
  for (const part of [document.documentElement, document.body])
    observer.observe(part, { attributeFilter: ["class", "dir", "lang", "style"] });
  return () => observer.disconnect();
}
