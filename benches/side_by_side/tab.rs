//! One tab: where it goes, what runs in it, and what that costs. It knows no chat.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::devtools::{DevTools, Event};

/// What goes into each page before its own scripts.
const SCRIPT: &str = include_str!("page.js");
/// A page that takes less than this, in milliseconds, while it is looked at, has nothing to do.
const QUIET: f64 = 4.0;
const LOOK: Duration = Duration::from_millis(300);
/// Nothing that is measured here takes longer.
const PATIENCE: Duration = Duration::from_secs(90);

pub(crate) struct Tab {
    devtools: DevTools,
    target: String,
    session: String,
}

impl Tab {
    pub(crate) async fn new(devtools: DevTools, target: String, session: String) -> Self {
        let tab = Self { devtools, target, session };
        tab.command("Page.enable", json!({})).await;
        tab.command("Page.addScriptToEvaluateOnNewDocument", json!({ "source": SCRIPT })).await;
        // The processor's time, and not the clock's: what else this machine does is no page's fault.
        tab.command("Performance.enable", json!({ "timeDomain": "threadTicks" })).await;
        tab
    }

    /// Counts what comes over the network from now on. That takes some work of the page's own.
    pub(crate) async fn watch_network(&self) {
        self.command("Network.enable", json!({})).await;
    }

    /// Waits until the page is there.
    pub(crate) async fn go(&self, url: &str) {
        let loads = self.count("Page.loadEventFired");
        self.command("Page.navigate", json!({ "url": url })).await;
        self.until(|| async { self.count("Page.loadEventFired") > loads }, url).await;
    }

    pub(crate) async fn close(self) {
        self.devtools.command("", "Target.closeTarget", json!({ "targetId": self.target })).await;
    }

    pub(crate) async fn to_front(&self) {
        self.command("Page.bringToFront", json!({})).await;
    }

    /// The value of an expression, or of what it promises.
    pub(crate) async fn value(&self, expression: &str) -> Value {
        let wish = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let mut answer = self.command("Runtime.evaluate", wish).await;
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {answer:#}");
        answer["result"]["value"].take()
    }

    pub(crate) async fn number(&self, expression: &str) -> f64 {
        self.value(expression).await.as_f64().unwrap_or_else(|| panic!("{expression} is no number"))
    }

    /// Waits until an expression is true.
    pub(crate) async fn until_true(&self, expression: &str) {
        self.until(|| async { self.value(expression).await == true }, expression).await;
    }

    /// A slow computer on a slow network: four times slower; 1.6 megabits a second, 150 milliseconds away.
    pub(crate) async fn slow_down(&self) {
        self.command("Emulation.setCPUThrottlingRate", json!({ "rate": 4 })).await;
        let network =
            json!({ "offline": false, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 200_000 });
        self.command("Network.emulateNetworkConditions", network).await;
    }

    /// As fast as it goes again.
    pub(crate) async fn speed_up(&self) {
        self.command("Emulation.setCPUThrottlingRate", json!({ "rate": 1 })).await;
        let network = json!({ "offline": false, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        self.command("Network.emulateNetworkConditions", network).await;
    }

    /// Presses a key and lets go of it.
    pub(crate) async fn press(&self, key: char) {
        let (name, code) =
            if key == '\r' { ("Enter".to_owned(), 13) } else { (key.to_string(), key.to_ascii_uppercase() as u32) };
        for kind in ["keyDown", "keyUp"] {
            let mut stroke = json!({ "type": kind, "key": name, "windowsVirtualKeyCode": code });
            if kind == "keyDown" {
                stroke["text"] = key.to_string().into();
            }
            self.command("Input.dispatchKeyEvent", stroke).await;
        }
    }

    /// What an input method, or a paste, puts in.
    pub(crate) async fn insert(&self, text: &str) {
        self.command("Input.insertText", json!({ "text": text })).await;
    }

    /// What the main thread has worked on this page so far, in milliseconds of the processor's time.
    pub(crate) async fn work(&self) -> f64 {
        let answer = self.command("Performance.getMetrics", json!({})).await;
        let metrics = answer["metrics"].as_array().unwrap();
        let duration = metrics.iter().find(|metric| metric["name"] == "TaskDuration").unwrap();
        duration["value"].as_f64().unwrap() * 1_000.0
    }

    /// Waits until the page has nothing to do, and gives what it has worked until then.
    pub(crate) async fn rest(&self) -> f64 {
        let start = Instant::now();
        let mut before = self.work().await;
        loop {
            tokio::time::sleep(LOOK).await;
            let now = self.work().await;
            if now - before < QUIET {
                return now;
            }
            assert!(start.elapsed() < PATIENCE, "the page never rests");
            before = now;
        }
    }

    /// JavaScript's heap and WebAssembly's memories without what nobody needs any more, in bytes.
    pub(crate) async fn heap(&self) -> f64 {
        for _ in 0..2 {
            self.command("HeapProfiler.collectGarbage", json!({})).await;
        }
        let usage = self.command("Runtime.getHeapUsage", json!({})).await;
        usage["usedSize"].as_f64().unwrap() + self.number("bench.wasm()").await
    }

    /// The bodies of all files that have come, in bytes as they travelled: of all but the page itself and the answers to the
    /// program's calls.
    pub(crate) fn travelled(&self) -> f64 {
        let events = self.devtools.events(&self.session);
        let of = |method: &'static str| events.iter().filter(move |event| event.method == method);
        let id = |event: &Event| event.parameters["requestId"].clone();
        let files = of("Network.responseReceived").filter(|event| {
            let url = event.parameters["response"]["url"].as_str().unwrap_or_default();
            [".js", ".wasm", ".json", ".css"].iter().any(|ending| url.ends_with(ending))
        });
        let files: Vec<_> = files.map(id).collect();
        let whole: Vec<_> = of("Network.loadingFinished").map(id).filter(|id| files.contains(id)).collect();
        let bytes = of("Network.dataReceived").filter(|event| whole.contains(&id(event)));
        bytes.filter_map(|event| event.parameters["encodedDataLength"].as_f64()).sum()
    }

    fn count(&self, method: &str) -> usize {
        self.devtools.events(&self.session).iter().filter(|event| event.method == method).count()
    }

    async fn until<F: Future<Output = bool>>(&self, so: impl Fn() -> F, what: &str) {
        let start = Instant::now();
        while !so().await {
            assert!(start.elapsed() < PATIENCE, "never: {what}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn command(&self, method: &str, parameters: Value) -> Value {
        self.devtools.command(&self.session, method, parameters).await
    }
}
