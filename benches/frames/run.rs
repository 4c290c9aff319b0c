//! The steps that are measured, and the table. What happens in the page is `page.js`'s.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header::CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use fantoccini::wd::TimeoutConfiguration;
use serde::Deserialize;
use tokio::net::TcpListener;

use crate::browser::Browser;

/// What goes into each page before its own scripts.
const SCRIPT: &str = include_str!("page.js");
const PAGE: &str = r#"<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>Frames</title></head>
<body><script async src="/chat/widget.js"></script></body></html>"#;
/// Messages in the short conversation and in the long one.
const CONVERSATIONS: [u32; 2] = [50, 5_000];
/// Pressed one after the other.
const KEYS: &str =
    "The quick brown fox jumps over the lazy dog. The quick brown fox jumps over the lazy dog. And once more.";

/// In milliseconds.
#[derive(Deserialize)]
struct Measured {
    frames: Vec<f64>,
    tasks: Vec<f64>,
}

/// Measures and prints.
pub(crate) fn run() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let address = serve().await;
        println!(
            "{:<10}{:>9}{:>8}{:>10}{:>8}{:>8}{:>14}",
            "step (ms)", "messages", "frames", "median", "95th", "max", "longest task"
        );
        let mut all = Vec::new();
        for messages in CONVERSATIONS {
            all.push(conversation(address, messages).await);
        }
        for ((step, short), (_, long)) in all[0].iter().zip(&all[1]) {
            println!(
                "{step:<10} frames of the long conversation to the short one: 95th {:.2}, max {:.2}",
                long.0 / short.0,
                long.1 / short.1
            );
        }
    });
}

/// The 95th of a hundred and the longest frame of each step.
async fn conversation(address: SocketAddr, messages: u32) -> Vec<(&'static str, (f64, f64))> {
    let browser = Browser::start("direct://").await;
    let patient = TimeoutConfiguration::new(Some(Duration::from_secs(300)), None, None);
    browser.client.update_timeouts(patient).await.unwrap();
    browser.set_viewport(1280, 800, false).await;
    browser.run_before_pages(SCRIPT).await;
    let page = format!("http://{address}/");
    browser.client.goto(&page).await.unwrap();
    wait(&browser, "bench.open(1)").await;
    wait(&browser, &format!("bench.fill({messages})")).await;
    let first = browser.tab().await;

    // A second tab gets the whole conversation at once, as one after a reload gets what was put by.
    let mut steps = Vec::new();
    browser.open_tab().await;
    browser.run_before_pages(SCRIPT).await;
    browser.client.goto(&page).await.unwrap();
    browser.act("bench.start()").await;
    wait(&browser, &format!("bench.open({messages} - 2)")).await;
    steps.push(("open", stop(&browser).await));
    browser.close_tab(&first).await;

    for (step, script) in [("scroll", "bench.scroll()"), ("stream", "bench.stream()")] {
        browser.act("bench.start()").await;
        wait(&browser, script).await;
        steps.push((step, stop(&browser).await));
    }
    browser.act("bench.focus(); bench.start()").await;
    browser.type_keys(KEYS).await;
    steps.push(("type", stop(&browser).await));
    browser.close().await;
    steps.into_iter().map(|(step, measured)| (step, row(step, messages, measured))).collect()
}

fn row(step: &str, messages: u32, Measured { mut frames, tasks }: Measured) -> (f64, f64) {
    frames.sort_by(f64::total_cmp);
    let part =
        |hundredths: usize| frames.get((frames.len() * hundredths / 100).min(frames.len() - 1)).copied().unwrap();
    let longest = tasks.into_iter().fold(0.0, f64::max);
    let (median, most, max) = (part(50), part(95), part(100));
    println!("{step:<10}{messages:>9}{:>8}{median:>10.1}{most:>8.1}{max:>8.1}{longest:>14.0}", frames.len());
    (most, max)
}

async fn stop(browser: &Browser) -> Measured {
    serde_json::from_value(wait(browser, "bench.stop()").await).unwrap()
}

/// Runs an expression in the page and waits for what it promises.
async fn wait(browser: &Browser, expression: &str) -> serde_json::Value {
    let script = format!("const done = arguments[arguments.length - 1]; ({expression}).then(done)");
    browser.client.execute_async(&script, Vec::new()).await.unwrap_or_else(|error| panic!("{expression}: {error}"))
}

/// The page and the built widget, and nothing else.
async fn serve() -> SocketAddr {
    let built = std::env::var_os("SECONDME_CHAT_DIST")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("dist"), PathBuf::from);
    assert!(built.join("index.html").is_file(), "The widget is not built: run `cargo xtask bench frames`.");
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().route("/", get(Html(PAGE))).fallback(file).with_state(built);
    tokio::spawn(async { axum::serve(listener, router).await });
    address
}

async fn file(State(built): State<PathBuf>, uri: Uri) -> Response {
    // The browser asks for nothing but what the widget names.
    let name = uri.path().trim_start_matches("/chat/");
    let kind = match name.rsplit('.').next() {
        Some("js") => "text/javascript",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    };
    match std::fs::read(built.join(name)) {
        Ok(bytes) => ([(CONTENT_TYPE, kind)], bytes).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}
