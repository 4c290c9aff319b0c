// Fetches what widget.js does not hold: each file by a name that changes with its content, and only if it is the file that was
// built. It does not know what the files do.

// The bundler fills in each file's name and its hash.
const [GLUE, WASM, MORE] = __CHAT_PARTS__;

/** The parts beside the script at `base`, each fetched once, and again after it has failed. `nonce` is the page's. */
export function partsAt(base, nonce) {
  // A browser remembers a module that failed, and perhaps a file that is broken: the next attempt has another address.
  let again = "";

  const keep = (fetchPart) => {
    let part;
    return () =>
      (part ??= fetchPart().catch((error) => {
        part = undefined;
        again += "?";
        throw error;
      }));
  };

  /** `import()` checks nothing by itself, but it takes what the link before it fetches and checks. */
  const fetchModule = ([name, integrity]) => {
    const href = base + name + again;
    const link = document.createElement("link");
    document.head.append(Object.assign(link, { rel: "modulepreload", integrity, nonce, href }));
    return import(href);
  };

  return {
    chat: keep(async () => {
      // Eight bytes that are a whole module: what the browser lacks is told before anything is fetched in vain.
      new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
      const [chat, wasm] = await Promise.all([fetchModule(GLUE), fetch(base + WASM[0] + again, { integrity: WASM[1] })]);
      await chat.default({ module_or_path: wasm });
      return chat;
    }),
    more: keep(() => fetchModule(MORE)),
  };
}
