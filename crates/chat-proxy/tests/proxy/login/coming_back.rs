//! Coming back from SecondMe's page: only the browser that left, once, and with what it left with.

use serde_json::json;

use super::{assert_failed, told};
use crate::browser::{LOGIN, SIGN_IN, SITE, Site, with_login};
use crate::support::{HandMade, Proxy, Reaction};

#[tokio::test]
async fn a_forged_or_missing_state_is_refused() {
    let site = Site::start().await;
    let change = |back: &str, change: &dyn Fn(&str) -> String| {
        let (before, state) = back.split_once("&state=").unwrap();
        format!("{before}{}", change(state))
    };
    for with in [
        &(|_: &str| String::new()) as &dyn Fn(&str) -> String,
        &|_: &str| "&state=".to_owned(),
        &|_: &str| "&state=forged".to_owned(),
        &|state: &str| format!("&state={}", &state[1..]),
        &|state: &str| format!("&state={}", state.to_ascii_uppercase()),
        &|state: &str| format!("&state={state}&state=forged"),
    ] {
        let mut browser = site.browser();
        let back = browser.decide("/chat/login?popup=1", "ada", "approve").await;
        let answer = browser.get(&change(&back, with)).await;
        assert_failed(&answer, 400);
        assert_eq!(told(&answer), None, "nobody is told, because nobody knows who sent this browser");
        assert!(browser.cookies.is_empty(), "the attempt is over");
    }
    assert_eq!(site.simulator.control().observed().code_requests, 0);
}

#[tokio::test]
async fn a_replayed_state_is_refused() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let back = browser.decide("/chat/login", "ada", "approve").await;
    assert_eq!(browser.get(&back).await.status, 302);
    let login = browser.cookies[LOGIN].clone();
    assert_failed(&browser.get(&back).await, 400);
    assert_eq!(browser.cookies[LOGIN], login, "who is signed in stays so");
    assert_eq!(site.simulator.control().observed().code_requests, 1);
}

#[tokio::test]
async fn a_foreign_state_is_refused() {
    let site = Site::start().await;
    let mut victim = site.browser();
    let attackers = site.browser().decide("/chat/login", "bo", "approve").await;
    assert_failed(&victim.get(&attackers).await, 400);

    // The attacker's code in the victim's own attempt: the state is another's.
    victim.decide("/chat/login", "ada", "approve").await;
    assert_failed(&victim.get(&attackers).await, 400);
    assert!(victim.cookies.is_empty());
    assert_eq!(site.simulator.control().observed().code_requests, 0);
}

#[tokio::test]
async fn a_forged_or_foreign_attempt_is_refused() {
    let site = Site::start().await;
    let elsewhere =
        Site::with(|settings| chat_proxy::Settings { session_key: Some("A".repeat(43).into()), ..settings }).await;
    let login = site.signed_in("ada").await.cookies[LOGIN].clone();
    let mut browser = site.browser();
    let back = browser.decide("/chat/login", "ada", "approve").await;
    let own = browser.cookies[SIGN_IN].clone();
    let mut foreign = elsewhere.browser();
    let foreign_back = foreign.decide("/chat/login", "ada", "approve").await;
    for (cookie, path) in [
        (format!("{}A", &own[..own.len() - 1]), &back),
        (own[1..].to_owned(), &back),
        (login, &back),
        ("forged".to_owned(), &back),
        (String::new(), &back),
        (foreign.cookies[SIGN_IN].clone(), &foreign_back),
    ] {
        browser.cookies.insert(SIGN_IN.to_owned(), cookie);
        assert_failed(&browser.get(path).await, 400);
        assert!(browser.cookies.is_empty());
    }
    assert_eq!(site.simulator.control().observed().code_requests, 1, "that of who has signed in");
}

#[tokio::test]
async fn a_code_that_secondme_does_not_take_is_a_failure() {
    let site = Site::start().await;
    let control = site.simulator.control();
    let mut browser = site.browser();
    let back = browser.decide("/chat/login?popup=1", "ada", "approve").await;
    control.expire_codes();
    let answer = browser.get(&back).await;
    assert_failed(&answer, 400);
    assert_eq!(told(&answer), Some(("failed", SITE)));

    let back = browser.decide("/chat/login?returnTo=/contact", "ada", "approve").await;
    control.fail_next(1, 500);
    let answer = browser.get(&back).await;
    assert_failed(&answer, 502);
    assert!(answer.text.contains("<a href=\"/contact\">"), "{}", answer.text);
    assert_eq!(told(&answer), None);
    assert!(browser.cookies.is_empty());
}

#[tokio::test]
async fn an_answer_of_secondmes_page_without_a_code_is_a_failure() {
    let site = Site::start().await;
    for outcome in ["", "code=", "error=server_error", "error=server_error&code=lba_ac_1", "error="] {
        let mut browser = site.browser();
        let back = browser.decide("/chat/login?popup=1", "ada", "approve").await;
        let (_, state) = back.split_once("&state=").unwrap();
        let answer = browser.get(&format!("/chat/callback?state={state}&{outcome}")).await;
        assert_failed(&answer, 400);
        assert_eq!(told(&answer), Some(("failed", SITE)), "{outcome}");
    }
    assert_eq!(site.simulator.control().observed().code_requests, 0);
}

#[tokio::test]
async fn tokens_that_fit_in_no_cookie_are_a_failure() {
    for (token, status) in [("t".repeat(1000), 302), ("t".repeat(4000), 400), ("t\u{7}".to_owned(), 502)] {
        let granted = json!({"code": 0, "data": {"accessToken": token, "refreshToken": "r", "expiresIn": 3600}});
        let hand_made = HandMade::start(Reaction::Answer(200, granted.to_string())).await;
        let site = Site::start().await;
        let settings = chat_proxy::Settings {
            secondme_base_url: Some(format!("http://{}/lab", hand_made.address)),
            ..with_login(&site.simulator)
        };
        let site = Site { proxy: Proxy::start(settings).await, simulator: site.simulator };
        let mut browser = site.browser();
        let answer = browser.sign_in("/chat/login", "ada", "approve").await;
        assert_eq!(answer.status, status, "{}", answer.text);
        assert_eq!(browser.cookies.contains_key(LOGIN), status == 302);
        assert!(!answer.text.contains(&token));
    }
}
