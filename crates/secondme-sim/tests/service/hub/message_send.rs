//! Step 6, `message/send`, row by row of its table.

use secondme_sim::reply_to;
use serde_json::{Value, json};

use super::{Conversation, MESSAGE_SEND, OTHER, VISITOR, changed, check_refused, now, quick};
use crate::caller::Caller;

/// A good message with each of these values of the parameter is refused, and one with its own is not.
async fn check(name: &str, wrong: impl AsyncFnOnce(&Caller, &Conversation<'_>) -> Vec<Value>) {
    let caller = Caller::with(quick()).await;
    let mut conversation = caller.hub_visitor(VISITOR).await.converse().await;
    let wrong = wrong(&caller, &conversation).await;
    for value in wrong.into_iter().chain([json!(null), json!({ "no": "such" })]) {
        let body = changed(conversation.message("hello"), &json!({ name: value }));
        let answer = conversation.visitor.post(MESSAGE_SEND, &body).await;
        check_refused(&answer, 400, "invalid.param", &format!("{name} as {value}"));
    }
    assert!(caller.newest_session().messages.is_empty(), "a refusal takes no message");
    assert_eq!(conversation.ask("hello").await, reply_to("hello", "Mira"));
}

/// The ids of one visitor where another is meant.
async fn of_other(caller: &Caller, name: &str) -> Value {
    caller.hub_visitor(OTHER).await.identity[name].clone()
}

#[tokio::test]
async fn timestamp_is_now_in_milliseconds() {
    check("timestamp", async |_, _| {
        vec![json!(now() / 1000), json!(0), json!(now() + 60_000), json!(now().to_string())]
    })
    .await;
}

#[tokio::test]
async fn a_timestamp_that_is_no_moment_of_now_is_refused_whatever_the_seq_id() {
    let caller = Caller::with(quick()).await;
    let conversation = caller.hub_visitor(VISITOR).await.converse().await;
    for timestamp in [now() / 1000, now() * 1000, 1] {
        let id = format!("12345_____{timestamp}");
        let change = json!({ "timestamp": timestamp, "seqId": id, "messageId": id });
        let body = changed(conversation.message("hello"), &change);
        check_refused(&conversation.visitor.post(MESSAGE_SEND, &body).await, 400, "invalid.param", &id);
    }
}

#[tokio::test]
async fn seq_id_is_something_random_and_the_timestamp() {
    check("seqId", async |_, conversation| {
        let timestamp = conversation.message("x")["timestamp"].clone();
        let forms = ["_____{}", "12345_{}", "12345-{}", "{}_____12345", "12345_____{}0", "12345"];
        forms.map(|form| json!(form.replace("{}", &timestamp.to_string()))).into()
    })
    .await;
}

#[tokio::test]
async fn seq_id_is_unique_per_message() {
    let caller = Caller::with(quick()).await;
    let conversation = caller.hub_visitor(VISITOR).await.converse().await;
    let body = conversation.message("hello");
    assert_eq!(conversation.visitor.post(MESSAGE_SEND, &body).await.0, 200);
    check_refused(&conversation.visitor.post(MESSAGE_SEND, &body).await, 400, "invalid.param", "the same once more");
    assert_eq!(caller.newest_session().messages, ["hello"]);
}

#[tokio::test]
async fn session_id_is_one_of_the_visitors() {
    check("sessionId", async |_, _| vec![json!(1)]).await;
    let caller = Caller::with(quick()).await;
    let conversation = caller.hub_visitor(VISITOR).await.converse().await;
    let foreign = caller.hub_visitor(OTHER).await.create_session().await;
    for (id, status, sub_code) in
        [("never-was", 400, "session.status.closed"), (foreign.as_str(), 403, "session.not.member")]
    {
        let body = changed(conversation.message("hello"), &json!({ "sessionId": id }));
        check_refused(&conversation.visitor.post(MESSAGE_SEND, &body).await, status, sub_code, id);
    }
}

#[tokio::test]
async fn user_id_is_the_visitors_encoded_id() {
    check("userId", async |caller, conversation| {
        let owner = conversation.visitor.identity["ownerUserId"].clone();
        vec![json!(""), json!(VISITOR), owner, of_other(caller, "visitorUserId").await]
    })
    .await;
}

#[tokio::test]
async fn message_id_is_the_same_as_seq_id() {
    check("messageId", async |_, conversation| {
        vec![json!(""), json!(format!("99999_____{}", now())), conversation.message("x")["timestamp"].clone()]
    })
    .await;
}

#[tokio::test]
async fn mind_id_is_the_encoded_one_and_not_the_numeric_one() {
    check("mindId", async |caller, conversation| {
        let visitor = &conversation.visitor;
        caller.command(json!({ "command": "add_avatar", "api_key": "sk-2", "avatar_name": "Noor" })).await;
        let noor = caller.hub_visitor_of("sk-2", VISITOR).await.chat_init().await["mindId"].clone();
        vec![json!(visitor.mind_number()), visitor.identity["visitorMindId"].clone(), noor, json!("")]
    })
    .await;
}

#[tokio::test]
async fn index_is_0() {
    check("index", async |_, _| vec![json!(1), json!(-1), json!("0")]).await;
}

#[tokio::test]
async fn send_user_id_is_the_same_as_user_id() {
    check("sendUserId", async |caller, _| vec![json!(""), of_other(caller, "visitorUserId").await]).await;
}

#[tokio::test]
async fn data_type_is_text() {
    check("dataType", async |_, _| vec![json!("image"), json!("TEXT")]).await;
}

#[tokio::test]
async fn sender_is_client() {
    check("sender", async |_, _| vec![json!("umm")]).await;
}

#[tokio::test]
async fn type_is_msg() {
    check("type", async |_, _| vec![json!("ack"), json!("text")]).await;
}

#[tokio::test]
async fn ws_id_is_one_of_the_visitors() {
    check("wsId", async |caller, _| {
        let foreign = caller.hub_visitor(OTHER).await.create_ws().await["wsId"].clone();
        vec![json!(""), json!("ws:0"), foreign]
    })
    .await;
}

#[tokio::test]
async fn data_content_is_the_message() {
    check("data", async |_, _| {
        vec![json!("hello"), json!({}), json!({ "content": "" }), json!({ "content": 7 }), json!({ "content": null })]
    })
    .await;
}

#[tokio::test]
async fn the_reply_comes_over_the_socket_that_the_message_names() {
    let caller = Caller::with(quick()).await;
    let mut first = caller.hub_visitor(VISITOR).await.converse().await;
    let mut second = caller.hub_visitor(VISITOR).await.converse().await;
    assert_eq!(first.ask("hello").await, reply_to("hello", "Mira"), "although another socket is newer");
    assert_eq!(second.ask("shipping").await, reply_to("shipping", "Mira"));
    first.socket.0.close(None).await.unwrap();
    crate::caller::eventually("the end of the socket", || caller.control().observed().sockets_open == 1).await;
    assert_eq!(first.send("hello").await.0, 200);
    assert_eq!(second.socket.reply_text().await, reply_to("hello", "Mira"), "the visitor's other socket gets it");
}
