//! One headless Chromium with a profile of its own. It knows WebDriver and Chromium's DevTools commands, and no chat.

use std::env;
use std::sync::Arc;

use axum::http::Method;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::wd::{WebDriverCompatibleCommand, WindowHandle};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Value, json};
use tokio::sync::{Semaphore, SemaphorePermit};
use url::{ParseError, Url};

use crate::driver::Driver;

/// Two cores carry two browsers; more would only make each slower.
static BROWSERS: Semaphore = Semaphore::const_new(2);

/// How a Chromium is started that nobody looks at: the component tests' runner reads it too.
const CHROMIUM: &str = include_str!("../../webdriver.json");

/// Even what is on this machine goes through the proxy that the test names.
const NOTHING_BYPASSES: &str = "--proxy-bypass-list=<-loopback>";

/// A browser with one tab, until another is opened. Everything is done in the tab that was gone to last.
pub(crate) struct Browser {
    pub(crate) client: Client,
    _driver: Arc<Driver>,
    _place: SemaphorePermit<'static>,
}

impl Browser {
    /// Starts a browser that reaches everything through this SOCKS proxy.
    pub(crate) async fn start(proxy: &str) -> Self {
        let place = BROWSERS.acquire().await.unwrap();
        let driver = Driver::shared();
        let mut wishes: Value = serde_json::from_str(CHROMIUM).unwrap();
        wishes["browserName"] = "chrome".into();
        let options = &mut wishes["goog:chromeOptions"];
        let arguments = options["args"].as_array_mut().unwrap();
        arguments.extend([NOTHING_BYPASSES.into(), format!("--proxy-server={proxy}").into()]);
        if let Some(program) = env::var_os("CHROME") {
            options["binary"] = program.to_string_lossy().into();
        }
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(wishes.as_object().cloned().unwrap());
        let client = builder.connect(&driver.address()).await.unwrap_or_else(|error| panic!("no browser: {error}"));
        Self { client, _driver: driver, _place: place }
    }

    /// Ends the browser and waits until it is gone.
    pub(crate) async fn close(self) {
        self.client.close().await.unwrap();
    }

    /// Runs a command of the DevTools protocol and gives its result.
    pub(crate) async fn devtools(&self, command: &'static str, parameters: Value) -> Value {
        let result = self.client.issue_cmd(DevTools { command, parameters }).await;
        result.unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// Runs a function's body in the page and gives what it returns.
    pub(crate) async fn run<T: DeserializeOwned>(&self, script: &str) -> T {
        let value = self.client.execute(script, Vec::new()).await.unwrap_or_else(|error| panic!("{script}: {error}"));
        serde_json::from_value(value).unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Runs a function's body in the page for what it does.
    pub(crate) async fn act(&self, script: &str) {
        self.run::<IgnoredAny>(script).await;
    }

    /// Runs a script in every page from now on, before any script of the page.
    pub(crate) async fn run_before_pages(&self, script: &str) {
        self.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script })).await;
    }

    /// The tab in which everything is done.
    pub(crate) async fn tab(&self) -> WindowHandle {
        self.client.window().await.unwrap()
    }

    /// All tabs, in no particular order.
    pub(crate) async fn tabs(&self) -> Vec<WindowHandle> {
        self.client.windows().await.unwrap()
    }

    /// Opens an empty tab and goes to it.
    pub(crate) async fn open_tab(&self) -> WindowHandle {
        let tab = self.client.new_window(true).await.unwrap().handle;
        self.look_at(&tab).await;
        tab
    }

    /// Does everything in this tab from now on, without bringing it to the front.
    pub(crate) async fn go_to(&self, tab: &WindowHandle) {
        self.client.switch_to_window(tab.clone()).await.unwrap();
    }

    /// Goes to the tab as a visitor does, who then sees it.
    pub(crate) async fn look_at(&self, tab: &WindowHandle) {
        self.go_to(tab).await;
        self.devtools("Page.bringToFront", json!({})).await;
    }

    /// Closes this tab and looks at another.
    pub(crate) async fn close_tab(&self, then: &WindowHandle) {
        self.client.close_window().await.unwrap();
        self.look_at(then).await;
    }

    pub(crate) async fn set_viewport(&self, width: u32, height: u32, mobile: bool) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// Presses and lets go of each key in turn, on whatever has the keyboard's focus.
    pub(crate) async fn type_keys(&self, keys: &str) {
        let strokes = keys.chars().flat_map(|value| [KeyAction::Down { value }, KeyAction::Up { value }]);
        self.perform(strokes).await;
    }

    /// Presses a key while another is held down.
    pub(crate) async fn type_chord(&self, held: char, key: char) {
        let down = [held, key].map(|value| KeyAction::Down { value });
        let up = [key, held].map(|value| KeyAction::Up { value });
        self.perform(down.into_iter().chain(up)).await;
    }

    async fn perform(&self, strokes: impl Iterator<Item = KeyAction>) {
        let actions = strokes.fold(KeyActions::new("keyboard".to_owned()), InputSource::then);
        self.client.perform_actions(actions).await.unwrap();
    }
}

/// ChromeDriver's way in to the DevTools protocol.
#[derive(Debug)]
struct DevTools {
    command: &'static str,
    parameters: Value,
}

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base_url: &Url, session_id: Option<&str>) -> Result<Url, ParseError> {
        base_url.join(&format!("session/{}/goog/cdp/execute", session_id.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "cmd": self.command, "params": self.parameters }).to_string()))
    }
}
