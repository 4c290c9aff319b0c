//! Everything one test needs, started for it alone: a simulated SecondMe, the site with its proxy, and a browser.

use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;

use chat_proxy::Settings;
use futures_util::FutureExt;
use secondme_sim::{Control, Observed, Simulator};
use tokio::runtime::Builder;

use crate::log::Log;
use crate::page::Page;
use crate::site::{Proxy, built};
use crate::wire::Wire;

/// Every address that the page took something from, or tried to.
const FETCHED: &str = "return performance.getEntriesByType('resource').map((entry) => entry.name)";

/// What is different from the usual in a test.
#[derive(Default)]
pub(crate) struct Setup {
    pub(crate) secondme: secondme_sim::Settings,
    /// Beyond what leads to the simulator.
    pub(crate) proxy: Settings,
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
        let settings = Settings {
            secondme_base_url: Some(simulator.base_url()),
            secondme_client_id: Some(accepted.client_id.clone()),
            secondme_client_secret: Some(accepted.client_secret.clone().into()),
            secondme_api_key: Some(accepted.api_key.clone().into()),
            widget_dir: Some(built()),
            ..setup.proxy
        };
        let proxy = Proxy::start(settings).await;
        let wire = Wire::start().await;
        let page = Page::start(&wire.proxy()).await;
        Self { page, proxy, wire, log, simulator }
    }

    /// An address of the site itself.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.proxy.address())
    }

    /// Visits the demo shop.
    pub(crate) async fn visit_shop(&self) {
        self.page.visit(&self.url("/")).await;
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
        assert_eq!(self.page.errors().await, [""; 0], "nothing is thrown into the page");
        let fetched: Vec<String> = self.page.browser.run(FETCHED).await;
        let foreign = fetched.iter().filter(|url| !self.wire.leads_to(url)).collect::<Vec<_>>();
        assert!(foreign.is_empty(), "the page asks its own servers alone, not {foreign:?}");
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
