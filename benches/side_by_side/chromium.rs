//! One headless Chromium for the whole measurement. Each page gets a profile and a process of its own.

use std::env;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::devtools::DevTools;
use crate::tab::Tab;

/// How a Chromium is started that nobody looks at, as the tests have it.
const CHROMIUM: &str = include_str!("../../webdriver.json");

/// What a measurement needs besides.
///
/// Scrollbars that take room from the page would make some programs lay out everything twice; phones and many desktops have
/// none. The last three keep the browser from slowing down a page that is not in front; the one before from starting processes
/// ahead of their use, which could be taken for a page's.
const ARGUMENTS: [&str; 6] = [
    "--hide-scrollbars",
    "--remote-debugging-port=0",
    "--disable-features=SpareRendererForSitePerProcess",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
];

pub(crate) struct Chromium {
    process: Child,
    devtools: DevTools,
    _folder: TempDir,
}

impl Chromium {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let program = env::var_os("CHROME").unwrap_or_else(|| "chromium".into());
        let capabilities: Value = serde_json::from_str(CHROMIUM).unwrap();
        let usual = capabilities["goog:chromeOptions"]["args"].as_array().unwrap();
        let process = Command::new(program)
            .args(usual.iter().filter_map(Value::as_str))
            .args(ARGUMENTS)
            .arg(format!("--user-data-dir={}", folder.path().display()))
            .arg("about:blank")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("Chromium can't be started ({error}): run `cargo xtask bench`"));
        let url = address(&folder.path().join("DevToolsActivePort")).await;
        Self { process, devtools: DevTools::connect(&url).await, _folder: folder }
    }

    /// A profile that nobody has used.
    pub(crate) async fn profile(&self) -> Profile<'_> {
        let answer = self.devtools.command("", "Target.createBrowserContext", json!({})).await;
        Profile { chromium: self, id: text(&answer["browserContextId"]) }
    }

    /// The name and version.
    pub(crate) async fn version(&self) -> String {
        let answer = self.devtools.command("", "Browser.getVersion", json!({})).await;
        text(&answer["product"])
    }

    /// What the process of the page with the most has of the memory by itself, and its share of what it has with others, in
    /// bytes. That page is the one that is measured: the others are empty.
    pub(crate) async fn memory(&self) -> f64 {
        let answer = self.devtools.command("", "SystemInfo.getProcessInfo", json!({})).await;
        let all = answer["processInfo"].as_array().unwrap();
        let pages = all.iter().filter(|process| process["type"] == "renderer");
        pages.filter_map(|process| process["id"].as_u64()).map(proportional_memory).fold(0.0, f64::max)
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // A process that has ended by itself can't be ended, and is gone all the same.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Storage and cache of its own.
pub(crate) struct Profile<'a> {
    chromium: &'a Chromium,
    id: String,
}

impl Profile<'_> {
    /// An empty tab.
    pub(crate) async fn tab(&self) -> Tab {
        let devtools = &self.chromium.devtools;
        let wish = json!({ "url": "about:blank", "browserContextId": self.id });
        let target = text(&devtools.command("", "Target.createTarget", wish).await["targetId"]);
        let wish = json!({ "targetId": target, "flatten": true });
        let session = text(&devtools.command("", "Target.attachToTarget", wish).await["sessionId"]);
        Tab::new(devtools.clone(), target, session).await
    }

    /// Closes all of its tabs and forgets what they kept.
    pub(crate) async fn forget(self) {
        let wish = json!({ "browserContextId": self.id });
        self.chromium.devtools.command("", "Target.disposeBrowserContext", wish).await;
    }
}

/// None where the process has just ended.
fn proportional_memory(process: u64) -> f64 {
    let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap_or_default();
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:")).unwrap_or_default();
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse().unwrap_or_default();
    kilobytes * 1024.0
}

/// The browser writes a port and a path into this file when it can be spoken to.
async fn address(file: &Path) -> String {
    let start = Instant::now();
    loop {
        let text = fs::read_to_string(file).unwrap_or_default();
        if let Some((port, path)) = text.split_once('\n') {
            return format!("ws://127.0.0.1:{port}{}", path.trim_end());
        }
        assert!(start.elapsed() < Duration::from_secs(60), "Chromium does not come up");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
