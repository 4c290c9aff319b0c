//! Addresses: those below an API's base, and those that SecondMe names.

use reqwest::Url;

/// The address of a path below the base, whose segments may hold any text.
pub(super) fn below<'a>(base_url: &Url, segments: impl IntoIterator<Item = &'a str>) -> Url {
    let mut url = base_url.clone();
    // Only an address that can't be a base has no segments, and the configuration takes http and https alone.
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

/// Whether a socket can be opened there.
pub(super) fn is_web_socket(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "ws" | "wss") && url.has_host())
}

/// Whether a page served by https can show what is there.
pub(super) fn is_https(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| url.scheme() == "https" && url.has_host())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_put_below_the_base() {
        let check = |base: &str, segments: &[&str], expected: &str| {
            let base = Url::parse(base).unwrap();
            assert_eq!(below(&base, segments.iter().copied()).as_str(), expected);
        };
        check("https://api.example/gate/in", &["rest", "open"], "https://api.example/gate/in/rest/open");
        check("https://api.example/gate/in/", &["rest"], "https://api.example/gate/in/rest");
        check("https://api.example", &["rest"], "https://api.example/rest");
        check("https://api.example/in", &["a/../b?c#d"], "https://api.example/in/a%2F..%2Fb%3Fc%23d");
    }

    #[test]
    fn only_usable_addresses_pass() {
        let check = |address: &str, socket: bool, https: bool| {
            assert_eq!((is_web_socket(address), is_https(address)), (socket, https), "{address}");
        };
        check("wss://ws.example/os/ws?wsId=1", true, false);
        check("ws://127.0.0.1:1/ws", true, false);
        check("https://cdn.example/a.png", false, true);
        check("http://cdn.example/a.png", false, false);
        check("javascript:alert(1)", false, false);
        check("data:image/png;base64,AA", false, false);
        check("", false, false);
    }
}
