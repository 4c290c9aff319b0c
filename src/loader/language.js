// What the launcher is called until the chat knows better, in the language that the chat will speak.

// `open` in each file of languages/, as a test compares.
const OPEN = {
  en: "Open chat",
  de: "Chat öffnen",
  fr: "Ouvrir le chat",
  es: "Abrir chat",
  pt: "Abrir chat",
  it: "Apri chat",
  id: "Buka chat",
  vi: "Mở trò chuyện",
  tr: "Sohbeti aç",
  ru: "Открыть чат",
  zh: "打开聊天",
  "zh-Hant": "開啟聊天",
  ja: "チャットを開く",
  ko: "채팅 열기",
  hi: "चैट खोलें",
  th: "เปิดแชต",
  ar: "فتح الدردشة",
  he: "פתיחת הצ׳אט",
};

/** What the site says, the page, then the browser: the first that there are words in, as the chat itself chooses. */
export function spoken(site) {
  const language =
    [site, document.documentElement.lang, ...navigator.languages].map(readers).find((tag) => OPEN[tag]) ?? "en";
  return [language, OPEN[language]];
}

/** The language, and the script where the same language has two, so that Hong Kong finds Taiwan's words. */
function readers(tag) {
  try {
    return new Intl.Locale(tag).maximize().baseName.replace(/-(?!Hant).*/, "");
  } catch {
    // The page's author wrote something else than a tag, or nothing.
  }
}
