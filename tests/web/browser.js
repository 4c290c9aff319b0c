// What a page may ask of the browser besides the network: files for the visitor to keep, and sound.

const { createObjectURL } = URL;
const { click } = HTMLAnchorElement.prototype;

export class Files {
  #blobs = new Map();
  #saved = [];

  constructor() {
    URL.createObjectURL = (blob) => {
      const url = createObjectURL.call(URL, blob);
      this.#blobs.set(url, blob);
      return url;
    };
    const files = this;
    HTMLAnchorElement.prototype.click = function () {
      files.#saved.push([this.download, files.#blobs.get(this.href)]);
    };
  }

  async saved() {
    return Promise.all(this.#saved.map(async ([name, blob]) => [name, blob.type, await blob.text()]));
  }

  end() {
    Object.assign(URL, { createObjectURL });
    HTMLAnchorElement.prototype.click = click;
  }
}

const { AudioContext } = window;

export class Speaker {
  #tones = 0;

  constructor() {
    const speaker = this;
    // Browsers let nothing sound without a gesture, and a test has no hands: this one believes the event.
    window.AudioContext = class {
      currentTime = 0;
      destination = {};
      resume = async () => {};
      close = async () => {};
      createGain = () => ({
        gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} },
        connect: (next) => next,
      });
      createOscillator = () => ({
        frequency: {},
        connect: (next) => next,
        start: () => (speaker.#tones += 1),
        stop() {},
      });
    };
  }

  tones() {
    return this.#tones;
  }

  /** The visitor does something on the page. */
  touch() {
    window.dispatchEvent(new Event("pointerup"));
  }

  end() {
    Object.assign(window, { AudioContext });
  }
}
