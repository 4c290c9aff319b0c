//! How a reply looks on the wire: every way in which the service is known or feared to depart from the plainest frames.
//! It is data and one pure function; it knows neither sockets nor time.

mod content;
mod drafts;
mod noise;
mod parts;
mod plan;
mod variants;
mod writer;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

pub(crate) use self::variants::catalogue;
pub use self::variants::{NotAVariant, Variant, variant_help};
pub(crate) use self::{
    plan::plan,
    writer::{Scene, Stamp, owner_frame},
};

/// How one reply is told. The default is the Visitor Chat document to the letter; each field changes one thing, and all of
/// them go together.
///
/// Wherever a field counts chunks, a reply with fewer chunks has the thing happen before the frame that completes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Script {
    /// What the avatar says, whatever it was asked; nothing leaves it to its own replies.
    pub text: Option<String>,
    /// What each frame carries beside the text.
    pub frames: FrameForm,
    /// How the reply says that it is complete.
    pub ending: Ending,
    /// In how many messages the reply comes, each complete in itself; 0 counts as 1.
    pub messages: usize,
    /// How many chunks a frame carries, each as an entry of `multipleData`; 0 counts as 1.
    pub entries: usize,
    /// In which order the chunks of a message come.
    pub order: Order,
    /// Which frames come twice.
    pub resend: Resend,
    /// A line that the avatar is at work, before the content.
    pub hint: Option<Hint>,
    /// The reply fails.
    pub failure: Option<ReplyFailure>,
    /// What the reply holds beside text, before its last chunk.
    pub parts: Vec<Part>,
    /// What comes between the chunks and means nothing to a visitor.
    pub noise: Vec<Noise>,
    /// Whether the visitor's own message comes back first.
    pub echo: Echo,
    /// The owner speaks while the avatar does.
    pub takeover: Option<Takeover>,
    /// No reply at all.
    pub silent: bool,
    /// How long the first chunk is late, in milliseconds.
    pub first_chunk_delay_ms: u64,
    /// The reply stops for a while.
    pub pause: Option<Pause>,
    /// The connection breaks without a close frame after so many chunks.
    pub cut_after_chunks: Option<usize>,
    /// What a lost socket did not get comes over the session's next one, if that is opened within ten seconds. Otherwise
    /// it is lost.
    pub resume: bool,
}

impl Default for Script {
    fn default() -> Self {
        Script {
            text: None,
            frames: FrameForm::default(),
            ending: Ending::default(),
            messages: 1,
            entries: 1,
            order: Order::default(),
            resend: Resend::default(),
            hint: None,
            failure: None,
            parts: Vec::new(),
            noise: Vec::new(),
            echo: Echo::default(),
            takeover: None,
            silent: false,
            first_chunk_delay_ms: 0,
            pause: None,
            cut_after_chunks: None,
            resume: false,
        }
    }
}

impl Script {
    /// This script with some variants on top, in their order.
    #[must_use]
    pub fn with(mut self, variants: &[Variant]) -> Script {
        for variant in variants {
            variant.change(&mut self);
        }
        self
    }
}

/// What a frame carries beside the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum FrameForm {
    /// Nothing: `sender`, `sessionId`, `index` and `multipleData`, as the Visitor Chat document shows.
    #[default]
    Bare,
    /// Less: `sender` and `multipleData`, as the Avatar Hub document shows. Nothing says where a message ends, so that such
    /// a reply is best told in one frame.
    Least,
    /// Also `type`, `wsId`, `messageId`, `seqId`, `mindId` and `timestamp`, as SecondMe's published SDK reads them.
    Ids,
}

/// How a message says that it is complete.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// A frame with the index -1 and an empty text, as the document shows.
    #[default]
    Empty,
    /// The last chunk is in the frame with the index -1.
    WithText,
    /// An empty frame with the index -1 comes before the content, and one after it.
    EmptyFirst,
    /// All of the message is in one frame with the index -1.
    OneFrame,
}

/// In which order the chunks of a message come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Order {
    /// As they are numbered.
    #[default]
    Straight,
    /// Each second one before the first: 1, 0, 3, 2, …
    Swapped,
    /// One chunk is missing.
    Gap {
        /// Which one: its index. A message that has no such chunk has no gap.
        chunk: usize,
        /// After how many further frames of the message it comes after all, which may be behind its end; `None` is never.
        #[serde(default)]
        filled_after: Option<usize>,
    },
}

/// Which frames of the content come twice, to the byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Resend {
    /// None.
    #[default]
    Nothing,
    /// Every one, twice in a row.
    Everything,
    /// One of them.
    One {
        /// Which one: 0 is the reply's first frame.
        frame: usize,
        /// How many other frames come before it comes again.
        #[serde(default)]
        later: usize,
    },
}

/// Two `hint` frames before the content: at work, and then the outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hint {
    /// What the second frame says. The content comes either way.
    pub outcome: HintOutcome,
    /// The pause between the two, in milliseconds.
    #[serde(default)]
    pub ms: u64,
}

/// How a hint ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HintOutcome {
    /// `FINISH`.
    Finish,
    /// `FAIL`.
    Fail,
}

/// A `sys` frame that ends the reply where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplyFailure {
    /// Why.
    pub sub_code: SubCode,
    /// How many chunks come before it.
    #[serde(default)]
    pub after_chunks: usize,
}

/// Why a reply fails: every `subCode` that is known from the socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SubCode {
    /// The session was closed.
    #[serde(rename = "session.status.closed")]
    SessionClosed,
    /// The language model failed.
    #[serde(rename = "session.openai.error")]
    ModelError,
    /// The language model took too long.
    #[serde(rename = "session.response.timeout")]
    ResponseTimeout,
    /// Too many messages in the session.
    #[serde(rename = "session.message.exceedRequestLimit")]
    RequestLimit,
    /// Messages of the session came too fast.
    #[serde(rename = "session.message.exceedQPSLimit")]
    SessionRate,
    /// The service is not available.
    #[serde(rename = "service.status.unavailable")]
    ServiceUnavailable,
    /// Messages to the avatar came too fast.
    #[serde(rename = "umm.msg.exceedQPSLimit")]
    AvatarRate,
    /// The owner's quota is used up.
    #[serde(rename = "package.turn.exhaustion")]
    QuotaExhausted,
    /// The message is too long.
    #[serde(rename = "message.length.limit")]
    MessageTooLong,
}

/// What a reply may hold beside text. The addresses are the simulator's own, below `/media/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// A recording.
    Audio,
    /// The chunk's text spoken, in the same entry as the text.
    Speech,
    /// A picture.
    Image,
    /// A film. Its address answers 404.
    Video,
    /// An address to open.
    Link,
    /// A card: a JSON string with `templateName` and `params`.
    Template,
    /// HTML that would set `window.secondmeSimulatorRan` if it were ever run.
    Html,
    /// A link whose `javascript:` address would set `window.secondmeSimulatorRan`.
    UnsafeLink,
}

/// What may come over the socket and means nothing to a visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Noise {
    /// Every frame of the reply has members nobody knows.
    UnknownFields,
    /// Frames of the types `recommend`, `task`, `notice`, `ack` and `cmd`, with a text that is not the reply's.
    UnknownTypes,
    /// Frames whose members have types they should not have.
    WrongTypes,
    /// No frames at all: broken JSON, JSON that is no object, and bytes that are no text.
    Garbage,
    /// A frame of a million bytes, without any text of the reply.
    Huge,
}

/// Whether the visitor's own message comes back before the reply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Echo {
    /// No.
    #[default]
    Nothing,
    /// With the visitor's `sendUserId`.
    WithUser,
    /// Without any `sendUserId`.
    WithoutUser,
}

/// The owner's message in the middle of the avatar's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Takeover {
    /// How many chunks of the avatar come before it.
    pub after_chunks: usize,
    /// How many chunks still come after it, and then no end; `None` lets the avatar finish.
    #[serde(default)]
    pub further_chunks: Option<usize>,
    /// What the owner says.
    pub text: String,
}

/// A reply that stops for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// How many chunks come before it.
    pub after_chunks: usize,
    /// How long, in milliseconds.
    pub ms: u64,
}
