//! Every text a person reads. It does not know where a text is shown.

use chat_core::wire::limits;
use chat_core::{AttachmentKind, Connection, Failure, Waiting};

pub(crate) const CLOSE: &str = "Close chat";
pub(crate) const COMPOSER: &str = "Your message";
pub(crate) const PLACEHOLDER: &str = "Write a message…";
pub(crate) const SEND: &str = "Send";
pub(crate) const TRANSCRIPT: &str = "Conversation";
pub(crate) const TRY_AGAIN: &str = "Try again";
pub(crate) const SENDING: &str = "Sending…";
pub(crate) const DELETE: &str = "Delete";
pub(crate) const STOP: &str = "Stop this reply";
pub(crate) const STOPPED: &str = "This reply was stopped here.";
pub(crate) const INTERRUPTED: &str = "The connection was lost, so this reply may be incomplete.";
pub(crate) const SHORTENED: &str = "Earlier messages are not kept here.";
pub(crate) const OFFLINE: &str = "You are offline. The chat goes on as soon as you are back.";
pub(crate) const HELD: &str = "Many messages are on their way. Yours will be sent in a moment.";
pub(crate) const SIGN_IN: &str = "Sign in with SecondMe";
pub(crate) const SIGN_OUT: &str = "Sign out";
pub(crate) const SIGNED_IN: &str = "Signed in with SecondMe";
pub(crate) const SIGN_IN_FAILED: &str = "Signing in did not work. Please try again.";
pub(crate) const SIGN_IN_BLOCKED: &str = "Your browser blocked the sign-in window. Please allow it for this page.";
pub(crate) const SIGN_OUT_FAILED: &str = "Signing out did not work. Please try again.";
/// Shown for the avatar until its name is known.
pub(crate) const NAMELESS: &str = "Chat";

/// The dialog's accessible name.
pub(crate) fn panel(name: &str) -> String {
    format!("Chat with {}", isolated(name))
}

/// The line under the avatar's name.
pub(crate) fn status(connection: Connection) -> &'static str {
    match connection {
        Connection::Idle | Connection::Connecting => "Connecting…",
        Connection::Open => "AI avatar",
        Connection::Reconnecting(_, None) => "Connecting again…",
        Connection::Offline => "Offline",
        Connection::Reconnecting(_, Some(_)) | Connection::Failed(_) => "Not connected",
    }
}

/// Why there is no way to the avatar, and what helps.
pub(crate) fn connection(failure: Failure) -> &'static str {
    match failure {
        Failure::Unreachable => "The connection was lost. We keep trying to get it back.",
        Failure::Unknown => "The chat is slow to answer right now. We keep trying.",
        Failure::Busy => "Many people are chatting right now. We will try again in a moment.",
        Failure::Unavailable => "The chat is not available right now. We keep trying.",
        Failure::SessionEnded => "This conversation had ended and is being picked up again.",
        Failure::LoginRequired => "Please sign in on this site to use the chat.",
        Failure::Exhausted => "The chat has reached its limit for now. Please come back later.",
        Failure::Misconfigured | Failure::Rejected => {
            "The chat is not set up correctly on this site. Please use another way to get in touch."
        }
    }
}

/// Why a message was not sent, and what helps.
pub(crate) fn message(failure: Failure) -> &'static str {
    match failure {
        Failure::Unreachable => "Not sent: there is no connection.",
        Failure::Unknown => "It is not certain that this message arrived.",
        Failure::Busy => "Not sent: too many messages at once. Please wait a moment.",
        Failure::Unavailable => "Not sent: the chat is not available right now.",
        Failure::SessionEnded => "Not sent: the conversation had ended.",
        Failure::LoginRequired => "Not sent: please sign in on this site first.",
        Failure::Misconfigured => "Not sent: the chat is not set up correctly on this site.",
        Failure::Rejected => "Not sent: this message was not accepted.",
        Failure::Exhausted => "Not sent: the chat has reached its limit for now.",
    }
}

/// Why a reply failed, and what helps.
pub(crate) fn reply(failure: Failure) -> &'static str {
    match failure {
        Failure::Busy => "Too many questions at once. Please wait a moment and ask again.",
        Failure::Exhausted => "The chat has reached its limit for now. Please come back later.",
        Failure::Rejected => "This question was too long to be answered. Please ask in fewer words.",
        Failure::SessionEnded => "The conversation had ended and is being begun again. Please ask once more.",
        _ => "This reply could not be written. Please ask again.",
    }
}

/// Who speaks when the avatar's owner has taken over.
pub(crate) fn owner(avatar: &str) -> String {
    format!("{}, in person", isolated(avatar))
}

/// What an attachment without a name is called.
pub(crate) fn attachment(kind: AttachmentKind) -> &'static str {
    match kind {
        AttachmentKind::Audio => "Voice message",
        AttachmentKind::Image => "Open picture",
        AttachmentKind::Video => "Video",
        AttachmentKind::Link => "Open link",
    }
}

/// The countdown to the next attempt.
pub(crate) fn seconds_left(seconds: u64) -> String {
    format!("({seconds} s)")
}

/// What a screen reader is told, and what stands beside the dots.
pub(crate) fn waiting(waiting: Waiting, name: &str) -> String {
    match waiting {
        Waiting::No => String::new(),
        Waiting::Typing => format!("{} is writing…", isolated(name)),
        Waiting::Long => {
            format!("{} is taking longer than usual. The reply will be shown as soon as it comes.", isolated(name))
        }
    }
}

/// The counter beside a long message; `None` while it is far from the limit.
pub(crate) fn counter(characters: usize) -> Option<String> {
    const NEAR: usize = limits::MESSAGE - 500;
    match characters {
        0..NEAR => None,
        NEAR..=limits::MESSAGE => Some(format!("{characters} / {}", limits::MESSAGE)),
        _ => Some(match characters - limits::MESSAGE {
            1 => "1 character too many".to_owned(),
            excess => format!("{excess} characters too many"),
        }),
    }
}

/// A name in the other direction of writing, or with marks that change it, turns nothing around but itself (Unicode
/// Standard Annex 9, first strong isolate).
fn isolated(name: &str) -> String {
    format!("\u{2068}{name}\u{2069}")
}
