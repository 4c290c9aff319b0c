//! A reply in the making: frames whose order and number can still be changed.

use std::time::Duration;

use serde_json::Value;

use crate::step::{Action, Step};

/// One frame of a reply in the making.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) role: Role,
    pub(super) body: Body,
    pub(super) pause: Duration,
}

/// What a frame is to the reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A piece of it, with an index from 0.
    Chunk,
    /// A frame with the index -1.
    End,
    /// Not a part of it.
    Aside,
}

#[derive(Clone, Debug)]
pub(super) enum Body {
    Frame(Value),
    Raw(Action),
}

impl Draft {
    pub(super) fn content(role: Role, frame: Value) -> Draft {
        Draft { role, body: Body::Frame(frame), pause: Duration::ZERO }
    }

    pub(super) fn aside(frame: Value) -> Draft {
        Draft::content(Role::Aside, frame)
    }

    pub(super) fn raw(action: Action) -> Draft {
        Draft { role: Role::Aside, body: Body::Raw(action), pause: Duration::ZERO }
    }

    pub(super) fn after(self, ms: u64) -> Draft {
        Draft { pause: Duration::from_millis(ms), ..self }
    }

    pub(super) fn into_step(self) -> Step {
        let action = match self.body {
            Body::Frame(frame) => Action::Text(frame.to_string()),
            Body::Raw(action) => action,
        };
        Step { pause: self.pause, action }
    }
}

/// Where the place behind so many chunks is. With fewer of them it is before the last frame that completes something, or
/// at the very end where nothing does.
pub(super) fn place_after(drafts: &[Draft], chunks: usize) -> usize {
    let Some(last) = chunks.checked_sub(1) else { return 0 };
    let places = |role| drafts.iter().enumerate().filter(move |(_, draft)| draft.role == role).map(|(place, _)| place);
    let behind = places(Role::Chunk).nth(last).map(|place| place + 1);
    behind.or_else(|| places(Role::End).next_back()).unwrap_or(drafts.len())
}
