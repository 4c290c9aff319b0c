//! SecondMe and the site's proxy as one: sessions, sockets, replies in all the shapes that frames may have.

use core::fmt;
use std::collections::BTreeMap;

use chat_core::wire::part::{Modal, Part};
use chat_core::wire::{Frame, InitAnswer};

use crate::chance::Chance;

/// A page's socket: `attempt` is unique over all pages of a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Socket {
    Open,
    /// Neither side has noticed that nothing passes any more.
    Silent,
    Closed,
}

#[derive(Default)]
pub(crate) struct Server {
    /// Every text that was taken, in order.
    pub(crate) taken: Vec<String>,
    pub(crate) replies: Vec<Reply>,
    /// By page and attempt.
    pub(crate) sockets: BTreeMap<(u32, u32), Socket>,
    pub(crate) session_valid: bool,
    pub(crate) down: bool,
    pub(crate) answers_pings: bool,
    /// Frames that had no socket wait for the next one.
    pub(crate) keeps_frames: bool,
    pub(crate) kept: Vec<Pushed>,
    /// Replies without names come one after the other: mixed, nobody could tell them apart.
    pub(crate) unnamed_until: u64,
}

/// What the avatar, or its owner, says.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) owner: bool,
    pub(crate) named: bool,
    pub(crate) chunks: Vec<String>,
    /// Chunks that the session has been given on a living socket.
    pub(crate) given: Vec<bool>,
    /// The socket that the first chunk came on: without names, replies are kept apart by arrival alone.
    pub(crate) first_on: Option<(u32, u32)>,
    pub(crate) over_sockets: bool,
    /// The visitor or the owner has ended it.
    pub(crate) silenced: bool,
    /// Nobody took a part of it. Without names, the rest would be anybody's: the server says no more of it.
    pub(crate) broken: bool,
    /// Its end was told before its content: nothing the server says afterwards shows that it was all.
    pub(crate) early_end: bool,
    pub(crate) text_at_end: bool,
    /// A new question came before it was finished, and a part of it had been lost.
    pub(crate) abandoned: bool,
}

/// A frame on its way, and what it is of.
#[derive(Clone, Default)]
pub(crate) struct Pushed {
    pub(crate) frame: Frame,
    pub(crate) reply: Option<usize>,
    pub(crate) chunk: Option<usize>,
    /// Right behind the one before it: two threads of the server have overtaken each other.
    pub(crate) at_once: bool,
}

/// Short enough for a script that a person reads.
impl fmt::Debug for Pushed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Frame { kind, sender, index, message_id, multiple_data, .. } = &self.frame;
        let text: String = multiple_data.iter().filter_map(|part| part.modal.answer.as_deref()).collect();
        write!(formatter, "{kind:?} {sender:?} {message_id:?} {index:?} {text:?}")
    }
}

impl Server {
    pub(crate) fn answer(&self, named_visitor: bool) -> InitAnswer {
        InitAnswer {
            session_id: "session".into(),
            ws_url: "wss://ws.example/?wsId=ws%3A1".into(),
            avatar_name: "Mira".into(),
            opening: Some("Hello!".into()),
            visitor_user_id: named_visitor.then(|| "visitor".into()),
            heartbeat: None,
            starters: Vec::new(),
            avatar_image: None,
            signed_in: false,
        }
    }

    /// The newest socket that the server believes in.
    pub(crate) fn socket(&self) -> Option<(u32, u32)> {
        self.sockets.iter().rev().find(|(_, socket)| **socket != Socket::Closed).map(|(name, _)| *name)
    }

    /// A frame that nobody took.
    pub(crate) fn lose(&mut self, pushed: &Pushed) {
        if let Some(reply) = pushed.reply {
            self.replies[reply].broken = true;
        }
    }

    /// False where the server has given up saying this.
    pub(crate) fn still_says(&self, pushed: &Pushed) -> bool {
        let Some(reply) = pushed.reply.map(|reply| &self.replies[reply]) else { return true };
        // Without a name, an end with text could be a whole reply: such a one does not go on over another socket.
        let anybodys = reply.text_at_end && reply.first_on.is_some_and(|first| self.socket() != Some(first));
        !reply.abandoned && (reply.named || !(reply.broken || anybodys))
    }

    /// Makes a reply, and the frames it is pushed as.
    pub(crate) fn reply(&mut self, owner: bool, named: bool, chance: &mut Chance) -> Vec<Pushed> {
        let number = self.replies.len();
        let count = usize::try_from(chance.number(1..9)).unwrap();
        let whole = owner && !named || chance.percent(15);
        let count = if whole { 1 } else { count };
        let chunks: Vec<_> = (0..count).map(|chunk| chunk_text(number, chunk, owner)).collect();
        let text_at_end = chance.percent(40);
        // An empty end without a name belongs to whatever was cut off before, if anything was.
        let early_end = named && !whole && !owner && !text_at_end && chance.percent(10);
        let mut frames: Vec<Pushed> = Vec::new();
        let frame = |index: Option<i64>, text: &str| Frame {
            kind: named.then(|| "msg".into()),
            sender: Some(if owner { "client" } else { "umm" }.into()),
            send_user_id: owner.then(|| "owner".into()),
            index,
            message_id: named.then(|| format!("M{number}")),
            seq_id: named.then(|| format!("{number}/{index:?}")),
            multiple_data: parts(text),
            ..Frame::default()
        };
        for (place, chunk) in chunks.iter().enumerate() {
            let last = place + 1 == chunks.len();
            let index = match (whole && owner && !named, last && text_at_end || whole) {
                (true, _) => None,
                (_, true) => Some(-1),
                _ => Some(i64::try_from(place).unwrap()),
            };
            frames.push(Pushed { frame: frame(index, chunk), reply: Some(number), chunk: Some(place), at_once: false });
        }
        if !whole && !text_at_end {
            let end = Pushed { frame: frame(Some(-1), ""), reply: Some(number), chunk: None, at_once: false };
            frames.insert(if early_end { 0 } else { frames.len() }, end);
        }
        // Only what has names can be doubled or come out of order without changing what it says.
        if named {
            double(&mut frames, chance);
        }
        // An end in the middle of its reply is nobody's idea of order.
        if named && !early_end {
            swap(&mut frames, chance);
        }
        let given = vec![false; chunks.len()];
        self.replies.push(Reply {
            owner,
            named,
            chunks,
            given,
            first_on: None,
            over_sockets: false,
            silenced: false,
            broken: false,
            early_end,
            text_at_end,
            abandoned: false,
        });
        frames
    }
}

/// `#` and numbers make every chunk one of its kind.
fn chunk_text(reply: usize, chunk: usize, owner: bool) -> String {
    format!("{}{reply}.{chunk}é ", if owner { 'O' } else { '#' })
}

/// Text may come in several entries, beside others.
fn parts(text: &str) -> Vec<Part> {
    let part = |text: &str| Part { modal: Modal { answer: Some(text.into()), ..Modal::default() }, ..Part::default() };
    match text.split_once('.') {
        Some((before, after)) if before.len() % 2 == 0 => {
            vec![part(before), Part::default(), part(&format!(".{after}"))]
        }
        _ => vec![part(text)],
    }
}

fn double(frames: &mut Vec<Pushed>, chance: &mut Chance) {
    if chance.percent(30) {
        for place in (0..frames.len()).rev() {
            if chance.percent(30) {
                // Right behind: a frame that comes again after the next ones were lost would hide the loss from anybody.
                let again = Pushed { at_once: true, ..frames[place].clone() };
                frames.insert(place + 1, again);
            }
        }
    }
}

fn swap(frames: &mut [Pushed], chance: &mut Chance) {
    if chance.percent(30) && frames.len() > 1 {
        let place = usize::try_from(chance.number(0..u64::try_from(frames.len() - 1).unwrap())).unwrap();
        frames.swap(place, place + 1);
        frames[place + 1].at_once = true;
    }
}
