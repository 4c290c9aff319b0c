// The world of the page that is measured: the site's proxy and SecondMe's socket by script, so that nothing but the widget
// takes time, and a stopwatch for frames. It goes into the page before the page's own scripts.

(() => {
  const { fetch } = window;
  const sockets = [];
  let sent = 0;

  window.fetch = async (input, init) => {
    const path = new URL(input.url ?? input, location.href).pathname;
    if (!/\/chat\/(init|send)$/.test(path)) return fetch(input, init);
    if (path.endsWith("send")) sent += 1;
    const hello = { sessionId: "session-1", wsUrl: "wss://socket.example/?wsId=1", avatarName: "Mira", opening: "Hello." };
    const data = path.endsWith("init") ? hello : { sent: true };
    return new Response(JSON.stringify({ code: 0, data }), { headers: { "content-type": "application/json" } });
  };

  window.WebSocket = class {
    readyState = 0;
    constructor(url) {
      this.url = url;
      sockets.push(this);
      setTimeout(() => {
        this.readyState = 1;
        this.onopen?.(new Event("open"));
      });
    }
    send(text) {
      const { type, wsId } = JSON.parse(text);
      if (type === "ping") this.push({ type: "pong", wsId });
    }
    close() {
      this.readyState = 3;
    }
    push(frame) {
      this.onmessage?.(new MessageEvent("message", { data: JSON.stringify(frame) }));
    }
  };

  const chunk = (index, answer) =>
    sockets.at(-1).push({ sender: "umm", sessionId: "session-1", index, multipleData: [{ singleDataType: "text", modal: { answer } }] });
  const nextFrame = () => new Promise(requestAnimationFrame);
  const nextTask = () => new Promise((resolve) => setTimeout(resolve));
  const words = (number) => Array.from({ length: 4 + ((number * 7) % 40) }, (_, word) => `word${(number + word) % 97}`).join(" ");
  const find = (selector) => document.querySelector("secondme-chat")?.shadowRoot.querySelectorAll(selector) ?? [];
  const until = async (so) => {
    while (!so()) await nextTask();
  };

  let watch;

  window.bench = {
    /** Starts the stopwatch. */
    start() {
      watch = { frames: [], tasks: [], running: true, last: performance.now() };
      const mine = watch;
      mine.observer = new PerformanceObserver((list) => mine.tasks.push(...list.getEntries().map(({ duration }) => duration)));
      mine.observer.observe({ type: "longtask" });
      const frame = () => {
        if (!mine.running) return;
        const now = performance.now();
        mine.frames.push(now - mine.last);
        mine.last = now;
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    },

    /** Stops it, and gives the frames' lengths and those of tasks of 50 ms and more, all in milliseconds. */
    async stop() {
      for (let frame = 0; frame < 3; frame += 1) await nextFrame();
      await nextTask();
      watch.running = false;
      watch.observer.disconnect();
      return { frames: watch.frames, tasks: watch.tasks };
    },

    /** Opens the panel and waits until so many messages stand there. */
    async open(messages) {
      await until(() => find("[part=launcher]").length);
      find("[part=launcher]")[0].click();
      await until(() => find("[part=message]").length >= messages);
    },

    /** Talks until so many messages stand there: a question and an answer at a time. */
    async fill(messages) {
      await until(() => sockets.at(-1)?.readyState === 1);
      const chat = await new Promise((resolve) => window.SecondMeChat.push(resolve));
      for (let number = 1; number < messages / 2; number += 1) {
        const before = sent;
        chat.send(`Question ${number}?`);
        await until(() => sent > before);
        chunk(-1, `Answer ${number}: ${words(number)}.`);
        if (number % 50 === 0) await nextFrame();
      }
      await until(() => find("[part=message]").length >= messages - 2);
    },

    /** Up to the first message and down again, a good piece with each frame. */
    async scroll() {
      const [transcript] = find("[part=transcript]");
      for (const step of [-600, 600]) {
        for (let frame = 0; frame < 120; frame += 1) {
          transcript.scrollTop += step;
          await nextFrame();
        }
        transcript.scrollTop = step < 0 ? 0 : transcript.scrollHeight;
        await nextFrame();
      }
    },

    focus() {
      find("[part=input]")[0].focus();
    },

    /** A reply of 200 chunks, one with each frame. */
    async stream() {
      for (let index = 0; index < 200; index += 1) {
        chunk(index, `${words(index)} `);
        await nextFrame();
      }
      chunk(-1, "");
    },
  };
})();
