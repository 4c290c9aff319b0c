// What is said where the chat can't be had, and where a visitor can turn to instead.

const FAILED = "The chat could not be loaded. Please try again.";
const REFUSED = "The chat does not work in this browser.";
const CONTACT = "Contact us";

/** Says it in the words beside the launcher. What the browser lacks does not come by trying again: asked again, it is hidden. */
export function apologize(words, error, { loadFailed, fallback, fallbackHref }) {
  // No WebAssembly at all, or forbidden by the page, or one that lacks what the chat needs.
  const refused = /Reference|Compile/.test(error.name);
  words.told = refused && !words.told;
  if (refused && !words.told) return;
  const own = !refused && loadFailed;
  // In English, unless the site has its own words: eighteen languages would travel to each visitor for nothing.
  words.lang = own ? "" : "en";
  words.textContent = own || (refused ? REFUSED : FAILED);
  const link = document.createElement("a");
  link.href = fallbackHref ?? "";
  link.textContent = fallback || CONTACT;
  if (fallbackHref && /^(https?|mailto|tel):$/.test(link.protocol)) words.append(" ", link);
}
