// The theme page: what is turned is put on the page's chat at once, and printed as the embed that a site would write. It uses
// the chat as any page may, and needs nothing that a strict policy forbids.

const controls = document.querySelector("#controls");
const frame = document.querySelector("#frame");
const hint = document.querySelector("#hint");
const embed = document.querySelector("#embed");
const copy = document.querySelector("#copy");
const sheet = new CSSStyleSheet();
document.adoptedStyleSheets = [sheet];

/** The chat on the page, and the attributes that it was made with. */
let element;
let made;
let open = false;

/** What differs from what the widget does by itself: custom properties, and attributes by their names. */
function chosen() {
  const properties = {};
  const attributes = {};
  const { value: mode } = controls.elements.mode;
  for (const field of controls.elements) {
    if (!field.name || field.closest("[hidden]") || field.name === "mode") continue;
    if (/radio|checkbox/.test(field.type) && !field.checked) continue;
    const value = field.value.trim();
    if (!value) continue;
    if (!field.name.startsWith("--")) attributes[`data-${field.name}`] = value;
    else if (value !== standard(field)) properties[field.name] = value + (field.dataset.unit ?? "");
  }
  return { mode, properties, attributes };
}

const standard = (field) => field.defaultValue ?? "";

function css(properties) {
  const lines = Object.entries(properties).map(([name, value]) => `  ${name}: ${value};\n`);
  return lines.length ? `secondme-chat {\n${lines.join("")}}` : "";
}

function tag(attributes) {
  const escape = (text) => text.replace(/[&"<\n]/g, (character) => `&#${character.charCodeAt(0)};`);
  return Object.entries(attributes).map(([name, value]) => ` ${name}="${escape(value)}"`).join("");
}

function written({ mode, properties, attributes }) {
  const style = css(properties);
  const source = ` async src="${new URL("chat/widget.js", location.href)}"`;
  const lines = style ? [`<style>\n${style}\n</style>`] : [];
  if (mode === "inline") lines.push(`<secondme-chat${tag(attributes)}></secondme-chat>`, `<script${source} data-mode="inline"></script>`);
  else lines.push(`<script${source}${tag(attributes)}></script>`);
  return lines.join("\n");
}

/** Properties and the print follow each movement. */
function show() {
  const { value: mode } = controls.elements.mode;
  for (const part of controls.querySelectorAll("[data-for]")) part.hidden = part.dataset.for !== mode;
  frame.hidden = mode !== "inline";
  hint.hidden = mode === "inline";
  const now = chosen();
  sheet.replaceSync(css(now.properties));
  embed.textContent = written(now);
  return now;
}

/** Attributes are read when a chat is first opened: another one takes its place. */
function settle() {
  const { mode, attributes } = show();
  const wanted = JSON.stringify([mode, attributes]);
  if (wanted === made) return;
  made = wanted;
  const again = open;
  element?.destroy();
  element = document.createElement("secondme-chat");
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (mode === "floating") element.dataset.mode = mode;
  (mode === "floating" ? document.body : frame).append(element);
  if (again) element.open();
}

addEventListener("secondme-chat:open", () => (open = true));
addEventListener("secondme-chat:close", () => (open = false));
controls.addEventListener("input", show);
controls.addEventListener("change", settle);
controls.addEventListener("reset", () => setTimeout(settle));
controls.addEventListener("submit", (event) => event.preventDefault());
copy.addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(embed.textContent);
    copy.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(embed);
    copy.textContent = "Selected";
  }
  setTimeout(() => (copy.textContent = "Copy"), 2000);
});

customElements.whenDefined("secondme-chat").then(settle);
show();
