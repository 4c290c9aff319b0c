//! The list of origins: what no parser can object to and an operator should know.

use reqwest::Url;

use super::{Finding, Problem};
use crate::config::is_loopback;
use crate::origin::Origin;

pub(super) fn findings(allowed: &[Origin]) -> Vec<Finding> {
    let insecure = allowed.iter().filter(|origin| is_insecure(origin));
    let mut findings: Vec<_> = insecure.map(|origin| Err(Problem::InsecureOrigin(origin.clone()))).collect();
    if findings.is_empty() {
        let names: Vec<_> = allowed.iter().map(Origin::as_str).collect();
        findings.push(Ok(match names[..] {
            [] => "Pages of the proxy's own origin may use the chat, and no others; CHAT_PROXY_ALLOWED_ORIGINS would name \
                   them."
                .to_owned(),
            _ => format!("Pages of the proxy's own origin and of {} may use the chat.", names.join(", ")),
        }));
    }
    findings
}

/// A page of this machine is nobody else's.
fn is_insecure(origin: &Origin) -> bool {
    Url::parse(origin.as_str()).is_ok_and(|url| url.scheme() == "http" && !is_loopback(&url))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machines_pages_do_without_tls() {
        let check = |origin: &str, insecure: bool| {
            let findings = findings(&[Origin::parse(origin).unwrap()]);
            assert_eq!(matches!(findings[..], [Err(Problem::InsecureOrigin(_))]), insecure, "{findings:?}");
        };
        check("https://shop.example", false);
        check("http://localhost:3000", false);
        check("http://127.0.0.1:3000", false);
        check("http://[::1]:3000", false);
        check("http://shop.example", true);
        check("http://192.168.1.5", true);
    }
}
