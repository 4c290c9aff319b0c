// The browser's part of rich text: fetches the module that shows it, once for the whole page. The bundler says which files
// that is; where nothing was bundled, nothing is fetched, and whoever asks is refused.

let module;

async function fetchModule() {
  const [script, wasm] = __CHAT_RICH_TEXT__.map((part) => {
    // Whoever bundles the package for npm checks nothing by a hash.
    const [name, integrity = ""] = [part].flat();
    return { href: new URL(name, import.meta.url).href, integrity };
  });
  if (script.integrity) {
    // `import()` checks nothing by itself, but it takes what the link before it fetches and checks. The loader's own link has
    // the page's nonce.
    const { nonce = "" } = document.querySelector('link[href*="/secondme-chat-"]') ?? {};
    document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", nonce, ...script }));
  }
  const [markdown, response] = await Promise.all([import(script.href), fetch(wasm.href, { integrity: wasm.integrity })]);
  await markdown.default({ module_or_path: response });
  return markdown;
}

/** Resolves to chat-markdown, ready for use. */
export function richText() {
  return (module ??= fetchModule().catch((error) => {
    // The next attempt fetches again.
    module = undefined;
    throw error;
  }));
}

/** What is left of a text when its marks are taken away, as it is read out. */
export function spoken(place) {
  for (const button of place.querySelectorAll("button")) button.remove();
  for (const block of place.querySelectorAll("h1,h2,h3,h4,h5,h6,p,li,ul,ol,td,th,pre,span")) block.before(" ");
  return place.textContent.replace(/\s+/g, " ").trim();
}
