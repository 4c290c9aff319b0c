//! Inputs in any order and at any time, in the form that tabs pass them on: the session takes them all, and can be put by.
#![no_main]

use chat_core::json::Portable;
use chat_core::{Input, Moment, Saved, Session, Settings};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut session = Session::new(Settings { seed: 1, ..Settings::default() });
    let mut now = 0_u64;
    for line in data.split(|byte| *byte == b'\n') {
        let Some((pause, rest)) = line.split_first() else { continue };
        // Now and then the clock is set back.
        now = if *pause == 255 { now.saturating_sub(100_000) } else { now + u64::from(*pause) * 300 };
        if let Some(input) = serde_json::from_slice(rest).ok().and_then(Input::from_json) {
            session.handle(input, Moment(now));
        }
    }
    if let Ok(text) = serde_json::to_string(&session.save(Saved::STORED).to_json()) {
        if let Some(saved) = serde_json::from_str(&text).ok().and_then(Saved::from_json) {
            let _ = Session::resume(Settings::default(), saved);
        }
    }
});
