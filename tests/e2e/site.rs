//! The site that the chat stands on: its pages, and its proxy as an operator would start it.

use std::ffi::OsStr;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use axum::extract::{Path as UrlPath, Query};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Router, serve};
use chat_proxy::{Server, Settings};
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// The folder with the built widget and the demo page.
pub(crate) fn built() -> PathBuf {
    let built = match std::env::var_os("SECONDME_CHAT_DIST") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("dist"),
    };
    assert!(built.join("index.html").is_file(), "The widget is not built: run `cargo xtask test end-to-end`.");
    built
}

/// The site's pages: the demo shop at `/`, its page on looks at `/theme.html`, a page without any style at `/plain`, and any
/// other at `/page`.
pub(crate) fn pages() -> Router {
    let built = built();
    let read = |name: &str| std::fs::read_to_string(built.join(name)).unwrap();
    let shop = Html(read("index.html"));
    let styles = std::fs::read_dir(&built).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let pages = Router::new().route("/", get(shop)).route("/plain", get(plain));
    let pages =
        pages.route("/account", get(account)).route("/member", get(member)).route("/signing-in", get(signing_in));
    let pages = pages.route("/page", get(any)).route("/theme.html", get(Html(read("theme.html"))));
    let script = ([(CONTENT_TYPE, "text/javascript")], read("theme.js"));
    let pages = pages.route("/theme.js", get(script));
    styles.filter(|name| name.ends_with(".css")).fold(pages, |pages, name| {
        let style = ([(CONTENT_TYPE, "text/css")], read(&name));
        pages.route(&format!("/{name}"), get(style))
    })
}

#[derive(Deserialize)]
#[serde(default)]
struct Embed {
    /// Where the widget comes from, without a slash at its end.
    chat: String,
    /// What outlives the page.
    persist: String,
    /// Hosts of pictures.
    images: String,
    /// Further attributes of the tag.
    more: String,
}

impl Default for Embed {
    fn default() -> Self {
        Self { chat: "/chat".into(), persist: String::new(), images: String::new(), more: String::new() }
    }
}

/// As tall as a page with content, so that it has the same scroll bar.
async fn plain(Query(Embed { chat, persist, images, more }): Query<Embed>) -> Html<String> {
    Html(format!(
        r#"<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>Plain</title></head>
<body><div style="height: 300vh"></div><script async src="{chat}/widget.js" data-persist="{persist}" data-image-hosts="{images}" {more}></script></body></html>"#
    ))
}

#[derive(Deserialize)]
struct Account {
    /// Who is signed in on the page.
    id: String,
    /// What the site's backend has signed for them.
    token: String,
}

/// A page whose visitor the site knows.
async fn account(Query(Account { id, token }): Query<Account>) -> Html<String> {
    page(&documented("html", 0).replace("customer-42", &id).replace("SITE_TOKEN", &token))
}

/// A page that has its visitor's own token of SecondMe.
async fn member(Query(Account { id, token }): Query<Account>) -> Html<String> {
    let script = documented("js", 0).replace("customer-42", &id).replace("ACCESS_TOKEN", &token);
    page(&format!(
        r#"<script>window.SecondMeChat = window.SecondMeChat || []; {script}</script><script async src="/chat/widget.js"></script>"#
    ))
}

#[derive(Deserialize)]
struct Any {
    html: String,
}

/// A page with this in it.
async fn any(Query(Any { html }): Query<Any>) -> Html<String> {
    page(&html)
}

/// A page that offers its visitors to sign in.
async fn signing_in() -> Html<String> {
    page(documented("html", 1))
}

fn page(content: &str) -> Html<String> {
    Html(format!(
        r#"<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>Account</title></head>
<body>{content}</body></html>"#
    ))
}

/// A snippet of the documentation on identity, counted from 0 among those of its language.
fn documented(language: &str, number: usize) -> &'static str {
    let snippets = include_str!("../../docs/identity.md").split("```");
    // Every second part is a snippet; its first line names the language.
    let mut found =
        snippets.skip(1).step_by(2).filter_map(|snippet| snippet.strip_prefix(language)?.strip_prefix('\n'));
    found.nth(number).unwrap_or_else(|| panic!("docs/identity.md has no snippet {number} of {language}"))
}

/// A file that the site has built.
fn from(folder: &Path, name: &str) -> Response {
    let kind = match Path::new(name).extension().and_then(OsStr::to_str) {
        Some("html") => "text/html",
        Some("js") => "text/javascript",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    match std::fs::read(folder.join(name)) {
        Ok(content) => ([(CONTENT_TYPE, kind)], content).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A server of this site's pages alone; it ends with the test.
pub(crate) async fn serve_pages() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { serve(listener, pages()).await });
    address
}

/// The site's own proxy, with the site's pages beside it.
pub(crate) struct Proxy {
    settings: Settings,
    /// Further pages, at `/built/`.
    folder: Option<PathBuf>,
    address: SocketAddr,
    running: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl Proxy {
    pub(crate) async fn start(mut settings: Settings, folder: Option<PathBuf>) -> Self {
        let mut address = (Ipv4Addr::LOCALHOST, 0).into();
        if settings.login.is_some() {
            // SecondMe leads its users back to an address that the operator has to know beforehand.
            address = TcpListener::bind(address).await.unwrap().local_addr().unwrap();
            settings.public_url = Some(format!("http://{address}"));
        }
        let mut proxy = Self { settings, folder, address, running: None };
        proxy.start_again().await;
        proxy
    }

    pub(crate) fn settings(&self) -> Settings {
        self.settings.clone()
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Starts a stopped proxy at the address where it was.
    pub(crate) async fn start_again(&mut self) {
        let mut config = self.settings.clone().into_config().unwrap();
        config.listen = self.address;
        let server = Server::bind_with_pages(config, self.pages()).await.unwrap();
        self.address = server.address();
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = tokio::spawn(async {
            let stopped = async {
                // The sender that is dropped says the same as one that speaks.
                let _ = stopped.await;
            };
            server.run(stopped).await.unwrap();
        });
        self.running = Some((stop, serving));
    }

    fn pages(&self) -> Router {
        match self.folder.clone() {
            None => pages(),
            Some(folder) => {
                pages().route("/built/{*file}", get(async move |UrlPath(name): UrlPath<String>| from(&folder, &name)))
            }
        }
    }

    /// Stops the proxy and waits until nothing listens any more.
    pub(crate) async fn stop(&mut self) {
        if let Some((stop, serving)) = self.running.take() {
            drop(stop);
            serving.await.unwrap();
        }
    }
}
