//! Who the visitor is: what the page says, what the visitor does in the sign-in window, and that another person finds
//! nothing of the one before.

use chat_core::{Connection, Failure};
use wasm_bindgen_futures::spawn_local;

use super::Runtime;
use crate::identity::Identity;
use crate::login::{Login, LoginResult};
use crate::strings::Text;

impl Runtime {
    /// The page says who is there, or that nobody is. Another person than before finds an empty chat, in every tab.
    pub(crate) fn identify(&self, identity: Option<Identity>) {
        let person = identity.as_ref().map(|identity| identity.person().to_owned());
        self.0.transport.identify(identity);
        let said = self.0.person.replace(Some(person));
        // What this page shows is whom it named last, also where the browser stores nothing.
        let before = said.filter(|_| self.0.begun.get()).unwrap_or_else(|| self.0.storage.person());
        if self.0.begun.get() || before.is_some() {
            self.meet_person(before.as_ref(), self.0.begun.get());
        }
        // What had failed for want of a sign-in may work now.
        if self.0.session.borrow().connection() == Connection::Failed(Failure::LoginRequired) {
            self.reconnect();
        }
    }

    /// Holds who the page says is there against who was there before. Where nothing is shown yet, there is something to
    /// forget only if it was stored.
    pub(super) fn meet_person(&self, before: Option<&String>, shown: bool) {
        // A page that says nothing takes over whom another page has named.
        let Some(person) = self.0.person.borrow().clone() else { return };
        if before != person.as_ref() {
            if shown || self.0.storage.known_visitor().is_some() {
                self.reset();
            }
            self.0.storage.keep_person(person.as_deref());
        }
    }

    /// Another tab has forgotten the visitor, since that person is there now. What this page knew of one is out of date.
    pub(super) fn person_is(&self, person: Option<String>) {
        let known = self.0.person.borrow().clone();
        if known.is_some_and(|known| known != person) {
            self.0.transport.identify(None);
        }
        self.0.storage.keep_person(person.as_deref());
        *self.0.person.borrow_mut() = Some(person);
    }

    /// The visitor wants to sign in with SecondMe.
    pub(crate) fn sign_in(&self) {
        self.0.model.login_trouble.set(None);
        let runtime = self.clone();
        let login = Login::open(&self.0.config.base, move |result| {
            let runtime = runtime.clone();
            // Later, since what listens can't be dropped while it listens.
            spawn_local(async move { runtime.signed_in(result) });
        });
        *self.0.login.borrow_mut() = Some(login);
    }

    /// The visitor wants to be unknown again.
    pub(crate) fn sign_out(&self) {
        let runtime = self.clone();
        spawn_local(async move {
            match runtime.0.transport.sign_out().await {
                Ok(()) => runtime.begin_anew(false),
                Err(_) => runtime.0.model.login_trouble.set(Some(Text::SIGN_OUT_FAILED)),
            }
        });
    }

    /// The proxy knows the visitor no more, so what was said under their name is not this one's to see.
    pub(super) fn sign_in_is_over(&self) {
        let runtime = self.clone();
        // Later, since the session is about to act on the answer that said so.
        spawn_local(async move {
            if !runtime.0.ended.get() {
                runtime.reset();
            }
        });
    }

    /// The button that the visitor pressed is gone, so the keyboard goes to where they write next.
    fn begin_anew(&self, agreed: bool) {
        self.reset_agreed(agreed);
        self.0.model.focus.set(());
    }

    fn signed_in(&self, result: LoginResult) {
        if self.0.ended.get() || self.0.login.take().is_none() {
            return;
        }
        match result {
            // Who signs in is the person who has agreed.
            LoginResult::SignedIn => self.begin_anew(true),
            LoginResult::Declined => {}
            LoginResult::Failed => self.0.model.login_trouble.set(Some(Text::SIGN_IN_FAILED)),
            LoginResult::Blocked => self.0.model.login_trouble.set(Some(Text::SIGN_IN_BLOCKED)),
        }
    }
}
