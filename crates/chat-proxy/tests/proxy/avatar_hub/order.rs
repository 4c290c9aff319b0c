//! The order of the steps: what waits for what, and what does not.

use serde_json::json;

use super::{AUTH, AVATAR_PUBLIC, CHAT_INIT, CHAT_START, SESSION_CREATE, WS_CREATE, documented, step, steps_of};
use crate::hand_made::{HandMade, Reaction, Request};
use crate::support::{Api, Proxy, settings_at_by};

async fn open(reaction: impl Fn(&Request) -> Reaction + Send + Sync + 'static) -> Vec<&'static str> {
    let secondme = HandMade::reacting(reaction).await;
    let proxy = Proxy::start(settings_at_by(Api::AvatarHub, secondme.address)).await;
    proxy.post("/chat/init", &json!({"visitorId": "web_1"})).await.data();
    steps_of(&secondme)
}

/// SecondMe answers one step only when it has heard of another: taken one after the other, they would wait for ever.
async fn check_at_once(first: &'static str, second: &'static str) {
    for (waiting, other) in [(first, second), (second, first)] {
        let steps = open(move |request| match step(request) {
            it if it == waiting => Reaction::After(other, Box::new(documented(request))),
            _ => documented(request),
        });
        assert_eq!(steps.await.len(), 6, "each step is taken once");
    }
}

#[tokio::test]
async fn steps_that_do_not_need_each_other_are_taken_at_once() {
    check_at_once(AVATAR_PUBLIC, CHAT_INIT).await;
    check_at_once(AVATAR_PUBLIC, SESSION_CREATE).await;
    check_at_once(CHAT_START, WS_CREATE).await;
}

/// The first step is SecondMe's silence until the second is there, which never comes: it needs the first one's answer.
async fn check_waits(first: &'static str, second: &'static str) {
    let secondme = HandMade::reacting(move |request| match step(request) {
        it if it == first => Reaction::Silence,
        _ => documented(request),
    });
    let secondme = secondme.await;
    let settings = settings_at_by(Api::AvatarHub, secondme.address);
    let proxy = Proxy::start(chat_proxy::Settings { upstream_timeout: Some("1".into()), ..settings }).await;
    proxy.init("web_1").await.assert_failure(504, "proxy.upstream_timeout");
    let steps = steps_of(&secondme);
    assert!(steps.contains(&first) && !steps.contains(&second), "{steps:?}");
}

#[tokio::test]
async fn a_socket_is_asked_for_when_nothing_else_can_take_time() {
    for first in [AUTH, CHAT_INIT, SESSION_CREATE, AVATAR_PUBLIC] {
        check_waits(first, WS_CREATE).await;
    }
}

#[tokio::test]
async fn a_session_is_created_after_its_context_and_bound_after_that() {
    check_waits(CHAT_INIT, SESSION_CREATE).await;
    check_waits(SESSION_CREATE, CHAT_START).await;
    check_waits(AVATAR_PUBLIC, CHAT_START).await;
}
