//! What changed in the session, into the model and to the page.

use chat_core::{Author, Change, Connection, Failure, MessageId, Profile, Status};
use wasm_bindgen::JsValue;

use super::Runtime;
use super::company::Role;
use crate::strings::Text;

impl Runtime {
    pub(super) fn show(&self, change: &Change) {
        let model = &self.0.model;
        let session = self.0.session.borrow();
        let message = |id: MessageId| session.transcript().get(id);
        match change {
            Change::Added(id) => message(*id).into_iter().for_each(|message| model.add(message)),
            Change::Greeted(id) => message(*id).into_iter().for_each(|message| model.add_first(message)),
            Change::Extended(id, text) => model.change(*id, |shown| shown.message.text.push_str(text)),
            Change::Rewritten(id) => {
                let new = message(*id).cloned();
                model.change(*id, |shown| {
                    shown.rewritten += 1;
                    if let Some(new) = new {
                        shown.message = new;
                    }
                });
            }
            Change::Status(id) => {
                let status = message(*id).map(|message| message.status.clone());
                model.change(*id, |shown| shown.message.status = status.unwrap_or(Status::Complete));
            }
            Change::Removed(id) => {
                model.remove(*id);
                model.shortened.set(session.transcript().is_shortened());
            }
            Change::Everything => {
                model.draw_anew(session.transcript().messages());
                model.shortened.set(session.transcript().is_shortened());
                model.connection.set(session.connection());
                model.profile.set(session.profile().cloned());
                model.waiting.set(session.waiting());
                model.thinking.set(session.thinking().map(str::to_owned));
                model.held.set(session.held_until().is_some());
            }
            Change::Connection => model.connection.set(session.connection()),
            Change::Profile => {
                let before = model.profile.get_untracked().is_some_and(|profile| profile.signed_in);
                let now = session.profile().cloned();
                let over = before && !now.as_ref().is_some_and(|profile| profile.signed_in);
                model.profile.set(now);
                // One tab forgets for all.
                if over && self.role() != Role::Following {
                    drop(session);
                    return self.sign_in_is_over();
                }
            }
            Change::Waiting => {
                model.waiting.set(session.waiting());
                model.thinking.set(session.thinking().map(str::to_owned));
            }
            Change::Held => model.held.set(session.held_until().is_some()),
            Change::TakenOver(_) | Change::Unread => {}
        }
        drop(session);
        if matches!(change, Change::Held | Change::Connection | Change::Everything) {
            self.count_down();
        }
        self.tell_page(change);
        if !matches!(change, Change::Connection | Change::Waiting) {
            self.save_soon();
        }
    }

    /// The events of the page's contract.
    fn tell_page(&self, change: &Change) {
        let (host, session, model) = (&self.0.host, &self.0.session, &self.0.model);
        match change {
            Change::TakenOver(_) => {
                host.tell("takeover", &JsValue::NULL);
                if let Some(Profile { name, .. }) = model.profile.get_untracked() {
                    self.announce(model.language.with_untracked(|language| language.name(Text::JOINED, &name)));
                }
            }
            // Each message comes to its status in a change of its own, also where it is added and complete at once.
            Change::Status(id) => {
                let Some(message) = session.borrow().transcript().get(*id).cloned() else { return };
                match (message.author, message.status) {
                    (Author::Visitor, Status::Sent) => host.tell("sent", &message.text.into()),
                    (Author::Avatar | Author::Owner, Status::Complete) => {
                        host.tell("reply", &JsValue::from_str(&message.text));
                        self.read_out(message.text);
                    }
                    (_, Status::Interrupted) => {
                        self.read_out(message.text);
                        self.announce(model.language.with_untracked(|language| language.say(Text::INTERRUPTED)));
                    }
                    (_, Status::Stopped) => {
                        self.announce(model.language.with_untracked(|language| language.say(Text::STOPPED)));
                    }
                    (_, Status::Failed(failure)) => self.tell_failure(failure),
                    _ => {}
                }
            }
            Change::Connection => {
                let connection = session.borrow().connection();
                if let Connection::Failed(failure) | Connection::Reconnecting(failure, Some(_)) = connection {
                    self.tell_failure(failure);
                }
            }
            Change::Unread | Change::Everything => {
                let grew = self.tell_unread();
                if grew && matches!(change, Change::Unread) {
                    self.notice();
                }
            }
            _ => {}
        }
    }

    /// The same number in every tab; each tells its own page, where it changed. True where it grew.
    fn tell_unread(&self) -> bool {
        let unread = self.0.session.borrow().unread();
        let before = self.0.model.unread.get_untracked();
        if before != unread {
            self.0.model.unread.set(unread);
            self.0.host.tell("unread", &unread.into());
        }
        unread > before
    }

    fn tell_failure(&self, failure: Failure) {
        self.0.host.tell("error", &failure_name(failure).into());
    }
}

/// The stable names of the page's contract.
fn failure_name(failure: Failure) -> &'static str {
    match failure {
        Failure::Unreachable => "unreachable",
        Failure::Unknown => "unknown",
        Failure::Busy => "busy",
        Failure::Unavailable => "unavailable",
        Failure::SessionEnded => "session-ended",
        Failure::LoginRequired => "login-required",
        Failure::Misconfigured => "misconfigured",
        Failure::Rejected => "rejected",
        Failure::Exhausted => "exhausted",
    }
}
