// The parts of the widget that are fetched only where they are needed: the module for rich text, and the languages. The
// bundler says which files they are; where nothing was bundled, nothing is fetched, and whoever asks is refused.

const beside = (name) => new URL(name, import.meta.url);

let module;

async function fetchModule() {
  const [script, wasm] = __CHAT_RICH_TEXT__;
  const [markdown, response] = await Promise.all([import(beside(script)), fetch(beside(wasm))]);
  await markdown.default({ module_or_path: response });
  return markdown;
}

/** Resolves to chat-markdown, ready for use, which is fetched once for the whole page. */
export function richText() {
  return (module ??= fetchModule().catch((error) => {
    // The next attempt fetches again.
    module = undefined;
    throw error;
  }));
}

/** Resolves to the texts of a language. Asks for nothing where there is no file for it. */
export async function language(tag) {
  const files = __CHAT_LANGUAGES__;
  if (!Object.hasOwn(files, tag)) throw new Error("no file for " + tag);
  const response = await fetch(beside(files[tag]));
  if (!response.ok) throw new Error(response.status + " " + response.url);
  return response.json();
}
