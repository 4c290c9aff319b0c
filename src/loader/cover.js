// A frame that has a small screen to itself: the page behind it stands still, and the back button closes it. The page gets
// everything back as it was.

import { BackButton } from "./back.js";

export const SMALL = matchMedia("(max-width: 480px), (max-width: 960px) and (max-height: 480px) and (pointer: coarse)");

/** Watches whether an open frame covers the screen; `close` is what the back button does, `turned` hears of another screen. */
export class Cover {
  #open = false;
  #sheet;
  #back;
  #listeners = new AbortController();

  constructor(close, turned) {
    const { signal } = this.#listeners;
    this.#back = new BackButton(close);
    const turn = () => {
      this.#settle();
      turned();
    };
    SMALL.addEventListener("change", turn, { signal });
  }

  show(open) {
    this.#open = open;
    this.#settle();
  }

  end() {
    this.show(false);
    this.#listeners.abort();
  }

  #settle() {
    const covers = this.#open && SMALL.matches;
    if (covers === Boolean(this.#sheet)) return;
    if (covers) {
      this.#sheet = new CSSStyleSheet();
      // Where the root has no `overflow` of its own, the body's is the page's.
      const part = getComputedStyle(document.documentElement).overflow == "visible" ? "body" : ":root";
      this.#sheet.replaceSync(`${part}{overflow:hidden!important}`);
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.#sheet];
    } else {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== this.#sheet);
      this.#sheet = undefined;
    }
    this.#back.leadsOut(covers);
  }
}
