//! The app token: asked for once, renewed once, and never of use against a wrong API key.

use futures_util::future::join_all;
use secondme_sim::{Settings as Credentials, Simulator, TokenRefusal};

use crate::support::{Proxy, quick, settings_for};

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_first_requests_make_one_token_request() {
    let (proxy, simulator) = Proxy::simulated().await;
    let visitors: Vec<_> = (0..100).map(|number| format!("web_{number}")).collect();
    let answers = join_all(visitors.iter().map(|visitor| proxy.init(visitor))).await;
    answers.iter().for_each(|answer| assert_eq!(answer.status, 200, "{}", answer.text));
    let observed = simulator.control().observed();
    assert_eq!((observed.token_requests, observed.init_requests, observed.sessions.len()), (1, 100, 100));
}

async fn check_renewal(refusal: TokenRefusal) {
    let (proxy, simulator) = Proxy::simulated().await;
    let session = proxy.session("web_1").await;
    simulator.control().set_token_refusal(refusal);
    simulator.control().expire_tokens();
    let messages: Vec<_> = (0..20).map(|number| format!("message {number}")).collect();
    let answers = join_all(messages.iter().map(|message| proxy.send(&session, message))).await;
    answers.iter().for_each(|answer| assert_eq!(answer.status, 200, "{}", answer.text));
    let observed = simulator.control().observed();
    assert_eq!(observed.token_requests, 2);
    let mut arrived = observed.sessions[0].messages.clone();
    arrived.sort_by_key(|message| message[8..].parse::<u32>().unwrap());
    assert_eq!(arrived, messages, "each message arrives exactly once");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_token_is_renewed_once_for_all() {
    check_renewal(TokenRefusal::Envelope).await;
}

#[tokio::test]
async fn a_token_refused_by_a_bare_detail_is_renewed_too() {
    check_renewal(TokenRefusal::Detail).await;
}

#[tokio::test]
async fn a_wrong_api_key_is_no_reason_for_a_new_token() {
    let simulator = Simulator::start(quick()).await.unwrap();
    let settings =
        chat_proxy::Settings { secondme_api_key: Some("sk-another".to_owned().into()), ..settings_for(&simulator) };
    let proxy = Proxy::start(settings).await;
    proxy.init("web_1").await.assert_failure(401, "open.api.key.not.found");
    let observed = simulator.control().observed();
    assert_eq!((observed.token_requests, observed.init_requests), (1, 1));
}

#[tokio::test]
async fn a_refused_app_is_said_and_tried_again_later() {
    let simulator = Simulator::start(Credentials { client_secret: "right".into(), ..quick() }).await.unwrap();
    let settings =
        chat_proxy::Settings { secondme_client_secret: Some("wrong".to_owned().into()), ..settings_for(&simulator) };
    let proxy = Proxy::start(settings).await;
    for attempts in 1..=2 {
        proxy.init("web_1").await.assert_failure(401, "oauth2.invalid_client");
        assert_eq!(simulator.control().observed().token_requests, attempts);
    }
}
