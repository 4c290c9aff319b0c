//! Visitors whom the site knows: its backend signs who they are, and nothing else is believed.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chat_proxy::Settings;
use ring::hmac;
use ring::signature::{Ed25519KeyPair, KeyPair};
use secondme_sim::{ObservedSession, Simulator};
use serde_json::{Value, json};

use crate::support::{Answer, Proxy, quick, settings_for};

pub(crate) const SITE_KEY: &str = "0123456789abcdef0123456789abcdef";

/// Under this id SecondMe knows `customer-1`, as long as the site's key is [`SITE_KEY`].
const CUSTOMER_1: &str = "site_aec66d60-39db-46f5-915c-816261703360";

async fn site(change: impl FnOnce(Settings) -> Settings) -> (Proxy, Simulator) {
    let simulator = Simulator::start(quick()).await.unwrap();
    let settings = Settings { site_key: Some(SITE_KEY.into()), ..settings_for(&simulator) };
    (Proxy::start(change(settings)).await, simulator)
}

fn in_seconds(seconds: i64) -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    i64::try_from(now).unwrap() + seconds
}

/// What is signed: header and claims.
fn signed_part(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", part(header), part(claims))
}

fn with_header(key: &[u8], header: &Value, claims: &Value) -> String {
    let signed = signed_part(header, claims);
    let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

pub(crate) fn token(claims: &Value) -> String {
    with_header(SITE_KEY.as_bytes(), &json!({"alg": "HS256", "typ": "JWT"}), claims)
}

pub(crate) fn customer(id: &str) -> String {
    token(&json!({"sub": id, "name": "Zoë", "exp": in_seconds(60)}))
}

async fn init(proxy: &Proxy, visitor_id: &str, site_token: &str) -> Answer {
    proxy.post("/chat/init", &json!({"visitorId": visitor_id, "visitorName": "Page", "siteToken": site_token})).await
}

fn sessions(simulator: &Simulator) -> Vec<ObservedSession> {
    simulator.control().observed().sessions
}

#[tokio::test]
async fn a_known_visitor_talks_under_an_id_of_the_sites_making() {
    let (proxy, simulator) = site(|settings| settings).await;
    let data = init(&proxy, "web_1", &customer("customer-1")).await.data();
    assert_eq!(data.get("signedIn"), None, "there is nothing to sign out of");
    assert_eq!(proxy.send(data["sessionId"].as_str().unwrap(), "hello").await.data(), json!({"sent": true}));
    let session = &sessions(&simulator)[0];
    assert_eq!((session.visitor_id.as_str(), session.visitor_name.as_deref()), (CUSTOMER_1, Some("Zoë")));
    assert_eq!(session.messages, ["hello"]);
}

#[tokio::test]
async fn the_same_person_has_the_same_conversation_on_every_device() {
    let (proxy, simulator) = site(|settings| settings).await;
    for (device, person, count) in [("web_1", "customer-1", 1), ("web_2", "customer-1", 1), ("web_2", "customer-2", 2)]
    {
        init(&proxy, device, &customer(person)).await.data();
        assert_eq!(sessions(&simulator).len(), count, "{device} {person}");
    }
}

#[tokio::test]
async fn only_the_name_that_the_site_gives_counts() {
    let (proxy, simulator) = site(|settings| settings).await;
    let check = async |subject: &str, name: Value, expected: Option<&str>| {
        init(&proxy, "web_1", &token(&json!({"sub": subject, "name": name, "exp": in_seconds(60)}))).await.data();
        assert_eq!(sessions(&simulator).pop().unwrap().visitor_name.as_deref(), expected, "{name}");
    };
    check("1", Value::Null, None).await;
    check("2", json!(" "), None).await;
    check("3", json!(" Zoë "), Some("Zoë")).await;
    check("4", json!("名".repeat(300)), Some(&"名".repeat(200))).await;
}

#[tokio::test]
async fn each_claim_is_taken_up_to_its_limit() {
    let (proxy, _simulator) = site(|settings| settings).await;
    for claims in [
        json!({"sub": "1", "exp": in_seconds(-20)}),
        json!({"sub": "1", "exp": in_seconds(24 * 60 * 60)}),
        json!({"sub": "1", "exp": 0.5 + 60.0 + f64::from(u32::try_from(in_seconds(0)).unwrap())}),
        json!({"sub": "名".repeat(256), "exp": in_seconds(60)}),
        json!({"sub": "1", "exp": in_seconds(60), "nbf": in_seconds(20), "iat": 0, "iss": "anyone", "role": ["admin"]}),
    ] {
        let answer = init(&proxy, "web_1", &token(&claims)).await;
        assert_eq!(answer.status, 200, "{claims} {}", answer.text);
    }
}

#[tokio::test]
async fn a_token_that_is_not_valid_is_refused_and_nobody_becomes_anonymous() {
    let (proxy, simulator) = site(|settings| settings).await;
    let check = async |token: &str| {
        let answer = init(&proxy, "web_1", token).await;
        answer.assert_failure(401, "proxy.identity_invalid");
        assert!(!answer.text.contains(SITE_KEY) && (token.len() < 8 || !answer.text.contains(token)));
    };
    let good = json!({"sub": "customer-1", "exp": in_seconds(60)});
    for claims in [
        json!({"sub": "customer-1", "exp": in_seconds(-31)}),
        json!({"sub": "customer-1", "exp": in_seconds(24 * 60 * 60 + 60)}),
        json!({"sub": "customer-1", "exp": in_seconds(60).to_string()}),
        json!({"sub": "customer-1", "exp": null}),
        json!({"sub": "customer-1", "exp": -1}),
        json!({"sub": "customer-1"}),
        json!({"sub": "customer-1", "exp": in_seconds(60), "nbf": in_seconds(40)}),
        json!({"sub": "customer-1", "exp": in_seconds(60), "nbf": "soon"}),
        json!({"sub": "customer-1", "exp": in_seconds(60), "aud": "another-proxy"}),
        json!({"sub": "customer-1", "exp": in_seconds(60), "name": 7}),
        json!({"sub": "x".repeat(257), "exp": in_seconds(60)}),
        json!({"sub": "", "exp": in_seconds(60)}),
        json!({"sub": 7, "exp": in_seconds(60)}),
        json!({"sub": null, "exp": in_seconds(60)}),
        json!({"exp": in_seconds(60)}),
        json!("customer-1"),
    ] {
        check(&token(&claims)).await;
    }

    // Whoever signed these has not this site's key, or wants it used in another way.
    let forged_key = SITE_KEY.replace('0', "1");
    check(&with_header(forged_key.as_bytes(), &json!({"alg": "HS256"}), &good)).await;
    for algorithm in ["none", "None", "HS384", "HS512", "RS256", "ES256", "EdDSA", "", "HS256 "] {
        check(&with_header(SITE_KEY.as_bytes(), &json!({"alg": algorithm}), &good)).await;
    }
    check(&with_header(SITE_KEY.as_bytes(), &json!({"typ": "JWT"}), &good)).await;
    check(&with_header(SITE_KEY.as_bytes(), &json!({"alg": "HS256", "crit": ["later"], "later": 1}), &good)).await;

    let valid = token(&good);
    let (signed, signature) = valid.rsplit_once('.').unwrap();
    let (header, _) = signed.split_once('.').unwrap();
    let other_claims = signed_part(&json!({"alg": "HS256"}), &json!({"sub": "customer-2", "exp": in_seconds(60)}));
    let unsigned = signed_part(&json!({"alg": "none"}), &good);
    for text in [
        "",
        ".",
        "..",
        "a-token",
        signed,
        &format!("{signed}."),
        &format!("{signed}.{}", &signature[1..]),
        &format!("{valid}.{signature}"),
        &format!("{valid} "),
        &format!("{header}..{signature}"),
        &format!("{other_claims}.{signature}"),
        &format!("{unsigned}."),
        &"x".repeat(5000),
    ] {
        check(text).await;
    }
    assert_eq!(simulator.control().observed().init_requests, 0);
    init(&proxy, "web_1", &valid).await.data();
}

fn ed25519() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap()
}

fn signed_by(key: &Ed25519KeyPair, claims: &Value) -> String {
    let signed = signed_part(&json!({"alg": "EdDSA"}), claims);
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(key.sign(signed.as_bytes())))
}

#[tokio::test]
async fn a_site_can_sign_with_a_key_that_the_proxy_does_not_have() {
    let (key, claims) = (ed25519(), json!({"sub": "customer-1", "exp": in_seconds(60)}));
    let public = STANDARD.encode(key.public_key());
    let der = [&STANDARD.decode("MCowBQYDK2VwAyEA").unwrap(), key.public_key().as_ref()].concat();
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(der));
    for (site_key, site_key_type) in [(public.clone(), Some("eddsa".to_owned())), (pem.clone(), None)] {
        let (proxy, simulator) = site(|settings| Settings {
            site_key: Some(site_key.into()),
            site_key_type,
            visitor_key: Some(SITE_KEY.into()),
            ..settings
        })
        .await;
        init(&proxy, "web_1", &signed_by(&key, &claims)).await.data();
        assert_eq!(sessions(&simulator)[0].visitor_id, CUSTOMER_1, "the id comes from the visitor key");

        let forged = Ed25519KeyPair::from_seed_unchecked(&[8; 32]).unwrap();
        // A public key is known to everybody, so nothing may pass that was signed with it as if it were a secret.
        let symmetric = [public.as_bytes(), pem.as_bytes(), key.public_key().as_ref(), SITE_KEY.as_bytes()];
        let symmetric = symmetric.map(|secret| with_header(secret, &json!({"alg": "HS256"}), &claims));
        let pretended = with_header(key.public_key().as_ref(), &json!({"alg": "EdDSA"}), &claims);
        for token in symmetric.iter().chain([&pretended, &signed_by(&forged, &claims)]) {
            init(&proxy, "web_1", token).await.assert_failure(401, "proxy.identity_invalid");
        }
        assert_eq!(simulator.control().observed().init_requests, 1);
    }
}

#[tokio::test]
async fn an_audience_that_is_asked_for_must_be_named() {
    let (proxy, _simulator) =
        site(|settings| Settings { site_audience: Some("chat.shop.example".into()), ..settings }).await;
    let check = async |audience: Value, valid: bool| {
        let token = token(&json!({"sub": "customer-1", "exp": in_seconds(60), "aud": audience}));
        let answer = init(&proxy, "web_1", &token).await;
        if valid {
            assert_eq!(answer.status, 200, "{audience}");
        } else {
            answer.assert_failure(401, "proxy.identity_invalid");
        }
    };
    check(json!("chat.shop.example"), true).await;
    check(json!(["mail.shop.example", "chat.shop.example"]), true).await;
    check(json!("mail.shop.example"), false).await;
    check(json!([]), false).await;
    check(Value::Null, false).await;
    init(&proxy, "web_1", &customer("customer-1")).await.assert_failure(401, "proxy.identity_invalid");
}

#[tokio::test]
async fn nobody_can_call_themselves_a_known_visitor() {
    let (proxy, simulator) = site(|settings| settings).await;
    for id in [CUSTOMER_1, "site_", "site_1", "Site_1", "SITE_1"] {
        proxy.init(id).await.assert_failure(400, "proxy.invalid_request");
        let body = json!({"sessionId": "s", "visitorId": id, "message": "hello"});
        proxy.post("/chat/send", &body).await.assert_failure(400, "proxy.invalid_request");
    }
    assert_eq!(simulator.control().observed().init_requests, 0);
    proxy.init("website_1").await.data();
}

#[tokio::test]
async fn an_anonymous_conversation_does_not_become_a_known_visitors() {
    let (proxy, simulator) = site(|settings| settings).await;
    let anonymous = proxy.session("web_1").await;
    let body = json!({"visitorId": "web_1", "sessionId": anonymous, "siteToken": customer("customer-1")});
    let known = proxy.post("/chat/init", &body).await.data()["sessionId"].as_str().unwrap().to_owned();
    proxy.send(&known, "as myself").await.data();
    proxy.send(&anonymous, "as nobody").await.data();
    let messages: Vec<_> = sessions(&simulator).into_iter().map(|session| session.messages).collect();
    assert_eq!(messages, [["as nobody"], ["as myself"]]);
}

#[tokio::test]
async fn where_identity_is_required_nobody_else_gets_in() {
    let (open, simulator) = site(|settings| settings).await;
    let anonymous = open.session("web_1").await;
    let required =
        Settings { site_key: Some(SITE_KEY.into()), require_identity: Some("true".into()), ..settings_for(&simulator) };
    let proxy = Proxy::start(required).await;
    let before = simulator.control().observed();

    proxy.init("web_1").await.assert_failure(401, "proxy.login_required");
    proxy.send(&anonymous, "hello").await.assert_failure(401, "proxy.login_required");
    assert_eq!(simulator.control().observed(), before);

    let known = init(&proxy, "web_1", &customer("customer-1")).await.data()["sessionId"].as_str().unwrap().to_owned();
    proxy.send(&known, "hello").await.data();
}

#[tokio::test]
async fn a_token_that_nobody_can_check_is_not_passed_over() {
    let (proxy, simulator) = Proxy::simulated().await;
    init(&proxy, "web_1", &customer("customer-1")).await.assert_failure(400, "proxy.invalid_request");
    assert_eq!(simulator.control().observed().init_requests, 0);
}
