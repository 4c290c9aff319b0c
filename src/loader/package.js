// The module for programs, as the npm package has it: where its files will lie, the program's bundler knows.

import { mountFrom } from "./mount.js";

/** Fetched once for all who ask, and again after it has failed. */
const keep = (fetchPart) => {
  let part;
  return () =>
    (part ??= fetchPart().catch((error) => {
      part = undefined;
      throw error;
    }));
};

export const mount = mountFrom({
  chat: keep(async () => {
    // Eight bytes that are a whole module: what the browser lacks is told before anything is fetched in vain.
    new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
    const wasm = fetch(new URL("./secondme-chat_bg.wasm", import.meta.url));
    const [chat, response] = await Promise.all([import("./secondme-chat.js"), wasm]);
    await chat.default({ module_or_path: response });
    return chat;
  }),
  more: keep(() => import("./secondme-chat-more.js")),
});
