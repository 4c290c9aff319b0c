//! The Avatar Hub's own ways: what each step sends, in what order, and what is done again.

mod again;
mod answers;
mod order;
mod steps;

use serde_json::{Value, json};

use crate::hand_made::{HandMade, Reaction, Request};

/// Beyond 2^53, where a double has no odd numbers.
const MIND_ID: u64 = 487_569_763_543_990_273;
const AVATAR_ID: u64 = 9_007_199_254_740_993;

const VISITOR: &str = "web_6ba7b810-9dad-11d1-80b4-00c04fd430c8";

// The last part of each step's path.
const AUTH: &str = "/open/avatar/auth";
const CHAT_INIT: &str = "/os/avatar/chat/init";
const SESSION_CREATE: &str = "/general/session/create";
const AVATAR_PUBLIC: &str = "/os/avatar/public/share-1";
const CHAT_START: &str = "/os/avatar/chat/start";
const WS_CREATE: &str = "/general/ws/create";
const MESSAGE_SEND: &str = "/general/message/send";
const STEPS: [&str; 7] = [AUTH, CHAT_INIT, SESSION_CREATE, AVATAR_PUBLIC, CHAT_START, WS_CREATE, MESSAGE_SEND];

/// What the document answers to each step.
fn documented(request: &Request) -> Reaction {
    let data = match step(request) {
        AUTH => json!({
            "visitorToken": "bb857435f640c8b2", "visitorUserId": "del3p", "visitorMindId": MIND_ID.to_string(),
            "avatarShareCode": "share-1", "avatarName": "My Assistant", "ownerUserId": "de4fh"
        }),
        CHAT_INIT => json!({
            "mindId": "3m24e99h3mbp", "avatarName": "My Assistant", "ownerUserId": "de4fh", "opening": "Hello! 👋"
        }),
        SESSION_CREATE => json!({
            "sessionId": "5f0c", "sentence": {"open": true, "firstOfUser": ["What do you sell?", "Are you open?"]}
        }),
        AVATAR_PUBLIC => json!({
            "id": AVATAR_ID, "shareCode": "share-1", "name": "My Avatar", "modes": {"textChat": true, "voiceCall": false},
            "ownerUserId": 12_345, "ownerUsername": "John", "ownerAvatar": "https://cdn.example/owner.png"
        }),
        WS_CREATE => json!({"wsId": "ws:260327", "address": "wss://ws.example/os/ws?wsId=ws%3A260327"}),
        CHAT_START | MESSAGE_SEND => Value::Null,
        other => panic!("{other} is no step"),
    };
    Reaction::data(&data)
}

fn step(request: &Request) -> &'static str {
    STEPS.into_iter().find(|step| request.path == format!("/base/rest{step}")).unwrap_or("no step")
}

fn steps_of(secondme: &HandMade) -> Vec<&'static str> {
    secondme.requests().iter().map(step).collect()
}
