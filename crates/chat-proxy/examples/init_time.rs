//! How long the widget waits for `init` on the Avatar Hub, as a ratio to the slowest chain of steps that SecondMe's own
//! document imposes. Run by hand: `cargo run --release -p chat-proxy --example init_time`.

#![expect(clippy::unwrap_used, reason = "a measurement that fails has nothing better to do than to stop")]

use std::time::{Duration, Instant};

use chat_proxy::{Server, Settings};
use reqwest::{Client, RequestBuilder};
use secondme_sim::{Endpoint, Simulator};
use serde_json::{Value, json};

const ROUNDS: usize = 40;
const VISITOR: &str = "web_6ba7b810-9dad-11d1-80b4-00c04fd430c8";
/// The steps of a conversation, each with what SecondMe takes for it, in milliseconds.
type Delays = [u64; 6];
const STEPS: [Endpoint; 6] = [
    Endpoint::Auth,
    Endpoint::ChatInit,
    Endpoint::SessionCreate,
    Endpoint::AvatarPublic,
    Endpoint::ChatStart,
    Endpoint::WsCreate,
];

#[tokio::main]
async fn main() {
    report("all steps 0 ms", [0; 6]).await;
    report("all steps 50 ms", [50; 6]).await;
    report("all steps 200 ms", [200; 6]).await;
    report("avatar/public 300 ms, others 50 ms", [50, 50, 50, 300, 50, 50]).await;
    report("chat/start 300 ms, others 50 ms", [50, 50, 50, 50, 300, 50]).await;
}

/// Measures the proxy and the chain in turn, so that whatever else the machine does meets both.
async fn report(name: &str, delays: Delays) {
    let simulator = Simulator::start(secondme_sim::Settings { rate_limit: usize::MAX, ..Default::default() });
    let simulator = simulator.await.unwrap();
    let settings = Settings {
        secondme_api: Some("avatar-hub".into()),
        secondme_base_url: Some(simulator.hub_base_url()),
        secondme_api_key: Some(simulator.settings().api_key.clone().into()),
        listen: Some("127.0.0.1:0".into()),
        ..Settings::default()
    };
    let server = Server::bind(settings.into_config().unwrap()).await.unwrap();
    let address = server.address();
    let serving = tokio::spawn(server.run(std::future::pending()));
    let direct = Direct::new(&simulator).await;
    for (step, delay) in STEPS.into_iter().zip(delays) {
        simulator.control().delay(step, Duration::from_millis(delay));
    }

    let (mut inits, mut chains) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let start = Instant::now();
        init(&direct.client, &format!("http://{address}")).await;
        inits.push(start.elapsed());
        let start = Instant::now();
        direct.chain(delays).await;
        chains.push(start.elapsed());
    }
    serving.abort();
    let (init, chain) = (median(inits), median(chains));
    let ratio = init.as_secs_f64() / chain.as_secs_f64();
    say(&format!("{name}: init {init:.1?}, slowest chain {chain:.1?}, ratio {ratio:.3}"));
}

async fn init(client: &Client, origin: &str) {
    let request = client.post(format!("{origin}/chat/init")).header("origin", origin);
    data(request.json(&json!({"visitorId": VISITOR}))).await;
}

/// SecondMe without a proxy between.
struct Direct {
    client: Client,
    base: String,
    api_key: String,
    who: Value,
    avatar_id: Value,
    session_id: Value,
}

impl Direct {
    /// Takes all steps once, so that each can be taken alone.
    async fn new(simulator: &Simulator) -> Self {
        let client = Client::builder().no_proxy().build().unwrap();
        let (base, api_key) = (format!("{}/rest", simulator.hub_base_url()), simulator.settings().api_key.clone());
        let nothing = Value::Null;
        let mut direct =
            Self { client, base, api_key, who: nothing.clone(), avatar_id: nothing.clone(), session_id: nothing };
        direct.who = direct.auth().await;
        direct.chat_init().await;
        direct.session_id = direct.session_create().await["sessionId"].clone();
        direct.avatar_id = direct.avatar_public().await["id"].clone();
        direct
    }

    /// The steps that wait for each other, and of those that don't, the slower ones; one after the other.
    async fn chain(&self, [_, chat_init, session_create, avatar_public, chat_start, ws_create]: Delays) {
        self.auth().await;
        if avatar_public > chat_init + session_create {
            self.avatar_public().await;
        } else {
            self.chat_init().await;
            self.session_create().await;
        }
        if chat_start > ws_create {
            let body = json!({"avatarId": self.avatar_id, "sessionId": self.session_id});
            self.post("os/avatar/chat/start", &body).await;
        } else {
            let user = &self.who["visitorUserId"];
            let body = json!({"userId": user, "channel": ["ALL"], "apiVersion": "1.3.0", "sdkVersion": "1.0.0"});
            self.post("general/ws/create", &body).await;
        }
    }

    async fn auth(&self) -> Value {
        let request = self.client.post(format!("{}/open/avatar/auth", self.base)).bearer_auth(&self.api_key);
        data(request.json(&json!({"visitorId": VISITOR, "channel": "web"}))).await
    }

    async fn chat_init(&self) {
        self.post("os/avatar/chat/init", &json!({"shareCode": self.who["avatarShareCode"]})).await;
    }

    async fn session_create(&self) -> Value {
        let mind_id: u64 = self.who["visitorMindId"].as_str().unwrap().parse().unwrap();
        let members = json!([self.who["ownerUserId"]]);
        let fixed = json!({"mindType": "shadow", "mode": "PERSONAL", "sessionType": "SHARE"});
        let mut body = json!({"mindId": mind_id, "memberUserIds": members});
        body.as_object_mut().unwrap().extend(fixed.as_object().unwrap().clone());
        self.post("general/session/create", &body).await
    }

    async fn avatar_public(&self) -> Value {
        let share_code = self.who["avatarShareCode"].as_str().unwrap();
        data(self.sign(self.client.get(format!("{}/os/avatar/public/{share_code}", self.base)))).await
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        data(self.sign(self.client.post(format!("{}/{path}", self.base))).json(body)).await
    }

    fn sign(&self, request: RequestBuilder) -> RequestBuilder {
        request.header("token", self.who["visitorToken"].as_str().unwrap()).header("Fp", VISITOR)
    }
}

/// The data of a success.
async fn data(request: RequestBuilder) -> Value {
    let answer: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["code"], 0, "{answer}");
    answer["data"].clone()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

#[expect(clippy::print_stdout, reason = "what was measured is the output")]
fn say(line: &str) {
    println!("{line}");
}
