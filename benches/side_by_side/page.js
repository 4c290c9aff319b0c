// What is asked of a page, whichever program is on it. It goes into the page before the page's own scripts, and does nothing
// while something is measured, but for a look at each frame until the launcher is there.

(() => {
  const deep = (selector) => document.querySelector("deep-chat")?.shadowRoot?.querySelectorAll(selector) ?? [];
  const ours = (selector) => document.querySelector("secondme-chat")?.shadowRoot?.querySelectorAll(selector) ?? [];
  const PROGRAMS = {
    floor: {
      launcher: () => document.querySelector(".floor-launcher"),
      input: () => document.querySelector(".floor-form textarea"),
      messages: () => document.querySelectorAll(".floor-message"),
    },
    "deep-chat": {
      launcher: () => document.querySelector(".launcher"),
      input: () => deep("#text-input")[0],
      messages: () => deep(".message-bubble"),
    },
    secondme: {
      launcher: () => ours("[part=launcher]")[0],
      input: () => ours("[part=input]")[0],
      messages: () => ours("[part=message]"),
    },
  };
  const program = PROGRAMS[location.pathname.slice(1)];
  if (!program) return;

  const tasks = [];
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
    type: "longtask",
    buffered: true,
  });

  const memories = [];
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (...values) => {
      const result = await original.apply(WebAssembly, values);
      memories.push((result.instance ?? result).exports.memory);
      return result;
    };
  }

  const shown = (element) => element?.getBoundingClientRect().width > 0;
  const nextFrame = () => new Promise(requestAnimationFrame);
  const until = async (so) => {
    while (!so()) await nextFrame();
    // A frame that is painted is over when the next one begins.
    await nextFrame();
    return performance.now();
  };

  window.bench = {
    /** When the launcher was on the screen, in milliseconds since the navigation. */
    launcher: until(() => shown(program.launcher())),

    /** Opens the panel, and gives the time when it can be written in. */
    open() {
      program.launcher().click();
      return until(() => shown(program.input()));
    },

    /** How many messages there are. */
    count: () => program.messages().length,

    /** Whether the newest message holds these words. */
    says: (words) => [...program.messages()].at(-1)?.textContent.includes(words) ?? false,

    /** The keyboard's focus goes to where the visitor writes, and the next key replaces all that stands there. */
    focus() {
      const input = program.input();
      input.focus();
      if (input.select) input.select();
      else input.getRootNode().getSelection?.().selectAllChildren(input);
    },

    /** The longest task in milliseconds so far; 0 where none took 50. */
    longest: () => Math.max(0, ...tasks),

    /** The widget's visitor says these, each when the one before was answered. */
    async talk(questions) {
      const chat = await new Promise((resolve) => window.SecondMeChat.push(resolve));
      for (const question of questions) {
        const answered = new Promise((resolve) => {
          document.addEventListener("secondme-chat:reply", resolve, { once: true });
        });
        chat.send(question);
        await answered;
      }
    },

    /** Bytes of WebAssembly's memories. */
    wasm: () => memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0),
  };
})();
