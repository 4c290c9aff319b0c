// The browser's back button, for which an open frame has an entry of its own in the tab's history. The entry has the page's
// address and state, so that a router of the page finds nothing new; and the page is never led elsewhere.

/** Those that have an entry, or want one. */
const buttons = new Set();

/**
 * The browser has been asked to go back, and has not yet said that it has. The tab has one history for all frames: a way back
 * that one of them has begun is nobody's wish to close another, and would lead out of whatever entry is made meanwhile.
 */
let returning = false;

export class BackButton {
  #report;
  #wanted = false;
  /** Where it stands, once it is made. In browsers that do not tell, none is. */
  #entry;

  /** Reports when the visitor has gone back from the entry. */
  constructor(report) {
    this.#report = report;
  }

  /** Whether there is something to lead out of. */
  leadsOut(wanted) {
    this.#wanted = wanted;
    buttons.add(this);
    // Whatever was closed before, also by the page and a moment ago, begins its way back before this makes an entry; and a
    // page that goes elsewhere because the chat is closed has done so by then, and is not called back.
    queueMicrotask(() => this.settle());
  }

  /** Makes the entry, or leaves it, as is wanted now; while the browser is on a way back, once it has arrived. */
  settle() {
    if (returning) return;
    const now = place();
    if (!this.#wanted) {
      // The page may have gone on from there, or made the entry its own: then its way back is its own, too.
      returning = Boolean(now) && this.#entry?.index === now.index && this.#entry.url === now.url;
      this.#entry = undefined;
      buttons.delete(this);
      if (returning) history.back();
    } else if (now && !(this.#entry?.index <= now.index)) {
      history.pushState(history.state, "");
      this.#entry = place();
    }
    listen();
  }

  /** The visitor, or the page, has gone elsewhere in the history. */
  follow() {
    if (!this.#wanted || !(place()?.index < this.#entry?.index)) return;
    this.#wanted = false;
    this.#entry = undefined;
    this.#report();
  }
}

/** One listener for all: none takes the end of a way back for the visitor's doing, whichever would hear of it first. */
function moved() {
  const byItself = returning;
  returning = false;
  for (const button of [...buttons]) {
    if (byItself) button.settle();
    else button.follow();
  }
  listen();
}

function listen() {
  const change = buttons.size || returning ? addEventListener : removeEventListener;
  change("popstate", moved);
}

/** The values as they are now: the browser's own object counts on. */
function place() {
  const entry = window.navigation?.currentEntry;
  return entry && { index: entry.index, url: entry.url };
}
