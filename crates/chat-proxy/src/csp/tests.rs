//! The printed policy to the letter, and that it is exactly what the widget needs: the rules that browsers go by let
//! everything through, and nothing can be left out.

use content_security_policy::{CspList, PolicyDisposition, PolicySource};
use reqwest::Url;

use super::*;

fn origin(text: &str) -> Origin {
    Origin::parse(text).unwrap()
}

fn site(proxy: &str, nonce: Option<&str>, mode: Mode) -> Site {
    Site {
        page: origin("https://shop.example"),
        proxies: vec![origin(proxy)],
        sockets: vec!["wss://ws.mindos.com".into()],
        pictures: vec!["https://cdn.example".into()],
        nonce: nonce.map(str::to_owned),
        mode,
    }
}

fn placement(site: &Site) -> Placement {
    let base = Url::parse(&format!("{}/chat/", site.proxies[0])).unwrap();
    Placement {
        page: Url::parse("https://shop.example/cart").unwrap(),
        script: base.join("widget.js").unwrap(),
        base,
        nonce: site.nonce.clone(),
        mode: site.mode,
    }
}

/// What of the widget the policy forbids, as `directive: remedy`.
fn judged(policy: &str, site: &Site) -> Vec<String> {
    let policies = CspList::parse(policy, PolicySource::Header, PolicyDisposition::Enforce);
    let found = obstacles(&policies, &placement(site), site);
    found.iter().map(|obstacle| format!("{} ({}): {}", obstacle.directive, obstacle.what, obstacle.remedy)).collect()
}

const SITES: [(&str, Option<&str>, Mode); 5] = [
    ("https://shop.example", None, Mode::Page),
    ("https://chat.example", None, Mode::Page),
    ("https://chat.example", Some("abc123"), Mode::Page),
    ("https://chat.example", None, Mode::Frame),
    ("https://chat.example", Some("abc123"), Mode::Frame),
];

#[test]
fn a_policy_is_what_the_widget_needs() {
    let trusted = "require-trusted-types-for 'script'; trusted-types 'none'";
    let expected = [
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' wss://ws.mindos.com; \
         img-src https://cdn.example; ",
        "default-src 'none'; script-src https://chat.example 'wasm-unsafe-eval'; connect-src https://chat.example \
         wss://ws.mindos.com; img-src https://cdn.example; ",
        "default-src 'none'; script-src 'nonce-abc123' 'strict-dynamic' 'wasm-unsafe-eval'; connect-src \
         https://chat.example wss://ws.mindos.com; img-src https://cdn.example; ",
        "default-src 'none'; script-src https://chat.example; frame-src https://chat.example; ",
        "default-src 'none'; script-src 'nonce-abc123' 'strict-dynamic'; frame-src https://chat.example; ",
    ];
    for ((proxy, nonce, mode), expected) in SITES.into_iter().zip(expected) {
        let policy = Policy::of(&site(proxy, nonce, mode)).to_string();
        assert_eq!(policy, format!("{expected}{trusted}"));
    }
    let without = Site { pictures: Vec::new(), ..site("https://shop.example", None, Mode::Page) };
    assert!(!Policy::of(&without).to_string().contains("img-src"));
}

/// Several proxies, and what stands for a nonce until a server knows it.
#[test]
fn all_that_is_named_is_in_the_policy() {
    let many = Site {
        proxies: vec![origin("https://shop.example"), origin("https://chat.example:8443")],
        ..site("https://shop.example", Some("$request_id"), Mode::Page)
    };
    let policy = Policy::of(&many).to_string();
    assert!(policy.contains("connect-src 'self' https://chat.example:8443 wss://ws.mindos.com"), "{policy}");
    assert!(policy.contains("script-src 'nonce-$request_id' 'strict-dynamic'"), "{policy}");
}

#[test]
fn nothing_of_it_is_forbidden_and_nothing_can_be_left_out() {
    for (proxy, nonce, mode) in SITES {
        let site = site(proxy, nonce, mode);
        let policy = Policy::of(&site);
        assert_eq!(judged(&policy.to_string(), &site), Vec::<String>::new(), "{policy}");
        let sources =
            policy.0.iter().filter(|directive| directive.name.ends_with("-src") && directive.value != "'none'");
        for Directive { name, value, .. } in sources {
            for left_out in value.split(' ') {
                let rest: Vec<_> = value.split(' ').filter(|source| *source != left_out).collect();
                let less =
                    policy.to_string().replace(&format!("{name} {value}"), &format!("{name} {}", rest.join(" ")));
                assert!(!judged(&less, &site).is_empty(), "{less}");
            }
        }
    }
}

#[test]
fn every_directive_is_explained() {
    for (proxy, nonce, mode) in SITES {
        let policy = Policy::of(&site(proxy, nonce, mode));
        let explanation = policy.explanation();
        for directive in policy.to_string().split("; ") {
            let name = directive.split(' ').next().unwrap();
            assert!(explanation.lines().any(|line| line.starts_with(&format!("{name}: "))), "{explanation}");
        }
        assert!(explanation.contains("style-src"), "{explanation}");
    }
}

#[test]
fn what_a_page_forbids_is_said_with_what_to_write_instead() {
    let apart = site("https://chat.example", None, Mode::Page);
    let check = |policy: &str, site: &Site, expected: &[&str]| assert_eq!(judged(policy, site), expected, "{policy}");
    let everything = "script-src *; connect-src *; img-src *; ";
    check("", &apart, &[]);
    check("frame-ancestors 'none'; form-action 'self'", &apart, &[]);
    check(
        "script-src 'self' 'wasm-unsafe-eval'",
        &apart,
        &["script-src (loading widget.js and importing its module): make it `script-src 'self' 'wasm-unsafe-eval' \
           https://chat.example`"],
    );
    check(
        "script-src https://chat.example",
        &apart,
        &["script-src (compiling its WebAssembly): make it `script-src https://chat.example 'wasm-unsafe-eval'`"],
    );
    check(
        "script-src 'nonce-other' 'strict-dynamic' 'wasm-unsafe-eval'",
        &apart,
        &["script-src (loading widget.js): give the script tag of widget.js the page's nonce as its attribute `nonce`"],
    );
    check(
        "connect-src 'none'",
        &apart,
        &[
            "connect-src (calling the proxy and opening SecondMe's WebSocket): make it `connect-src https://chat.example \
           wss://ws.mindos.com`",
        ],
    );
    check(
        "connect-src https://chat.example/chat/",
        &apart,
        &["connect-src (opening SecondMe's WebSocket): make it `connect-src https://chat.example/chat/ \
           wss://ws.mindos.com`"],
    );
    check(
        &everything.replace("img-src *", "img-src data:"),
        &apart,
        &[
            "script-src (compiling its WebAssembly): make it `script-src * 'wasm-unsafe-eval'`",
            "img-src (showing the avatar's picture): make it `img-src data: https://cdn.example`",
        ],
    );
    check(
        "default-src 'self'; script-src-elem *; script-src 'self' 'wasm-unsafe-eval'; img-src *",
        &apart,
        &["default-src (calling the proxy and opening SecondMe's WebSocket): add `connect-src 'self' \
           https://chat.example wss://ws.mindos.com`"],
    );
    check(
        "default-src 'none'",
        &site("https://shop.example", None, Mode::Frame),
        &[
            "default-src (loading widget.js and importing its module): add `script-src 'self'`",
            "default-src (showing its frame): add `frame-src 'self'`",
        ],
    );
}
