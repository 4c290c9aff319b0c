// A few words beside the launcher, after some time or some scrolling; not for a visitor who knows the chat already.

import { NAME } from "./element.js";
import { adopt } from "./launcher.js";

// The bundler puts teaser.css here.
const STYLE = __CHAT_TEASER_STYLE__;

const DISMISSED = NAME + ":teaser";

/** Shows them when it is time, until the visitor presses something or the function that this gives is called. */
export function tease(element) {
  const { teaser, teaserAfter, teaserScroll, teaserDismiss, persist, consent } = element.dataset;
  // Only a page whose chat keeps things remembers that it was dismissed, and never that it was merely shown.
  const kept = (use) => {
    try {
      return (persist || "local") == "local" && consent == null && use(localStorage);
    } catch {}
  };
  if (kept((store) => store[DISMISSED] || store[NAME + ":visitorId"])) return;
  const shadow = element.shadowRoot;
  const launcher = shadow.querySelector(".launcher");
  const bubble = document.createElement("div");
  bubble.className = "words teaser";
  bubble.part = "teaser";
  bubble.dir = "auto";
  for (const [text, act] of [
    [teaser, () => launcher.click()],
    ["×", () => kept((store) => (store[DISMISSED] = 1))],
  ]) {
    const button = document.createElement("button");
    button.textContent = text;
    button.onclick = () => {
      // The button goes, and leaves the keyboard's focus beside it.
      launcher.focus();
      end();
      act();
    };
    bubble.append(button);
  }
  bubble.lastChild.setAttribute("aria-label", teaserDismiss || "Dismiss");
  const show = () => {
    end();
    adopt(shadow, STYLE);
    launcher.before(bubble);
  };
  const scrolled = () => {
    if ((scrollY / (document.documentElement.scrollHeight - innerHeight)) * 100 >= teaserScroll) show();
  };
  const timer = setTimeout(show, (teaserAfter ?? 15) * 1000);
  if (teaserScroll) addEventListener("scroll", scrolled);
  const end = () => {
    clearTimeout(timer);
    removeEventListener("scroll", scrolled);
    element.removeEventListener(NAME + ":open", end);
    bubble.remove();
  };
  element.addEventListener(NAME + ":open", end);
  return end;
}
