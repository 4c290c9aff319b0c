// A page without a secure context has no clipboard, and a policy may forbid it: there the old way remains, which takes
// neither the focus nor what is selected.

/** Whether the text could be copied. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    let done = false;
    const give = (event) => {
      event.clipboardData.setData("text/plain", text);
      event.preventDefault();
      event.stopImmediatePropagation();
      done = true;
    };
    addEventListener("copy", give, { capture: true });
    document.execCommand("copy");
    removeEventListener("copy", give, { capture: true });
    return done;
  }
}
