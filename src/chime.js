// A short, quiet tone. Browsers let a page sound only after the visitor has done something on it; until then it is silent.

/** Milliseconds that lie between two tones at least. */
const PAUSE = 3_000;
/** A tone that could not be heard within this many milliseconds is not worth hearing any more. */
const LATE = 500;
const GESTURES = ["pointerup", "keydown"];

export class Chime {
  #context;
  #last = -Infinity;
  #wake = () => {
    if (typeof AudioContext === "undefined") return;
    this.#context ??= new AudioContext();
    this.#context.resume().catch(() => {});
  };

  /** Listens for the gesture that the browser wants. Doing so again does no harm. */
  prepare() {
    for (const name of GESTURES) addEventListener(name, this.#wake, true);
    if (navigator.userActivation?.hasBeenActive) this.#wake();
  }

  ring() {
    this.prepare();
    const at = Date.now();
    const context = this.#context;
    if (!context || at - this.#last < PAUSE) return;
    this.#last = at;
    context.resume().then(
      () => Date.now() - at < LATE && tone(context),
      () => {},
    );
  }

  end() {
    for (const name of GESTURES) removeEventListener(name, this.#wake, true);
    this.#context?.close().catch(() => {});
    this.#context = undefined;
  }
}

function tone(context) {
  const now = context.currentTime;
  const volume = context.createGain();
  volume.gain.setValueAtTime(0.0001, now);
  volume.gain.exponentialRampToValueAtTime(0.05, now + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, now + 0.25);
  const source = context.createOscillator();
  source.frequency.value = 660;
  source.connect(volume).connect(context.destination);
  source.start(now);
  source.stop(now + 0.25);
}
