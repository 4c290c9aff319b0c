//! A visitor's browser in front of a site that lets its visitors sign in: it keeps the proxy's cookies, and goes to
//! SecondMe's page and back. It follows no redirect by itself.

use std::collections::BTreeMap;

use chat_proxy::Settings;
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use secondme_sim::Simulator;
use serde_json::{Value, json};

use crate::support::{Answer, Proxy, quick, settings_for};

/// Where browsers reach the site. The tests go to the proxy itself, as the site's own server would.
pub(crate) const SITE: &str = "https://shop.example";
/// Another page that may use the chat.
pub(crate) const LISTED: &str = "https://blog.shop.example";
pub(crate) const LOGIN: &str = "secondme-chat-login";
pub(crate) const SIGN_IN: &str = "secondme-chat-sign-in";

pub(crate) struct Site {
    pub(crate) proxy: Proxy,
    pub(crate) simulator: Simulator,
}

pub(crate) struct Browser<'a> {
    simulator: &'a Simulator,
    /// Where the proxy listens.
    address: String,
    client: Client,
    pub(crate) cookies: BTreeMap<String, String>,
}

/// Settings with which visitors can sign in.
pub(crate) fn with_login(simulator: &Simulator) -> Settings {
    Settings {
        login: Some("true".into()),
        public_url: Some(SITE.into()),
        allowed_origins: Some(vec![LISTED.into()]),
        secondme_authorize_url: Some(simulator.authorize_url()),
        ..settings_for(simulator)
    }
}

impl Site {
    pub(crate) async fn start() -> Self {
        Self::with(|settings| settings).await
    }

    pub(crate) async fn with(change: impl FnOnce(Settings) -> Settings) -> Self {
        let simulator = Simulator::start(quick()).await.unwrap();
        simulator.control().register_redirect(format!("{SITE}/chat/callback"));
        let proxy = Proxy::start(change(with_login(&simulator))).await;
        Self { proxy, simulator }
    }

    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser::at(self.proxy.address.to_string(), &self.simulator)
    }

    /// A browser that has signed in as this user.
    pub(crate) async fn signed_in(&self, user: &str) -> Browser<'_> {
        let mut browser = self.browser();
        let answer = browser.sign_in("/chat/login", user, "approve").await;
        assert_eq!(answer.status, 302, "{}", answer.text);
        browser
    }
}

impl<'a> Browser<'a> {
    pub(crate) fn at(address: String, simulator: &'a Simulator) -> Self {
        let client = Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
        Self { simulator, address, client, cookies: BTreeMap::new() }
    }

    /// Goes to an address of the site.
    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        let url = format!("http://{}{path}", self.address);
        let answer = Answer::of(self.client.get(url).header("cookie", self.cookie_line())).await;
        self.keep(&answer);
        answer
    }

    /// A call that a page of this origin makes.
    pub(crate) async fn post(&mut self, path: &str, body: &Value) -> Answer {
        let request =
            self.client.post(format!("http://{}{path}", self.address)).header("sec-fetch-site", "same-origin");
        let answer = Answer::of(request.header("cookie", self.cookie_line()).json(body)).await;
        self.keep(&answer);
        answer
    }

    pub(crate) async fn init(&mut self) -> Answer {
        self.post("/chat/init", &json!({"visitorId": "web_1"})).await
    }

    pub(crate) async fn send(&mut self, session: &Value) -> Answer {
        self.post("/chat/send", &json!({"sessionId": session, "visitorId": "web_1", "message": "hello"})).await
    }

    /// From the site to SecondMe's page, and to the address that this page sends the browser to: a path of the site.
    pub(crate) async fn decide(&mut self, begin: &str, user: &str, decision: &str) -> String {
        let leaving = self.get(begin).await;
        assert_eq!(leaving.status, 302, "{}", leaving.text);
        let page = Url::parse(leaving.header("location").unwrap()).unwrap();
        let form: Vec<_> = page.query_pairs().into_owned().collect();
        let choice = [("user".to_owned(), user.to_owned()), ("decision".to_owned(), decision.to_owned())];
        let form: Vec<_> = form.into_iter().chain(choice).collect();
        let answer = Answer::of(self.client.post(self.simulator.authorize_url()).form(&form)).await;
        let back = answer.header("location").unwrap_or_else(|| panic!("{}", answer.text));
        back.strip_prefix(SITE).unwrap().to_owned()
    }

    pub(crate) async fn sign_in(&mut self, begin: &str, user: &str, decision: &str) -> Answer {
        let back = self.decide(begin, user, decision).await;
        self.get(&back).await
    }

    fn cookie_line(&self) -> String {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        cookies.join("; ")
    }

    fn keep(&mut self, answer: &Answer) {
        for line in answer.headers.get_all("set-cookie") {
            let line = line.to_str().unwrap();
            let (name, value) = line.split_once(';').unwrap().0.split_once('=').unwrap();
            for attribute in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/chat"] {
                assert!(line.split("; ").any(|part| part == attribute), "{line}");
            }
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}
