//! SecondMe at its worst: whatever it does, a client gets the contract's failure and none of SecondMe's words.

use chat_proxy::Settings;
use secondme_sim::{AnswerFault, Operation, PlannedRefusal};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::{APIS, Answer, Api, HandMade, Proxy, Reaction, a_session_by, settings_at_by};

/// Stands in every text that must stay behind the proxy.
const LEAK: &str = "internal-detail";

/// How often the same request is made at most.
const ATTEMPTS: usize = 3;

/// Has both calls of both APIs meet this reaction, each exactly once.
async fn check(reaction: Reaction, status: u16, sub_code: &str) {
    for api in APIS {
        check_by(api, reaction.clone(), 1, status, sub_code).await;
    }
}

/// The same with a fault that may pass: what does no harm is tried again, and a message is not.
async fn check_passing(reaction: Reaction, status: u16, sub_code: &str) {
    for api in APIS {
        check_by(api, reaction.clone(), ATTEMPTS, status, sub_code).await;
    }
}

async fn check_by(api: Api, reaction: Reaction, attempts: usize, status: u16, sub_code: &str) {
    let secondme = HandMade::start(reaction).await;
    // What one proxy has learned from the first call, that a key's limit is reached, is not to answer the second.
    let proxy = async || Proxy::start(settings_at_by(api, secondme.address)).await;
    let check_answer = |answer: &Answer, calls: usize| {
        answer.assert_failure(status, sub_code);
        assert!(!answer.text.contains(LEAK), "{}", answer.text);
        assert_eq!(secondme.count(), calls, "{api:?} {sub_code}");
    };
    check_answer(&proxy().await.init("web_1").await, attempts);
    check_answer(&proxy().await.send(&a_session_by(api).await, "hello").await, attempts + 1);
}

fn refusal(status: u16, body: &Value) -> Reaction {
    Reaction::Answer(status, body.to_string())
}

fn envelope(code: i64, sub_code: &str) -> Value {
    json!({"code": code, "subCode": sub_code, "message": LEAK, "data": null})
}

#[tokio::test]
async fn known_codes_pass_with_the_documents_status() {
    for (code, status) in [
        ("visitor_chat.visitor_id_required", 400),
        ("visitor_chat.session_not_found", 400),
        ("visitor_chat.session_expired", 400),
        ("open.api.key.not.found", 401),
        ("open.api.user.not.found", 404),
    ] {
        check_table(Api::VisitorChat, code, status).await;
    }
    for (code, status) in [
        ("open.api.key.not.found", 401),
        ("open.api.key.disabled", 403),
        ("open.api.rate.limited", 429),
        ("open.api.avatar.not.found", 404),
        ("open.api.invalid.visitor.id", 400),
    ] {
        check_table(Api::AvatarHub, code, status).await;
    }
}

/// Whatever status the code comes with, the answer has the table's.
async fn check_table(api: Api, code: &str, status: u16) {
    check_by(api, refusal(status, &envelope(status.into(), code)), 1, status, code).await;
    check_by(api, refusal(200, &envelope(status.into(), code)), 1, status, code).await;
    check_by(api, refusal(200, &envelope(1, code)), 1, status, code).await;
}

#[tokio::test]
async fn other_stable_codes_pass_with_a_fitting_status() {
    check(refusal(429, &envelope(429, "open.api.rate.limited")), 429, "open.api.rate.limited").await;
    check(refusal(400, &envelope(400, "invalid.param")), 400, "invalid.param").await;
    check(refusal(200, &envelope(400, "invalid.param")), 400, "invalid.param").await;
    check(refusal(500, &envelope(500, "internal.error")), 502, "internal.error").await;
    check_passing(refusal(503, &envelope(503, "connection.error")), 503, "connection.error").await;
}

#[tokio::test]
async fn what_is_no_stable_code_does_not_pass() {
    let unavailable = "proxy.upstream_unavailable";
    check(refusal(400, &envelope(400, "internal-detail happened")), 502, unavailable).await;
    check(refusal(400, &envelope(400, "proxy.origin_not_allowed")), 502, unavailable).await;
    check(refusal(400, &json!({"code": 400, "subCode": 7, "message": LEAK})), 502, unavailable).await;
    check(refusal(422, &json!({"detail": [{"loc": ["body"], "msg": LEAK}]})), 502, unavailable).await;
    check(refusal(200, &json!({"detail": LEAK})), 502, unavailable).await;
    check(refusal(429, &json!({"detail": LEAK})), 503, unavailable).await;
    check(refusal(500, &json!({"detail": LEAK})), 502, unavailable).await;
    check_passing(refusal(504, &json!({"detail": LEAK})), 504, "proxy.upstream_timeout").await;
}

#[tokio::test]
async fn answers_that_make_no_sense_are_the_upstreams_fault() {
    let unavailable = "proxy.upstream_unavailable";
    let answer = |body: &str| Reaction::Answer(200, body.into());
    check(answer(""), 502, unavailable).await;
    check(answer("<html>internal-detail</html>"), 502, unavailable).await;
    check(answer("[]"), 502, unavailable).await;
    check(answer("{\"code\":\"internal-detail\"}"), 502, unavailable).await;
    check_passing(Reaction::Answer(503, "<html>internal-detail</html>".into()), 503, unavailable).await;
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"code\":0";
    check_passing(Reaction::Bytes(half.into()), 502, unavailable).await;
    check_passing(Reaction::Bytes(String::new()), 502, unavailable).await;
    check_passing(Reaction::Bytes("internal-detail\r\n\r\n".into()), 502, unavailable).await;
    let elsewhere = "HTTP/1.1 307 x\r\nlocation: /lab/elsewhere\r\ncontent-length: 0\r\n\r\n";
    check(Reaction::Bytes(elsewhere.into()), 502, unavailable).await;
    let long = format!("{{\"code\":0,\"data\":\"{}\"}}", "x".repeat(300 * 1024));
    check(Reaction::Answer(200, long), 502, unavailable).await;
}

#[tokio::test]
async fn a_session_without_a_usable_socket_is_the_upstreams_fault() {
    for ws_url in ["", "https://example.com/ws", "javascript:alert(1)", "wss://", "ws.example/ws"] {
        let data = json!({"sessionId": "s", "wsUrl": ws_url, "avatarName": "Mira", "opening": null});
        let secondme = HandMade::start(Reaction::data(&data)).await;
        let proxy = Proxy::start(settings_at_by(Api::VisitorChat, secondme.address)).await;
        proxy.init("web_1").await.assert_failure(502, "proxy.upstream_unavailable");
    }
}

#[tokio::test]
async fn fields_that_may_be_missing_are() {
    let data = json!({"sessionId": "s", "wsUrl": "wss://ws.example/os/ws?wsId=1&authBody=x", "new": [1]});
    let secondme = HandMade::start(Reaction::data(&data)).await;
    let proxy = Proxy::start(settings_at_by(Api::VisitorChat, secondme.address)).await;
    let answer = proxy.init("web_1").await.data();
    assert_eq!((&answer["avatarName"], &answer["opening"]), (&json!(""), &Value::Null));
}

#[tokio::test]
async fn a_message_needs_no_more_than_a_success() {
    for api in APIS {
        for body in [json!({"code": 0, "data": null}), json!({"code": 0}), json!({"code": 0, "data": {"later": 1}})] {
            let secondme = HandMade::start(Reaction::Answer(200, body.to_string())).await;
            let proxy = Proxy::start(settings_at_by(api, secondme.address)).await;
            assert_eq!(proxy.send(&a_session_by(api).await, "hello").await.data(), json!({"sent": true}));
        }
    }
}

#[tokio::test]
async fn a_silent_secondme_is_a_time_out() {
    for api in APIS {
        let secondme = HandMade::start(Reaction::Silence).await;
        let settings = Settings { upstream_timeout: Some("1".into()), ..settings_at_by(api, secondme.address) };
        let proxy = Proxy::start(settings).await;
        proxy.send(&a_session_by(api).await, "hello").await.assert_failure(504, "proxy.upstream_timeout");
        proxy.init("web_1").await.assert_failure(504, "proxy.upstream_timeout");
        assert_eq!(secondme.count(), 2, "no time is left to try again");
    }
}

#[tokio::test]
async fn an_unreachable_secondme_is_unavailable() {
    for api in APIS {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let settings = settings_at_by(api, listener.local_addr().unwrap());
        drop(listener);
        let proxy = Proxy::start(settings).await;
        proxy.init("web_1").await.assert_failure(503, "proxy.upstream_unavailable");
        proxy.send(&a_session_by(api).await, "hello").await.assert_failure(503, "proxy.upstream_unavailable");
    }
}

#[tokio::test]
async fn a_token_that_is_none_is_the_upstreams_fault() {
    for body in ["", "{}", "{\"code\":0,\"data\":{}}", "{\"code\":0,\"data\":{\"accessToken\":\"a\\nb\"}}"] {
        let token = Reaction::Answer(200, body.into());
        let secondme = HandMade::with_token(token, Reaction::Answer(200, "{}".into())).await;
        let proxy = Proxy::start(settings_at_by(Api::VisitorChat, secondme.address)).await;
        proxy.init("web_1").await.assert_failure(502, "proxy.upstream_unavailable");
        assert_eq!(secondme.count(), 0, "without a token nothing is asked");
    }
}

#[tokio::test]
async fn the_wait_that_secondme_asks_for_is_passed_on() {
    let check = async |api: Api, given: &str, status: u16, expected: &str| {
        let body = envelope(i64::from(status), "open.api.rate.limited").to_string();
        let (length, head) = (body.len(), format!("HTTP/1.1 429 x\r\nretry-after: {given}\r\nconnection: close"));
        let head = head.replace("429", &status.to_string());
        let bytes = Reaction::Bytes(format!("{head}\r\ncontent-length: {length}\r\n\r\n{body}"));
        let secondme = HandMade::start(bytes).await;
        let proxy = Proxy::start(settings_at_by(api, secondme.address)).await;
        let answer: Answer = proxy.send(&a_session_by(api).await, "hello").await;
        assert_eq!(answer.header("retry-after"), Some(expected), "{given}");
    };
    check(Api::VisitorChat, "17", 503, "17").await;
    check(Api::VisitorChat, "999999999", 503, "3600").await;
    for api in APIS {
        check(api, "17", 429, "17").await;
        check(api, "Wed, 21 Oct 2026 07:28:00 GMT", 429, "5").await;
    }
}

#[tokio::test]
async fn an_init_outlives_what_passes() {
    for (api, status) in APIS.into_iter().flat_map(|api| [502, 503, 504].map(|status| (api, status))) {
        let (proxy, simulator) = Proxy::simulated_by(api).await;
        simulator.control().fail_next(2, status);
        proxy.init("web_1").await.data();
        let observed = simulator.control().observed();
        assert_eq!((observed.sessions.len(), observed.token_requests), (1, 3), "{api:?} {status}");
    }
}

/// Another attempt would come after the deadline, so that the wait is the widget's.
#[tokio::test]
async fn a_long_wait_is_left_to_the_widget() {
    for api in APIS {
        let (proxy, simulator) = Proxy::simulated_by(api).await;
        let refusal = PlannedRefusal { status: 503, sub_code: None, retry_after: Some(60) };
        simulator.control().refuse_next(Operation::Token, 1, refusal);
        let answer = proxy.init("web_1").await;
        assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, Some("60")), "{api:?}");
    }
}

#[tokio::test]
async fn a_message_that_may_have_arrived_is_not_sent_again() {
    for api in APIS {
        let (proxy, simulator) = Proxy::simulated_by(api).await;
        let session = proxy.session("web_1").await;
        simulator.control().spoil_answers(1, AnswerFault::Cut);
        proxy.send(&session, "one").await.assert_failure(502, "proxy.upstream_unavailable");
        let observed = simulator.control().observed();
        assert_eq!((observed.send_requests, &observed.sessions[0].messages[..]), (1, &["one".to_owned()][..]));
    }
}

#[tokio::test]
async fn each_fault_passes_and_the_next_call_works() {
    let (proxy, simulator) = Proxy::simulated().await;
    let session = proxy.session("web_1").await;
    simulator.control().fail_next(1, 500);
    let failed = proxy.send(&session, "one").await;
    assert_eq!(failed.status, 502, "{}", failed.text);
    assert_eq!(proxy.send(&session, "two").await.status, 200);
    simulator.control().expire_sessions();
    proxy.send(&session, "three").await.assert_failure(400, "visitor_chat.session_expired");
    let session = proxy.session("web_1").await;
    assert_eq!(proxy.send(&session, "four").await.status, 200);
    simulator.control().forget_sessions();
    proxy.send(&session, "five").await.assert_failure(400, "visitor_chat.session_not_found");
    simulator.control().set_owner_gone(true);
    proxy.init("web_1").await.assert_failure(404, "open.api.user.not.found");
}
