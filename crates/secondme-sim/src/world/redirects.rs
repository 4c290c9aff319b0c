//! Where sign-ins may lead: the redirect URIs that the application has registered.

use axum::http::Uri;

/// The registered redirect URIs.
pub(crate) struct Redirects {
    registered: Vec<String>,
    any_loopback: bool,
}

impl Redirects {
    pub(crate) fn new(registered: Vec<String>, any_loopback: bool) -> Redirects {
        Redirects { registered, any_loopback }
    }

    pub(crate) fn register(&mut self, uri: String) {
        self.registered.push(uri);
    }

    /// Whether a sign-in may lead there: registered to the letter, or on this machine where that is enough.
    pub(crate) fn allow(&self, uri: &str) -> bool {
        self.registered.iter().any(|known| known == uri) || (self.any_loopback && is_loopback(uri))
    }
}

/// An HTTP address of this machine. What a browser might read in another way than this does is not one.
fn is_loopback(uri: &str) -> bool {
    if uri.contains(['\\', '#', '@']) {
        return false;
    }
    let Ok(uri) = uri.parse::<Uri>() else { return false };
    matches!(uri.scheme_str(), Some("http" | "https"))
        && matches!(uri.host(), Some("127.0.0.1" | "[::1]" | "localhost"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_a_loopback_address() {
        for (uri, expected) in [
            ("http://127.0.0.1:8080/chat/callback", true),
            ("http://localhost/", true),
            ("https://[::1]:8443/callback?a=b", true),
            ("http://127.0.0.1.example/callback", false),
            ("http://127.0.0.1@shop.example/", false),
            (r"http://127.0.0.1\@shop.example/", false),
            ("http://localhost/#fragment", false),
            ("javascript:alert(1)", false),
            ("/callback", false),
            ("", false),
        ] {
            assert_eq!(is_loopback(uri), expected, "{uri}");
        }
    }

    #[test]
    fn a_registered_address_is_meant_to_the_letter() {
        let mut redirects = Redirects::new(vec!["https://shop.example/callback".into()], false);
        redirects.register("https://other.example/callback".into());
        for (uri, expected) in [
            ("https://shop.example/callback", true),
            ("https://other.example/callback", true),
            ("https://shop.example/callback/", false),
            ("https://shop.example/callback?a=b", false),
            ("http://127.0.0.1/", false),
        ] {
            assert_eq!(redirects.allow(uri), expected, "{uri}");
        }
    }
}
