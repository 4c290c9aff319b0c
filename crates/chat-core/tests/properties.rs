//! What holds for every input: frames may be delivered in any portions, and no input in any order breaks the session.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::expect_used, reason = "a test's helpers may fail the test")]

use core::time::Duration;

use chat_core::json::Portable;
use chat_core::wire::part::{Modal, Part};
use chat_core::wire::{Frame, InitAnswer, VisitorId};
use chat_core::{Author, Input, Message, MessageId, Moment, RequestFault, Saved, Session, Settings, Status, Turn};
use proptest::collection::vec;
use proptest::prelude::*;

fn answer() -> InitAnswer {
    InitAnswer {
        session_id: "session".into(),
        ws_url: "wss://ws.example/?wsId=ws%3A1".into(),
        avatar_name: "Mira".into(),
        opening: Some("Hello!".into()),
        visitor_user_id: None,
        heartbeat: None,
        starters: Vec::new(),
        avatar_image: None,
        signed_in: false,
    }
}

fn visitor() -> VisitorId {
    VisitorId::parse("web_1").expect("the form is right")
}

/// Frames around the few names and numbers that make a difference, and some that make none.
fn frame() -> impl Strategy<Value = Frame> {
    let name = |names: &'static [&'static str]| {
        proptest::option::of(proptest::sample::select(names)).prop_map(|name| name.map(str::to_owned))
    };
    let parts = vec("[a-zé👩‍👧 ]{0,6}", 0..3).prop_map(|texts| {
        let part = |text: String| Part { modal: Modal { answer: Some(text), ..Modal::default() }, ..Part::default() };
        texts.into_iter().map(part).collect::<Vec<_>>()
    });
    (
        name(&["msg", "hint", "sys", "pong", "cmd"]),
        name(&["umm", "client", "other"]),
        name(&["visitor", "owner"]),
        proptest::option::of(prop_oneof![4 => 0..6_i64, 2 => Just(-1), 1 => any::<i64>()]),
        name(&["A", "B"]),
        name(&["1", "2", "3", "4", "5"]),
        parts,
        proptest::option::weighted(
            0.05,
            proptest::sample::select(&["session.openai.error", "session.status.closed"][..]),
        ),
    )
        .prop_map(|(kind, sender, send_user_id, index, message_id, seq_id, multiple_data, sub_code)| Frame {
            kind,
            sender,
            send_user_id,
            index,
            message_id,
            seq_id,
            multiple_data,
            sub_code: sub_code.map(str::to_owned),
            hint: None,
        })
}

fn fault() -> impl Strategy<Value = RequestFault> {
    let refused =
        (any::<u16>(), proptest::sample::select(&["", "visitor_chat.session_expired", "proxy.rate_limited"][..]))
            .prop_map(|(status, code)| RequestFault::Refused {
                status,
                code: code.to_owned(),
                retry_after: status.is_multiple_of(2).then(|| Duration::from_secs(u64::from(status))),
            });
    prop_oneof![Just(RequestFault::NoAnswer), Just(RequestFault::TimedOut), Just(RequestFault::Unreadable), refused]
}

fn input() -> impl Strategy<Value = Input> {
    let message = || (0..8_u64).prop_map(MessageId);
    let attempt = || 0..4_u32;
    prop_oneof![
        2 => Just(Input::Opened(visitor())),
        3 => ".{0,20}".prop_map(Input::Submitted),
        1 => message().prop_map(Input::Retried),
        1 => message().prop_map(Input::Deleted),
        1 => Just(Input::Stopped),
        1 => Just(Input::Reconnected),
        1 => any::<bool>().prop_map(Input::Visible),
        1 => any::<bool>().prop_map(Input::Read),
        1 => any::<bool>().prop_map(Input::Online),
        3 => attempt().prop_map(|attempt| Input::Initialised(attempt, Ok(answer()))),
        1 => (attempt(), fault()).prop_map(|(attempt, fault)| Input::Initialised(attempt, Err(fault))),
        3 => attempt().prop_map(Input::SocketOpened),
        1 => attempt().prop_map(Input::SocketClosed),
        8 => (attempt(), proptest::option::weighted(0.9, frame())).prop_map(|(attempt, frame)| Input::Received(attempt, frame)),
        2 => (0..6_u64).prop_map(|turn| Input::Answered(Turn(turn), Ok(()))),
        1 => (0..6_u64, fault()).prop_map(|(turn, fault)| Input::Answered(Turn(turn), Err(fault))),
        3 => Just(Input::Woke),
        1 => Just(Input::TakenOver),
        1 => Just(Input::Forgotten),
    ]
}

fn open_session() -> Session {
    let mut session = Session::new(Settings::default());
    session.handle(Input::Opened(visitor()), Moment(0));
    session.handle(Input::Initialised(1, Ok(answer())), Moment(0));
    session.handle(Input::SocketOpened(1), Moment(0));
    session
}

/// What a reader sees, without what depends on when it was drawn.
fn seen(session: &Session) -> Vec<(Author, String, Status)> {
    let seen = |message: &Message| (message.author, message.text.clone(), message.status.clone());
    session.transcript().messages().iter().map(seen).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    /// Frames come over the network in portions of any size, with pauses that are too short to mean anything.
    #[test]
    fn any_split_into_deliveries_gives_the_same_transcript(
        frames in vec(frame(), 0..30),
        pauses in vec(0..20_u64, 30),
    ) {
        let mut at_once = open_session();
        let mut in_portions = open_session();
        let mut now = 0;
        for (frame, pause) in frames.into_iter().zip(pauses) {
            at_once.handle(Input::Received(1, Some(frame.clone())), Moment(0));
            now += pause;
            in_portions.handle(Input::Woke, Moment(now));
            in_portions.handle(Input::Received(1, Some(frame)), Moment(now));
        }
        // Pings are answered, or time alone would end the connection.
        for second in 1..200 {
            for session in [&mut at_once, &mut in_portions] {
                let pong = Frame { kind: Some("pong".into()), ..Frame::default() };
                session.handle(Input::Received(1, Some(pong)), Moment(1_000 * second));
                session.handle(Input::Woke, Moment(1_000 * second));
            }
        }
        prop_assert_eq!(seen(&at_once), seen(&in_portions));
    }

    /// Whatever happens in whatever order, at whatever time, the session answers, keeps its bounds, and can be put by.
    #[test]
    fn no_sequence_of_inputs_breaks_the_session(inputs in vec((input(), 0..40_000_u64, any::<bool>()), 0..60)) {
        let mut session = Session::new(Settings { seed: 7, ..Settings::default() });
        let mut now = 1_000_000_u64;
        for (input, pause, back) in inputs {
            now = if back && pause % 10 == 0 { now.saturating_sub(pause) } else { now + pause };
            session.handle(input, Moment(now));
        }
        let text = serde_json::to_string(&session.save(Saved::STORED).to_json()).expect("a session can be written");
        let saved = Saved::from_json(serde_json::from_str(&text).expect("and read")).expect("and taken up");
        let resumed = Session::resume(Settings::default(), saved);
        prop_assert_eq!(resumed.transcript().messages().len(), session.transcript().messages().len());
        let streaming = |message: &Message| message.status == Status::Streaming;
        prop_assert!(!resumed.transcript().messages().iter().any(streaming));
    }

    /// Any text at all is a frame that means something, or nothing.
    #[test]
    fn any_json_is_read_without_a_fault(text in ".{0,200}", kind in any::<bool>()) {
        let text = if kind { format!("{{\"sender\":\"umm\",\"index\":0,\"multipleData\":{text}}}") } else { text };
        if let Some(frame) = serde_json::from_str(&text).ok().and_then(Frame::of) {
            let _ = frame.read();
        }
    }
}
