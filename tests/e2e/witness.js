// Runs in every page before the page's own scripts, and keeps what a visitor could have seen: every state of the chat
// that was different from the one before, and whatever was thrown into the page. It changes nothing.
(() => {
  const witness = { history: [], errors: [], events: [], snapshot, read };
  Object.defineProperty(window, "witness", { value: witness });

  addEventListener("error", (event) => witness.errors.push(`error: ${event.message} ${event.filename}`));
  addEventListener("unhandledrejection", (event) => witness.errors.push(`unhandled rejection: ${event.reason}`));

  for (const name of ["ready", "open", "close", "sent", "reply", "takeover", "error", "unread"])
    addEventListener(`secondme-chat:${name}`, ({ detail }) => witness.events.push([name, detail === null ? null : `${detail}`]));

  const chat = () => document.querySelector("secondme-chat")?.shadowRoot;
  const shown = (element) => Boolean(element?.checkVisibility({ opacityProperty: false, visibilityProperty: true }));
  const said = (elements) =>
    [...elements].filter(shown).map((element) => element.textContent.trim()).filter(Boolean).join(" ");

  /** What a person reads: a rich text line by line, without what the widget adds to it; else the text as it stands there. */
  const BLOCK = /^(P|H[3-6]|UL|OL|LI|BLOCKQUOTE|DIV|PRE|TABLE|THEAD|TBODY|TR|HR)$/;
  const CELL = /^T[HD]$/;
  function read(node) {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (node.nodeType !== Node.ELEMENT_NODE || node.classList.contains("code-bar")) return "";
    if (node.localName === "img") return node.alt;
    let text = "";
    let before;
    for (const child of node.childNodes) {
      const more = read(child);
      if (text && more)
        if (BLOCK.test(child.tagName) || BLOCK.test(before)) text += "\n";
        else if (CELL.test(child.tagName)) text += "\t";
      if (more) before = child.tagName;
      text += more;
    }
    // The end of a block of code is no line of its own.
    return node.localName === "pre" ? text.replace(/\n$/, "") : text;
  }

  function snapshot() {
    const root = chat();
    if (!root) return null;
    const all = (selector) => [...root.querySelectorAll(selector)];
    const part = (name) => root.querySelector(`[part~=${name}]`);
    return {
      launcher: part("launcher")?.getAttribute("aria-label") ?? "",
      open: shown(part("panel")),
      title: part("title")?.textContent ?? "",
      status: part("status")?.textContent ?? "",
      alert: said(all("[role=alert]").filter((element) => !element.closest("[part~=message]"))),
      waiting: said(all(".waiting")),
      counter: said(all(".counter")),
      sendable: part("send")?.disabled === false,
      draft: part("input")?.value ?? "",
      focus: root.activeElement?.getAttribute("part") ?? "",
      messages: all("[part~=message]").map((message) => ({
        author: message.dataset.author,
        status: message.dataset.status,
        rich: message.querySelector("[part~=bubble]").classList.contains("rich"),
        text: read(message.querySelector("[part~=bubble]")),
        note: said([...message.children].filter((child) => !child.matches("[part~=bubble]"))),
      })),
    };
  }

  let last;
  const look = () => {
    const now = JSON.stringify(snapshot());
    if (now !== last) witness.history.push(JSON.parse((last = now)));
  };
  const watch = () => {
    const everything = { subtree: true, childList: true, characterData: true, attributes: true };
    new MutationObserver(look).observe(chat(), everything);
    look();
  };
  customElements.whenDefined("secondme-chat").then(() => {
    if (chat()) return watch();
    new MutationObserver((_, observer) => {
      if (!chat()) return;
      observer.disconnect();
      watch();
    }).observe(document, { subtree: true, childList: true });
  });
})();
