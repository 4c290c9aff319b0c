//! The window in which a visitor signs in with SecondMe, and its word on how that went. It does not know what follows.

use gloo_events::EventListener;
use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent, Url};

/// What the proxy's page calls its word, and the channel it uses where the window has lost the one that opened it.
const NAME: &str = "secondme-chat:login";
const FEATURES: &str = "popup,width=480,height=720";

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LoginResult {
    SignedIn,
    /// The visitor does not want to.
    Declined,
    Failed,
    /// The browser opened no window.
    Blocked,
}

/// Listens for the window's word until it is dropped.
pub(crate) struct Login {
    _on_message: Option<EventListener>,
    channel: Option<BroadcastChannel>,
    _on_told: Option<EventListener>,
}

impl Login {
    /// Opens the proxy's sign-in page in a window of its own; for the visitor's own click alone, or the browser refuses.
    pub(crate) fn open(base: &str, report: impl Fn(LoginResult) + Clone + 'static) -> Self {
        let window = web_sys::window();
        let origin = window.as_ref().and_then(|window| window.location().origin().ok()).unwrap_or_default();
        let proxy = Url::new(base).map(|url| url.origin()).unwrap_or_default();
        let url = format!("{base}/login?popup=1&origin={}", js_sys::encode_uri_component(&origin));
        let on_message = window.as_ref().map(|window| {
            let report = report.clone();
            EventListener::new(window, "message", move |event| {
                let event = event.unchecked_ref::<MessageEvent>();
                if event.origin() == proxy {
                    read(&event.data()).into_iter().for_each(&report);
                }
            })
        });
        // Only pages of the proxy's own origin hear this; it is for those whose opener policy cuts the window off.
        let channel = BroadcastChannel::new(NAME).ok();
        let on_told = channel.as_ref().map(|channel| {
            let report = report.clone();
            EventListener::new(channel, "message", move |event| {
                read(&event.unchecked_ref::<MessageEvent>().data()).into_iter().for_each(&report);
            })
        });
        let opened =
            window.and_then(|window| window.open_with_url_and_target_and_features(&url, NAME, FEATURES).ok().flatten());
        if opened.is_none() {
            report(LoginResult::Blocked);
        }
        Self { _on_message: on_message, channel, _on_told: on_told }
    }
}

impl Drop for Login {
    fn drop(&mut self) {
        if let Some(channel) = &self.channel {
            channel.close();
        }
    }
}

fn read(data: &JsValue) -> Option<LoginResult> {
    let field = |name: &str| Reflect::get(data, &name.into()).ok()?.as_string();
    match (field("type")?.as_str(), field("result")?.as_str()) {
        (NAME, "signed-in") => Some(LoginResult::SignedIn),
        (NAME, "declined") => Some(LoginResult::Declined),
        (NAME, "failed") => Some(LoginResult::Failed),
        _ => None,
    }
}
