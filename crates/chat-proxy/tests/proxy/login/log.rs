//! What the loudest log says of visitors who show who they are: nothing.

use reqwest::Url;
use secondme_sim::Simulator;
use serde_json::{Value, json};

use crate::browser::{Browser, LOGIN, SIGN_IN, SITE};
use crate::program::{Serving, variables_for};
use crate::site_tokens::{SITE_KEY, customer};
use crate::support::{Api, quick};

#[tokio::test(flavor = "multi_thread")]
async fn the_loudest_log_holds_no_token_code_or_cookie() {
    let simulator = Simulator::start(quick()).await.unwrap();
    simulator.control().register_redirect(format!("{SITE}/chat/callback"));
    let further = [
        ("CHAT_PROXY_LOGIN", "true".to_owned()),
        ("CHAT_PROXY_PUBLIC_URL", SITE.to_owned()),
        ("SECONDME_AUTHORIZE_URL", simulator.authorize_url()),
        ("CHAT_PROXY_SITE_KEY", SITE_KEY.to_owned()),
    ];
    let serving = Serving::start_with(&[variables_for(Api::VisitorChat, &simulator), further.into()].concat());
    let mut browser = Browser::at(serving.address.clone(), &simulator);
    let back = browser.decide("/chat/login?returnTo=/Private-Path", "ada", "approve").await;
    let attempt = browser.cookies[SIGN_IN].clone();
    assert_eq!(browser.get(&back).await.status, 302);
    let first = browser.cookies[LOGIN].clone();
    let session = browser.init().await.data()["sessionId"].clone();
    simulator.control().expire_user_tokens();
    browser.send(&session).await.data();
    let second = browser.cookies[LOGIN].clone();
    assert_ne!(first, second, "the token was renewed");
    let (site_token, user_token) = (customer("Private-Customer"), simulator.control().sign_in("bo").unwrap());
    let visitor = |name: &str, token: &str| json!({"visitorId": "web_1", name: token});
    for body in [visitor("siteToken", &site_token), visitor("userToken", &user_token)] {
        browser.post("/chat/init", &body).await.data();
    }
    for body in [visitor("siteToken", "Private-Forgery"), visitor("userToken", "Private-Forgery")] {
        browser.post("/chat/init", &body).await.assert_failure(401, "proxy.identity_invalid");
    }
    assert_eq!(browser.get("/chat/callback?code=Private-Code&state=Private-State").await.status, 400);
    serving.terminate();
    let (_, log) = serving.finish();

    let back = Url::parse(SITE).unwrap().join(&back).unwrap();
    let of_callback = back.query_pairs().map(|(_, value)| value.into_owned());
    let issued = simulator.control().observed().user_tokens_issued;
    assert_eq!(issued.len(), 5, "two pairs, and one token renewed");
    let private = ["Private", SITE_KEY, &attempt, &first, &second, &site_token].map(str::to_owned);
    for text in private.into_iter().chain(of_callback).chain(issued) {
        assert!(!log.contains(&text), "{text} is in the log:\n{log}");
    }
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let refused = |path: &str| lines.iter().find(|line| line["span"]["path"] == path && line["sub_code"].is_string());
    assert_eq!(refused("/chat/callback").unwrap()["sub_code"], "proxy.login_failed");
    assert_eq!(refused("/chat/init").unwrap()["sub_code"], "proxy.identity_invalid");
}
