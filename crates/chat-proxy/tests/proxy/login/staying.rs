//! Staying signed in: tokens that are renewed in time, and cookies that are of no use any more.

use std::time::Duration;

use chat_proxy::Settings;
use serde_json::{Value, json};

use crate::browser::{Browser, LOGIN, SIGN_IN, Site};

const HOUR: Duration = Duration::from_secs(3600);

fn requests(site: &Site) -> (u64, u64, u64) {
    let observed = site.simulator.control().observed();
    (observed.refresh_requests, observed.init_requests, observed.send_requests)
}

#[tokio::test]
async fn a_token_is_renewed_before_it_is_used_too_late() {
    let site = Site::start().await;
    site.simulator.control().set_user_token_lifetime(Duration::ZERO);
    let mut browser = site.signed_in("ada").await;
    let first = browser.cookies[LOGIN].clone();
    site.simulator.control().set_user_token_lifetime(HOUR);

    let data = browser.init().await.data();
    assert_eq!((&data["signedIn"], requests(&site)), (&json!(true), (1, 1, 0)));
    assert_ne!(browser.cookies[LOGIN], first, "the new token is kept");
    browser.send(&data["sessionId"]).await.data();
    assert_eq!(requests(&site), (1, 1, 1), "the new token is used");

    // A cookie from before, as a second tab may send it, still serves.
    browser.cookies.insert(LOGIN.to_owned(), first);
    browser.send(&data["sessionId"]).await.data();
    assert_eq!(requests(&site), (2, 1, 2));
}

#[tokio::test]
async fn a_token_that_secondme_refuses_is_renewed_once() {
    let site = Site::start().await;
    let mut browser = site.signed_in("ada").await;
    let session = browser.init().await.data()["sessionId"].clone();

    site.simulator.control().expire_user_tokens();
    browser.send(&session).await.data();
    assert_eq!(requests(&site), (1, 1, 2), "refused, and again with the new token");
    site.simulator.control().expire_user_tokens();
    browser.init().await.data();
    browser.send(&session).await.data();
    assert_eq!(requests(&site), (2, 3, 3));
    let sessions = site.simulator.control().observed().sessions;
    assert_eq!(sessions[0].messages, ["hello", "hello"], "each message arrives once");
}

/// The failure that ends a sign-in, whichever call meets it; afterwards the visitor is anonymous.
async fn assert_over(browser: &mut Browser<'_>, session: Option<&Value>) {
    let answer = match session {
        Some(session) => browser.send(session).await,
        None => browser.init().await,
    };
    answer.assert_failure(401, "proxy.identity_invalid");
    assert!(browser.cookies.is_empty(), "the cookie is taken back");
    assert_eq!(browser.init().await.data().get("signedIn"), None);
}

#[tokio::test]
async fn a_sign_in_ends_when_its_tokens_do() {
    let site = Site::start().await;
    let control = site.simulator.control();
    for with_session in [false, true] {
        let mut browser = site.signed_in("ada").await;
        let session = browser.init().await.data()["sessionId"].clone();
        control.expire_refresh_tokens();
        browser.send(&session).await.data();
        control.expire_user_tokens();
        assert_over(&mut browser, Some(&session).filter(|_| with_session)).await;

        let mut browser = site.signed_in("bo").await;
        let session = browser.init().await.data()["sessionId"].clone();
        control.revoke_user("bo").unwrap();
        assert_over(&mut browser, Some(&session).filter(|_| with_session)).await;
    }
}

#[tokio::test]
async fn a_forged_or_foreign_cookie_is_refused_and_taken_back() {
    let site = Site::start().await;
    let elsewhere = Site::with(|settings| Settings { session_key: Some("A".repeat(43).into()), ..settings }).await;
    let foreign = elsewhere.signed_in("ada").await.cookies[LOGIN].clone();
    let mut browser = site.signed_in("ada").await;
    let own = browser.cookies[LOGIN].clone();
    browser.get("/chat/login").await;
    let attempt = browser.cookies.remove(SIGN_IN).unwrap();
    let session = browser.init().await.data()["sessionId"].clone();
    let another = if own.ends_with('A') { 'Q' } else { 'A' };
    for cookie in [
        format!("{}{another}", &own[..own.len() - 1]),
        own[1..].to_owned(),
        foreign,
        attempt,
        session.as_str().unwrap().to_owned(),
        "forged".into(),
        String::new(),
    ] {
        for session in [None, Some(&session)] {
            browser.cookies.insert(LOGIN.to_owned(), cookie.clone());
            assert_over(&mut browser, session).await;
        }
    }
    assert_eq!(requests(&site).0, 0);
}

#[tokio::test]
async fn secondmes_failure_is_no_end_of_a_sign_in() {
    let site = Site::start().await;
    site.simulator.control().set_user_token_lifetime(Duration::ZERO);
    let mut browser = site.signed_in("ada").await;
    site.simulator.control().set_user_token_lifetime(HOUR);
    site.simulator.control().fail_next(1, 500);
    browser.init().await.assert_failure(502, "internal.error");
    assert!(browser.cookies.contains_key(LOGIN));
    assert_eq!(browser.init().await.data()["signedIn"], true);
}

#[tokio::test]
async fn a_page_that_says_who_its_visitor_is_goes_first() {
    let site =
        Site::with(|settings| Settings { site_key: Some("0123456789abcdef0123456789abcdef".into()), ..settings }).await;
    let mut browser = site.signed_in("ada").await;
    let bo = site.simulator.control().sign_in("bo").unwrap();
    let exp = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() + 60;
    let known = crate::site_tokens::token(&json!({"sub": "customer-1", "exp": exp}));
    for (fields, user, signed_in) in [
        (json!({"userToken": bo, "siteToken": known}), Some("bo"), None),
        (json!({"siteToken": known}), None, None),
        (json!({}), Some("ada"), Some(true)),
    ] {
        let mut body = json!({"visitorId": "web_1"});
        body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        let data = browser.post("/chat/init", &body).await.data();
        assert_eq!(data.get("signedIn").and_then(Value::as_bool), signed_in, "{user:?}");
        let session = site.simulator.control().observed().sessions.pop().unwrap();
        assert_eq!(session.user_id.as_deref(), user);
    }
    // A bad one is not passed over for the cookie.
    for fields in [json!({"userToken": "lba_at_forged"}), json!({"siteToken": "forged"})] {
        let mut body = json!({"visitorId": "web_1"});
        body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        browser.post("/chat/init", &body).await.assert_failure(401, "proxy.identity_invalid");
        assert!(browser.cookies.contains_key(LOGIN), "the cookie is not to blame");
    }
}

#[tokio::test]
async fn a_conversation_under_way_is_not_changed_by_signing_in_elsewhere() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let anonymous = browser.init().await.data()["sessionId"].clone();
    browser.sign_in("/chat/login", "ada", "approve").await;
    browser.send(&anonymous).await.data();
    let own = browser.init().await.data()["sessionId"].clone();
    browser.send(&own).await.data();
    let sessions = site.simulator.control().observed().sessions;
    let users: Vec<_> = sessions.iter().map(|session| (session.user_id.as_deref(), session.messages.len())).collect();
    assert_eq!(users, [(None, 1), (Some("ada"), 1)]);
}
