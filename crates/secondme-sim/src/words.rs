//! Words at the start of a visitor's message that say what shall happen to its reply: `/hint How long does shipping take?`.
//! They are for people in the demo; SecondMe itself has none.

use std::{fmt::Write, str::FromStr};

use crate::{
    AnswerFault, Command, Operation,
    faults::PlannedRefusal,
    script::{self, NotAVariant, Variant},
};

/// What a visitor wishes to happen to one message.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Wishes {
    /// What changes the reply.
    pub(crate) variants: Vec<Variant>,
    /// What is done at once.
    pub(crate) commands: Vec<Command>,
    /// What goes wrong the first time the message is sent.
    pub(crate) mishap: Option<Mishap>,
    /// What the avatar says instead of a reply of its own.
    pub(crate) answer: Option<String>,
}

/// What goes wrong with sending a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mishap {
    /// It is not accepted.
    Refused(PlannedRefusal),
    /// It is not accepted, as if the session had expired.
    SessionExpired,
    /// It is not accepted, as if there were no such session.
    SessionUnknown,
    /// It is accepted, and the answer suffers.
    Answer(AnswerFault),
}

/// Every word that is not a variant: what it is called, its usual number, and what it does.
const WORDS: &[(&str, Option<u64>, &str)] = &[
    ("help", None, "this list"),
    ("resume", Some(5), "the connection breaks after so many chunks, and the rest comes over the next one"),
    ("429", Some(5), "the message is refused at first: too many, try again in so many seconds"),
    ("503", Some(5), "the message is refused at first: not available, try again in so many seconds"),
    ("expired", None, "the message is refused at first: the session has expired"),
    ("not-found", None, "the message is refused at first: there is no such session"),
    ("late-answer", Some(5000), "the message is accepted, and says so so many ms late"),
    ("no-answer", None, "the message is accepted, and never says so"),
    ("cut-answer", None, "the message is accepted, and the connection breaks before it says so"),
    ("no-pong", None, "heartbeats are not answered any more"),
    ("pong", None, "heartbeats are answered again"),
    ("outage", Some(3), "the connection breaks after five chunks, and so many inits are refused"),
    ("refuse-socket", Some(2), "the connection breaks after five chunks, and so many sockets are refused"),
];

/// The message's wishes, and the rest of it.
pub(crate) fn read(message: &str) -> (Wishes, &str) {
    let mut wishes = Wishes::default();
    let mut rest = message.trim_start();
    while let Some(after_slash) = rest.strip_prefix('/') {
        let (word, remainder) = after_slash.split_once(char::is_whitespace).unwrap_or((after_slash, ""));
        match wishes.add(word) {
            Ok(()) => {}
            // A message may well begin with a slash and mean something else.
            Err(NotAVariant::Unknown(_)) => break,
            Err(error) => wishes.answer = Some(format!("{error} Say `/help` for all of them.")),
        }
        rest = remainder.trim_start();
    }
    (wishes, rest)
}

/// Every word with what it does, for a person at the command line.
pub fn word_help() -> String {
    let mut help = String::new();
    for (name, number, about) in WORDS {
        let written = number.map_or_else(|| format!("/{name}"), |number| format!("/{name}={number}"));
        // Writing to a string does not fail.
        let _ = writeln!(help, "  {written:<34} {about}");
    }
    help
}

impl Wishes {
    fn add(&mut self, word: &str) -> Result<(), NotAVariant> {
        let (name, value) = word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)));
        let Some(&(name, usual, _)) = WORDS.iter().find(|(known, ..)| *known == name) else {
            self.variants.push(Variant::from_str(word)?);
            return Ok(());
        };
        let number = match (usual, value) {
            (None, Some(_)) => return Err(NotAVariant::NoValue(name)),
            (usual, None) => usual.unwrap_or_default(),
            (_, Some(value)) => {
                let refuse = |_| NotAVariant::Value { name, takes: "a number", value: value.into() };
                value.parse().map_err(refuse)?
            }
        };
        self.fulfil(name, number)
    }

    fn fulfil(&mut self, name: &str, number: u64) -> Result<(), NotAVariant> {
        let count = u32::try_from(number).unwrap_or(u32::MAX);
        match name {
            "resume" => {
                self.variants.push(format!("cut={number}").parse()?);
                self.variants.push("resume-replies".parse()?);
            }
            "429" => self.mishap = Some(refused(429, number)),
            "503" => self.mishap = Some(refused(503, number)),
            "expired" => self.mishap = Some(Mishap::SessionExpired),
            "not-found" => self.mishap = Some(Mishap::SessionUnknown),
            "late-answer" => self.mishap = Some(Mishap::Answer(AnswerFault::Late { ms: number })),
            "no-answer" => self.mishap = Some(Mishap::Answer(AnswerFault::Never)),
            "cut-answer" => self.mishap = Some(Mishap::Answer(AnswerFault::Cut)),
            "no-pong" => self.commands.push(Command::AnswerHeartbeats { on: false }),
            "pong" => self.commands.push(Command::AnswerHeartbeats { on: true }),
            "outage" => {
                self.variants.push("cut".parse()?);
                self.commands.push(Command::RefuseNext {
                    operation: Operation::Init,
                    count,
                    status: 503,
                    sub_code: None,
                    retry_after: None,
                });
            }
            "refuse-socket" => {
                self.variants.push("cut".parse()?);
                self.commands.push(Command::RefuseSockets { count, status: 503 });
            }
            _ => self.answer = Some(list()),
        }
        Ok(())
    }
}

fn refused(status: u16, retry_after: u64) -> Mishap {
    Mishap::Refused(PlannedRefusal { status, sub_code: None, retry_after: Some(retry_after) })
}

/// What `/help` answers, in Markdown.
fn list() -> String {
    let mut list = String::from("Begin a message with one or more of these:\n\n");
    let words = WORDS.iter().map(|(name, _, about)| (*name, *about));
    for (name, about) in words.chain(script::catalogue()) {
        // Writing to a string does not fail.
        let _ = writeln!(list, "- `/{name}` {about}");
    }
    list.push_str("\nWhere a number or a code is meant, `/pause=35000` sets another.");
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(message: &str, variants: &str, rest: &str) {
        let (wishes, read_rest) = read(message);
        let written: Vec<String> = wishes.variants.iter().map(ToString::to_string).collect();
        assert_eq!((written.join(" ").as_str(), read_rest), (variants, rest), "{message}");
    }

    #[test]
    fn words_come_first_and_the_rest_is_the_message() {
        check("/ids /pause=70\n what  now", "ids pause=70", "what  now");
        check("/resume=2", "cut=2 resume-replies", "");
        check("/usr/bin is a path", "", "/usr/bin is a path");
        check("/ids /usr/bin", "ids", "/usr/bin");
        check("about /ids", "", "about /ids");
        check("/", "", "/");
    }

    #[test]
    fn every_word_wishes_for_something() {
        for (name, ..) in WORDS {
            let message = format!("/{name}");
            let (wishes, rest) = read(&message);
            assert_ne!((wishes, rest), (Wishes::default(), ""), "{name}");
            assert!(list().contains(&format!("`/{name}`")));
            assert!(name.parse::<Variant>().is_err(), "{name} is one thing only");
        }
        assert!(list().contains("`/takeover`"));
    }

    #[test]
    fn a_wrong_value_is_answered_with_a_sentence() {
        for (message, complaint) in [
            ("/429=soon hello", "The variant `429` takes a number, not `soon`."),
            ("/pong=1", "The variant `pong` takes no value."),
            ("/fail=oops", "The variant `fail` takes a known subCode, not `oops`."),
        ] {
            let answer = read(message).0.answer.unwrap();
            assert!(answer.starts_with(complaint), "{answer}");
        }
    }
}
