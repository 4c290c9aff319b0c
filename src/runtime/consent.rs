//! What the visitor has to agree to before anything begins, and the way back to where nothing has.

use wasm_bindgen_futures::spawn_local;

use super::Runtime;
use crate::model::Aside;
use crate::options::Wording;
use crate::page::is_visible;
use crate::storage::Storage;

impl Runtime {
    /// What the visitor is to agree to, and the site's page about it.
    pub(crate) fn consent(&self) -> (Wording, Option<String>) {
        (self.0.config.consent.clone(), self.0.config.consent_href.clone())
    }

    /// The conversation begins, or the visitor is asked whether it may.
    pub(super) fn begin_if_agreed(&self) {
        if !self.0.storage.lacks_consent() {
            return self.agree();
        }
        self.0.model.aside.set(Some(Aside::Consent));
        let runtime = self.clone();
        *self.0.consent_elsewhere.borrow_mut() = Storage::listen(move || {
            let runtime = runtime.clone();
            // Later, since what listens can't be dropped while it listens.
            spawn_local(async move { runtime.ask_again() });
        });
    }

    /// The visitor agrees. What the page wanted sent in the meantime is sent now.
    pub(crate) fn agree(&self) {
        self.0.consent_elsewhere.take();
        if self.0.model.aside.get_untracked() == Some(Aside::Consent) {
            self.0.model.aside.set(None);
        }
        self.begin();
        self.seen(is_visible());
    }

    /// The visitor does not want to: nothing begins, nothing waits, and the next opening asks again.
    pub(crate) fn decline(&self) {
        self.0.consent_elsewhere.take();
        self.forget_wishes();
        self.close();
    }

    /// Back to before the first opening, and to the question where the panel is open.
    pub(super) fn retire(&self) {
        self.leave_company();
        self.0.page.take();
        self.0.begun.set(false);
        self.ask_again();
    }

    /// The visitor may have agreed in another tab, or nobody has any more.
    fn ask_again(&self) {
        if self.is_open() {
            self.begin_if_agreed();
        }
    }
}
