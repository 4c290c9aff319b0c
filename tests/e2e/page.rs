//! The page as its visitor has it before them: what they see of the chat, and what they do with it.

use fantoccini::Locator;
use fantoccini::elements::Element;
use fantoccini::wd::WindowHandle;
use secondme_sim::reply_to;

use crate::browser::Browser;
use crate::snapshot::Snapshot;
use crate::until::until;

pub(crate) const ENTER: char = '\u{e007}';
pub(crate) const SHIFT: char = '\u{e008}';
pub(crate) const ESCAPE: char = '\u{e00c}';
pub(crate) const TAB: char = '\u{e004}';

/// The name of the simulated avatar.
pub(crate) const AVATAR: &str = "Mira";

/// The page in the tab that is worked with.
pub(crate) struct Page {
    pub(crate) browser: Browser,
}

impl Page {
    /// A browser behind this SOCKS proxy, on no page yet.
    pub(crate) async fn start(proxy: &str) -> Self {
        let page = Self { browser: Browser::start(proxy).await };
        page.prepare().await;
        page
    }

    /// Opens a further tab, on no page yet, and goes to it.
    pub(crate) async fn open_tab(&self) -> WindowHandle {
        let tab = self.browser.open_tab().await;
        self.prepare().await;
        tab
    }

    async fn prepare(&self) {
        self.browser.set_viewport(1280, 800, false).await;
        self.browser.run_before_pages(include_str!("witness.js")).await;
    }

    /// Goes to the address and waits until the launcher is there.
    pub(crate) async fn visit(&self, url: &str) {
        self.browser.client.goto(url).await.unwrap();
        self.until("the launcher is drawn", |_| true).await;
    }

    /// The chat as it is now; nothing where the page has none.
    pub(crate) async fn snapshot(&self) -> Option<Snapshot> {
        self.browser.run("return window.witness?.snapshot() ?? null").await
    }

    /// Every state of the chat since the page was loaded.
    pub(crate) async fn history(&self) -> Vec<Snapshot> {
        self.browser.run("return window.witness?.history ?? []").await
    }

    /// What was thrown into the page.
    pub(crate) async fn errors(&self) -> Vec<String> {
        self.browser.run("return window.witness?.errors ?? []").await
    }

    /// The chat's events that the page heard, as name and detail.
    pub(crate) async fn events(&self) -> Vec<(String, Option<String>)> {
        self.browser.run("return window.witness?.events ?? []").await
    }

    /// Loads the page again and waits until the launcher is there.
    pub(crate) async fn reload(&self) {
        self.browser.client.refresh().await.unwrap();
        self.until("the launcher is drawn", |_| true).await;
    }

    /// Waits until the visitor sees what is described, and gives all that they see then.
    pub(crate) async fn until(&self, what: &str, seen: impl Fn(&Snapshot) -> bool) -> Snapshot {
        until(what, async || self.snapshot().await.filter(&seen)).await
    }

    /// Waits until the visitor has seen what is described, be it only for a moment.
    pub(crate) async fn until_seen(&self, what: &str, seen: impl Fn(&Snapshot) -> bool) -> Snapshot {
        until(what, async || self.history().await.into_iter().find(&seen)).await
    }

    /// The chat's element that this selector finds.
    pub(crate) async fn find(&self, selector: &str) -> Element {
        let host = self.browser.client.find(Locator::Css("secondme-chat")).await.unwrap();
        let root = host.shadow_root().await.unwrap();
        root.find(Locator::Css(selector)).await.unwrap_or_else(|error| panic!("{selector}: {error}"))
    }

    pub(crate) async fn click(&self, selector: &str) {
        self.find(selector).await.click().await.unwrap_or_else(|error| panic!("{selector}: {error}"));
    }

    /// Opens the closed chat as a visitor with a mouse does.
    pub(crate) async fn open(&self) {
        self.click("[part~=launcher]").await;
        self.until("the panel is open and has the focus", |chat| chat.open && chat.focus == "input").await;
    }

    /// Types a message key by key and sends it.
    pub(crate) async fn say(&self, text: &str) {
        self.browser.type_keys(&format!("{text}{ENTER}")).await;
    }

    /// Says something and waits for the whole of the avatar's answer.
    pub(crate) async fn ask(&self, question: &str) -> Snapshot {
        self.say(question).await;
        self.until_answered(question).await
    }

    /// Waits until the newest message is the whole answer to this.
    pub(crate) async fn until_answered(&self, question: &str) -> Snapshot {
        let reply = reply_to(question, AVATAR);
        let what = format!("the whole answer to {question:?} is there");
        self.until(&what, |chat| chat.status_of(question) == "sent" && chat.ends_with_reply(&reply)).await
    }
}
