// What the panel's looks depend on around it: the visitor's system, a class of the page, the page's direction, and the
// contrast of the colours that the site has chosen. It knows theme.css and no conversation.

// WCAG 2.2: text (1.4.3), and what is not text (1.4.11).
const TEXT = 4.5;
const SHAPE = 3;

/** Keeps the place's theme, side and contrast as they should be, until the function that it gives is called. */
export function keepAppearance(element, place, theme, darkClass, side) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const { documentElement, body } = document;
  const measure = contrast(place);
  const look = () => {
    const chosen = darkClass
      ? [documentElement, body].some(({ classList }) => classList.contains(darkClass))
      : theme === "auto"
        ? system.matches
        : theme === "dark";
    place.dataset.theme = chosen ? "dark" : "light";
    place.dataset.side = side ?? (getComputedStyle(element).direction === "rtl" ? "left" : "right");
    const launcher = element.shadowRoot.querySelector(".launcher");
    if (launcher) launcher.style.colorScheme = place.dataset.theme;
    measure();
  };
  const changed = ({ target }) => target === place && measure();
  const page = new MutationObserver(look);
  for (const part of [documentElement, body]) page.observe(part, { attributeFilter: ["class", "dir"] });
  system.addEventListener("change", look);
  // A chat that was mounted outside of the page has had no style before this.
  element.addEventListener("secondme-chat:open", look);
  place.addEventListener("transitionend", changed);
  look();
  return () => {
    page.disconnect();
    system.removeEventListener("change", look);
    element.removeEventListener("secondme-chat:open", look);
    place.removeEventListener("transitionend", changed);
  };
}

/** Chooses black or white for the text on the accent, and a ring that is seen; each fault is told to the site's owner once. */
function contrast(place) {
  const told = new Set();
  const tell = (name, on, ratio, least, rest) => {
    if (told.has(name)) return;
    told.add(name);
    const figures = `${Math.floor(ratio * 100) / 100}:1, and WCAG asks for ${least}:1`;
    console.warn(`SecondMe Chat: ${name} on ${on} (${place.dataset.theme} theme) has a contrast of ${figures}. ${rest}`);
  };
  return () => {
    const style = getComputedStyle(place);
    const surface = read(style.columnRuleColor);
    const accent = over(read(style.outlineColor), surface);
    const text = over(read(style.textDecorationColor), accent);
    if (!text) return;
    // One of the two has 4.58:1 at least, whatever the accent is.
    place.style.setProperty("--readable", ratio(BLACK, accent) > ratio(WHITE, accent) ? "#000" : "#fff");
    const onAccent = ratio(text, accent);
    if (style.getPropertyValue("--chat-accent-text").trim() && onAccent < TEXT)
      tell("--chat-accent-text", "--chat-accent", onAccent, TEXT, "Without it, black or white is chosen.");
    const onSurface = ratio(accent, surface);
    if (onSurface < SHAPE) {
      place.style.setProperty("--ring", "var(--text)");
      tell("--chat-accent", "--chat-surface", onSurface, SHAPE, "The focus ring has the text's colour instead.");
    } else place.style.removeProperty("--ring");
  };
}

const BLACK = [0, 0, 0];
const WHITE = [1, 1, 1];

/** Red, green, blue from 0 to 1, and how much of it there is; nothing where the browser says it in other words. */
function read(color) {
  const [, space, numbers] = /^(rgba?\(|color\(srgb )(.*)\)$/.exec(color) ?? [];
  if (!space) return undefined;
  const most = space.startsWith("rgb") ? 255 : 1;
  const [red, green, blue, alpha = 1] = numbers.split(/[ ,/]+/).map((number) => Number(number) || 0);
  return [...[red, green, blue].map((value) => Math.min(Math.max(value / most, 0), 1)), alpha];
}

/** A colour that lets something through, on what is behind it. */
function over(front, back) {
  return front && back && front.slice(0, 3).map((value, place) => value * front[3] + back[place] * (1 - front[3]));
}

/** WCAG 2.2, contrast ratio. */
function ratio(one, other) {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/** WCAG 2.2, relative luminance. */
function luminance(color) {
  const [red, green, blue] = color.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
