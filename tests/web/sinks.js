// Watches whatever turns a text into elements or into a program, which a page that requires Trusted Types forbids.

const sinks = [
  [Element.prototype, ["innerHTML", "outerHTML", "insertAdjacentHTML", "setHTMLUnsafe"]],
  [ShadowRoot.prototype, ["innerHTML", "setHTMLUnsafe"]],
  [Range.prototype, ["createContextualFragment"]],
  [DOMParser.prototype, ["parseFromString"]],
  [Document.prototype, ["write", "writeln"]],
  [HTMLScriptElement.prototype, ["src", "text", "textContent", "innerText"]],
  [HTMLIFrameElement.prototype, ["srcdoc"]],
].flatMap(([owner, names]) =>
  names
    .map((name) => ({ owner, name, own: Object.getOwnPropertyDescriptor(owner, name) }))
    .filter(({ own }) => own),
);
let used = [];

/** From now on each use is noted; to read from a sink is none. */
export function watchSinks() {
  used = [];
  for (const { owner, name, own } of sinks) {
    const noted = (action) =>
      function (...values) {
        used.push(name);
        return action.apply(this, values);
      };
    const change = own.set ? { set: noted(own.set) } : { value: noted(own.value) };
    Object.defineProperty(owner, name, { ...own, ...change });
  }
}

/** Gives the page its sinks back, and the names of those that were used. */
export function releaseSinks() {
  for (const { owner, name, own } of sinks) Object.defineProperty(owner, name, own);
  return used.splice(0);
}
