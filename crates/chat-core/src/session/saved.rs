//! A conversation put by: for the next page, and for other tabs of the same browser. It does not know where it is kept.

use super::link::Link;
use super::outbox::Outbox;
use super::replies::Replies;
use super::speaker::Speakers;
use super::unread::Unread;
use super::{Session, Settings};
use crate::json::{Json, Portable, Reader};
use crate::moment::{Moment, Steady};
use crate::portable_struct;
use crate::transcript::Transcript;

/// Everything a session is, but for what the page fixes. What is put by carries a version; what is not this version's, or
/// damaged, cannot be taken up.
#[derive(Clone, Debug)]
pub struct Saved {
    version: Version,
    transcript: Transcript,
    link: Link,
    outbox: Outbox,
    replies: Replies,
    speakers: Speakers,
    unread: Unread,
    steady: Steady,
    reading: Moment,
    wake: Option<Moment>,
    skipped: u64,
}

/// Raised whenever the form changes: what an older or newer widget has put by is dropped, never guessed at.
const VERSION: u32 = 3;

#[derive(Clone, Copy, Debug)]
struct Version;

impl Portable for Version {
    fn pack(&self, list: &mut Vec<Json>) {
        VERSION.pack(list);
    }

    fn unpack(reader: &mut Reader) -> Self {
        if u32::unpack(reader) != VERSION {
            reader.refuse();
        }
        Self
    }
}

portable_struct!(Saved {
    version,
    transcript,
    link,
    outbox,
    replies,
    speakers,
    unread,
    steady,
    reading,
    wake,
    skipped,
});

impl Saved {
    /// What a conversation may take in a browser's storage, in bytes of text; the oldest messages go first.
    pub const STORED: usize = 200_000;
}

impl Session {
    /// The conversation as it stands, with as many of the newest messages as fit into `bytes`.
    #[must_use]
    pub fn save(&self, bytes: usize) -> Saved {
        Saved {
            version: Version,
            transcript: self.transcript.newest(bytes),
            link: self.link.clone(),
            outbox: self.outbox.clone(),
            replies: self.replies.clone(),
            speakers: self.speakers.clone(),
            unread: self.unread,
            steady: self.steady,
            reading: self.reading,
            wake: self.wake,
            skipped: self.skipped,
        }
    }

    /// The conversation exactly as it stood, for a tab that only follows.
    #[must_use]
    pub fn follow(settings: Settings, saved: Saved) -> Self {
        let Saved { version: _, transcript, link, outbox, replies, speakers, unread, steady, reading, wake, skipped } =
            saved;
        let mut session = Self {
            transcript,
            link,
            outbox,
            replies,
            speakers,
            unread,
            steady,
            reading,
            wake,
            skipped,
            ..Self::new(settings)
        };
        session.reseed();
        session
    }

    /// The conversation as the next page finds it: what was under way is lost track of, and nothing is asked for before
    /// the chat is opened.
    #[must_use]
    pub fn resume(settings: Settings, saved: Saved) -> Self {
        let mut session = Self::follow(settings, saved);
        session.lose_track();
        session.cut_replies();
        session.link_rests();
        session.wake = None;
        session.output = super::Output::default();
        session
    }

    fn reseed(&mut self) {
        self.link.reseed(self.settings.seed);
        self.outbox.reseed(self.settings.seed.rotate_left(32));
    }
}
