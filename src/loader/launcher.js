// What an element shows before anything is loaded: the launcher, and a place for words beside it. It knows no chat, and imports
// nothing, so that a program in Rust can use it as it is.

const HTML = "http://www.w3.org/1999/xhtml";
const SVG = "http://www.w3.org/2000/svg";
const TALK = "M5 4h14a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-7l-5 4v-4H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z";
const SHUT = "M6 9l6 6 6-6";

/** Draws both into the shadow root; the launcher is named in a language. `style` is launcher.css. */
export function draw(shadow, language, name, style) {
  adopt(shadow, style);
  const words = add(shadow, "p", { class: "words", role: "alert" });
  // The chat gives it another name once it is there, and fills the badge.
  const launcher = add(shadow, "button", {
    class: "launcher",
    part: "launcher",
    lang: language,
    "aria-label": name,
    "aria-haspopup": "dialog",
  });
  const icon = add(launcher, "svg", { viewBox: "0 0 24 24", "aria-hidden": true }, SVG);
  add(icon, "path", { class: "talk", d: TALK }, SVG);
  add(icon, "path", { class: "shut", d: SHUT }, SVG);
  add(shadow, "span", { class: "badge", "aria-hidden": true });
  return [launcher, words];
}

/** A stylesheet that is adopted needs no permission of the page. */
export function adopt(shadow, text) {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    shadow.adoptedStyleSheets.push(sheet);
  } catch {
    add(shadow, "style", {}).textContent = text;
  }
}

function add(parent, tag, attributes, namespace = HTML) {
  const element = document.createElementNS(namespace, tag);
  for (const name in attributes) element.setAttribute(name, attributes[name]);
  parent.append(element);
  return element;
}
