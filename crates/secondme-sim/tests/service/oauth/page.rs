//! The page on which a user agrees or does not.

use reqwest::{Response, header::ORIGIN};

use super::{CALLBACK, CHALLENGE, REQUEST, browser, parameter, with};
use crate::caller::Caller;

/// A page for the user, who is sent nowhere.
async fn check_complaint(response: Response, status: u16, part: &str) {
    assert_eq!(response.status(), status);
    assert!(!response.headers().contains_key("location"));
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    let page = response.text().await.unwrap();
    assert!(page.contains(part), "{page}");
}

#[tokio::test]
async fn the_page_asks_who_signs_in_to_what() {
    let caller = Caller::with_sign_in().await;
    let response = caller.open_sign_in(&with(REQUEST, "state", r#""><script>alert(1)</script>"#)).await;
    assert_eq!(response.status(), 200);
    let protection = response.headers()["content-security-policy"].to_str().unwrap();
    assert!(protection.contains("default-src 'none'") && protection.contains("frame-ancestors 'none'"));
    assert!(!protection.contains("script") && !protection.contains("unsafe"), "{protection}");
    let page = response.text().await.unwrap();
    for part in
        ["Paper Shop", "Ada Lindqvist", "Bo Marchetti", "value=\"approve\"", "value=\"decline\"", "see your name"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("<script"), "{page}");
    assert!(page.contains("&quot;&gt;&lt;script&gt;"), "the state comes back as it is: {page}");

    let style = browser().get(format!("{}page.css", caller.simulator.authorize_url())).send().await.unwrap();
    assert_eq!(
        (style.status().as_u16(), &style.headers()["content-type"]),
        (200, &"text/css; charset=utf-8".parse().unwrap())
    );
}

#[tokio::test]
async fn the_site_hears_what_the_user_decides() {
    let caller = Caller::with_sign_in().await;
    let redirect = caller.decide(&REQUEST, "bo", "approve").await;
    assert!(parameter(&redirect, "code").unwrap().starts_with("lba_ac_"));
    assert_eq!(parameter(&redirect, "state").unwrap(), "s t&te=1");
    assert_eq!(parameter(&redirect, "error"), None);

    for user in ["bo", ""] {
        let redirect = caller.decide(&REQUEST, user, "decline").await;
        assert_eq!(parameter(&redirect, "error").unwrap(), "access_denied");
        assert!(!parameter(&redirect, "error_description").unwrap().is_empty());
        assert_eq!(parameter(&redirect, "state").unwrap(), "s t&te=1");
        assert_eq!(parameter(&redirect, "code"), None);
    }
}

#[tokio::test]
async fn whoever_cannot_be_trusted_gets_no_redirect() {
    let caller = Caller::with_sign_in().await;
    for (name, value, part) in [
        ("client_id", "someone-else", "not registered with SecondMe"),
        ("client_id", "", "not registered with SecondMe"),
        ("redirect_uri", "https://shop.example/elsewhere", "address that it has not registered"),
        ("redirect_uri", "http://127.0.0.1:80/callback", "address that it has not registered"),
        ("redirect_uri", "", "address that it has not registered"),
    ] {
        let parameters = with(REQUEST, name, value);
        check_complaint(caller.open_sign_in(&parameters).await, 400, part).await;
        check_complaint(caller.decide(&parameters, "ada", "approve").await, 400, part).await;
        check_complaint(caller.decide(&parameters, "ada", "decline").await, 400, part).await;
    }
    let twice = [REQUEST.as_slice(), &[("redirect_uri", CALLBACK)]].concat();
    check_complaint(caller.open_sign_in(&twice).await, 400, "not a complete request").await;
    check_complaint(caller.decide(&twice, "ada", "approve").await, 400, "not a complete request").await;
}

#[tokio::test]
async fn the_site_hears_what_is_wrong_with_its_request() {
    let caller = Caller::with_sign_in().await;
    let pkce = |challenge, method| [("code_challenge", challenge), ("code_challenge_method", method)];
    for (parameters, error) in [
        (with(REQUEST, "response_type", "token").to_vec(), "unsupported_response_type"),
        (with(REQUEST, "response_type", "").to_vec(), "unsupported_response_type"),
        (with(REQUEST, "state", "").to_vec(), "invalid_request"),
        ([REQUEST.as_slice(), &[("scope", "chat.write everything")]].concat(), "invalid_scope"),
        ([REQUEST.as_slice(), &pkce(CHALLENGE, "plain")].concat(), "invalid_request"),
        ([REQUEST.as_slice(), &pkce(CHALLENGE, "")].concat(), "invalid_request"),
        ([REQUEST.as_slice(), &pkce("short", "S256")].concat(), "invalid_request"),
        ([REQUEST.as_slice(), &pkce("", "S256")].concat(), "invalid_request"),
    ] {
        for redirect in [caller.open_sign_in(&parameters).await, caller.decide(&parameters, "ada", "approve").await] {
            assert_eq!(parameter(&redirect, "error").as_deref(), Some(error), "{parameters:?}");
            assert!(!parameter(&redirect, "error_description").unwrap().is_empty());
            let state = parameters.iter().find(|(name, _)| *name == "state").unwrap().1;
            assert_eq!(parameter(&redirect, "state").unwrap_or_default(), state);
        }
    }
}

#[tokio::test]
async fn only_the_page_itself_decides_for_a_user() {
    let caller = Caller::with_sign_in().await;
    let url = caller.simulator.authorize_url();
    let form = [REQUEST.as_slice(), &[("user", "ada"), ("decision", "approve")]].concat();
    let from = |origin: &str| browser().post(&url).header(ORIGIN, origin).form(&form).send();
    for foreign in ["https://evil.example", "null", "http://127.0.0.1:1"] {
        check_complaint(from(foreign).await.unwrap(), 403, "own page").await;
    }
    let own = format!("http://{}", caller.simulator.address());
    assert!(parameter(&from(&own).await.unwrap(), "code").is_some());

    for (user, decision) in [("eve", "approve"), ("", "approve"), ("ada", ""), ("ada", "maybe")] {
        check_complaint(caller.decide(&REQUEST, user, decision).await, 400, "Choose who you are").await;
    }
}

#[tokio::test]
async fn redirect_uris_can_be_registered_later_and_have_a_query_of_their_own() {
    let caller = Caller::new().await;
    let uri = "https://shop.example/callback?shop=1";
    check_complaint(caller.open_sign_in(&with(REQUEST, "redirect_uri", uri)).await, 400, "not registered").await;
    caller.control().register_redirect(uri);
    let redirect = caller.decide(&with(REQUEST, "redirect_uri", uri), "ada", "approve").await;
    assert_eq!(parameter(&redirect, "shop").unwrap(), "1");
    assert!(parameter(&redirect, "code").is_some());
}

#[tokio::test]
async fn any_address_of_this_machine_will_do_where_that_is_set() {
    let settings = secondme_sim::Settings { any_loopback_redirect: true, ..secondme_sim::Settings::default() };
    let caller = Caller::with(settings).await;
    for (uri, status) in [("http://localhost:4711/callback", 200), (CALLBACK, 400)] {
        let response = caller.open_sign_in(&with(REQUEST, "redirect_uri", uri)).await;
        assert_eq!(response.status(), status, "{uri}");
    }
}
