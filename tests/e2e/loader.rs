//! What a page asks for, and when; and what its visitors are told where it does not come, is not what was built, or cannot run.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Router, serve};
use tokio::net::TcpListener;

use crate::page::{AVATAR, TAB};
use crate::site::built;
use crate::strict::{on_page, tag};
use crate::until::until;
use crate::world::{Setup, World, test};

const STORED: &str = "return localStorage.length + sessionStorage.length";
const CONTACT: &str = "const link = document.querySelector('secondme-chat').shadowRoot.querySelector('.words a');
return link && [link.textContent, link.href]";
/// How far the page's elements have moved without its visitor's doing.
const SHIFTS: &str = "return new Promise((done) => {
    const observer = new PerformanceObserver(() => {});
    observer.observe({ type: 'layout-shift', buffered: true });
    requestAnimationFrame(() => setTimeout(() => done(observer.takeRecords().reduce((sum, { value }) => sum + value, 0))));
})";

async fn visit(world: &World, more: &str) {
    let more: String = url::form_urlencoded::byte_serialize(more.as_bytes()).collect();
    world.page.visit(&world.url(&format!("/plain?more={more}"))).await;
}

/// The last parts of the addresses that the page has asked the proxy for, without hashes.
fn asked(world: &World) -> Vec<String> {
    let requests = world.wire.requests();
    let names = requests.iter().filter_map(|request| request.split_once("/chat/")).map(|(_, name)| name);
    let plain = |name: &str| {
        let hash = name.find('-').and_then(|_| name.rfind('-')).filter(|at| name.len() > at + 17);
        hash.map_or_else(|| name.to_owned(), |at| format!("{}{}", &name[..at], &name[at + 17..]))
    };
    names.map(plain).collect()
}

async fn until_asked(world: &World, expected: &[&str]) {
    until(&format!("{expected:?} is asked for"), async || {
        let mut asked = asked(world);
        asked.sort();
        (asked == expected).then_some(())
    })
    .await;
}

const FILES: [&str; 3] = ["secondme-chat.js", "secondme-chat_bg.wasm", "widget.js"];

#[test]
fn unless_told_otherwise_nothing_is_asked_for_before_the_visitor_comes_near() {
    test(Setup::default(), async |world| {
        for load in ["", "data-load=interaction"] {
            visit(world, load).await;
            // Whatever a page does by itself, it has done by then.
            world
                .page
                .browser
                .act("return new Promise((done) => setTimeout(() => requestIdleCallback(done), 500))")
                .await;
            // The browser has it from the first visit on.
            assert_eq!(asked(world), ["widget.js"], "{load}");
        }
        // The keyboard comes to the launcher, and the files are on their way before it is pressed.
        until("Tab leads to the launcher", async || {
            world.page.browser.type_keys(&TAB.to_string()).await;
            world.page.snapshot().await.filter(|chat| chat.focus == "launcher")
        })
        .await;
        until_asked(world, &FILES).await;
        assert_eq!(world.observed().init_requests, 0, "nobody is told of it");
        assert_eq!(world.page.browser.run::<u64>(STORED).await, 0);
        world.page.open().await;
        assert_eq!(world.page.snapshot().await.unwrap().alert, "");
    });
}

#[test]
fn a_site_may_have_the_files_fetched_before_and_nothing_else() {
    for load in ["idle", "eager"] {
        test(Setup::default(), async |world| {
            visit(world, &format!("data-load={load}")).await;
            until_asked(world, &FILES).await;
            assert_eq!(world.observed().init_requests, 0, "{load}");
            assert_eq!(world.page.browser.run::<u64>(STORED).await, 0, "{load}");
            world.page.open().await;
            let chat = world.page.ask("hello").await;
            assert_eq!(chat.title, AVATAR);
            let files = asked(world);
            assert!(FILES.iter().all(|name| files.iter().filter(|other| other == name).count() == 1), "{files:?}");
        });
    }
}

#[test]
fn nothing_of_the_page_moves() {
    test(Setup::default(), async |world| {
        world.visit_shop().await;
        assert_eq!(world.page.browser.run::<f64>(SHIFTS).await.to_bits(), 0, "a launcher that floats");
        world.page.open().await;
        assert_eq!(world.page.browser.run::<f64>(SHIFTS).await.to_bits(), 0, "a panel that floats");
        let html = r#"<style>secondme-chat { display: block; height: 480px }</style><secondme-chat></secondme-chat><p>below</p>
            <script async src="/chat/widget.js" data-mode="inline"></script>"#;
        world.visit_page(html).await;
        world.page.open().await;
        world.page.ask("hello").await;
        assert_eq!(world.page.browser.run::<f64>(SHIFTS).await.to_bits(), 0, "a chat in the page");
    });
}

/// A server of the widget's files that can be told to change them.
#[derive(Clone, Default)]
struct Files(Arc<AtomicBool>);

async fn file(State(files): State<Files>, Path(name): Path<String>) -> Response {
    let Ok(mut content) = tokio::fs::read(built().join(&name)).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kind = if name.ends_with(".wasm") { "application/wasm" } else { "text/javascript" };
    if files.0.load(Ordering::Relaxed) && name != "widget.js" {
        match name.ends_with(".wasm") {
            // A custom section: still a module that would run.
            true => content.extend([0, 2, 1, b'x']),
            false => content.extend(b"\nwindow.tampered = true;"),
        }
    }
    ([(CONTENT_TYPE, kind), (ACCESS_CONTROL_ALLOW_ORIGIN, "*")], content).into_response()
}

async fn serve_files(files: Files) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = Router::new().route("/{name}", get(file)).with_state(files);
    tokio::spawn(async { serve(listener, routes).await });
    address
}

#[test]
fn a_file_that_was_changed_on_its_way_is_not_run_and_can_be_asked_for_again() {
    test(Setup::default(), async |world| {
        let files = Files::default();
        world.wire.name("files.localhost", serve_files(files.clone()).await);
        let script = format!(
            r#"<script async src="http://files.localhost/widget.js" data-base="{}"></script>"#,
            world.url("/chat")
        );
        files.0.store(true, Ordering::Relaxed);
        world.visit_page(&script).await;
        for _ in 0..2 {
            world.page.click("[part~=launcher]").await;
            let chat = world.page.until("the visitor is told", |chat| !chat.alert.is_empty()).await;
            assert_eq!((chat.alert.as_str(), chat.open), ("The chat could not be loaded. Please try again.", false));
        }
        assert!(!world.page.browser.run::<bool>("return 'tampered' in window").await, "none of it was run");
        files.0.store(false, Ordering::Relaxed);
        world.page.open().await;
        let chat = world.page.ask("hello").await;
        world.check_dialogue(&chat, &["hello"]);
    });
}

const FALLBACK: &str = "data-fallback-href='/contact' data-fallback='Write to us'";
const REFUSED: &str = "The chat does not work in this browser. Write to us";

#[test]
fn without_webassembly_there_is_another_way_to_the_site() {
    test(Setup::default(), async |world| {
        world.page.browser.run_before_pages("delete window.WebAssembly").await;
        visit(world, FALLBACK).await;
        check_refusal(world, &world.url("/contact")).await;
        assert!(!asked(world).iter().any(|name| name.contains("wasm")), "{:?}", asked(world));
        // Where a link may lead is no way to run a script.
        visit(world, "data-fallback-href='javascript:window.ran=1'").await;
        world.page.click("[part~=launcher]").await;
        let chat = world.page.until("the visitor is told", |chat| !chat.alert.is_empty()).await;
        assert_eq!(chat.alert, "The chat does not work in this browser.");
    });
}

#[test]
fn a_page_that_forbids_webassembly_says_the_same() {
    let policy = "script-src http://127.0.0.1:* 'self'";
    on_page(&[("content-security-policy", policy)], &tag(FALLBACK), async |world| {
        check_refusal(world, "http://shop.localhost/contact").await;
    });
}

async fn check_refusal(world: &World, contact: &str) {
    world.page.click("[part~=launcher]").await;
    let chat = world.page.until("the visitor is told", |chat| !chat.alert.is_empty()).await;
    assert_eq!((chat.alert.as_str(), chat.open), (REFUSED, false));
    let link: Option<[String; 2]> = world.page.browser.run(CONTACT).await;
    assert_eq!(link, Some(["Write to us".to_owned(), contact.to_owned()]));
    world.page.click("[part~=launcher]").await;
    world.page.until("asked again, it goes", |chat| chat.alert.is_empty()).await;
    world.page.click("[part~=launcher]").await;
    world.page.until("and comes again", |chat| chat.alert == REFUSED).await;
    assert_eq!(world.page.errors().await, [""; 0], "the page hears nothing of it");
}
