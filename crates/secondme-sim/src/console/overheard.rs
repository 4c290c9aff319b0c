//! Reads what goes over a visitor's socket as the visitor's browser would, for the owner's transcript. It makes no frame.

use serde_json::Value;

use crate::world::{Remark, World};

/// Takes in a frame that was just sent over this socket.
pub(crate) fn overhear(world: &World, ws_id: &str, frame: &str) {
    let Some(remark) = remark(frame) else { return };
    let mut memory = world.lock();
    let Some(session_id) = memory.sockets.session_of(ws_id).map(str::to_owned) else { return };
    if let Remark::Message { user, .. } = &remark {
        // What comes back to the visitor was heard when the visitor said it.
        let session = memory.sessions.find(&session_id);
        if session.is_none_or(|session| session.visitor_user_id == *user) {
            return;
        }
    }
    memory.transcripts.hear(&session_id, remark);
}

/// What a frame says, if it says anything.
fn remark(frame: &str) -> Option<Remark> {
    let frame: Value = serde_json::from_str(frame).ok()?;
    if let Some(code) = frame["subCode"].as_str() {
        return Some(Remark::Failure(code.into()));
    }
    if !frame["type"].is_null() && frame["type"] != "msg" {
        return None;
    }
    let entries = frame["multipleData"].as_array()?;
    let text = entries.iter().filter_map(said).collect();
    match frame["sender"].as_str()? {
        "umm" => {
            let message = frame["messageId"].as_str().map(str::to_owned);
            Some(Remark::Chunk { message, index: frame["index"].as_i64()?, text })
        }
        // A message without its sender's id is the visitor's own.
        "client" => Some(Remark::Message { user: frame["sendUserId"].as_str()?.into(), text }),
        _ => None,
    }
}

/// The text of one entry, or the name of what it holds instead.
fn said(entry: &Value) -> Option<String> {
    if let Some(answer) = entry["modal"]["answer"].as_str() {
        return Some(answer.into());
    }
    entry["singleDataType"].as_str().filter(|kind| *kind != "text").map(|kind| format!("[{kind}]"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(message: Option<&str>, index: i64, text: &str) -> Option<Remark> {
        Some(Remark::Chunk { message: message.map(str::to_owned), index, text: text.into() })
    }

    #[test]
    fn a_frame_says_what_a_browser_would_show() {
        let owner = Remark::Message { user: "o".into(), text: "Hi".into() };
        for (frame, expected) in [
            (
                r#"{"sender":"umm","index":3,"multipleData":[{"modal":{"answer":"a"}},{"modal":{"answer":"b"}}]}"#,
                chunk(None, 3, "ab"),
            ),
            (r#"{"type":"msg","messageId":"m","sender":"umm","index":-1,"multipleData":[]}"#, chunk(Some("m"), -1, "")),
            (
                r#"{"sender":"umm","index":0,"multipleData":[{"singleDataType":"image","modal":{"image":"x"}}]}"#,
                chunk(None, 0, "[image]"),
            ),
            (r#"{"sender":"client","sendUserId":"o","multipleData":[{"modal":{"answer":"Hi"}}]}"#, Some(owner)),
            (r#"{"type":"sys","sender":"umm","subCode":"c"}"#, Some(Remark::Failure("c".into()))),
            (r#"{"sender":"client","multipleData":[{"modal":{"answer":"echo"}}]}"#, None),
            (r#"{"type":"hint","sender":"umm","index":0,"multipleData":[{"modal":{"answer":"{}"}}]}"#, None),
            (r#"{"sender":["umm"],"index":0,"multipleData":[]}"#, None),
            (r#"{"sender":"umm","index":"0","multipleData":[]}"#, None),
            (r#"{"sender":"umm","index":0,"multipleData":"text"}"#, None),
            ("[1]", None),
            ("{", None),
        ] {
            assert_eq!(remark(frame), expected, "{frame}");
        }
    }
}
