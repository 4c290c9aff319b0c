//! A visitor's message in the Avatar Hub's form. It doesn't know how it is delivered.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;
use uuid::Uuid;

use super::Session;

/// `POST /rest/general/message/send` (step 6). One that is sent again has the same ids, by which SecondMe could know it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Message<'a> {
    /// Milliseconds since 1970.
    timestamp: u64,
    seq_id: String,
    session_id: &'a str,
    user_id: &'a str,
    message_id: String,
    /// The encoded one.
    mind_id: &'a str,
    index: i64,
    send_user_id: &'a str,
    data_type: &'static str,
    sender: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    ws_id: &'a str,
    data: Content<'a>,
}

#[derive(Serialize)]
struct Content<'a> {
    content: &'a str,
}

impl<'a> Message<'a> {
    pub(super) fn new(session: &'a Session, content: &'a str) -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let timestamp = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
        let seq_id = format!("{}_____{timestamp}", random());
        Self {
            timestamp,
            message_id: seq_id.clone(),
            seq_id,
            session_id: &session.session_id,
            user_id: &session.visitor_user_id,
            mind_id: &session.mind_id,
            index: 0,
            send_user_id: &session.visitor_user_id,
            data_type: "text",
            sender: "client",
            kind: "msg",
            ws_id: &session.ws_id,
            data: Content { content },
        }
    }
}

/// A number as in the document's example, and long enough that no two messages of a millisecond share one.
fn random() -> u64 {
    Uuid::new_v4().as_u64_pair().1
}
