// The frame's own page: shows the chat that the page around it asks for, and tells that page what happens. It takes orders over
// the one channel that its parent handed to it. Which pages may be its parent, the proxy says (`frame-ancestors`).

import { NAME } from "./element.js";
import { partsAt } from "./parts.js";
import { received } from "./sendable.js";

const EVENTS = ["ready", "open", "close", "sent", "reply", "error", "takeover", "unread"];

const base = new URL(".", location.href).href;

addEventListener("message", function greet({ source, data, ports: [port] }) {
  if (source !== parent || source === window || !data?.options || !port) return;
  removeEventListener("message", greet);
  begin(data, (what, value) => port.postMessage([what, value]), port);
});

async function begin({ options, looks }, tell, port) {
  tell("answered");
  wear(looks);
  const calls = [];
  const told = { looks: wear, call: (call) => calls.push(call) };
  port.onmessage = ({ data: [what, value], ports }) => told[what]?.(what == "call" ? received(value, ports) : value);
  try {
    const { mount } = await partsAt(base).chat();
    const host = document.querySelector("main");
    nameLauncher(host.attachShadow({ mode: "open" }), (named) => tell("launcher", named));
    for (const name of EVENTS) host.addEventListener(`${NAME}:${name}`, ({ detail }) => tell("event", [name, detail]));
    const chat = mount(host, { ...options, base, mode: "framed" });
    told.call = ([name, ...values]) => {
      try {
        chat[name](...values);
      } catch (error) {
        // What the page says wrongly is told to its owner, and the chat goes on.
        console.error(error);
      }
    };
    calls.forEach(told.call);
    tell("ready");
  } catch (error) {
    tell("failed", { name: error.name, message: error.message });
  }
}

/** The chat names a launcher that is not here. */
function nameLauncher(shadow, told) {
  const make = (name) => shadow.appendChild(Object.assign(document.createElement("i"), { className: name, hidden: true }));
  const [launcher, badge] = [make("launcher"), make("badge")];
  const name = () => told({ label: launcher.getAttribute("aria-label"), lang: launcher.lang, badge: badge.textContent });
  const observer = new MutationObserver(name);
  observer.observe(launcher, { attributeFilter: ["aria-label", "lang"] });
  observer.observe(badge, { childList: true });
}

/** Looks as the page around the frame. */
function wear({ properties, darkClass, language, direction }) {
  const { style } = Object.assign(document.documentElement, { lang: language, dir: direction, className: darkClass });
  for (const [name, value] of properties) style.setProperty(name, value);
}
