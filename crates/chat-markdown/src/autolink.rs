//! Bare addresses in text: `https://…`, `www.…` and e-mail. It finds them; whether a link may lead there is asked later.

use std::mem::take;
use std::ops::Range;

use crate::tree::{Destination, Kind, Node};

/// Makes links of the addresses in the texts among these nodes.
pub(crate) fn apply(nodes: &mut Vec<Node>) {
    let bare = |node: &Node| matches!(&node.kind, Kind::Text(text) if find(text, 0).is_some());
    if !nodes.iter().any(bare) {
        return;
    }
    for node in take(nodes) {
        match &node.kind {
            Kind::Text(text) => split(text, nodes),
            _ => nodes.push(node),
        }
    }
}

fn split(text: &str, nodes: &mut Vec<Node>) {
    let mut done = 0;
    while let Some(found) = find(text, done) {
        if done < found.place.start {
            nodes.push(Node::text(&text[done..found.place.start]));
        }
        done = found.place.end;
        let address = &text[found.place];
        let destination = Destination { url: [found.scheme, address].concat(), title: String::new() };
        nodes.push(Node { kind: Kind::Link(destination), children: vec![Node::text(address)] });
    }
    if done < text.len() {
        nodes.push(Node::text(&text[done..]));
    }
}

/// An address in a text.
#[derive(Debug, PartialEq)]
struct Found {
    place: Range<usize>,
    /// What the address lacks.
    scheme: &'static str,
}

/// The first address at or after a place.
fn find(text: &str, from: usize) -> Option<Found> {
    let bytes = text.as_bytes();
    let mut place = from;
    while let Some(&byte) = bytes.get(place) {
        let found = match byte {
            b':' if bytes[place..].starts_with(b"://") => web(text, from, place),
            b'w' | b'W' => bare(text, from, place),
            b'@' => mail(text, from, place),
            _ => None,
        };
        if found.is_some() {
            return found;
        }
        place += 1;
    }
    None
}

fn web(text: &str, from: usize, colon: usize) -> Option<Found> {
    let before = &text.as_bytes()[from..colon];
    let length = ["https", "http"].into_iter().map(str::len).find(|length| {
        let scheme = before.len().checked_sub(*length).map(|start| &before[start..]);
        scheme.is_some_and(|scheme| b"https".starts_with(&scheme.to_ascii_lowercase()) && scheme.len() == *length)
    })?;
    address(text, from, colon - length, colon + 3, "")
}

fn bare(text: &str, from: usize, start: usize) -> Option<Found> {
    let prefix = text.as_bytes().get(start..start + 4)?;
    if !prefix.eq_ignore_ascii_case(b"www.") {
        return None;
    }
    address(text, from, start, start, "http://")
}

/// An address whose host begins at `host`.
fn address(text: &str, from: usize, start: usize, host: usize, scheme: &'static str) -> Option<Found> {
    let word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    if text.as_bytes()[from..start].last().is_some_and(word) {
        return None;
    }
    let rest = &text[host..];
    let domain = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "-_.".contains(c)).len();
    let after = rest[domain..].chars().next();
    if !is_domain(&rest[..domain]) || after.is_some_and(|c| !ends_address(c) && !"/?#:)]}\"'*~!,;&|".contains(c)) {
        return None;
    }
    let end = rest.find(ends_address).unwrap_or(rest.len());
    Some(Found { place: start..host + trimmed(&rest[..end]), scheme })
}

/// Spaces, marks, and the scripts that write on without a space after an address.
fn ends_address(c: char) -> bool {
    c.is_whitespace() || c.is_control() || c == '<' || ('\u{2000}'..='\u{206f}').contains(&c) || c >= '\u{2e80}'
}

/// The length without the punctuation that belongs to the sentence around it.
fn trimmed(address: &str) -> usize {
    let count = |mark: u8| address.bytes().filter(|byte| *byte == mark).count();
    let mut surplus =
        [(b')', count(b')').saturating_sub(count(b'('))), (b']', count(b']').saturating_sub(count(b'[')))];
    let mut end = address.len();
    while let Some(&last) = address.as_bytes()[..end].last() {
        match surplus.iter_mut().find(|(mark, _)| *mark == last) {
            Some((_, 0)) => break,
            Some((_, surplus)) => *surplus -= 1,
            None if b"?!.,:;*_~'\"|".contains(&last) => {}
            None => break,
        }
        end -= 1;
    }
    end
}

fn is_domain(domain: &str) -> bool {
    let domain = domain.trim_end_matches(['.', '-', '_']);
    let mut labels = domain.rsplit('.');
    let plain = |label: &str| !label.is_empty() && !label.contains('_');
    labels.next().is_some_and(plain) && labels.next().is_some_and(plain) && labels.all(|label| !label.is_empty())
}

fn mail(text: &str, from: usize, at: usize) -> Option<Found> {
    let bytes = text.as_bytes();
    let local = |byte: &&u8| byte.is_ascii_alphanumeric() || b".-_+".contains(byte);
    let start = at - bytes[from..at].iter().rev().take_while(local).count();
    let host = bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte)).count();
    let domain = text[at + 1..at + 1 + host].trim_end_matches('.');
    let follows = bytes.get(at + 1 + host);
    let sound = start < at && is_domain(domain) && !domain.ends_with(['-', '_']) && follows != Some(&b'@');
    sound.then(|| Found { place: start..at + 1 + domain.len(), scheme: "mailto:" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, addresses: &[&str]) {
        let mut nodes = vec![Node::text(text)];
        apply(&mut nodes);
        let mut again = String::new();
        let mut found = Vec::new();
        for node in &nodes {
            match (&node.kind, node.children.first().map(|child| &child.kind)) {
                (Kind::Text(text), _) => again.push_str(text),
                (Kind::Link(to), Some(Kind::Text(text))) => {
                    again.push_str(text);
                    found.push(to.url.clone());
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(again, text);
        assert_eq!(found, addresses, "{text}");
    }

    #[test]
    fn addresses_are_found_as_people_write_them() {
        check("see https://example.com.", &["https://example.com"]);
        check("(https://example.com/a_(b)?c=d&e#f)", &["https://example.com/a_(b)?c=d&e#f"]);
        check("[https://example.com]", &["https://example.com"]);
        check("HTTP://EXAMPLE.COM, www.example.org/x!", &["HTTP://EXAMPLE.COM", "http://www.example.org/x"]);
        check("请看https://example.com/路。谢谢", &["https://example.com/"]);
        check("\u{201c}www.example.com\u{201d}", &["http://www.example.com"]);
        check("https://example.com:8080/x", &["https://example.com:8080/x"]);
        check("http://a.example http://b.example", &["http://a.example", "http://b.example"]);
        check("write to mira.k+shop@paper.example.", &["mailto:mira.k+shop@paper.example"]);
        check("a@b.example,c@d.example", &["mailto:a@b.example", "mailto:c@d.example"]);
    }

    #[test]
    fn what_only_looks_like_one_is_left_alone() {
        for text in [
            "",
            "@",
            "a@",
            "@b.example",
            "a@b",
            "a@b@c.example@",
            "http://",
            "https://x",
            "xhttp://a.example",
            "www.",
            "www.x_y.z_",
            "ftp://a.example",
            "javascript://a.example",
            "http://.example.",
            "wwww",
            "://",
            "a:b",
            "http://a..b",
        ] {
            check(text, &[]);
        }
    }
}
