// A file that the browser makes of a text, for the visitor to keep.

/** Milliseconds after which every browser has read the file. */
const READ = 60_000;

export function download(name, type, text) {
  const href = URL.createObjectURL(new Blob([text], { type }));
  Object.assign(document.createElement("a"), { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), READ);
}
