//! Everything one test needs, started for it alone: a simulated SecondMe, the site with its proxy, and a browser.

use std::env;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;

use chat_proxy::Settings;
use futures_util::FutureExt;
use secondme_sim::{Control, Observed, Script, Simulator, reply_to};
use tokio::runtime::Builder;
use url::Url;

use crate::log::Log;
use crate::page::{AVATAR, Page};
use crate::site::{Proxy, built};
use crate::snapshot::Snapshot;
use crate::wire::Wire;

/// Every address that the page took something from, or tried to.
const FETCHED: &str = "return performance.getEntriesByType('resource').map((entry) => entry.name)";

/// Which of SecondMe's APIs the proxy speaks, in the proxy's own words.
fn api() -> String {
    env::var("SECONDME_API").unwrap_or_else(|_| "visitor-chat".to_owned())
}

/// What is different from the usual in a test.
#[derive(Default)]
pub(crate) struct Setup {
    pub(crate) secondme: secondme_sim::Settings,
    /// Beyond what leads to the simulator.
    pub(crate) proxy: Settings,
    /// Further pages of the site, at `/built/`.
    pub(crate) folder: Option<PathBuf>,
}

/// What a test works with.
pub(crate) struct World {
    pub(crate) page: Page,
    pub(crate) proxy: Proxy,
    pub(crate) wire: Wire,
    pub(crate) log: Log,
    simulator: Simulator,
}

/// Runs a test in a world of its own, and says what the visitor saw where it fails.
pub(crate) fn test(setup: Setup, test: impl AsyncFnOnce(&mut World)) {
    let log = Log::default();
    let _kept = log.keep();
    Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let mut world = World::start(setup, log).await;
        let outcome = AssertUnwindSafe(async {
            test(&mut world).await;
            world.check_calm().await;
        })
        .catch_unwind()
        .await;
        let account = if outcome.is_err() { world.account().await } else { String::new() };
        world.page.browser.close().await;
        // The failure itself has been told where it happened.
        assert!(outcome.is_ok(), "{account}");
    });
}

impl World {
    async fn start(setup: Setup, log: Log) -> Self {
        let simulator = Simulator::start(setup.secondme).await.unwrap();
        let accepted = simulator.settings();
        let api = setup.proxy.secondme_api.clone().unwrap_or_else(api);
        let settings = Settings {
            secondme_base_url: Some(match api.as_str() {
                "avatar-hub" => simulator.hub_base_url(),
                _ => simulator.base_url(),
            }),
            secondme_api: Some(api),
            secondme_authorize_url: Some(simulator.authorize_url()),
            secondme_client_id: Some(accepted.client_id.clone()),
            secondme_client_secret: Some(accepted.client_secret.clone().into()),
            secondme_api_key: Some(accepted.api_key.clone().into()),
            widget_dir: Some(built()),
            ..setup.proxy
        };
        let proxy = Proxy::start(settings, setup.folder).await;
        let wire = Wire::start().await;
        let page = Page::start(&wire.proxy()).await;
        Self { page, proxy, wire, log, simulator }
    }

    /// An address of the site itself.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.proxy.address())
    }

    /// What the site's proxy was started with.
    pub(crate) fn settings(&self) -> Settings {
        self.proxy.settings()
    }

    /// Visits a page of the site with this in its body.
    pub(crate) async fn visit_page(&self, html: &str) {
        let mut url = Url::parse(&self.url("/page")).unwrap();
        url.query_pairs_mut().append_pair("html", html);
        self.page.visit(url.as_str()).await;
    }

    /// Visits the demo shop.
    pub(crate) async fn visit_shop(&self) {
        self.page.visit(&self.url("/")).await;
    }

    /// A conversation that works: the chat is open, and `hello` is answered.
    pub(crate) async fn begin(&self) {
        self.visit_shop().await;
        self.page.open().await;
        self.page.ask("hello").await;
        self.page.until("the texts are rich", Snapshot::is_rich).await;
    }

    /// What is said where all is well: the greeting, and each question with the avatar's answer, in Markdown.
    fn dialogue(&self, questions: &[&str]) -> Vec<(&'static str, String)> {
        let greeting = ("avatar", self.credentials().opening.clone().unwrap());
        let turns = questions
            .iter()
            .flat_map(|question| [("visitor", (*question).to_owned()), ("avatar", reply_to(question, AVATAR))]);
        [greeting].into_iter().chain(turns).collect()
    }

    /// Fails unless this, and nothing else, was said on the page, and the visitor's words came to SecondMe once each.
    pub(crate) fn check_dialogue(&self, chat: &Snapshot, questions: &[&str]) {
        self.check_said(chat, questions);
        let heard: Vec<_> = self.observed().sessions.into_iter().flat_map(|session| session.messages).collect();
        assert_eq!(heard, questions);
    }

    /// Fails unless this, and nothing else, was said on the page.
    pub(crate) fn check_said(&self, chat: &Snapshot, questions: &[&str]) {
        let expected = self.dialogue(questions);
        assert_eq!(chat.messages.len(), expected.len(), "{chat:#?}");
        let expected =
            chat.messages.iter().zip(&expected).map(|(message, (author, text))| (*author, message.read(text)));
        let expected: Vec<_> = expected.collect();
        let said: Vec<_> = chat.said().into_iter().map(|(author, text)| (author, text.to_owned())).collect();
        assert_eq!(said, expected);
    }

    /// Tells the next reply as these variants of the simulator say.
    pub(crate) fn next_reply(&self, variants: &[&str]) {
        let variants: Vec<_> = variants.iter().map(|name| name.parse().unwrap()).collect();
        self.secondme().next_replies(1, Script::default().with(&variants));
    }

    /// The next reply says this, whatever was asked.
    pub(crate) fn next_reply_says(&self, markdown: &str) {
        self.secondme().next_replies(1, Script { text: Some(markdown.to_owned()), ..Script::default() });
    }

    /// The server that the socket leads to.
    pub(crate) fn socket_server(&self) -> SocketAddr {
        self.simulator.address()
    }

    pub(crate) fn secondme(&self) -> &Control {
        self.simulator.control()
    }

    pub(crate) fn credentials(&self) -> &secondme_sim::Settings {
        self.simulator.settings()
    }

    pub(crate) fn observed(&self) -> Observed {
        self.secondme().observed()
    }

    /// What no test may end with: something that was thrown into the page, or that the page got from elsewhere.
    async fn check_calm(&self) {
        for tab in self.page.browser.tabs().await {
            self.page.browser.go_to(&tab).await;
            assert_eq!(self.page.errors().await, [""; 0], "nothing is thrown into the page");
            let fetched: Vec<String> = self.page.browser.run(FETCHED).await;
            let foreign = fetched.iter().filter(|url| !self.wire.leads_to(url)).collect::<Vec<_>>();
            assert!(foreign.is_empty(), "the page asks its own servers alone, not {foreign:?}");
        }
    }

    async fn account(&self) -> String {
        let log = self.log.usual();
        // A browser that has broken down can't be asked any more; the rest is still worth saying.
        let page = AssertUnwindSafe(async { (self.page.snapshot().await, self.page.errors().await) }).catch_unwind();
        let seen = page.await.map_or_else(|_| "nothing".to_owned(), |(chat, errors)| format!("{chat:#?}\n{errors:#?}"));
        let requests = self.wire.requests().join("\n");
        format!("what the visitor saw:\n{seen}\nrequests:\n{requests}\nlog:\n{log}\nSecondMe: {:#?}", self.observed())
    }
}
