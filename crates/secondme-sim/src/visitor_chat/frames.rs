//! The frames of a reply, exactly as the Visitor Chat document shows them.

use serde_json::json;

/// The index that ends a reply.
const COMPLETE: i64 = -1;

/// One frame for each chunk, numbered from 0, and a last one without text that says the reply is complete.
pub(super) fn of_reply(session_id: &str, chunks: &[String]) -> Vec<String> {
    let texts = (0..).zip(chunks).map(|(index, chunk)| (index, chunk.as_str()));
    texts.chain([(COMPLETE, "")]).map(|(index, text)| frame(session_id, index, text)).collect()
}

fn frame(session_id: &str, index: i64, answer: &str) -> String {
    json!({
        "sender": "umm",
        "sessionId": session_id,
        "index": index,
        "multipleData": [{ "singleDataType": "text", "modal": { "answer": answer } }],
    })
    .to_string()
}
