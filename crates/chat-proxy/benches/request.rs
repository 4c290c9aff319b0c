//! What the proxy costs a request: beside a bare handler that answers the same bytes at once, and beside one that asks the
//! same SecondMe and hands its answer on, as any proxy must. SecondMe is a stub that takes no time. `cargo xtask bench proxy`
//! runs this in a release build; the figures go to stdout as JSON.

#![expect(clippy::unwrap_used, reason = "a measurement that fails has nothing better to do than to stop")]

use std::collections::BTreeMap;
use std::env;
use std::net::SocketAddr;
use std::time::Instant;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::post;
use axum::{Json, Router};
use chat_proxy::{Server, Settings};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::net::TcpListener;

const VISITOR: &str = "web_6ba7b810-9dad-11d1-80b4-00c04fd430c8";
/// Requests of each kind to each server in a round; as many before the first round, that are not counted.
const REQUESTS: usize = 1_000;
const NAMES: [&str; 3] = ["bare", "relay", "proxy"];

/// Measures, and prints `{"rounds": [{"init": {"bare": …, "relay": …, "proxy": …}, "send": …}, …]}` in microseconds.
#[tokio::main]
async fn main() {
    let rounds = env::var("SECONDME_CHAT_ROUNDS").map_or(5, |rounds| rounds.parse().unwrap());
    let secondme = serve(secondme()).await;
    let proxy = proxy(secondme).await;
    let client = Client::builder().no_proxy().build().unwrap();

    // The very bytes that the proxy answers, and a session of its own.
    let opened = call(&client, proxy, "init", &json!({ "visitorId": VISITOR })).await;
    let session = serde_json::from_slice::<Value>(&opened).unwrap()["data"]["sessionId"].clone();
    let init = json!({ "visitorId": VISITOR }).to_string();
    let send = json!({ "sessionId": session, "visitorId": VISITOR, "message": "Do you ship to Norway?" }).to_string();
    let sent = call(&client, proxy, "send", &serde_json::from_str(&send).unwrap()).await;
    let servers = [serve(bare(opened, sent)).await, serve(relay(secondme)).await, proxy];

    let mut told = Vec::new();
    for _ in 0..=rounds {
        let mut medians = BTreeMap::new();
        for (path, body) in [("init", &init), ("send", &send)] {
            medians.insert(path, round(&client, servers, path, body).await);
        }
        told.push(medians);
    }
    print(&json!({ "rounds": told[1..] }));
}

/// All servers in turn, so that whatever else the machine does meets each of them.
async fn round(client: &Client, servers: [SocketAddr; 3], path: &str, body: &str) -> BTreeMap<&'static str, f64> {
    let mut times = [const { Vec::new() }; 3];
    for _ in 0..REQUESTS {
        for (server, times) in servers.iter().zip(&mut times) {
            let start = Instant::now();
            post_to(client, *server, path, body.to_owned()).await;
            times.push(start.elapsed().as_secs_f64() * 1_000_000.0);
        }
    }
    let median = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    NAMES.into_iter().zip(times.map(median)).collect()
}

async fn call(client: &Client, server: SocketAddr, path: &str, body: &Value) -> Bytes {
    post_to(client, server, path, body.to_string()).await
}

async fn post_to(client: &Client, server: SocketAddr, path: &str, body: String) -> Bytes {
    let request = client.post(format!("http://{server}/chat/{path}")).header("content-type", "application/json");
    let answer = request.header("origin", format!("http://{server}")).body(body).send().await.unwrap();
    assert!(answer.status().is_success(), "{path}: {}", answer.status());
    answer.bytes().await.unwrap()
}

async fn proxy(secondme: SocketAddr) -> SocketAddr {
    let settings = Settings {
        secondme_base_url: Some(format!("http://{secondme}")),
        secondme_client_id: Some("client".into()),
        secondme_client_secret: Some("secret".into()),
        secondme_api_key: Some("sk-1".into()),
        listen: Some("127.0.0.1:0".into()),
        address_limit: Some("0".into()),
        visitor_limit: Some("0".into()),
        ..Settings::default()
    };
    let server = Server::bind(settings.into_config().unwrap()).await.unwrap();
    let address = server.address();
    tokio::spawn(server.run(std::future::pending()));
    address
}

fn secondme() -> Router {
    let token =
        json!({ "accessToken": "lba_at_1", "tokenType": "Bearer", "expiresIn": 604_800, "scope": ["chat.write"] });
    let opened = json!({
        "sessionId": "session-1",
        "wsUrl": "wss://socket.example/os/ws?wsId=1&authBody=abc",
        "avatarName": "Mira",
        "opening": "Hello! I'm Mira, the shop's assistant.",
    });
    let answer = |data: Value| post(move |_: Bytes| async move { Json(json!({ "code": 0, "data": data })) });
    Router::new()
        .route("/api/oauth/token/client", answer(token))
        .route("/api/secondme/visitor-chat/init", answer(opened))
        .route("/api/secondme/visitor-chat/send", answer(json!({ "sent": true })))
}

/// Reads what it is asked, and answers.
fn bare(opened: Bytes, sent: Bytes) -> Router {
    let answer =
        |bytes: Bytes| post(move |Json(_): Json<Value>| async move { ([(CONTENT_TYPE, "application/json")], bytes) });
    Router::new().route("/chat/init", answer(opened)).route("/chat/send", answer(sent))
}

/// Asks SecondMe, and hands on what it says.
fn relay(secondme: SocketAddr) -> Router {
    let ask = |path: &'static str| {
        post(move |State(client): State<Client>, body: Bytes| async move {
            let url = format!("http://{secondme}/api/secondme/visitor-chat/{path}");
            let request =
                client.post(url).bearer_auth("lba_at_1").header("content-type", "application/json").body(body);
            ([(CONTENT_TYPE, "application/json")], request.send().await.unwrap().bytes().await.unwrap()).into_response()
        })
    };
    let client = Client::builder().no_proxy().build().unwrap();
    Router::new().route("/chat/init", ask("init")).route("/chat/send", ask("send")).with_state(client)
}

async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, router).await });
    address
}

#[expect(clippy::print_stdout, reason = "the figures are all that this is for")]
fn print(figures: &Value) {
    println!("{figures}");
}
