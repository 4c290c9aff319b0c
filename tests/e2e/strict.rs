//! Pages with security rules of their own: under exactly the policy that `chat-proxy csp` prints, and isolated from all that does
//! not ask for it, a conversation is held and the browser has nothing to report.

use std::net::{Ipv4Addr, SocketAddr};

use axum::http::HeaderName;
use axum::response::Html;
use axum::routing::get;
use axum::{Router, serve};
use chat_proxy::csp::{Arguments, Mode, print};
use chat_proxy::{Origin, Settings};
use tokio::net::TcpListener;

use crate::page::AVATAR;
use crate::world::{Setup, World, test};

/// A name that browsers trust as they trust https.
pub(crate) const PAGE: &str = "http://shop.localhost";
const NONCE: &str = "q7Zk1";

/// Whatever the browser reports of a page's rules.
const WATCH: &str = "window.violations = [];
addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample, sourceFile }) =>
    violations.push([effectiveDirective, blockedURI, sample, sourceFile].join(' ')))";

#[test]
fn the_strictest_policy_forbids_nothing_of_a_conversation() {
    under(Mode::Page, "", async |world| {
        world.page.open().await;
        world.next_reply_says("A **bold** word, `code`, and a list:\n\n- one\n- [two](https://shop.example)\n");
        world.page.say("hello").await;
        let rich = "the reply is rich and complete";
        world.page.until(rich, |chat| chat.newest_reply("complete").is_some_and(|reply| reply.rich)).await;
        world.page.click("[part~=menu]").await;
        world.page.click("[part~=menu]").await;
        world.page.click("[part~=input]").await;
        world.page.ask("a gift").await;
        world.page.reload().await;
        world.page.open().await;
        let chat = world.page.until("the conversation is back", |chat| chat.messages.len() >= 5).await;
        assert_eq!((chat.title.as_str(), chat.alert.as_str()), (AVATAR, ""));
    });
}

/// The page's own scripts may do no more than before: what the widget needs is no hole in the policy.
#[test]
fn the_policy_holds_against_the_page_itself() {
    under(Mode::Page, "", async |world| {
        let markup = "try { document.body.innerHTML = '<p>'; return 'allowed' } catch (error) { return error.name }";
        assert_eq!(world.page.browser.run::<String>(markup).await, "TypeError");
        let reported: Vec<String> = world.page.browser.run("return violations.splice(0)").await;
        assert!(reported[0].starts_with("require-trusted-types-for trusted-types-sink"), "{reported:?}");
    });
}

#[test]
fn a_page_that_isolates_itself_has_a_chat() {
    let headers = [("cross-origin-embedder-policy", "require-corp"), ("cross-origin-opener-policy", "same-origin")];
    on_page(&headers, &tag(""), async |world| {
        assert!(world.page.browser.run::<bool>("return crossOriginIsolated").await);
        world.page.open().await;
        let chat = world.page.ask("hello").await;
        world.check_dialogue(&chat, &["hello"]);
    });
}

/// Runs a test on a page under the policy that `chat-proxy csp` prints for it, with this in the script tag.
pub(crate) fn under(mode: Mode, more: &str, then: impl AsyncFnOnce(&mut World)) {
    let more = format!("nonce='{NONCE}' {more}");
    on_page_of(
        |world| vec![("content-security-policy", policy(world, mode))],
        &tag(&more),
        async |world: &mut World| {
            then(world).await;
            let violations: Vec<String> = world.page.browser.run("return window.violations").await;
            assert_eq!(violations, [""; 0], "the browser has nothing to report");
        },
    );
}

/// Runs a test on a page of another origin than the proxy's, with these headers.
pub(crate) fn on_page(headers: &[(&'static str, &str)], html: &str, then: impl AsyncFnOnce(&mut World)) {
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    on_page_of(|_| headers, html, then);
}

fn on_page_of(
    headers: impl FnOnce(&World) -> Vec<(&'static str, String)>,
    html: &str,
    then: impl AsyncFnOnce(&mut World),
) {
    let proxy = Settings { allowed_origins: Some(vec![PAGE.into()]), ..Settings::default() };
    test(Setup { proxy, ..Setup::default() }, async |world| {
        let html = html.replace("{proxy}", &world.url("/chat"));
        world.wire.name(PAGE.trim_start_matches("http://"), serve_page(headers(world), html).await);
        world.page.browser.run_before_pages(WATCH).await;
        world.page.visit(&format!("{PAGE}/")).await;
        then(world).await;
    });
}

pub(crate) fn tag(more: &str) -> String {
    format!(r#"<script async src="{{proxy}}/widget.js" {more}></script>"#)
}

/// What the program prints for the page, by the settings of the world's proxy.
fn policy(world: &World, mode: Mode) -> String {
    let arguments = Arguments {
        origin: Origin::parse(PAGE).unwrap(),
        proxies: vec![Origin::parse(&world.url("")).unwrap()],
        mode,
        nonce: Some(NONCE.into()),
        pictures: Vec::new(),
        explain: false,
        settings: world.settings(),
    };
    print(arguments).unwrap().policy
}

async fn serve_page(headers: Vec<(&'static str, String)>, body: String) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let page = async move || {
        let html = format!(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Shop</title><body>{body}</body></html>"
        );
        let mut response = axum::response::IntoResponse::into_response(Html(html));
        for (name, value) in headers {
            response.headers_mut().insert(HeaderName::from_static(name), value.parse().unwrap());
        }
        response
    };
    tokio::spawn(async { serve(listener, Router::new().fallback(get(page))).await });
    address
}
