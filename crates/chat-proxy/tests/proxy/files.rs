//! The widget's files: types, encodings, caching, and what is never given out.

use chat_proxy::Settings;
use reqwest::Method;
use tempfile::TempDir;

use crate::support::{Answer, Proxy, settings_at};

const HASHED: &str = "secondme-chat-9f86d081884c7d65";

async fn site() -> (Proxy, TempDir) {
    let outside = tempfile::tempdir().unwrap();
    let folder = outside.path().join("dist");
    std::fs::create_dir_all(folder.join(".git")).unwrap();
    std::fs::create_dir_all(folder.join(format!("snippets/{HASHED}"))).unwrap();
    let files = [
        ("../secret.txt", "outside"),
        ("index.html", "<p>page</p>"),
        (".git/config", "hidden"),
        ("widget.js", "plain"),
        ("widget.js.br", "brotli"),
        ("widget.js.gz", "gzip"),
        (&format!("{HASHED}.js"), "glue"),
        (&format!("{HASHED}_bg.wasm"), "wasm"),
        (&format!("{HASHED}_bg.wasm.br"), "wasm in brotli"),
        (&format!("snippets/{HASHED}/inline0.js"), "snippet"),
        ("widget.json", "{}"),
        ("frame.html", "<p>frame</p>"),
    ];
    for (name, text) in files {
        std::fs::write(folder.join(name), text).unwrap();
    }
    // Nothing here asks SecondMe.
    let settings = Settings { widget_dir: Some(folder), ..settings_at(([127, 0, 0, 1], 1).into()) };
    (Proxy::start(settings).await, outside)
}

async fn get(proxy: &Proxy, path: &str, encodings: &str) -> Answer {
    Answer::of(proxy.request(Method::GET, path).header("accept-encoding", encodings)).await
}

#[tokio::test]
async fn files_have_their_type_and_their_caching() {
    let (proxy, _folder) = site().await;
    let check = async |name: &str, kind: &str, caching: &str| {
        for method in [Method::GET, Method::HEAD] {
            // A tag on another site's page: no origin is asked for.
            let request = proxy.request(method, &format!("/chat/{name}")).header("origin", "https://other.example");
            let answer = Answer::of(request).await;
            assert_eq!(answer.status, 200, "{name}");
            assert_eq!(answer.header("content-type"), Some(kind), "{name}");
            assert_eq!(answer.header("cache-control"), Some(caching), "{name}");
            assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{name}");
            assert_eq!(answer.header("cross-origin-resource-policy"), Some("cross-origin"), "{name}");
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{name}");
        }
    };
    let forever = "public, max-age=31536000, immutable";
    check("widget.js", "text/javascript", "public, max-age=300").await;
    check(&format!("{HASHED}.js"), "text/javascript", forever).await;
    check(&format!("{HASHED}_bg.wasm"), "application/wasm", forever).await;
    check(&format!("snippets/{HASHED}/inline0.js"), "text/javascript", forever).await;
    check("widget.json", "application/json", "public, max-age=300").await;
}

/// A page under `Cross-Origin-Embedder-Policy: require-corp` is shown nothing that does not say so, and the widget asks such
/// pages' browsers whether anybody answers at all.
#[tokio::test]
async fn a_page_that_isolates_itself_can_embed_every_answer() {
    let (proxy, _folder) = site().await;
    let check = async |method: Method, path: &str, status: u16| {
        let answer = Answer::of(proxy.request(method, path).header("origin", "https://other.example")).await;
        let policy = answer.header("cross-origin-resource-policy");
        assert_eq!((answer.status.as_u16(), policy), (status, Some("cross-origin")), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
    };
    check(Method::GET, "/chat/widget.js", 200).await;
    check(Method::GET, "/chat/init", 405).await;
}

/// The page in the frame may be shown by the pages that may use the chat, isolated ones among them, and by no others.
#[tokio::test]
async fn the_frames_page_says_who_may_show_it() {
    let (_, folder) = site().await;
    let settings = Settings {
        widget_dir: Some(folder.path().join("dist")),
        allowed_origins: Some(vec!["https://shop.example".into()]),
        ..settings_at(([127, 0, 0, 1], 1).into())
    };
    let proxy = Proxy::start(settings).await;
    let frame = get(&proxy, "/chat/frame.html", "identity").await;
    assert_eq!((frame.text.as_str(), frame.header("content-type")), ("<p>frame</p>", Some("text/html")));
    let policy = frame.header("content-security-policy").unwrap();
    assert!(policy.contains("frame-ancestors 'self' https://shop.example;"), "{policy}");
    assert!(policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; "), "{policy}");
    assert_eq!(frame.header("cross-origin-embedder-policy"), Some("credentialless"));
    assert_eq!(frame.header("cross-origin-resource-policy"), Some("cross-origin"));
    assert_eq!(frame.header("cache-control"), Some("public, max-age=300"));
    let script = get(&proxy, "/chat/widget.js", "identity").await;
    assert_eq!(script.header("content-security-policy"), None, "a script needs none");
}

#[tokio::test]
async fn the_smallest_form_that_the_browser_takes_is_sent() {
    let (proxy, _folder) = site().await;
    let check = async |path: &str, encodings: &str, expected: Option<&str>, text: &str| {
        let answer = get(&proxy, path, encodings).await;
        assert_eq!((answer.header("content-encoding"), answer.text.as_str()), (expected, text), "{path} {encodings}");
        assert_eq!(answer.header("vary"), Some("accept-encoding"));
    };
    check("/chat/widget.js", "gzip, deflate, br, zstd", Some("br"), "brotli").await;
    check("/chat/widget.js", "gzip", Some("gzip"), "gzip").await;
    check("/chat/widget.js", "identity", None, "plain").await;
    check(&format!("/chat/{HASHED}_bg.wasm"), "br", Some("br"), "wasm in brotli").await;
    check(&format!("/chat/{HASHED}_bg.wasm"), "gzip", None, "wasm").await;
    let wasm = get(&proxy, &format!("/chat/{HASHED}_bg.wasm"), "br").await;
    assert_eq!(wasm.header("content-type"), Some("application/wasm"), "compressed or not");
}

#[tokio::test]
async fn nothing_else_is_given_out() {
    let (proxy, _folder) = site().await;
    for path in [
        "/chat/index.html",
        "/chat/",
        "/chat/snippets",
        "/chat/snippets/",
        "/chat/.git/config",
        "/chat/%2egit/config",
        "/chat/%2e%2e/secret.txt",
        "/chat/..%2fsecret.txt",
        "/chat/snippets/..%2f..%2f..%2fsecret.txt",
        "/chat/%2fetc%2fpasswd",
        "/chat/widget.js%00",
        "/chat/missing.js",
        "/chat/widget.js/more",
        "/chat/widget.js/",
        &format!("/chat/{}.js", "x".repeat(300)),
        "/widget.js",
        "/index.html",
    ] {
        let answer = get(&proxy, path, "identity").await;
        assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (404, None), "{path}");
        answer.assert_failure(404, "proxy.invalid_request");
    }
}

#[tokio::test]
async fn a_known_file_is_not_sent_again() {
    let (proxy, _folder) = site().await;
    let first = get(&proxy, "/chat/widget.js", "identity").await;
    let since = first.header("last-modified").unwrap();
    let again = Answer::of(proxy.request(Method::GET, "/chat/widget.js").header("if-modified-since", since)).await;
    assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""));
    assert_eq!(again.header("cache-control"), Some("public, max-age=300"));
}

#[tokio::test]
async fn another_base_path_moves_everything() {
    let (_, folder) = site().await;
    for (base_path, prefix) in [("/support/chat", "/support/chat"), ("/", "")] {
        let settings = Settings {
            widget_dir: Some(folder.path().join("dist")),
            base_path: Some(base_path.into()),
            ..settings_at(([127, 0, 0, 1], 1).into())
        };
        let proxy = Proxy::start(settings).await;
        assert_eq!(get(&proxy, &format!("{prefix}/widget.js"), "identity").await.text, "plain");
        let refused = proxy.post(&format!("{prefix}/init"), &serde_json::json!({})).await;
        refused.assert_failure(400, "proxy.invalid_request");
        get(&proxy, &format!("{prefix}/index.html"), "identity").await.assert_failure(404, "proxy.invalid_request");
        assert_eq!(get(&proxy, "/healthz", "identity").await.status, 200);
    }
}
