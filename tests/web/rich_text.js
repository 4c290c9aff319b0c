// The module for rich text, by script. Where no test asks for one, each text is refused, and stays plain.

let current;
globalThis.beginRichText = (place, options) => {
  if (!current) throw new Error("there is no rich text in this test");
  return current.begin(place, options);
};

const MODULE = `export default async () => {};
export class RichText { constructor(place, options) { return globalThis.beginRichText(place, options); } }`;
// What the bundler would say.
globalThis.__CHAT_RICH_TEXT__ = [`data:text/javascript,${encodeURIComponent(MODULE)}`, "data:application/wasm,"];

const { requestIdleCallback } = window;

export class RichTexts {
  #slices = [[]];
  #finished = [];
  #fails = false;
  #held = [];
  #busy = false;

  constructor() {
    current = this;
    window.requestIdleCallback = (call) => {
      if (this.#busy) this.#held.push(call);
      else requestIdleCallback.call(window, (deadline) => {
        this.#slices.push([]);
        call(deadline);
      });
    };
  }

  end() {
    current = undefined;
    Object.assign(window, { requestIdleCallback });
  }

  begin(place, options) {
    // What is only read out is on no page.
    const seen = place.matches(".bubble");
    place.classList.add("rich");
    const paragraph = document.createElement("p");
    place.replaceChildren(paragraph);
    let first = true;
    const write = (text) => {
      if (this.#fails) throw new Error("the module has failed");
      if (first && seen) this.#slices.at(-1).push(text);
      first = false;
      paragraph.textContent = text;
    };
    return {
      append: (text) => write(paragraph.textContent + text),
      rewrite: write,
      finish: () => seen && this.#finished.push(`${paragraph.textContent} ${JSON.stringify(options)}`),
    };
  }

  /** The texts as they were when they were begun: those at once, and then those of each time that the browser was idle. */
  slices() {
    return this.#slices.map((texts) => texts.join("|"));
  }

  /** The texts that were finished, with their options. */
  finished() {
    return [...this.#finished];
  }

  /** The browser has no time. */
  hold() {
    this.#busy = true;
  }

  release() {
    this.#busy = false;
    this.#held.splice(0).forEach((call) => window.requestIdleCallback(call));
  }

  fail() {
    this.#fails = true;
  }
}
