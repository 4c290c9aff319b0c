//! Which text is read in which state, by its name in `languages/`. It does not know the texts themselves, nor where one is
//! shown.

use chat_core::{AttachmentKind, Connection, Failure, Waiting};

/// The name of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Text(&'static str);

/// Each name stands in every file of `languages/`, as a test of the house checks.
macro_rules! texts {
    ($($constant:ident = $name:literal,)+) => {
        impl Text {
            $(pub(crate) const $constant: Self = Self($name);)+
        }
    };
}

texts! {
    OPEN = "open",
    CLOSE = "close",
    UNREAD = "unread",
    NAMELESS = "nameless",
    PANEL = "panel",
    AVATAR = "avatar",
    CONNECTING = "connecting",
    CONNECTING_AGAIN = "connectingAgain",
    NOT_CONNECTED = "notConnected",
    OFFLINE = "offline",
    OFFLINE_NOTICE = "offlineNotice",
    HELD = "held",
    SECONDS_LEFT = "secondsLeft",
    TRY_AGAIN = "tryAgain",
    AI_NOTICE = "aiNotice",
    STARTERS = "starters",
    TRANSCRIPT = "transcript",
    SHORTENED = "shortened",
    YOU = "you",
    OWNER_NAME = "ownerName",
    JOINED = "joined",
    WRITING = "writing",
    SLOW = "slow",
    SENDING = "sending",
    DELETE = "delete",
    COPY = "copy",
    COPIED = "copied",
    COPY_MESSAGE = "copyMessage",
    TASK_DONE = "taskDone",
    TASK_OPEN = "taskOpen",
    NEW_MESSAGES = "newMessages",
    TO_END = "toEnd",
    STOP = "stop",
    STOPPED = "stopped",
    INTERRUPTED = "interrupted",
    VOICE = "voice",
    PICTURE = "picture",
    VIDEO = "video",
    LINK = "link",
    COMPOSER = "composer",
    PLACEHOLDER = "placeholder",
    SEND = "send",
    EXCESS = "excess",
    MENU = "menu",
    NEW_CONVERSATION = "newConversation",
    SAVE_TEXT = "saveText",
    SAVE_JSON = "saveJson",
    SOUND_ON = "soundOn",
    SOUND_OFF = "soundOff",
    NEW_QUESTION = "newQuestion",
    STILL_KNOWN = "stillKnown",
    WHAT_IS_STORED = "whatIsStored",
    STORED_IN_BROWSER = "storedInBrowser",
    STORED_IN_TAB = "storedInTab",
    STORED_NOWHERE = "storedNowhere",
    SENT_TO_OWNER = "sentToOwner",
    CLEAR = "clear",
    CLEAR_QUESTION = "clearQuestion",
    CANCEL = "cancel",
    BACK = "back",
    CONSENT_TITLE = "consentTitle",
    CONSENT = "consent",
    PRIVACY_POLICY = "privacyPolicy",
    AGREE = "agree",
    DECLINE = "decline",
    SIGN_IN = "signIn",
    SIGN_OUT = "signOut",
    SIGNED_IN = "signedIn",
    SIGN_IN_FAILED = "signInFailed",
    SIGN_IN_BLOCKED = "signInBlocked",
    SIGN_OUT_FAILED = "signOutFailed",
    CONNECTION_UNREACHABLE = "connectionUnreachable",
    CONNECTION_UNKNOWN = "connectionUnknown",
    CONNECTION_BUSY = "connectionBusy",
    CONNECTION_UNAVAILABLE = "connectionUnavailable",
    CONNECTION_SESSION_ENDED = "connectionSessionEnded",
    CONNECTION_LOGIN_REQUIRED = "connectionLoginRequired",
    CONNECTION_EXHAUSTED = "connectionExhausted",
    CONNECTION_MISCONFIGURED = "connectionMisconfigured",
    MESSAGE_UNREACHABLE = "messageUnreachable",
    MESSAGE_UNKNOWN = "messageUnknown",
    MESSAGE_BUSY = "messageBusy",
    MESSAGE_UNAVAILABLE = "messageUnavailable",
    MESSAGE_SESSION_ENDED = "messageSessionEnded",
    MESSAGE_LOGIN_REQUIRED = "messageLoginRequired",
    MESSAGE_MISCONFIGURED = "messageMisconfigured",
    MESSAGE_REJECTED = "messageRejected",
    MESSAGE_EXHAUSTED = "messageExhausted",
    REPLY_BUSY = "replyBusy",
    REPLY_EXHAUSTED = "replyExhausted",
    REPLY_REJECTED = "replyRejected",
    REPLY_SESSION_ENDED = "replySessionEnded",
    REPLY_FAILED = "replyFailed",
}

impl Text {
    pub(crate) fn name(self) -> &'static str {
        self.0
    }

    /// The line under the avatar's name.
    pub(crate) fn status(connection: Connection) -> Self {
        match connection {
            Connection::Idle | Connection::Connecting => Self::CONNECTING,
            Connection::Open => Self::AVATAR,
            Connection::Reconnecting(_, None) => Self::CONNECTING_AGAIN,
            Connection::Offline => Self::OFFLINE,
            Connection::Reconnecting(_, Some(_)) | Connection::Failed(_) => Self::NOT_CONNECTED,
        }
    }

    /// Why there is no way to the avatar, and what helps.
    pub(crate) fn connection(failure: Failure) -> Self {
        match failure {
            Failure::Unreachable => Self::CONNECTION_UNREACHABLE,
            Failure::Unknown => Self::CONNECTION_UNKNOWN,
            Failure::Busy => Self::CONNECTION_BUSY,
            Failure::Unavailable => Self::CONNECTION_UNAVAILABLE,
            Failure::SessionEnded => Self::CONNECTION_SESSION_ENDED,
            Failure::LoginRequired => Self::CONNECTION_LOGIN_REQUIRED,
            Failure::Exhausted => Self::CONNECTION_EXHAUSTED,
            Failure::Misconfigured | Failure::Rejected => Self::CONNECTION_MISCONFIGURED,
        }
    }

    /// Why a message was not sent, and what helps.
    pub(crate) fn message(failure: Failure) -> Self {
        match failure {
            Failure::Unreachable => Self::MESSAGE_UNREACHABLE,
            Failure::Unknown => Self::MESSAGE_UNKNOWN,
            Failure::Busy => Self::MESSAGE_BUSY,
            Failure::Unavailable => Self::MESSAGE_UNAVAILABLE,
            Failure::SessionEnded => Self::MESSAGE_SESSION_ENDED,
            Failure::LoginRequired => Self::MESSAGE_LOGIN_REQUIRED,
            Failure::Misconfigured => Self::MESSAGE_MISCONFIGURED,
            Failure::Rejected => Self::MESSAGE_REJECTED,
            Failure::Exhausted => Self::MESSAGE_EXHAUSTED,
        }
    }

    /// Why a reply failed, and what helps.
    pub(crate) fn reply(failure: Failure) -> Self {
        match failure {
            Failure::Busy => Self::REPLY_BUSY,
            Failure::Exhausted => Self::REPLY_EXHAUSTED,
            Failure::Rejected => Self::REPLY_REJECTED,
            Failure::SessionEnded => Self::REPLY_SESSION_ENDED,
            _ => Self::REPLY_FAILED,
        }
    }

    /// What stands beside the dots; the name of who is awaited belongs into it.
    pub(crate) fn waiting(waiting: Waiting) -> Option<Self> {
        match waiting {
            Waiting::No => None,
            Waiting::Typing => Some(Self::WRITING),
            Waiting::Long => Some(Self::SLOW),
        }
    }

    /// What an attachment without a name is called.
    pub(crate) fn attachment(kind: AttachmentKind) -> Self {
        match kind {
            AttachmentKind::Audio => Self::VOICE,
            AttachmentKind::Image => Self::PICTURE,
            AttachmentKind::Video => Self::VIDEO,
            AttachmentKind::Link => Self::LINK,
        }
    }
}
