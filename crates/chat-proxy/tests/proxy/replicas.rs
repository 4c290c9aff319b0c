//! Several proxies with one key and nothing else in common: each call may reach another one.

use secondme_sim::Simulator;
use serde_json::{Value, json};

use crate::support::{APIS, Api, Proxy, Socket, quick, settings_by};

async fn check(api: Api) {
    let simulator = Simulator::start(quick()).await.unwrap();
    let proxies = [Proxy::start(settings_by(api, &simulator)).await, Proxy::start(settings_by(api, &simulator)).await];
    let mut turn = proxies.iter().cycle();
    let mut next = || turn.next().unwrap();

    let mut session = Value::Null;
    let mut said = Vec::new();
    for round in 0..3 {
        let init = json!({"visitorId": "web_1", "sessionId": session});
        let opened = next().post("/chat/init", &init).await.data();
        session = opened["sessionId"].clone();
        let mut socket = Socket::open(&opened).await;
        for message in 0..3 {
            let message = format!("message {round}.{message}");
            next().send(session.as_str().unwrap(), &message).await.data();
            said.push(message);
            socket.reply().await;
        }
    }
    let observed = simulator.control().observed();
    assert_eq!((observed.sessions.len(), &observed.sessions[0].messages), (1, &said), "{api:?}");
    assert_eq!(observed.replies_without_socket, 0);
}

#[tokio::test]
async fn two_proxies_behind_a_round_robin_serve_one_conversation() {
    for api in APIS {
        check(api).await;
    }
}
