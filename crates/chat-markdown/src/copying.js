// The button of each code block: one listener for each text, since most texts have no code and none is worth a module.

const SAID_FOR = 2000;
const places = new WeakSet();
const busy = new WeakSet();

export function offerCopying(place) {
  if (places.has(place)) return;
  places.add(place);
  place.addEventListener("click", (event) => {
    const button = event.target.closest?.("button.code-copy");
    if (button && !busy.has(button)) copy(button);
  });
}

async function copy(button) {
  const label = button.textContent;
  busy.add(button);
  if (await written(button.closest(".code").querySelector("code"))) {
    button.textContent = button.dataset.copied;
    await new Promise((resolve) => setTimeout(resolve, SAID_FOR));
    button.textContent = label;
  }
  busy.delete(button);
}

// A page without a secure context has no clipboard, and a policy may forbid it: there the old way remains.
async function written(code) {
  try {
    await navigator.clipboard.writeText(code.textContent);
    return true;
  } catch {
    const selection = getSelection();
    selection.selectAllChildren(code);
    const done = document.execCommand("copy");
    selection.removeAllRanges();
    return done;
  }
}
