//! Cutting a reply into the uneven pieces a language model streams. It knows characters, but neither words nor graphemes.

/// Cuts the text into chunks of 1 to `longest` characters. The same text is always cut at the same places.
///
/// Cuts fall inside words, between the parts of an emoji and between CJK characters, because a client has to bear all of
/// that; they never fall inside a character, because JSON could not carry it.
pub(crate) fn cut(text: &str, longest: usize) -> Vec<String> {
    let mut sequence = Sequence(text.len() as u64);
    let mut characters = text.chars();
    let mut chunks = Vec::new();
    loop {
        let chunk: String = characters.by_ref().take(sequence.next_up_to(longest)).collect();
        if chunk.is_empty() {
            return chunks;
        }
        chunks.push(chunk);
    }
}

/// A linear congruential sequence with Knuth's constants: uneven enough here, and the same in every run.
struct Sequence(u64);

impl Sequence {
    /// The next number from 1 to `limit`.
    fn next_up_to(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // The high bits are the good ones of such a sequence.
        let draw = usize::try_from(self.0 >> 33).unwrap_or(0);
        draw % limit.max(1) + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replies;

    fn check(text: &str, longest: usize) {
        let chunks = cut(text, longest);
        assert_eq!(chunks.concat(), text, "the chunks are the text");
        assert!(chunks.iter().all(|chunk| (1..=longest).contains(&chunk.chars().count())), "{chunks:?}");
        assert_eq!(chunks, cut(text, longest), "the places are the same every time");
    }

    #[test]
    fn every_reply_comes_together_again() {
        for text in replies::all() {
            for longest in [1, 2, 7, 24, 10_000] {
                check(text, longest);
            }
        }
        check("", 24);
    }

    #[test]
    fn cuts_are_uneven_and_fall_inside_words_emoji_and_cjk() {
        let cuts: Vec<(char, char)> = replies::all()
            .flat_map(|text| cut(text, 24).windows(2).map(|pair| around(&pair[0], &pair[1])).collect::<Vec<_>>())
            .collect();
        let falls = |inside: fn(char) -> bool| cuts.iter().any(|(before, after)| inside(*before) && inside(*after));
        assert!(falls(|c| c.is_ascii_alphabetic()), "inside a word");
        assert!(falls(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "between two Han characters");
        assert!(falls(|c| ('\u{600}'..='\u{6ff}').contains(&c)), "inside an Arabic word");
        assert!(falls(|c| ('\u{1f1e6}'..='\u{1f1ff}').contains(&c)), "between the halves of a flag");
        assert!(cuts.iter().any(|(before, after)| [*before, *after].contains(&'\u{200d}')), "at a zero-width joiner");

        let mut lengths: Vec<usize> = cut(replies::LONG, 24).iter().map(|chunk| chunk.chars().count()).collect();
        lengths.sort_unstable();
        lengths.dedup();
        assert!(lengths.len() > 12, "uneven lengths, not {lengths:?}");
    }

    fn around(first: &str, second: &str) -> (char, char) {
        (first.chars().next_back().unwrap(), second.chars().next().unwrap())
    }
}
