//! Signing in with SecondMe in the widget's window, declining it, and signing out again.

use std::time::Duration;

use chat_proxy::Settings;
use fantoccini::Locator;
use fantoccini::wd::WindowHandle;
use tokio::time::sleep;

use crate::until::until;
use crate::world::{Setup, World, test};

pub(crate) fn site() -> Setup {
    Setup {
        secondme: secondme_sim::Settings { any_loopback_redirect: true, ..Default::default() },
        proxy: Settings {
            // The Avatar Hub knows no users of its own.
            secondme_api: Some("visitor-chat".into()),
            login: Some("true".into()),
            ..Settings::default()
        },
        ..Setup::default()
    }
}

/// An open chat of an unknown visitor that offers to sign in.
pub(crate) async fn begin(world: &World) -> WindowHandle {
    world.page.visit(&world.url("/signing-in")).await;
    world.page.open().await;
    world.page.ask("hello").await;
    world.page.browser.tab().await
}

/// Clicks on the offer, goes to the window that opens and presses a button there.
pub(crate) async fn decide(world: &World, page: &WindowHandle, decision: &str) {
    world.page.click("[part~=account] button").await;
    let window =
        until("the window opens", async || world.page.browser.tabs().await.into_iter().find(|tab| tab != page)).await;
    world.page.browser.go_to(&window).await;
    let button = format!("button[value={decision}]");
    let button =
        until("SecondMe asks", async || world.page.browser.client.find(Locator::Css(&button)).await.ok()).await;
    button.click().await.unwrap();
    until("the window closes", async || (world.page.browser.tabs().await.len() == 1).then_some(())).await;
    world.page.browser.look_at(page).await;
}

pub(crate) async fn account(world: &World, text: &str) {
    let script =
        "return document.querySelector('secondme-chat').shadowRoot.querySelector('[part~=account]').textContent";
    until(text, async || {
        let shown: String = world.page.browser.run(script).await;
        shown.starts_with(text).then_some(())
    })
    .await;
}

#[test]
fn who_signs_in_talks_as_themselves_and_signs_out_again() {
    test(site(), async |world| {
        let page = begin(world).await;
        decide(world, &page, "approve").await;
        account(world, "Signed in with SecondMe").await;
        let chat = world.page.ask("a gift").await;
        assert_eq!(chat.of("visitor").len(), 1, "a new conversation: {chat:#?}");
        let users: Vec<_> = world.observed().sessions.into_iter().map(|session| session.user_id).collect();
        assert_eq!(users, [None, Some("ada".to_owned())]);

        // The sign-in is the browser's, and no script can read it.
        world.page.reload().await;
        world.page.open().await;
        world.page.until_answered("a gift").await;
        account(world, "Signed in with SecondMe").await;
        let readable: String =
            world.page.browser.run("return document.cookie + JSON.stringify({ ...localStorage })").await;
        for token in world.observed().user_tokens_issued {
            assert!(!readable.contains(&token), "{readable}");
        }
        assert!(!readable.contains("secondme-chat-login"), "{readable}");

        world.page.click("[part~=account] button").await;
        account(world, "Sign in with SecondMe").await;
        world.page.until("nothing is left", |chat| chat.of("visitor").is_empty()).await;
        world.page.ask("shipping").await;
        let observed = world.observed();
        assert_eq!(observed.sessions.last().unwrap().user_id, None);
        assert_eq!(observed.sessions.len(), 3);
    });
}

#[test]
fn who_declines_goes_on_as_before() {
    test(site(), async |world| {
        let page = begin(world).await;
        decide(world, &page, "decline").await;
        // Long enough for whatever would follow a sign-in.
        sleep(Duration::from_millis(500)).await;
        account(world, "Sign in with SecondMe").await;
        world.page.click("[part~=input]").await;
        let chat = world.page.ask("a gift").await;
        world.check_dialogue(&chat, &["hello", "a gift"]);
    });
}

#[test]
fn a_sign_in_that_is_over_leaves_an_unknown_visitor() {
    test(site(), async |world| {
        let page = begin(world).await;
        decide(world, &page, "approve").await;
        account(world, "Signed in with SecondMe").await;
        world.secondme().revoke_user("ada").unwrap();
        world.page.reload().await;
        world.page.open().await;
        account(world, "Sign in with SecondMe").await;
        world.page.ask("shipping").await;
        assert_eq!(world.observed().sessions.last().unwrap().user_id, None);
    });
}

#[test]
fn a_page_that_has_the_visitors_own_token_speaks_in_their_name() {
    test(site(), async |world| {
        let token = world.secondme().sign_in("bo").unwrap();
        world.page.visit(&world.url(&format!("/member?id=bo-8&token={token}"))).await;
        world.page.open().await;
        let chat = world.page.ask("a gift").await;
        world.check_dialogue(&chat, &["a gift"]);
        assert_eq!(world.observed().sessions[0].user_id.as_deref(), Some("bo"));
        let stored: String = world.page.browser.run("return JSON.stringify({ ...localStorage })").await;
        assert!(stored.contains("bo-8") && !stored.contains(&token), "{stored}");

        world.secondme().revoke_user("bo").unwrap();
        world.page.reload().await;
        world.page.click("[part~=launcher]").await;
        world.page.until("the visitor is told", |chat| chat.alert.starts_with("Please sign in on this site")).await;
    });
}
