//! The policy of the frame's own page: what the chat does in it, and which pages may show it.

use super::{CALLS, NOTHING_ELSE, PICTURES, POLICIES, Policy, SINKS, WIDGET, directive};
use crate::config::PolicySources;
use crate::origin::Origin;

const PLAYERS: &str = "sound and video in a reply";
const NOWHERE: &str = "the page leads nowhere and submits nothing";
const PARENTS: &str = "the pages that may use the chat may show it, and no others";

impl Policy {
    /// For the answer with the frame's page. What of a reply is shown is for the site's page to say (`data-image-hosts`), so any
    /// host's pictures are allowed here.
    pub(crate) fn of_frame(sources: &PolicySources, allowed: &[Origin]) -> Self {
        let connect = ["'self'"].into_iter().chain(sources.sockets.iter().map(String::as_str));
        let parents = ["'self'"].into_iter().chain(allowed.iter().map(Origin::as_str));
        Self(vec![
            directive("default-src", "'none'", NOTHING_ELSE),
            directive("script-src", "'self' 'wasm-unsafe-eval'", WIDGET),
            directive("connect-src", connect.collect::<Vec<_>>().join(" "), CALLS),
            directive("img-src", "https:", PICTURES),
            directive("media-src", "https:", PLAYERS),
            directive("base-uri", "'none'", NOWHERE),
            directive("form-action", "'none'", NOWHERE),
            directive("frame-ancestors", parents.collect::<Vec<_>>().join(" "), PARENTS),
            directive("require-trusted-types-for", "'script'", SINKS),
            directive("trusted-types", "'none'", POLICIES),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_pages_are_its_parents() {
        let sources = PolicySources { sockets: vec!["wss://ws.example".into()], pictures: Vec::new() };
        let check = |allowed: &[&str], expected: &str| {
            let allowed: Vec<_> = allowed.iter().map(|text| Origin::parse(text).unwrap()).collect();
            let policy = Policy::of_frame(&sources, &allowed).to_string();
            assert!(policy.contains(&format!("; frame-ancestors {expected}; ")), "{policy}");
            assert!(policy.contains("connect-src 'self' wss://ws.example; ") && !policy.contains('*'), "{policy}");
        };
        check(&[], "'self'");
        check(&["https://shop.example", "http://localhost:3000"], "'self' https://shop.example http://localhost:3000");
    }
}
