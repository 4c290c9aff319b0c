//! The owner's console over the Avatar Hub: which conversations it shows and as whose, and where the owner may speak.

use secondme_sim::reply_to;
use serde_json::{Value, json};

use super::{Conversation, OTHER, SESSION_CREATE, VISITOR, changed, check_refused, data, quick};
use crate::{
    caller::{Answer, Caller, Socket, answer, answer_text, eventually},
    console::{complete, until_in_state},
};

/// The session as the console's helpers want it.
fn id(session_id: &str) -> Value {
    json!({ "sessionId": session_id })
}

impl Conversation<'_> {
    /// The owner speaks in this conversation, from the console's page.
    async fn owner_speaks(&self, text: &str) -> Answer {
        answer(self.visitor.caller.take_over(&json!({ "sessionId": self.session_id, "text": text }))).await
    }
}

#[tokio::test]
async fn a_conversation_is_shown_once_it_is_bound() {
    let caller = Caller::with(quick()).await;
    let visitor = caller.hub_visitor(VISITOR).await;
    visitor.chat_init().await;
    let session_id = visitor.create_session().await;
    assert_eq!(caller.conversations().await, [] as [Value; 0]);
    let url = format!("{}/conversations/{session_id}", caller.simulator.console_url());
    check_refused(&answer(caller.http.get(&url)).await, 404, "resource.fetch.not_found", "not bound yet");
    let early = caller.take_over(&json!({ "sessionId": session_id, "text": "Hi!" }));
    check_refused(&answer(early).await, 403, "session.not.member", "not bound yet");

    data(visitor.start(&session_id).await);
    let expected = json!({
        "sessionId": session_id, "name": "John(web)", "avatarName": "Mira", "connected": false, "at": null,
        "lastMessage": null,
    });
    assert_eq!(caller.conversations().await, [expected]);
    let ws = visitor.create_ws().await;
    let _socket = Socket::connect(ws["address"].as_str().unwrap()).await;
    assert_eq!(caller.conversations().await[0]["connected"], true);
}

#[tokio::test]
async fn what_was_said_before_the_binding_is_shown_after_it() {
    let caller = Caller::with(quick()).await;
    let mut conversation = caller.hub_visitor(VISITOR).await.converse().await;
    conversation.session_id = conversation.visitor.create_session().await;
    conversation.ask("hello").await;
    data(conversation.visitor.start(&conversation.session_id).await);
    let expected = [complete("visitor", "hello"), complete("avatar", &reply_to("hello", "Mira"))];
    caller.until_said(&id(&conversation.session_id), &expected).await;
}

#[tokio::test]
async fn conversations_over_one_socket_are_kept_apart() {
    let caller = Caller::with(quick()).await;
    let mut conversation = caller.hub_visitor(VISITOR).await.converse().await;
    let first = conversation.session_id.clone();
    let second = conversation.visitor.create_session().await;
    data(conversation.visitor.start(&second).await);
    conversation.ask("hello").await;
    conversation.session_id.clone_from(&second);
    conversation.ask("shipping").await;
    for (session_id, question) in [(&first, "hello"), (&second, "shipping")] {
        let expected = [complete("visitor", question), complete("avatar", &reply_to(question, "Mira"))];
        caller.until_said(&id(session_id), &expected).await;
    }
}

/// Such frames name no session and have no index.
#[tokio::test]
async fn a_reply_in_the_documents_own_frame_is_heard_each_time() {
    let caller = Caller::with(quick()).await;
    let conversation = caller.hub_visitor(VISITOR).await.converse().await;
    let mut expected = Vec::new();
    for _ in 0..2 {
        data(conversation.send("/least /one-frame hello").await);
        expected.push(complete("visitor", "/least /one-frame hello"));
        expected.push(complete("avatar", &reply_to("hello", "Mira")));
        caller.until_said(&id(&conversation.session_id), &expected).await;
    }
}

#[tokio::test]
async fn the_owner_takes_over() {
    let caller = Caller::with(quick()).await;
    let mut conversation = caller.hub_visitor(VISITOR).await.converse().await;
    let mut bystander = caller.hub_visitor(OTHER).await.converse().await;
    data(conversation.owner_speaks("It is me, Noor.").await);
    let frame = conversation.socket.next().await.unwrap();
    assert_eq!((frame["sender"].as_str(), answer_text(&frame)), (Some("client"), "It is me, Noor."));
    assert_eq!(frame["sendUserId"], conversation.visitor.identity["ownerUserId"]);
    assert_eq!(caller.said(&id(&conversation.session_id)).await, [complete("owner", "It is me, Noor.")]);
    assert_eq!(caller.said(&id(&bystander.session_id)).await, [] as [[String; 3]; 0]);
    assert_eq!(bystander.ask("hello").await, reply_to("hello", "Mira"), "nothing came before it");
}

#[tokio::test]
async fn the_owner_takes_over_in_the_middle_of_a_reply() {
    let caller = Caller::with(quick()).await;
    let conversation = caller.hub_visitor(VISITOR).await.converse().await;
    data(conversation.send("/ids /takeover hello").await);
    let expected = ["visitor complete", "avatar streaming", "owner complete"];
    until_in_state(&caller, &id(&conversation.session_id), &expected).await;
}

#[tokio::test]
async fn an_owner_who_is_no_member_is_refused_whether_the_visitor_is_there_or_not() {
    let caller = Caller::with(quick()).await;
    let mut conversation = caller.hub_visitor(VISITOR).await.converse().await;
    let alone = changed(conversation.visitor.session_body(), &json!({ "memberUserIds": null }));
    let session_id = data(conversation.visitor.post(SESSION_CREATE, &alone).await)["sessionId"].clone();
    conversation.session_id = session_id.as_str().unwrap().to_owned();
    data(conversation.visitor.start(&conversation.session_id).await);
    assert_eq!(caller.conversations().await.len(), 2, "the owner reads it all the same");
    check_refused(&conversation.owner_speaks("Hi!").await, 403, "session.not.member", "connected");
    assert_eq!(conversation.ask("hello").await, reply_to("hello", "Mira"), "nothing came before it");

    conversation.socket.0.close(None).await.unwrap();
    eventually("the end of the socket", || caller.control().observed().sockets_open == 0).await;
    check_refused(&conversation.owner_speaks("Hi!").await, 403, "session.not.member", "away");
}

#[tokio::test]
async fn a_lost_socket_interrupts_what_it_was_telling() {
    let caller = Caller::with(quick()).await;
    let mut conversation = caller.hub_visitor(VISITOR).await.converse().await;
    data(conversation.send("/pause=3600000 hello").await);
    conversation.socket.next().await.unwrap();
    drop(conversation.socket);
    eventually("the end of the socket", || caller.control().observed().sockets_open == 0).await;
    let said = caller.said(&id(&conversation.session_id)).await;
    assert_eq!((said[1][0].as_str(), said[1][2].as_str()), ("avatar", "interrupted"));
}
