//! Which destinations a link may have, as far as that can be said without a browser's parser of addresses.

/// The schemes a link may lead to, as `URL.protocol` writes them.
const SCHEMES: [&str; 4] = ["http:", "https:", "mailto:", "tel:"];

/// Whether a link may lead to an address of this `URL.protocol`.
#[must_use]
pub fn is_allowed(protocol: &str) -> bool {
    SCHEMES.contains(&protocol)
}

/// Whether a destination is worth asking the browser about. Characters that nobody sees, and that parsers leave out or
/// that turn a text around, have no place in an honest address; a scheme that is not allowed is refused here already.
#[must_use]
pub fn is_honest(destination: &str) -> bool {
    let trimmed = destination.trim_matches(' ');
    !trimmed.is_empty() && trimmed.len() == destination.len() && !destination.chars().any(is_unseen)
}

/// Whether pictures of this origin's host may be loaded: `https` alone, and exactly a host that the site has named.
#[must_use]
pub fn is_image_host<'a>(protocol: &str, host: &str, mut hosts: impl Iterator<Item = &'a str>) -> bool {
    protocol == "https:" && hosts.any(|known| known.eq_ignore_ascii_case(host))
}

fn is_unseen(c: char) -> bool {
    c.is_control()
        || (c.is_whitespace() && c != ' ')
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_four_schemes_are_allowed() {
        for protocol in SCHEMES {
            assert!(is_allowed(protocol));
        }
        for protocol in ["javascript:", "data:", "vbscript:", "file:", "blob:", "ftp:", "http", "", "HTTPS:", "sms:"] {
            assert!(!is_allowed(protocol), "{protocol}");
        }
    }

    #[test]
    fn characters_that_nobody_sees_are_refused() {
        for honest in ["https://a.example", "/my file", "a\\b", "?q=\u{e4}", "#x", "mailto:a@b.example", "tel:+49 30 1"]
        {
            assert!(is_honest(honest), "{honest}");
        }
        for tricked in [
            "",
            " ",
            " https://a.example",
            "https://a.example ",
            "java\tscript:alert(1)",
            "java\nscript:alert(1)",
            "\u{1}javascript:alert(1)",
            "https://a\u{202e}.example",
            "https://a.example/\u{200b}",
            "\u{feff}https://a.example",
            "https://\u{ad}a.example",
            "\u{a0}javascript:alert(1)",
            "java\u{0}script:alert(1)",
            "https://a\u{85}",
        ] {
            assert!(!is_honest(tricked), "{tricked:?}");
        }
    }

    #[test]
    fn pictures_come_from_named_hosts_over_https_alone() {
        let check = |protocol, host| is_image_host(protocol, host, ["img.example", "cdn.example:8443"].into_iter());
        assert!(check("https:", "img.example"));
        assert!(check("https:", "cdn.example:8443"));
        assert!(!check("http:", "img.example"));
        assert!(!check("https:", "cdn.example"));
        assert!(!check("https:", "evil.img.example"));
        assert!(!check("https:", "img.example.evil.example"));
    }
}
