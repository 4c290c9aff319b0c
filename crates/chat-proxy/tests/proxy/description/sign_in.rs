//! What is described of signing in: its pages, its cookies, and the calls of who has signed in.

use chat_proxy::Settings;
use serde_json::{Value, json};

use super::{Described, request};
use crate::browser::{LISTED, LOGIN, SIGN_IN, SITE, Site};
use crate::support::{Answer, Proxy};

/// To SecondMe's page and back.
pub(super) async fn pages(described: &mut Described, site: &Site) {
    described.check("get /chat/login", &site.browser().get("/chat/login").await);
    described.check("get /chat/login", &site.browser().get("/chat/login?popup=yes").await);
    described.check("get /chat/callback", &site.browser().get("/chat/callback?code=a&state=b").await);
    for (begin, status) in [("/chat/login", 302), ("/chat/login?popup=1", 200)] {
        for decision in ["approve", "decline"] {
            let back = site.browser().sign_in(begin, "ada", decision).await;
            assert_eq!(back.status, status, "{}", back.text);
            described.check("get /chat/callback", &back);
        }
    }
}

/// The chat of who has signed in: with tokens that are good, that are renewed, and that are of no use any more.
pub(super) async fn calls(described: &mut Described, site: &Site) {
    let control = site.simulator.control();
    let mut browser = site.signed_in("ada").await;
    for renewed in [false, true] {
        if renewed {
            control.expire_user_tokens();
        }
        let opened = browser.init().await;
        assert_eq!((&opened.data()["signedIn"], opened.header("set-cookie").is_some()), (&json!(true), renewed));
        described.check("post /chat/init", &opened);
        if renewed {
            control.expire_user_tokens();
        }
        let sent = browser.send(&opened.data()["sessionId"]).await;
        assert_eq!(sent.header("set-cookie").is_some(), renewed);
        described.check("post /chat/send", &sent);
    }
    let session = browser.init().await.data()["sessionId"].clone();
    for with_session in [false, true] {
        browser.cookies.insert(LOGIN.to_owned(), "forged".to_owned());
        let (operation, refused) = match with_session {
            false => ("post /chat/init", browser.init().await),
            true => ("post /chat/send", browser.send(&session).await),
        };
        refused.assert_failure(401, "proxy.identity_invalid");
        described.check(operation, &refused);
    }
    let mut browser = site.signed_in("ada").await;
    described.check("post /chat/logout", &browser.post("/chat/logout", &json!({})).await);
    let refused = browser.send(&session).await;
    refused.assert_failure(401, "proxy.login_required");
    described.check("post /chat/send", &refused);
}

/// Where the proxy takes only visitors who are known.
pub(super) async fn nobody_known(described: &mut Described, session: &Value) {
    let site = Site::with(|settings| Settings { require_identity: Some("true".into()), ..settings }).await;
    let mut browser = site.browser();
    for (operation, refused) in
        [("post /chat/init", browser.init().await), ("post /chat/send", browser.send(session).await)]
    {
        refused.assert_failure(401, "proxy.login_required");
        described.check(operation, &refused);
    }
}

/// Where nobody can sign in.
pub(super) async fn not_enabled(described: &mut Described) {
    let (proxy, _simulator) = Proxy::simulated().await;
    for operation in ["get /chat/login", "get /chat/callback", "post /chat/logout"] {
        let answer = Answer::of(request(&proxy, operation)).await;
        answer.assert_failure(404, "proxy.invalid_request");
        described.check(operation, &answer);
    }
}

/// A value that a parameter's schema takes the proxy takes, and what the schema refuses the proxy refuses.
#[tokio::test]
async fn the_schemas_of_logins_parameters_are_true() {
    let site = Site::start().await;
    let described = Described::of(&site.proxy).await;
    let parameters = described.description["paths"]["/chat/login"]["get"]["parameters"].as_array().unwrap();
    let check = async |name: &str, value: &str, further: &[(&str, &str)], expected: bool| {
        let parameter = parameters.iter().find(|parameter| parameter["name"] == name).unwrap();
        let valid = described.validator(&parameter["schema"]).is_valid(&json!(value));
        let query = reqwest::Url::parse_with_params(SITE, further.iter().chain(&[(name, value)])).unwrap();
        let answer = site.browser().get(&format!("/chat/login?{}", query.query().unwrap())).await;
        assert_eq!((valid, answer.status == 302), (expected, expected), "{name} {value:?}: {}", answer.text);
    };
    for path in ["/", "/contact?a=b#chat", "/名", "/a//b", &format!("/{}", "a".repeat(1023))] {
        check("returnTo", path, &[], true).await;
    }
    for elsewhere in [
        "",
        "contact",
        "//evil.example",
        "/\\evil.example",
        "/a\\b",
        "/\t/evil.example",
        "/a\u{0}b",
        "/a\nb",
        "/a\n",
        "/a\u{85}b",
        "https://evil.example/",
        &format!("/{}", "a".repeat(1024)),
    ] {
        check("returnTo", elsewhere, &[], false).await;
    }
    for (popup, expected) in [("0", true), ("1", true), ("", false), ("2", false), ("yes", false)] {
        check("popup", popup, &[], expected).await;
    }
    let origins = [(SITE, true), (LISTED, true), ("*", false), ("null", false), ("", false), ("https://", false)];
    for (origin, expected) in origins {
        check("origin", origin, &[("popup", "1")], expected).await;
    }
}

/// The proxy knows each parameter of a query by the name that is described, as it refuses to choose between two; and each
/// cookie is one that it sets.
#[tokio::test]
async fn the_names_of_parameters_are_true() {
    let site = Site::start().await;
    let described = Described::of(&site.proxy).await;
    let mut cookies = Vec::new();
    for (path, operations) in described.description["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let parameter = described.resolved(parameter);
                let name = parameter["name"].as_str().unwrap();
                if parameter["in"] == "cookie" {
                    cookies.push((path.as_str(), name));
                    continue;
                }
                assert_eq!((&parameter["in"], method.as_str()), (&json!("query"), "get"));
                let twice = site.browser().get(&format!("{path}?{name}=1&{name}=1")).await;
                assert_eq!(twice.status, 400, "{path} {name}");
                assert!(twice.text.contains("a parameter twice"), "{path} {name}: {}", twice.text);
            }
        }
    }
    assert_eq!(cookies, [("/chat/callback", SIGN_IN), ("/chat/init", LOGIN), ("/chat/send", LOGIN)]);
}
