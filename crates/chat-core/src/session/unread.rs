//! How many messages of the other side nobody has looked at yet: one count for all tabs of a browser, since their sessions
//! take the same inputs. What a tab makes of it is the shell's business.

use super::{Change, Session};
use crate::portable_struct;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Unread {
    count: u32,
    /// Somebody has the conversation before their eyes.
    read: bool,
}

portable_struct!(Unread { count, read });

impl Unread {
    /// Whoever looks goes on looking; what they had not read is gone.
    pub(super) fn forget(&mut self) {
        self.count = 0;
    }
}

impl Session {
    /// How many messages of the avatar or its owner came while nobody looked at the conversation.
    #[must_use]
    pub fn unread(&self) -> u32 {
        self.unread.count
    }

    pub(super) fn read(&mut self, read: bool) {
        self.unread.read = read;
        if read && self.unread.count > 0 {
            self.unread.count = 0;
            self.change(Change::Unread);
        }
    }

    /// A message of the other side begins.
    pub(super) fn count_unread(&mut self) {
        if !self.unread.read {
            self.unread.count = self.unread.count.saturating_add(1);
            self.change(Change::Unread);
        }
    }
}
