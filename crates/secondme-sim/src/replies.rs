//! What the avatar answers: a few fixed Markdown texts, chosen by the words and the script of the message. No model, no
//! memory of what was said before.

const GREETING: &str = include_str!("replies/greeting.md");
const PRODUCTS: &str = include_str!("replies/products.md");
const SHIPPING: &str = include_str!("replies/shipping.md");
pub(crate) const LONG: &str = include_str!("replies/long.md");
const CHINESE: &str = include_str!("replies/chinese.md");
const JAPANESE: &str = include_str!("replies/japanese.md");
const ARABIC: &str = include_str!("replies/arabic.md");
const GERMAN: &str = include_str!("replies/german.md");
const EMOJI: &str = include_str!("replies/emoji.md");
const DEFAULT: &str = include_str!("replies/default.md");
const NOBODY: &str = include_str!("replies/nobody.md");

/// Where a text names the avatar and where the default one quotes the visitor.
const AVATAR: &str = "{avatar}";
const QUESTION: &str = "{question}";

/// Words that choose a text, tried from the top. A message needs one of them as a whole word.
const KEYWORDS: [(&str, &[&str]); 6] = [
    (SHIPPING, &["ship", "shipping", "deliver", "delivery", "order", "return", "returns", "refund", "parcel"]),
    (LONG, &["long", "longest", "everything", "details", "guide", "care"]),
    (GERMAN, &["hallo", "guten", "danke", "bitte", "ich", "und", "gibt", "versand", "notizbuch", "füller"]),
    (EMOJI, &["emoji", "emojis", "party", "flags"]),
    (PRODUCTS, &["notebook", "notebooks", "pen", "pens", "paper", "ink", "gift", "recommend", "buy", "price"]),
    (GREETING, &["hello", "hi", "hey", "who", "morning", "thanks"]),
];

/// The whole Markdown text the avatar named `avatar_name` answers to this message. The frames of a reply carry exactly
/// this, in pieces.
pub fn reply_to(message: &str, avatar_name: &str) -> String {
    let text = by_script(message).or_else(|| by_keyword(message)).unwrap_or(DEFAULT);
    // The visitor's words go in last, so that nothing inside them is taken for a placeholder.
    text.trim_end().replace(AVATAR, avatar_name).replace(QUESTION, &first_words(message))
}

/// What the avatar answers to anything where it does not know who it is: on the Avatar Hub, in a session that was created
/// without the visitor's numeric `mindId`, or without a `chat/init` shortly before.
pub fn reply_without_persona() -> String {
    NOBODY.trim_end().to_owned()
}

/// Scripts that tell the language by themselves. Kana is asked first, because Japanese is written with Han characters too.
fn by_script(message: &str) -> Option<&'static str> {
    let holds = |inside: fn(char) -> bool| message.chars().any(inside);
    if holds(|c| ('\u{3040}'..='\u{30ff}').contains(&c)) {
        Some(JAPANESE)
    } else if holds(|c| ('\u{3400}'..='\u{9fff}').contains(&c)) {
        Some(CHINESE)
    } else if holds(|c| ('\u{600}'..='\u{6ff}').contains(&c)) {
        Some(ARABIC)
    } else if holds(|c| ('\u{1f1e6}'..='\u{1faff}').contains(&c)) {
        Some(EMOJI)
    } else {
        None
    }
}

fn by_keyword(message: &str) -> Option<&'static str> {
    let lower = message.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
    let chosen = KEYWORDS.iter().find(|(_, keywords)| keywords.iter().any(|keyword| words.contains(keyword)));
    chosen.map(|(text, _)| *text)
}

/// The beginning of the message: at most six words and 60 characters, on one line.
fn first_words(message: &str) -> String {
    let words: Vec<&str> = message.split_whitespace().take(6).collect();
    words.join(" ").chars().take(60).collect()
}

/// Every text, as it is written.
#[cfg(test)]
pub(crate) fn all() -> impl Iterator<Item = &'static str> {
    [GREETING, PRODUCTS, SHIPPING, LONG, CHINESE, JAPANESE, ARABIC, GERMAN, EMOJI, DEFAULT, NOBODY].into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(message: &str, text: &str) {
        let expected = text.trim_end().replace(AVATAR, "Mira");
        assert_eq!(reply_to(message, "Mira"), expected, "{message}");
    }

    #[test]
    fn the_message_chooses_the_text() {
        check("Hello, who are you?", GREETING);
        check("Which notebook would you recommend?", PRODUCTS);
        check("How long does shipping take?", SHIPPING);
        check("Do you ship to Norway?", SHIPPING);
        check("long", LONG);
        check("你们有哪些笔记本?", CHINESE);
        check("ノートはありますか", JAPANESE);
        check("日本語のノート", JAPANESE);
        check("ما هي الدفاتر لديكم؟", ARABIC);
        check("Guten Tag, ich suche ein Geschenk", GERMAN);
        check("👩‍🎨?", EMOJI);
        check("a longing for hiking", &DEFAULT.replace(QUESTION, "a longing for hiking"));
    }

    #[test]
    fn the_default_quotes_the_beginning_and_leaves_it_alone() {
        let reply = reply_to("  one two\nthree {avatar} five six seven ", "Mira");
        assert!(reply.contains("one two three {avatar} five six”"), "{reply}");
        let reply = reply_to(&"x".repeat(10_000), "Mira");
        assert!(reply.contains(&"x".repeat(60)) && !reply.contains(&"x".repeat(61)), "{reply}");
    }

    #[test]
    fn the_texts_are_of_different_length_and_all_say_something() {
        assert!(GREETING.chars().count() < 200);
        assert!(LONG.chars().count() > 1_500);
        assert!(LONG.contains("```") && LONG.contains("|---"));
        assert!(PRODUCTS.contains("\n- "));
        assert!(EMOJI.contains('\u{200d}') && EMOJI.contains("🇯🇵"));
        assert!(all().all(|text| text.trim().chars().count() > 20));
    }
}
