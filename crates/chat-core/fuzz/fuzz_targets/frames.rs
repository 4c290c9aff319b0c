//! Bytes as they may come over a socket: a frame or none, and never a fault. A conversation takes them all.
#![no_main]

use chat_core::wire::frame::Hint;
use chat_core::wire::{Frame, InitAnswer, VisitorId};
use chat_core::{Input, Moment, Session, Settings};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(visitor) = VisitorId::parse("web_1") else { return };
    let answer = InitAnswer {
        session_id: "s".into(),
        ws_url: "wss://x/?wsId=1".into(),
        avatar_name: "Mira".into(),
        opening: None,
        visitor_user_id: None,
        heartbeat: None,
        starters: Vec::new(),
        avatar_image: None,
        signed_in: false,
    };
    let mut session = Session::new(Settings::default());
    session.handle(Input::Opened(visitor), Moment(0));
    session.handle(Input::Initialised(1, Ok(answer)), Moment(0));
    session.handle(Input::SocketOpened(1), Moment(0));
    for (number, line) in data.split(|byte| *byte == b'\n').enumerate() {
        let mut frame = serde_json::from_slice(line).ok().and_then(Frame::of);
        if let Some(frame) = &mut frame {
            frame.hint = frame.hint_source().and_then(|source| Hint::of(serde_json::from_str(source).ok()?));
        }
        session.handle(Input::Received(1, frame), Moment(number as u64 * 100));
    }
});
