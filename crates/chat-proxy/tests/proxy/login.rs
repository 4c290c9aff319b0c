//! Signing in with SecondMe through the proxy: to SecondMe's page and back, the chat in the user's own name, and the end of
//! it.

mod coming_back;
mod log;
mod staying;

use reqwest::{Method, Url};
use serde_json::json;

use crate::browser::{Browser, LISTED, LOGIN, SIGN_IN, SITE, Site};
use crate::support::{Answer, Proxy};

/// What the page at the end tells the one that opened it.
fn told(answer: &Answer) -> Option<(&str, &str)> {
    let after = |name: &str| Some(answer.text.split_once(&format!(" {name}=\""))?.1.split_once('"')?.0);
    Some((after("data-result")?, after("data-opener")?))
}

#[track_caller]
fn assert_failed(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert!(answer.text.contains("<code>proxy.login_failed</code>"), "{}", answer.text);
    assert_eq!(answer.header("location"), None);
}

#[tokio::test]
async fn a_visitor_who_signs_in_talks_in_their_own_name_until_they_sign_out() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let back = browser.sign_in("/chat/login?returnTo=/contact%3Fa%3Db%23chat", "ada", "approve").await;
    assert_eq!((back.status.as_u16(), back.header("location")), (302, Some("https://shop.example/contact?a=b#chat")));
    assert_eq!(browser.cookies.keys().collect::<Vec<_>>(), [LOGIN], "the sign-in's own cookie is gone");

    let data = browser.init().await.data();
    assert_eq!(data["signedIn"], true);
    browser.send(&data["sessionId"]).await.data();
    let session = &site.simulator.control().observed().sessions[0];
    assert_eq!((session.user_id.as_deref(), session.messages.len()), (Some("ada"), 1));

    let answer = browser.post("/chat/logout", &json!({})).await;
    assert_eq!((answer.data(), browser.cookies.len()), (json!({"signedOut": true}), 0));
    browser.send(&data["sessionId"]).await.assert_failure(401, "proxy.login_required");
    let data = browser.init().await.data();
    assert_eq!(data.get("signedIn"), None);
    let observed = site.simulator.control().observed();
    assert_eq!((observed.sessions[1].visitor_id.as_str(), observed.code_requests), ("web_1", 1));
}

#[tokio::test]
async fn secondmes_page_is_asked_as_it_has_to_be() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let leave = async |browser: &mut Browser<'_>| {
        let answer = browser.get("/chat/login").await;
        assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (302, Some("no-store")));
        Url::parse(answer.header("location").unwrap()).unwrap()
    };
    let (first, second) = (leave(&mut browser).await, leave(&mut browser).await);
    assert!(first.as_str().starts_with(&site.simulator.authorize_url()), "{first}");
    let of = |url: &Url, name: &str| url.query_pairs().find(|(known, _)| known == name).unwrap().1.into_owned();
    for (name, expected) in [
        ("client_id", "demo-client"),
        ("redirect_uri", "https://shop.example/chat/callback"),
        ("response_type", "code"),
        ("scope", "chat.write"),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(of(&first, name), expected);
    }
    for name in ["state", "code_challenge"] {
        assert_eq!(of(&first, name).len(), 43, "256 bits");
        assert_ne!(of(&first, name), of(&second, name));
    }
    assert!(!first.as_str().contains(&site.simulator.settings().client_secret));
    assert!(browser.cookies.contains_key(SIGN_IN));
}

#[tokio::test]
async fn a_popup_tells_the_page_that_opened_it() {
    let site = Site::start().await;
    let check = async |query: &str, decision: &str, expected: (&str, &str), sentence: &str| {
        let mut browser = site.browser();
        let page = browser.sign_in(&format!("/chat/login?popup=1{query}"), "ada", decision).await;
        assert_eq!((page.status.as_u16(), told(&page)), (200, Some(expected)), "{}", page.text);
        assert!(page.text.contains(sentence), "{}", page.text);
        assert_eq!(browser.cookies.contains_key(LOGIN), decision == "approve");
        let policy = page.header("content-security-policy").unwrap();
        assert!(
            policy.starts_with("default-src 'none'; script-src 'sha256-") && !policy.contains("unsafe"),
            "{policy}"
        );
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(page.header("cache-control"), Some("no-store"));
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        assert_eq!(page.header("cross-origin-opener-policy"), None, "it would cut the page off from its opener");
    };
    check("", "approve", ("signed-in", SITE), "You are signed in.").await;
    check(&format!("&origin={SITE}"), "approve", ("signed-in", SITE), "You are signed in.").await;
    check(&format!("&origin={LISTED}"), "approve", ("signed-in", LISTED), "You are signed in.").await;
    check(&format!("&origin={LISTED}"), "decline", ("declined", LISTED), "You were not signed in.").await;
}

#[tokio::test]
async fn a_visitor_who_declines_stays_anonymous() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let back = browser.sign_in("/chat/login?returnTo=/contact", "ada", "decline").await;
    assert_eq!((back.status.as_u16(), back.header("location")), (302, Some("https://shop.example/contact")));
    assert!(browser.cookies.is_empty());
    assert_eq!(browser.init().await.data().get("signedIn"), None);
    assert_eq!(site.simulator.control().observed().code_requests, 0);
}

#[tokio::test]
async fn a_sign_in_leads_to_no_other_site() {
    let site = Site::start().await;
    let mut browser = site.browser();
    for query in [
        "returnTo=//evil.example",
        "returnTo=https://evil.example",
        "returnTo=/%5Cevil.example",
        "returnTo=%5C%5Cevil.example",
        "returnTo=/%09/evil.example",
        "returnTo=%09//evil.example",
        "returnTo=/%0d%0aLocation:%20https://evil.example",
        "returnTo=javascript:alert(1)",
        "returnTo=contact",
        "returnTo=",
        "returnTo=/a&returnTo=//evil.example",
        "popup=1&origin=https://evil.example",
        "popup=1&origin=*",
        "popup=1&origin=null",
        "popup=1&origin=http://shop.example",
        "popup=yes",
    ] {
        let answer = browser.get(&format!("/chat/login?{query}")).await;
        answer.assert_failure(400, "proxy.invalid_request");
        assert_eq!((answer.header("location"), browser.cookies.len()), (None, 0), "{query}");
    }
    // What only looks like another site's address is one of this site's.
    let back = browser.sign_in("/chat/login?returnTo=/.//evil.example", "ada", "approve").await;
    assert_eq!(back.header("location"), Some("https://shop.example//evil.example"));
}

#[tokio::test]
async fn nobody_signs_in_where_it_is_not_enabled() {
    let (proxy, simulator) = Proxy::simulated().await;
    for path in ["/chat/login", "/chat/callback?code=a&state=b"] {
        Answer::of(proxy.request(Method::GET, path)).await.assert_failure(404, "proxy.invalid_request");
    }
    proxy.post("/chat/logout", &json!({})).await.assert_failure(404, "proxy.invalid_request");

    let site = Site::start().await;
    let cookie = format!("{LOGIN}={}", site.signed_in("ada").await.cookies[LOGIN]);
    let request = proxy.request(Method::POST, "/chat/init").header("sec-fetch-site", "same-origin");
    let answer = Answer::of(request.header("cookie", cookie).json(&json!({"visitorId": "web_1"}))).await;
    assert_eq!(answer.data().get("signedIn"), None);
    assert_eq!(simulator.control().observed().sessions[0].user_id, None);
}

#[tokio::test]
async fn listed_origins_may_send_the_cookie() {
    let site = Site::start().await;
    let login = site.signed_in("ada").await.cookies[LOGIN].clone();
    let request = site.proxy.request(Method::POST, "/chat/init").header("origin", LISTED);
    let answer =
        Answer::of(request.header("cookie", format!("{LOGIN}={login}")).json(&json!({"visitorId": "v"}))).await;
    assert_eq!(answer.data()["signedIn"], true);
    assert_eq!(answer.header("access-control-allow-origin"), Some(LISTED));
    assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
}
