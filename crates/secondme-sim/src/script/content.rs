//! The avatar's words as frames: messages, chunks, entries, the end, and the order of it all.

use serde_json::Value;

use super::{
    Ending, Order, Part, Script,
    drafts::{Draft, Role},
    writer::{COMPLETE, Scene, Writer, text_entry},
};
use crate::chunks;

/// The frames of the whole reply.
pub(super) fn drafts(script: &Script, scene: &Scene<'_>, writer: &mut Writer<'_>) -> Vec<Draft> {
    let texts = messages(scene.text, script.messages.max(1));
    let last = texts.len() - 1;
    let message = |(place, text): (usize, &str)| {
        let parts: &[Part] = if place == last { &script.parts } else { &[] };
        let frames = frames(script, &entries(script, scene, text), parts, writer);
        ordered(script.order, frames)
    };
    texts.iter().copied().enumerate().flat_map(message).collect()
}

/// Divides the text into `count` pieces behind blanks; together they are the text. A text of fewer words has fewer pieces.
fn messages(text: &str, count: usize) -> Vec<&str> {
    let mut rest = text;
    let mut pieces: Vec<&str> = (1..count)
        .map(|place| {
            let target = (text.len() * place / count).saturating_sub(text.len() - rest.len());
            let blank = rest.char_indices().find(|(at, c)| *at >= target && c.is_whitespace());
            let (piece, remainder) = rest.split_at(blank.map_or(rest.len(), |(at, c)| at + c.len_utf8()));
            rest = remainder;
            piece
        })
        .collect();
    pieces.push(rest);
    pieces.retain(|piece| !piece.is_empty());
    if pieces.is_empty() { vec![text] } else { pieces }
}

/// The entries of each frame of a message that hold its text.
fn entries(script: &Script, scene: &Scene<'_>, text: &str) -> Vec<Vec<Value>> {
    if script.ending == Ending::OneFrame {
        return vec![vec![text_entry(text)]];
    }
    let chunks = chunks::cut(text, scene.chunk_chars);
    chunks.chunks(script.entries.max(1)).map(|group| group.iter().map(|chunk| text_entry(chunk)).collect()).collect()
}

/// One message: its chunks from 0, and the end.
fn frames(script: &Script, texts: &[Vec<Value>], parts: &[Part], writer: &mut Writer<'_>) -> Vec<Draft> {
    let mut contents = texts.to_vec();
    let parts = parts.iter().map(|part| writer.part(*part)).collect();
    add_parts(script, &mut contents, parts);
    let completing = match script.ending {
        Ending::Empty | Ending::EmptyFirst => None,
        Ending::WithText | Ending::OneFrame => contents.pop(),
    };
    let completing = completing.unwrap_or_else(|| vec![text_entry("")]);

    let message_id = writer.message_id();
    let mut end = |entries: &[Value]| Draft::content(Role::End, writer.content(&message_id, COMPLETE, entries));
    let first = (script.ending == Ending::EmptyFirst).then(|| end(&[text_entry("")]));
    let mut drafts: Vec<Draft> = first.into_iter().collect();
    for (index, entries) in (0..).zip(&contents) {
        drafts.push(Draft::content(Role::Chunk, writer.content(&message_id, index, entries)));
    }
    drafts.push(Draft::content(Role::End, writer.content(&message_id, COMPLETE, &completing)));
    drafts
}

/// Parts come before the last piece of text, each in a frame of its own, so that text goes on behind them. In a message of
/// one frame they are further entries of that one. Speech belongs to a text.
fn add_parts(script: &Script, contents: &mut Vec<Vec<Value>>, parts: Vec<Value>) {
    let (speech, apart): (Vec<Value>, Vec<Value>) =
        parts.into_iter().partition(|part| !part["modal"]["speech"].is_null());
    if let (Some(speech), Some(spoken)) = (speech.first(), contents.last_mut().and_then(|entries| entries.first_mut()))
    {
        spoken["modal"]["speech"] = speech["modal"]["speech"].clone();
    }
    let place = contents.len().saturating_sub(1);
    match contents.last_mut() {
        Some(entries) if script.ending == Ending::OneFrame => entries.extend(apart),
        _ => contents.splice(place..place, apart.into_iter().map(|part| vec![part])).for_each(drop),
    }
}

fn ordered(order: Order, mut drafts: Vec<Draft>) -> Vec<Draft> {
    let first = drafts.iter().position(|draft| draft.role == Role::Chunk).unwrap_or(drafts.len());
    let count = drafts.iter().filter(|draft| draft.role == Role::Chunk).count();
    match order {
        Order::Straight => {}
        Order::Swapped => {
            for pair in drafts[first..first + count].chunks_exact_mut(2) {
                pair.swap(0, 1);
            }
        }
        Order::Gap { chunk, filled_after } if chunk < count => {
            let missing = drafts.remove(first + chunk);
            if let Some(further) = filled_after {
                let place = (first + chunk).saturating_add(further).min(drafts.len());
                drafts.insert(place, missing);
            }
        }
        Order::Gap { .. } => {}
    }
    drafts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_divided_behind_blanks() {
        for (text, count, expected) in [
            ("one two three four", 2, vec!["one two three ", "four"]),
            ("one two three four", 3, vec!["one two ", "three ", "four"]),
            ("one two", 1, vec!["one two"]),
            ("語語語 語語語", 2, vec!["語語語 ", "語語語"]),
            ("one", 3, vec!["one"]),
            ("", 1, vec![""]),
            ("", 2, vec![""]),
        ] {
            assert_eq!(messages(text, count), expected, "{text} by {count}");
        }
    }
}
