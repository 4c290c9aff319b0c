//! Pages of other origins: those on the proxy's list have a chat, others are told so and cost SecondMe nothing.

use crate::page::AVATAR;
use crate::site::serve_pages;
use crate::world::{Setup, World, test};

const LISTED: &str = "http://shop.example";
const UNLISTED: &str = "http://elsewhere.example";

#[test]
fn a_listed_origin_has_a_chat() {
    from(LISTED, async |world| {
        world.page.open().await;
        world.page.ask("Which notebook would you recommend?").await;
        let chat = world.page.snapshot().await.unwrap();
        assert_eq!((chat.title.as_str(), chat.alert.as_str()), (AVATAR, ""));
    });
}

#[test]
fn an_unlisted_origin_is_told_and_costs_nothing() {
    from(UNLISTED, async |world| {
        world.page.open().await;
        let chat = world.page.until("the visitor is told", |chat| !chat.alert.is_empty()).await;
        assert!(chat.alert.starts_with("The chat is not set up correctly on this site."), "{}", chat.alert);
        let observed = world.observed();
        assert_eq!((observed.token_requests, observed.init_requests, observed.sockets_opened), (0, 0, 0));
    });
}

/// A page of this origin, with the script tag of a site whose proxy is elsewhere.
fn from(origin: &str, then: impl AsyncFnOnce(&mut World)) {
    let proxy = chat_proxy::Settings { allowed_origins: Some(vec![LISTED.into()]), ..Default::default() };
    test(Setup { proxy, ..Setup::default() }, async |world| {
        world.wire.name(origin.trim_start_matches("http://"), serve_pages().await);
        world.page.visit(&format!("{origin}/plain?chat={}", world.url("/chat"))).await;
        then(world).await;
    });
}
