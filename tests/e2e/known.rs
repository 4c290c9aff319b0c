//! Visitors whom the site knows: the documentation's snippet, with tokens as a site's backend signs them.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chat_proxy::Settings;
use ring::hmac;
use serde_json::{Value, json};

use crate::world::{Setup, World, test};

const SITE_KEY: &str = "0123456789abcdef0123456789abcdef";
const SIGN_IN: &str = "Please sign in on this site to use the chat.";

/// A site that signs with the key; some let nobody in whom they don't know.
fn site(require: bool) -> Setup {
    let require_identity = require.then(|| "true".to_owned());
    Setup {
        proxy: Settings { site_key: Some(SITE_KEY.into()), require_identity, ..Settings::default() },
        ..Setup::default()
    }
}

fn signed(key: &str, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let content = format!("{}.{}", part(&json!({"alg": "HS256", "typ": "JWT"})), part(claims));
    let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes()), content.as_bytes());
    format!("{content}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// A moment that many seconds after now; before now where negative.
fn moment(after: i64) -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap() + after
}

async fn visit(world: &World, id: &str, token: &str) {
    world.page.visit(&world.url(&format!("/account?id={id}&token={token}"))).await;
    world.page.open().await;
}

fn token_of(id: &str) -> String {
    signed(SITE_KEY, &json!({"sub": id, "name": "Grace", "exp": moment(60)}))
}

#[test]
fn a_known_visitor_is_the_same_in_another_browser_and_another_person_finds_nothing() {
    test(site(true), async |world| {
        visit(world, "grace-7", &token_of("grace-7")).await;
        world.page.ask("hello").await;
        // Another browser of the same person.
        world.page.browser.act("localStorage.clear()").await;
        world.page.visit(&world.url("/plain?persist=none")).await;
        world.page.browser.act("localStorage.clear()").await;
        visit(world, "grace-7", &token_of("grace-7")).await;
        world.page.ask("a gift").await;
        let mut visitors: Vec<_> = world.observed().sessions.into_iter().map(|session| session.visitor_id).collect();
        visitors.dedup();
        let [grace] = visitors.as_slice() else { panic!("one visitor, not {visitors:?}") };
        assert!(grace.starts_with("site_"), "{grace}");
        let names: Vec<_> = world.observed().sessions.into_iter().map(|session| session.visitor_name).collect();
        assert!(names.iter().all(|name| name.as_deref() == Some("Grace")), "{names:?}");

        visit(world, "bo-8", &token_of("bo-8")).await;
        let chat = world.page.ask("shipping").await;
        world.check_said(&chat, &["shipping"]);
        assert_ne!(&world.observed().sessions.last().unwrap().visitor_id, grace);
    });
}

#[test]
fn whom_the_site_has_not_signed_for_does_not_get_in() {
    let nobody = [
        ("forged", signed("another key of thirty-two bytes.", &json!({"sub": "grace-7", "exp": moment(60)}))),
        ("expired", signed(SITE_KEY, &json!({"sub": "grace-7", "exp": moment(-3600)}))),
        ("for another site", signed(SITE_KEY, &json!({"sub": "grace-7", "exp": moment(60), "aud": "another.example"}))),
        ("no token", "nonsense".to_owned()),
    ];
    test(site(false), async |world| {
        for (what, token) in &nobody {
            world.page.visit(&world.url(&format!("/account?id=grace-7&token={token}"))).await;
            world.page.click("[part~=launcher]").await;
            world.page.until(what, |chat| chat.alert.starts_with(SIGN_IN)).await;
        }
        assert!(world.observed().sessions.is_empty());
    });
}

#[test]
fn an_unknown_visitor_is_asked_to_sign_in_where_the_site_wants_to_know_everybody() {
    test(site(true), async |world| {
        world.page.visit(&world.url("/plain")).await;
        world.page.click("[part~=launcher]").await;
        world.page.until("the visitor is told", |chat| chat.alert.starts_with(SIGN_IN)).await;
        assert!(world.observed().sessions.is_empty());
    });
}

#[test]
fn what_is_no_identity_is_said_on_the_console_and_the_chat_goes_on() {
    test(Setup::default(), async |world| {
        world.visit_shop().await;
        let script = "window.complaints = [];
            const own = console.error;
            console.error = (error) => (window.complaints.push(`${error.message}`), own(error));
            window.SecondMeChat.push((chat) => chat.identify({ id: 'grace-7' }))";
        world.page.browser.act(script).await;
        world.page.open().await;
        world.page.ask("hello").await;
        world.page.browser.act("window.SecondMeChat.push((chat) => chat.identify('grace-7'))").await;
        world.page.ask("a gift").await;
        let complaints: Vec<String> = world.page.browser.run("return window.complaints").await;
        assert_eq!(complaints.len(), 2, "{complaints:?}");
        assert!(complaints.iter().all(|complaint| complaint.starts_with("SecondMe Chat: identify ")), "{complaints:?}");
    });
}
