//! What a visitor, a browser and a bad day do to a world.

use chat_core::json::Portable;
use chat_core::wire::Frame;
use chat_core::{Author, Input, Saved, Session, Status};

use super::{Event, World, settings, visitor};
use crate::server::{Pushed, Socket};
use crate::visitor::Deed;

impl World {
    pub(super) fn perform(&mut self, deed: Deed) {
        match deed {
            Deed::Write => {
                let text = format!("m{:04}", self.witness.written.len());
                self.witness.written.insert(text.clone(), 0);
                self.input(Input::Submitted(text));
            }
            Deed::Retry => {
                if let Some((id, text)) = self.failed() {
                    *self.witness.written.get_mut(&text).unwrap() += 1;
                    self.input(Input::Retried(id));
                }
            }
            Deed::Delete => {
                if let Some((id, text)) = self.failed() {
                    self.witness.deleted.push(text);
                    self.input(Input::Deleted(id));
                }
            }
            Deed::Stop => {
                self.silence();
                self.input(Input::Stopped);
            }
            Deed::Reconnect => self.input(Input::Reconnected),
            // Nobody says anything to somebody who has never been there.
            Deed::OwnerSpeaks | Deed::AvatarSpeaks if self.server.sockets.is_empty() => {}
            Deed::OwnerSpeaks => self.speak(true),
            // Unasked and without a name, it could be the rest of anything.
            Deed::AvatarSpeaks => self.say(false, true),
            Deed::CutSocket => self.cut(),
            Deed::SilenceSocket => self.silence_sockets(),
            Deed::ServerDown => {
                self.server.down = true;
                self.cut();
            }
            Deed::ServerUp => self.server.down = false,
            Deed::ExpireSession => self.server.session_valid = false,
            Deed::Hide => self.input(Input::Visible(false)),
            Deed::Show => self.input(Input::Visible(true)),
            Deed::Offline => {
                self.online = false;
                self.input(Input::Online(false));
            }
            Deed::Online => {
                self.online = true;
                self.input(Input::Online(true));
            }
            Deed::Sleep => {
                self.silence_sockets();
                self.clock += 3_600_000;
                self.input(Input::Woke);
            }
            Deed::ClockBack => {
                self.clock -= 86_400_000;
                self.input(Input::Woke);
            }
            Deed::Reload => self.next_page(true),
            Deed::TabTakesOver => self.next_page(false),
            Deed::Garbage => self.garbage(),
            Deed::Hint => {
                let hint =
                    chat_core::wire::frame::Hint { status: Some("RUNNING".into()), text: Some("Thinking".into()) };
                self.give(Frame { kind: Some("hint".into()), hint: Some(hint), ..Frame::default() });
            }
            Deed::Fault => {
                let code = Some("session.openai.error".to_owned());
                self.give(Frame { kind: Some("sys".into()), sub_code: code, ..Frame::default() });
            }
        }
    }

    fn failed(&mut self) -> Option<(chat_core::MessageId, String)> {
        let messages = self.session.transcript().messages().iter();
        let failed =
            messages.filter(|message| message.author == Author::Visitor && matches!(message.status, Status::Failed(_)));
        let failed: Vec<_> = failed.map(|message| (message.id, message.text.clone())).collect();
        self.chance.one_of(&failed)
    }

    fn cut(&mut self) {
        let names: Vec<_> = self.server.sockets.keys().copied().collect();
        for (page, attempt) in names {
            let before = self.server.sockets.insert((page, attempt), Socket::Closed);
            if before != Some(Socket::Closed) {
                self.later(0..50, Event::SocketCloses(page, attempt));
            }
        }
    }

    fn silence_sockets(&mut self) {
        for socket in self.server.sockets.values_mut() {
            if *socket == Socket::Open {
                *socket = Socket::Silent;
            }
        }
    }

    /// The page is left, or its tab closed while another one follows.
    fn next_page(&mut self, reload: bool) {
        for socket in self.server.sockets.values_mut() {
            *socket = Socket::Closed;
        }
        self.page += 1;
        self.connecting = None;
        self.wake = None;
        let saved = self.session.save(if reload { Saved::STORED } else { usize::MAX });
        let text = serde_json::to_string(&saved.to_json()).unwrap();
        let saved = Saved::from_json(serde_json::from_str(&text).unwrap()).unwrap();
        let settings = settings(self.seed + u64::from(self.page));
        if reload {
            self.session = Session::resume(settings, saved);
            self.input(Input::Opened(visitor()));
        } else {
            self.session = Session::follow(settings, saved);
            self.input(Input::TakenOver);
        }
        if !self.online {
            self.input(Input::Online(false));
        }
    }

    fn garbage(&mut self) {
        let Some((page, attempt)) = self.server.socket() else { return };
        if page == self.page {
            self.input(Input::Received(attempt, None));
            self.give(Frame::default());
            self.give(Frame { sender: Some("umm".into()), index: Some(-7), ..Frame::default() });
            self.give(Frame { kind: Some("cmd".into()), ..Frame::default() });
        }
    }

    fn give(&mut self, frame: Frame) {
        if let Some((page, attempt)) = self.server.socket() {
            self.happen(Event::Arrives(page, attempt, Pushed { frame, ..Pushed::default() }));
        }
    }
}
