//! Where a sign-in leads: back to a page of this site, or to the page that opened it as a popup. Neither can be another
//! site's choice.

use reqwest::Url;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::origin::Origin;

/// Longest path, in bytes: it travels in a cookie.
const LONGEST_PATH: usize = 1024;

/// Where a visitor goes, or is heard of, once SecondMe has answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Destination {
    /// A path of this site.
    Page(String),
    /// The page of this origin, which opened a popup and waits for a word.
    Popup(String),
}

impl Destination {
    /// Takes what the page asks for. `openers` begins with the proxy's own origin.
    pub(super) fn of(
        return_to: Option<String>,
        popup: bool,
        opener: Option<&str>,
        openers: &[Origin],
    ) -> Result<Self, Failure> {
        if popup {
            let opener = match opener {
                Some(text) => Origin::parse(text).filter(|origin| openers.contains(origin)),
                None => openers.first().cloned(),
            };
            let opener =
                opener.ok_or(Failure::InvalidRequest("origin is not on the proxy's list of allowed origins"))?;
            return Ok(Self::Popup(opener.as_str().to_owned()));
        }
        let path = return_to.unwrap_or_else(|| "/".to_owned());
        if is_same_site_path(&path) {
            Ok(Self::Page(path))
        } else {
            Err(Failure::InvalidRequest("returnTo must be a path of this site, such as /contact"))
        }
    }
}

/// The path as a complete address of this site. None where it leads anywhere else, in whatever way.
pub(super) fn within(site: &Origin, path: &str) -> Option<Url> {
    let url = Url::parse(site.as_str()).ok()?.join(path).ok()?;
    (is_same_site_path(path) && url.origin().ascii_serialization() == site.as_str()).then_some(url)
}

/// Browsers read a backslash as a slash, and leave tabs and line breaks out before they look.
fn is_same_site_path(path: &str) -> bool {
    path.len() <= LONGEST_PATH
        && path.starts_with('/')
        && !path.starts_with("//")
        && !path.chars().any(|character| character == '\\' || character.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn openers() -> Vec<Origin> {
        ["https://shop.example", "https://blog.example"].map(|text| Origin::parse(text).unwrap()).into()
    }

    #[test]
    fn only_a_path_of_this_site_is_returned_to() {
        let check = |path: &str, expected: Option<&str>| {
            let destination = Destination::of(Some(path.to_owned()), false, None, &openers()).ok();
            assert_eq!(destination.is_some(), expected.is_some(), "{path:?}");
            let url = within(&openers()[0], path).map(String::from);
            assert_eq!(url.as_deref(), expected, "{path:?}");
        };
        check("/", Some("https://shop.example/"));
        check("/a/b?c=d&e=%2F#f", Some("https://shop.example/a/b?c=d&e=%2F#f"));
        check("/名", Some("https://shop.example/%E5%90%8D"));
        check("/@evil.example", Some("https://shop.example/@evil.example"));
        check("/https://evil.example", Some("https://shop.example/https://evil.example"));
        check("/.//evil.example", Some("https://shop.example//evil.example"));
        for foreign in [
            "",
            "chat",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/a\\b",
            "/\t/evil.example",
            "/\n/evil.example",
            "\t//evil.example",
            " //evil.example",
            "/a\u{0}b",
            "/a\u{85}b",
            "https://evil.example/",
            "https:evil.example",
            "javascript:alert(1)",
            "?a=b",
            "#a",
            &format!("/{}", "a".repeat(LONGEST_PATH)),
        ] {
            check(foreign, None);
        }
    }

    #[test]
    fn only_an_allowed_page_hears_of_a_popup() {
        let check = |opener: Option<&str>, expected: Option<&str>| {
            let destination = Destination::of(Some("/".to_owned()), true, opener, &openers()).ok();
            assert_eq!(destination, expected.map(|origin| Destination::Popup(origin.to_owned())), "{opener:?}");
        };
        check(None, Some("https://shop.example"));
        check(Some("https://shop.example"), Some("https://shop.example"));
        check(Some("https://blog.example"), Some("https://blog.example"));
        check(Some("https://Blog.example:443"), Some("https://blog.example"));
        for foreign in
            ["*", "null", "", "https://evil.example", "http://shop.example", "https://shop.example.evil.example"]
        {
            check(Some(foreign), None);
        }
    }
}
