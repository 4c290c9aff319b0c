//! The JSON of the steps that open a conversation, as the Avatar Hub's document and the published SDK have it. They don't
//! know of each other.

use chat_core::wire::{Heartbeat, limits};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::numeric_id::NumericId;
use crate::upstream::address::is_web_socket;
use crate::upstream::fault::Fault;

/// `POST /rest/os/avatar/chat/init` (step 1).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChatInit<'a> {
    pub(super) share_code: &'a str,
}

/// What it answers.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChatInitialized {
    /// Encoded, as messages want it; not to be taken for the number that sessions want.
    pub(super) mind_id: String,
    pub(super) avatar_name: Option<String>,
    pub(super) opening: Option<String>,
}

/// `POST /rest/general/ws/create` (step 2).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WsCreate<'a> {
    user_id: &'a str,
    channel: [&'static str; 1],
    api_version: &'static str,
    sdk_version: &'static str,
}

/// What it answers; the address lives 60 seconds.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Socket {
    pub(super) ws_id: String,
    pub(super) address: String,
}

/// `POST /rest/general/session/create` (step 3).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SessionCreate<'a> {
    mind_id: NumericId,
    mind_type: &'static str,
    mode: &'static str,
    session_type: &'static str,
    member_user_ids: [&'a str; 1],
}

/// What it answers.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Created {
    pub(super) session_id: String,
    #[serde(default, rename = "sentence", deserialize_with = "starters")]
    pub(super) starters: Vec<String>,
}

/// What `GET /rest/os/avatar/public/{shareCode}` answers (step 4).
#[derive(Deserialize)]
pub(super) struct AvatarPublic {
    pub(super) id: NumericId,
    #[serde(default, rename = "ownerAvatar", deserialize_with = "text")]
    pub(super) image: Option<String>,
}

/// `POST /rest/os/avatar/chat/start` (step 4).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChatStart<'a> {
    pub(super) avatar_id: NumericId,
    pub(super) session_id: &'a str,
}

impl<'a> WsCreate<'a> {
    pub(super) fn of(user_id: &'a str) -> Self {
        Self { user_id, channel: ["ALL"], api_version: "1.3.0", sdk_version: "1.0.0" }
    }
}

impl Socket {
    pub(super) fn checked(self) -> Result<Self, Fault> {
        if self.ws_id.is_empty() || !is_web_socket(&self.address) {
            return Err(Fault::Broken("it names no socket or no WebSocket address"));
        }
        Ok(self)
    }
}

impl<'a> SessionCreate<'a> {
    pub(super) fn of(mind_id: NumericId, owner_user_id: &'a str) -> Self {
        let (mind_type, mode, session_type) = ("shadow", "PERSONAL", "SHARE");
        Self { mind_id, mind_type, mode, session_type, member_user_ids: [owner_user_id] }
    }
}

impl ChatInitialized {
    pub(super) fn checked(self) -> Result<Self, Fault> {
        if self.mind_id.is_empty() { Err(Fault::Broken("it names no mind")) } else { Ok(self) }
    }
}

impl Created {
    pub(super) fn checked(self) -> Result<Self, Fault> {
        if self.session_id.is_empty() { Err(Fault::Broken("it names no session")) } else { Ok(self) }
    }
}

/// The ping that step 5 asks for.
pub(super) fn heartbeat(ws_id: String) -> Heartbeat {
    Heartbeat { ws_id, interval_ms: limits::HEARTBEAT_MS }
}

/// `firstOfUser` of the `sentence`. It is an extra: where it is not as expected, there are no starters, and a conversation.
fn starters<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let sentence = Value::deserialize(deserializer)?;
    let starters = sentence["firstOfUser"].as_array().filter(|_| sentence["open"] != false);
    Ok(starters.into_iter().flatten().filter_map(|starter| starter.as_str().map(str::to_owned)).collect())
}

/// A text that is an extra.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Value::deserialize(deserializer)?.as_str().map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_extra_may_be_missing_or_odd() {
        let check = |sentence: Value, expected: &[&str]| {
            let created: Created = serde_json::from_value(json!({"sessionId": "s", "sentence": sentence})).unwrap();
            assert_eq!(created.starters, expected);
        };
        check(json!({"open": true, "firstOfUser": ["Prices?", 7, "Hours?"]}), &["Prices?", "Hours?"]);
        check(json!({"firstOfUser": ["Prices?"]}), &["Prices?"]);
        check(json!({"open": false, "firstOfUser": ["Prices?"]}), &[]);
        check(json!({"open": true, "firstOfUser": "Prices?"}), &[]);
        check(json!(["Prices?"]), &[]);
        check(Value::Null, &[]);
        let without: Created = serde_json::from_value(json!({"sessionId": "s"})).unwrap();
        assert!(without.starters.is_empty());
        for image in [json!(7), Value::Null] {
            let public: AvatarPublic = serde_json::from_value(json!({"id": 67, "ownerAvatar": image})).unwrap();
            assert_eq!(public.image, None);
        }
    }
}
