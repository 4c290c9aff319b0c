//! A site's own pages beside the chat, and a fault in them: it costs that request and nothing more.

use axum::Router;
use axum::routing::get;
use chat_proxy::Server;
use reqwest::Method;

use crate::support::{Answer, Proxy, settings_at};

#[tokio::test]
async fn pages_share_the_chats_origin() {
    let pages = Router::new()
        .route("/", get("a shop"))
        .route("/broken", get(async || -> &'static str { panic!("a fault in a page") }));
    // Nothing here asks SecondMe.
    let config = settings_at(([127, 0, 0, 1], 1).into()).into_config().unwrap();
    let proxy = Proxy::run(Server::bind_with_pages(config, pages).await.unwrap());
    let ask = async |path: &str| Answer::of(proxy.request(Method::GET, path)).await;
    assert_eq!(ask("/").await.text, "a shop");
    ask("/broken").await.assert_failure(500, "proxy.internal");
    ask("/chat/init").await.assert_failure(405, "proxy.invalid_request");
    assert_eq!(ask("/healthz").await.status, 200);
}
