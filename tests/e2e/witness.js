// Runs in every page before the page's own scripts, and keeps what a visitor could have seen: every state of the chat
// that was different from the one before, and whatever was thrown into the page. It changes nothing.
(() => {
  const witness = { history: [], errors: [], events: [], snapshot };
  Object.defineProperty(window, "witness", { value: witness });

  addEventListener("error", (event) => witness.errors.push(`error: ${event.message} ${event.filename}`));
  addEventListener("unhandledrejection", (event) => witness.errors.push(`unhandled rejection: ${event.reason}`));

  for (const name of ["ready", "open", "close", "sent", "reply", "takeover", "error", "unread"])
    addEventListener(`secondme-chat:${name}`, ({ detail }) => witness.events.push([name, detail === null ? null : `${detail}`]));

  const chat = () => document.querySelector("secondme-chat")?.shadowRoot;
  const shown = (element) => Boolean(element?.checkVisibility({ opacityProperty: false, visibilityProperty: true }));
  const said = (elements) =>
    [...elements].filter(shown).map((element) => element.textContent.trim()).filter(Boolean).join(" ");

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
        text: message.querySelector("[part~=bubble]").textContent,
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
