// The browser's part of a language: which one the page and the visitor speak, its file, and what `Intl` knows of it.

// The bundler defines the map from a language's tag to its file; without a bundle there is English alone.
const files = () => (typeof __CHAT_LANGUAGES__ === "undefined" ? {} : __CHAT_LANGUAGES__);

const fetched = {};

/** The texts of a language that `preferred` has named. A failed attempt can be made again. */
export function language(tag) {
  const file = files()[tag];
  if (!file) return Promise.resolve({});
  return (fetched[file] ??= fetch(new URL(file, import.meta.url))
    .then((response) => (response.ok ? response.json() : Promise.reject(response.status)))
    .catch((error) => {
      delete fetched[file];
      throw error;
    }));
}

/** Those of the site's own words that stand for a text. The others are told to who can mend them. */
export function fitting(texts, own) {
  const fits = ([name, words]) =>
    Object.hasOwn(texts, name) && words && (typeof words === "string" || typeof words === typeof texts[name]);
  const given = Object.entries(own);
  for (const [name] of given.filter((entry) => !fits(entry))) {
    console.warn(`SecondMe Chat: \`${name}\` in the option \`strings\` is no text of the chat, or has no words.`);
  }
  return Object.fromEntries(given.filter(fits));
}

/** The first of these tags that there is a language for, or one that is read by the same people; else English. */
export function preferred(tags) {
  const known = ["en", ...Object.keys(files())];
  for (const tag of tags) {
    const wanted = readers(tag);
    const found = known.find((name) => name === tag) ?? known.find((name) => wanted && readers(name) === wanted);
    if (found) return found;
  }
  return "en";
}

/** The languages that the page and then the browser speak, as tags. */
export function spoken() {
  return [document.documentElement.lang, ...(navigator.languages ?? [])].filter(Boolean);
}

/** The language and the script, so that Hong Kong finds Taiwan's texts and not Beijing's. */
function readers(tag) {
  try {
    const { language, script } = new Intl.Locale(tag).maximize();
    return `${language}-${script}`;
  } catch {
    return "";
  }
}

export const plural = (tag, count) => new Intl.PluralRules(tag).select(count);
export const number = (tag, value) => new Intl.NumberFormat(tag).format(value);
export const time = (tag, at) => new Intl.DateTimeFormat(tag, { timeStyle: "short" }).format(at);

/** "today" and "yesterday" have words of their own. */
export function day(tag, at, now) {
  const midnight = (moment) => new Date(moment).setHours(0, 0, 0, 0);
  // Rounded, since a day has 23 or 25 hours twice a year.
  const days = Math.round((midnight(at) - midnight(now)) / 86_400_000);
  if (days === 0 || days === -1) return new Intl.RelativeTimeFormat(tag, { numeric: "auto" }).format(days, "day");
  const thisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  const form = { weekday: "long", day: "numeric", month: "long", year: thisYear ? undefined : "numeric" };
  return new Intl.DateTimeFormat(tag, form).format(at);
}

// Begun while the WebAssembly is still on its way, so that the first look is at the right words. What the site says stands
// on the loader's element. A file that does not come is asked for again when the chat is there.
const site = document.querySelector("secondme-chat")?.dataset.language;
language(preferred([site, ...spoken()])).catch(() => {});
