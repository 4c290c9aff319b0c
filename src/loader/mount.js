// For programs: a chat by a call, with the options that a page writes as attributes.

import { NAME, define } from "./element.js";

/** Makes `mount` for the files that `parts` fetches; `base` is where the proxy is unless the program says otherwise. */
export function mountFrom(parts, base) {
  return ({ target, ...options }) => {
    // The page may have the script tag as well.
    if (!customElements.get(NAME)) define(parts, { base, language: options.language });
    const chat = document.createElement(NAME);
    for (const [name, value] of Object.entries({ mode: "floating", ...options }))
      if (value != null) chat.dataset[name] = attribute(value);
    (target ?? document.body).append(chat);
    return chat;
  };
}

/** What a program's value is as an attribute. */
function attribute(value) {
  if (Array.isArray(value)) return value.join("\n");
  return typeof value == "object" ? JSON.stringify(value) : value;
}
