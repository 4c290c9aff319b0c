//! The requests to the site's own proxy. It knows the contract's form, and not what a failure means for the chat.

use core::time::Duration;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use chat_core::RequestFault;
use chat_core::json::Json;
use chat_core::wire::{Envelope, InitAnswer, InitRequest, SendRequest};
use gloo_net::http::{Request, Response};
use gloo_timers::callback::Timeout;
use web_sys::{AbortController, RequestCache, RequestCredentials, RequestMode};

use crate::identity::{Identity, Proof};
use crate::json;

const SIGN_OUT_WITHIN: Duration = Duration::from_secs(15);

/// Where the proxy answers, and who asks.
pub(crate) struct Transport {
    base: String,
    /// Whether the proxy's cookie goes along where it is on another origin: it holds a visitor's sign-in.
    cookies: RequestCredentials,
    identity: RefCell<Option<Rc<Identity>>>,
}

impl Transport {
    /// `base` is absolute and has no slash at its end.
    pub(crate) fn new(base: String, with_login: bool) -> Self {
        let cookies = if with_login { RequestCredentials::Include } else { RequestCredentials::SameOrigin };
        Self { base, cookies, identity: RefCell::default() }
    }

    /// From now on this person asks, or somebody unknown.
    pub(crate) fn identify(&self, identity: Option<Identity>) {
        *self.identity.borrow_mut() = identity.map(Rc::new);
    }

    pub(crate) async fn init(&self, mut request: InitRequest, within: Duration) -> Result<InitAnswer, RequestFault> {
        match self.proof(|_| true).await? {
            Some(Proof::Site(token)) => request.site_token = Some(token),
            Some(Proof::User(token)) => request.user_token = Some(token),
            None => {}
        }
        let mut result = self.post("init", &request.to_json(), within).await;
        // A browser tells a script nothing of an answer that the proxy did not release to the page's origin. Where there is
        // an answer all the same, and a second attempt fails too, the proxy is there and does not want this page.
        if result == Err(RequestFault::NoAnswer) && self.is_foreign() && self.answers_unreadably().await {
            result = self.post("init", &request.to_json(), within).await;
            if result == Err(RequestFault::NoAnswer) {
                let code = "proxy.origin_not_allowed".into();
                result = Err(RequestFault::Refused { status: 403, code, retry_after: None });
            }
        }
        // A sign-in that is over: the proxy has just taken its cookie back, and somebody unknown is asked for next.
        if result.as_ref().is_err_and(is_over) && request.site_token.is_none() && request.user_token.is_none() {
            result = self.post("init", &request.to_json(), within).await;
        }
        InitAnswer::of(result?).ok_or(RequestFault::Unreadable)
    }

    /// Done once the proxy says so: `data` may be missing, since SecondMe itself leaves it out on one of its APIs.
    pub(crate) async fn send(&self, mut request: SendRequest, within: Duration) -> Result<(), RequestFault> {
        if let Some(Proof::User(token)) = self.proof(Identity::is_wanted_to_send).await? {
            request.user_token = Some(token);
        }
        self.post("send", &request.to_json(), within).await.map(drop)
    }

    /// Ends the visitor's sign-in with SecondMe, which the proxy keeps in a cookie.
    pub(crate) async fn sign_out(&self) -> Result<(), RequestFault> {
        self.post("logout", &Json::object([]), SIGN_OUT_WITHIN).await.map(drop)
    }

    /// What shows who the visitor is, where the page has named somebody. A page that can't show it now has to let its
    /// visitor in first.
    async fn proof(&self, wanted: fn(&Identity) -> bool) -> Result<Option<Proof>, RequestFault> {
        let identity = self.identity.borrow().clone();
        let Some(identity) = identity.filter(|identity| wanted(identity)) else { return Ok(None) };
        let missing = || RequestFault::Refused { status: 401, code: "proxy.login_required".into(), retry_after: None };
        identity.proof().await.ok_or_else(missing).map(Some)
    }

    /// Whether the proxy's origin is another one than the page's.
    fn is_foreign(&self) -> bool {
        let page = web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default();
        self.base.strip_prefix(&page).is_none_or(|path| !path.is_empty() && !path.starts_with('/'))
    }

    /// Whether anybody answers at all at the proxy's address; what is said stays hidden.
    async fn answers_unreadably(&self) -> bool {
        let url = format!("{}/init", self.base);
        Request::get(&url).mode(RequestMode::NoCors).cache(RequestCache::NoStore).send().await.is_ok()
    }

    /// The answer's data, be it null.
    async fn post(&self, path: &str, request: &Json, within: Duration) -> Result<Json, RequestFault> {
        let body = json::text(request).ok_or(RequestFault::Unreadable)?;
        let deadline = Deadline::new(within);
        let signal = deadline.controller.as_ref().map(AbortController::signal);
        let request = Request::post(&format!("{}/{path}", self.base))
            .header("content-type", "application/json")
            .cache(RequestCache::NoStore)
            .credentials(self.cookies)
            .abort_signal(signal.as_ref())
            .body(body)
            .map_err(|_| RequestFault::NoAnswer)?;
        let response = request.send().await.map_err(|_| deadline.fault())?;
        let text = response.text().await.map_err(|_| deadline.fault())?;
        read(&response, &text)
    }
}

/// An answer is a success where both the HTTP status and the envelope's code say so.
fn read(response: &Response, text: &str) -> Result<Json, RequestFault> {
    match json::parse(text).and_then(Envelope::of) {
        Some(Envelope { code: 0, data, .. }) if response.ok() => Ok(data.unwrap_or_default()),
        None if response.ok() => Err(RequestFault::Unreadable),
        envelope => Err(refused(response, envelope)),
    }
}

fn is_over(fault: &RequestFault) -> bool {
    matches!(fault, RequestFault::Refused { code, .. } if code == "proxy.identity_invalid")
}

fn refused(response: &Response, envelope: Option<Envelope<Json>>) -> RequestFault {
    let (code, sub_code) = envelope.map(|envelope| (envelope.code, envelope.sub_code)).unwrap_or_default();
    let status = if response.ok() { u16::try_from(code).unwrap_or(500) } else { response.status() };
    let retry_after = response.headers().get("retry-after").and_then(|seconds| seconds.trim().parse().ok());
    RequestFault::Refused {
        status,
        code: sub_code.unwrap_or_default(),
        retry_after: retry_after.map(Duration::from_secs),
    }
}

/// Aborts the request when its time is up; dropped, it does nothing any more.
struct Deadline {
    controller: Option<AbortController>,
    passed: Rc<Cell<bool>>,
    _timeout: Timeout,
}

impl Deadline {
    fn new(within: Duration) -> Self {
        let controller = AbortController::new().ok();
        let passed = Rc::new(Cell::new(false));
        let timeout = {
            let (controller, passed) = (controller.clone(), Rc::clone(&passed));
            Timeout::new(u32::try_from(within.as_millis()).unwrap_or(u32::MAX), move || {
                passed.set(true);
                if let Some(controller) = controller {
                    controller.abort();
                }
            })
        };
        Self { controller, passed, _timeout: timeout }
    }

    fn fault(&self) -> RequestFault {
        if self.passed.get() { RequestFault::TimedOut } else { RequestFault::NoAnswer }
    }
}
