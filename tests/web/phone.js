// A phone, by script: a small screen whatever the window's size is, a keyboard that covers a part of it, and a page that can
// be scrolled. It knows nothing of the widget.

// The browser's own, whatever a test's clock puts in their place.
const { matchMedia, setTimeout } = window;
const { supports } = CSS;
const { back } = history;
const { navigation } = window;
const tells = Object.getOwnPropertyDescriptor(window, "navigation");
let wayBack;

// A widget goes back by itself, and says nothing of it.
history.back = () => {
  wayBack = new Promise((gone) => addEventListener("popstate", gone, { once: true }));
  back.call(history);
};

/** Resolves once the browser is on no way back any more, such as one on which the test before has sent it. */
export const rest = async () => {
  // What is taken away goes back a moment later.
  await new Promise((resolve) => setTimeout(resolve));
  await wayBack;
};

export class Phone {
  #small = true;
  #touched = false;
  #lists = [];
  #scene = document.createElement("div");
  #address = location.href;

  constructor() {
    this.#scene.style.height = "5000px";
    this.#scene.style.width = "10px";
    document.body.prepend(this.#scene);
    window.matchMedia = (query) => {
      if (query === "(pointer: coarse)") return { matches: this.#touched };
      if (!query.includes("480px")) return matchMedia.call(window, query);
      const list = Object.defineProperty(new EventTarget(), "matches", { get: () => this.#small });
      this.#lists.push(list);
      return list;
    };
  }

  end() {
    window.matchMedia = matchMedia;
    CSS.supports = supports;
    Object.defineProperty(window, "navigation", tells);
    for (const name of ["height", "offsetTop", "scale"]) delete visualViewport[name];
    this.#scene.remove();
    for (const element of [document.documentElement, document.body]) element.removeAttribute("style");
    history.replaceState(null, "", this.#address);
    scrollTo({ top: 0, behavior: "instant" });
  }

  /** The screen is small, or has room. */
  turn(small) {
    this.#small = small;
    for (const list of this.#lists) list.dispatchEvent(new Event("change"));
  }

  /** What is left of the screen, and how far the browser has moved it over the page. */
  leave(height, top, scale) {
    const lengths = { height, offsetTop: top, scale };
    for (const [name, value] of Object.entries(lengths)) {
      Object.defineProperty(visualViewport, name, { configurable: true, get: () => value });
    }
    visualViewport.dispatchEvent(new Event("resize"));
  }

  /** The visitor's pointer is a finger. */
  touch() {
    this.#touched = true;
  }

  /** A browser whose inputs do not grow by themselves. */
  old() {
    CSS.supports = (...condition) => !condition.join().includes("field-sizing") && supports.apply(CSS, condition);
  }

  /** A browser that tells how many entries the tab's history has, and not which of them it is at. */
  vague() {
    Object.defineProperty(window, "navigation", { configurable: true, value: undefined });
  }

  /** Everything of the page that a widget could have written to, as one text. */
  page() {
    const attributes = ({ attributes }) => [...attributes].map(({ name, value }) => `${name}=${value}`);
    const { documentElement, head, body, adoptedStyleSheets } = document;
    return [...attributes(documentElement), ...attributes(body), head.outerHTML, adoptedStyleSheets.length].join("\n");
  }

  /** Gives the page's root and body these styles. */
  style(root, body) {
    document.documentElement.setAttribute("style", root);
    document.body.setAttribute("style", body);
  }

  scroll(top) {
    scrollTo({ top, behavior: "instant" });
  }

  /** Whether the page could be scrolled by its visitor. */
  scrolls() {
    const [root, body] = [document.documentElement, document.body].map((element) => getComputedStyle(element).overflowY);
    return (root === "visible" ? body : root) !== "hidden";
  }

  /** A visitor's wish that the page cannot know of: resolves once the browser has gone. */
  go(steps) {
    return new Promise((gone) => {
      addEventListener("popstate", () => gone(), { once: true });
      history.go(steps);
    });
  }

  /** The page's router goes on. */
  push(address) {
    history.pushState({ address }, "", address);
  }

  /** Where the tab stands in its history. */
  index() {
    return navigation.currentEntry.index;
  }
}
