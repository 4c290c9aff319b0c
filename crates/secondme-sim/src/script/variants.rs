//! Short names for the usual changes of a script: what `--variant`, the control endpoint and a visitor's `/word` take.

use std::{
    fmt::{self, Display, Formatter, Write},
    str::FromStr,
};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, IntoDeserializer, value},
};

use super::{
    Echo, Ending, FrameForm, Hint, HintOutcome, Noise, Order, Part, Pause, ReplyFailure, Resend, Script, SubCode,
    Takeover,
};

/// After how many chunks things happen that happen in the middle.
const MIDDLE: usize = 5;

/// What the owner says in the middle of a reply.
const OWNER_SAYS: &str = "This is the owner. I'll take it from here.";

/// A named change of a [`Script`], such as `hint`, or with a value of its own `pause=35000`.
///
/// [`Variant::from_str`] reads one; [`variant_help`] lists them all.
#[derive(Clone, Copy, Debug)]
pub struct Variant {
    name: &'static str,
    change: Change,
}

/// How a variant changes a script; a value stands beside the change that takes it.
#[derive(Clone, Copy, Debug)]
enum Change {
    Plain(fn(&mut Script)),
    Number(u64, fn(&mut Script, u64)),
    Code(SubCode, fn(&mut Script, SubCode)),
}

/// Every variant with what it does, grouped by what it changes.
const VARIANTS: &[(&str, &str, Change)] = &[
    ("bare", "frames as the Visitor Chat document shows them", Change::Plain(|script| script.frames = FrameForm::Bare)),
    (
        "least",
        "frames as the Avatar Hub document shows them: nothing but sender and text",
        Change::Plain(|script| script.frames = FrameForm::Least),
    ),
    (
        "ids",
        "frames with type, wsId, messageId, seqId, mindId and timestamp",
        Change::Plain(|script| script.frames = FrameForm::Ids),
    ),
    ("end-text", "the last chunk is in the -1 frame", Change::Plain(|script| script.ending = Ending::WithText)),
    (
        "end-first",
        "an empty -1 frame comes before the content, too",
        Change::Plain(|script| script.ending = Ending::EmptyFirst),
    ),
    ("one-frame", "all of the reply in one -1 frame", Change::Plain(|script| script.ending = Ending::OneFrame)),
    (
        "messages",
        "the reply comes as so many messages",
        Change::Number(3, |script, count| script.messages = size(count)),
    ),
    ("entries", "so many chunks in each frame", Change::Number(3, |script, count| script.entries = size(count))),
    ("resend", "every frame comes twice", Change::Plain(|script| script.resend = Resend::Everything)),
    (
        "resend-one",
        "the frame of this number comes again three frames later",
        Change::Number(2, |script, frame| script.resend = Resend::One { frame: size(frame), later: 3 }),
    ),
    ("swap", "neighbouring chunks change places", Change::Plain(|script| script.order = Order::Swapped)),
    (
        "gap",
        "the chunk of this index comes four frames late",
        Change::Number(2, |script, chunk| script.order = Order::Gap { chunk: size(chunk), filled_after: Some(4) }),
    ),
    (
        "gap-late",
        "the chunk of this index comes after the end",
        Change::Number(2, |script, chunk| {
            script.order = Order::Gap { chunk: size(chunk), filled_after: Some(usize::MAX) }
        }),
    ),
    (
        "gap-open",
        "the chunk of this index never comes",
        Change::Number(2, |script, chunk| script.order = Order::Gap { chunk: size(chunk), filled_after: None }),
    ),
    (
        "hint",
        "hint frames first: RUNNING, and FINISH so many ms later",
        Change::Number(1500, |script, ms| script.hint = Some(Hint { outcome: HintOutcome::Finish, ms })),
    ),
    (
        "hint-fail",
        "hint frames first: RUNNING, and FAIL so many ms later",
        Change::Number(1500, |script, ms| script.hint = Some(Hint { outcome: HintOutcome::Fail, ms })),
    ),
    (
        "fail",
        "a sys frame with this subCode instead of a reply",
        Change::Code(SubCode::ModelError, |script, sub_code| {
            script.failure = Some(ReplyFailure { sub_code, after_chunks: 0 });
        }),
    ),
    (
        "fail-mid",
        "a sys frame with this subCode after five chunks",
        Change::Code(SubCode::ResponseTimeout, |script, sub_code| {
            script.failure = Some(ReplyFailure { sub_code, after_chunks: MIDDLE });
        }),
    ),
    ("audio", "the reply holds a recording", Change::Plain(|script| script.parts.push(Part::Audio))),
    ("speech", "a chunk of the reply is spoken, too", Change::Plain(|script| script.parts.push(Part::Speech))),
    ("image", "the reply holds a picture", Change::Plain(|script| script.parts.push(Part::Image))),
    ("video", "the reply holds a film (which is not there)", Change::Plain(|script| script.parts.push(Part::Video))),
    ("link", "the reply holds a link", Change::Plain(|script| script.parts.push(Part::Link))),
    ("template", "the reply holds a card", Change::Plain(|script| script.parts.push(Part::Template))),
    ("html", "the reply holds HTML that must not be shown", Change::Plain(|script| script.parts.push(Part::Html))),
    ("unsafe-link", "the reply holds a javascript: link", Change::Plain(|script| script.parts.push(Part::UnsafeLink))),
    (
        "unknown-fields",
        "members nobody knows in every frame",
        Change::Plain(|script| script.noise.push(Noise::UnknownFields)),
    ),
    (
        "unknown-types",
        "frames of the types recommend, task, notice, ack and cmd between the chunks",
        Change::Plain(|script| script.noise.push(Noise::UnknownTypes)),
    ),
    (
        "wrong-types",
        "frames with members of the wrong types between the chunks",
        Change::Plain(|script| script.noise.push(Noise::WrongTypes)),
    ),
    (
        "garbage",
        "broken JSON, no objects and bytes between the chunks",
        Change::Plain(|script| script.noise.push(Noise::Garbage)),
    ),
    ("huge", "a frame of 1 MB between the chunks", Change::Plain(|script| script.noise.push(Noise::Huge))),
    (
        "noise",
        "the five above together",
        Change::Plain(|script| {
            let all = [Noise::UnknownFields, Noise::UnknownTypes, Noise::WrongTypes, Noise::Garbage, Noise::Huge];
            script.noise.extend(all);
        }),
    ),
    (
        "echo",
        "the visitor's message comes back first, with sendUserId",
        Change::Plain(|script| script.echo = Echo::WithUser),
    ),
    ("echo-nameless", "the same without sendUserId", Change::Plain(|script| script.echo = Echo::WithoutUser)),
    (
        "takeover",
        "the owner speaks after five chunks; so many more of the avatar follow, and no end",
        Change::Number(3, |script, further| {
            script.takeover =
                Some(Takeover { after_chunks: MIDDLE, further_chunks: Some(size(further)), text: OWNER_SAYS.into() });
        }),
    ),
    ("silence", "no reply", Change::Plain(|script| script.silent = true)),
    (
        "slow-start",
        "the first chunk comes so many ms late",
        Change::Number(5000, |script, ms| script.first_chunk_delay_ms = ms),
    ),
    (
        "pause",
        "the reply stops for so many ms after five chunks",
        Change::Number(5000, |script, ms| script.pause = Some(Pause { after_chunks: MIDDLE, ms })),
    ),
    (
        "cut",
        "the connection breaks after so many chunks",
        Change::Number(MIDDLE as u64, |script, chunks| script.cut_after_chunks = Some(size(chunks))),
    ),
    (
        "resume-replies",
        "what a lost socket did not get comes over the next one",
        Change::Plain(|script| script.resume = true),
    ),
];

/// A text that names no variant, or gives one a value it does not take.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAVariant {
    /// There is no such name.
    #[error("There is no variant `{0}`.")]
    Unknown(String),
    /// The variant takes no value.
    #[error("The variant `{0}` takes no value.")]
    NoValue(&'static str),
    /// The value is not what the variant takes.
    #[error("The variant `{name}` takes {takes}, not `{value}`.")]
    Value {
        /// The variant.
        name: &'static str,
        /// What it takes.
        takes: &'static str,
        /// What it was given.
        value: String,
    },
}

impl Variant {
    pub(super) fn change(&self, script: &mut Script) {
        match self.change {
            Change::Plain(change) => change(script),
            Change::Number(value, change) => change(script, value),
            Change::Code(value, change) => change(script, value),
        }
    }
}

impl FromStr for Variant {
    type Err = NotAVariant;

    fn from_str(text: &str) -> Result<Variant, NotAVariant> {
        let (wanted, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
        let found = VARIANTS.iter().find(|(name, ..)| *name == wanted);
        let Some(&(name, _, usual)) = found else { return Err(NotAVariant::Unknown(wanted.into())) };
        let Some(value) = value else { return Ok(Variant { name, change: usual }) };
        let refuse = |takes| NotAVariant::Value { name, takes, value: value.into() };
        let change = match usual {
            Change::Plain(_) => return Err(NotAVariant::NoValue(name)),
            Change::Number(_, change) => Change::Number(value.parse().map_err(|_| refuse("a number"))?, change),
            Change::Code(_, change) => {
                let code: Result<SubCode, value::Error> = SubCode::deserialize(value.into_deserializer());
                Change::Code(code.map_err(|_| refuse("a known subCode"))?, change)
            }
        };
        Ok(Variant { name, change })
    }
}

impl Display for Variant {
    /// The text that reads as this variant, with its value if it takes one.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.change {
            Change::Plain(_) => f.write_str(self.name),
            Change::Number(value, _) => write!(f, "{}={value}", self.name),
            Change::Code(value, _) => {
                write!(f, "{}=", self.name)?;
                value.serialize(f)
            }
        }
    }
}

impl Serialize for Variant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Variant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Variant, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl PartialEq for Variant {
    fn eq(&self, other: &Variant) -> bool {
        self.to_string() == other.to_string()
    }
}

impl Eq for Variant {}

/// Every variant on a line of its own: what is written, and what it does.
pub fn variant_help() -> String {
    let mut help = String::new();
    for (name, about, change) in VARIANTS {
        let usual = Variant { name, change: *change };
        // Writing to a string does not fail.
        let _ = writeln!(help, "  {:<34} {about}", usual.to_string());
    }
    help
}

/// What each variant is called and does, for the visitor who asks.
pub(crate) fn catalogue() -> impl Iterator<Item = (&'static str, &'static str)> {
    VARIANTS.iter().map(|(name, about, _)| (*name, *about))
}

/// A number nobody can reach stands for one that does not fit.
fn size(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variant_changes_the_script_and_reads_as_it_is_written() {
        for (name, about, _) in VARIANTS {
            let variant: Variant = name.parse().unwrap();
            let plain =
                Script { frames: if *name == "bare" { FrameForm::Ids } else { FrameForm::Bare }, ..Script::default() };
            assert_ne!(plain.clone().with(&[variant]), plain, "{name}");
            assert_eq!(variant.to_string().parse(), Ok(variant), "{name}");
            assert!(about.chars().count() < 90 && !about.ends_with('.'), "{about}");
            assert_eq!(VARIANTS.iter().filter(|(other, ..)| other == name).count(), 1, "{name}");
        }
    }

    #[test]
    fn a_value_replaces_the_usual_one() {
        let script =
            Script::default().with(&["pause=70".parse().unwrap(), "fail=package.turn.exhaustion".parse().unwrap()]);
        assert_eq!(script.pause, Some(Pause { after_chunks: MIDDLE, ms: 70 }));
        assert_eq!(script.failure, Some(ReplyFailure { sub_code: SubCode::QuotaExhausted, after_chunks: 0 }));
    }

    #[test]
    fn what_is_no_variant_is_refused_with_a_sentence() {
        for (text, complaint) in [
            ("nonsense", "There is no variant `nonsense`."),
            ("", "There is no variant ``."),
            ("ids=1", "The variant `ids` takes no value."),
            ("pause=long", "The variant `pause` takes a number, not `long`."),
            ("fail=oops", "The variant `fail` takes a known subCode, not `oops`."),
        ] {
            assert_eq!(text.parse::<Variant>().unwrap_err().to_string(), complaint);
        }
    }
}
