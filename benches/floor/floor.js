// The floor: the least that a chat can cost. A bubble, a panel, Markdown block by block, one DOM write per frame, and nothing
// else: no accessibility, no languages, no second tab, no lost connection. What the widget is measured against.
(() => {
  const base = new URL(".", document.currentScript.src).href;

  const STYLE = `.floor-launcher{position:fixed;right:20px;bottom:20px;width:56px;height:56px;border:0;border-radius:28px;background:#2f4fc4;
color:#fff;font-size:24px;cursor:pointer;box-shadow:0 4px 20px #0004}
.floor-panel{position:fixed;right:20px;bottom:88px;width:380px;height:600px;max-height:80vh;display:flex;flex-direction:column;
box-sizing:border-box;border:1px solid #8888;border-radius:16px;background:#fff;color:#1c2333;font:15px/1.5 system-ui,sans-serif;overflow:hidden}
.floor-list{flex:1;overflow-y:auto;padding:16px}
.floor-message{width:fit-content;max-width:85%;margin:0 0 10px;padding:8px 12px;border-radius:14px;background:#eef0f5;overflow-wrap:anywhere}
.floor-message.visitor{margin-left:auto;background:#2f4fc4;color:#fff}
.floor-message p,.floor-message ul,.floor-message ol,.floor-message h3,.floor-message blockquote{margin:0 0 8px}
.floor-message pre{overflow-x:auto;padding:8px;background:#1c23330f}
.floor-form{display:flex;gap:8px;padding:12px;border-top:1px solid #8884}
.floor-form textarea{flex:1;resize:none;font:inherit}`;

  const make = (tag, name, text) => {
    const element = document.createElement(tag);
    if (name) element.className = name;
    if (text) element.textContent = text;
    return element;
  };

  /** Strong, emphasis, code and links, as nodes. */
  const INLINE = /\*\*(.+?)\*\*|\*(.+?)\*|`(.+?)`|\[(.+?)\]\((https?:.+?)\)/g;
  function inline(parent, text) {
    let end = 0;
    for (const { 0: all, 1: strong, 2: emphasis, 3: code, 4: label, 5: href, index } of text.matchAll(INLINE)) {
      parent.append(text.slice(end, index));
      const node = make(strong ? "strong" : emphasis ? "em" : code ? "code" : "a", "", strong ?? emphasis ?? code ?? label);
      if (href) node.href = href;
      parent.append(node);
      end = index + all.length;
    }
    parent.append(text.slice(end));
    return parent;
  }

  /** One block as an element. */
  function block(source) {
    const lines = source.split("\n");
    const [first] = lines;
    if (first.startsWith("```")) {
      const pre = make("pre");
      pre.append(make("code", "", lines.slice(1, lines.length > 1 && lines.at(-1) === "```" ? -1 : undefined).join("\n")));
      return pre;
    }
    if (first.startsWith("#")) return inline(make("h3"), first.replace(/^#+ */, ""));
    if (first.startsWith("> ")) return inline(make("blockquote"), source.replace(/^> ?/gm, ""));
    const mark = /^(?:[-*]|(\d+)\.) +/;
    if (mark.test(first)) {
      const list = make(mark.exec(first)[1] ? "ol" : "ul");
      for (const line of lines) list.append(inline(make("li"), line.replace(mark, "")));
      return list;
    }
    return inline(make("p"), source);
  }

  /** A text that grows: finished blocks are written once, the open one again with each frame that brings something. */
  class Reply {
    open = "";
    element;
    constructor(place) {
      this.place = place;
    }
    append(text) {
      this.open += text;
      for (let end; (end = this.cut()) >= 0; ) {
        this.show(this.open.slice(0, end).trim());
        this.open = this.open.slice(end).replace(/^\n+/, "");
        this.element = undefined;
      }
      if (this.open.trim()) this.show(this.open.trim());
    }
    /** Where the open block ends, if it does: at an empty line, or behind its fence. */
    cut() {
      if (!this.open.startsWith("```")) return this.open.indexOf("\n\n");
      const fence = this.open.indexOf("\n```", 3);
      return fence < 0 || this.open.length < fence + 5 ? -1 : fence + 4;
    }
    show(source) {
      if (!source) return;
      const element = block(source);
      if (this.element) this.element.replaceWith(element);
      else this.place.append(element);
      this.element = element;
    }
  }

  const launcher = make("button", "floor-launcher", "…");
  let panel, list, input, session, reply;
  let buffer = [];

  function message(author, text) {
    const place = make("div", `floor-message ${author}`);
    if (author === "visitor") place.textContent = text;
    else new Reply(place).append(text);
    return place;
  }

  function build() {
    panel = make("div", "floor-panel");
    list = make("div", "floor-list");
    const form = make("form", "floor-form");
    input = make("textarea");
    input.rows = 1;
    input.onkeydown = (event) => {
      if (event.key !== "Enter" || event.shiftKey) return;
      event.preventDefault();
      send(input.value);
      input.value = "";
    };
    form.append(input);
    panel.append(list, form);
    const past = JSON.parse(localStorage.getItem("floor") ?? "[]");
    list.append(...past.map(([author, text]) => message(author, text)));
    document.body.append(panel);
    list.scrollTop = list.scrollHeight;
    connect();
  }

  const post = async (path, body) => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(base + path, { method: "POST", headers, body: JSON.stringify(body) });
    return (await answer.json()).data;
  };

  async function connect() {
    session = await post("init", { visitorId: `web_${crypto.randomUUID()}` });
    const socket = new WebSocket(session.wsUrl);
    socket.onmessage = ({ data }) => {
      if (buffer.push(data) === 1) requestAnimationFrame(draw);
    };
  }

  /** All that came since the last frame, in one go. */
  function draw() {
    let text = "";
    let over = false;
    for (const frame of buffer.map((data) => JSON.parse(data))) {
      text += frame.multipleData.map(({ modal }) => modal.answer).join("");
      over ||= frame.index === -1;
    }
    buffer = [];
    if (!reply) {
      reply = new Reply(make("div", "floor-message avatar"));
      list.append(reply.place);
    }
    const follows = list.scrollHeight - list.scrollTop - list.clientHeight < 48;
    reply.append(text);
    if (follows) list.scrollTop = list.scrollHeight;
    if (over) reply = undefined;
  }

  function send(text) {
    list.append(message("visitor", text));
    list.scrollTop = list.scrollHeight;
    post("send", { sessionId: session.sessionId, message: text });
  }

  launcher.onclick = () => (panel ? (panel.hidden = !panel.hidden) : build());
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  document.adoptedStyleSheets.push(sheet);
  document.body.append(launcher);
})();
