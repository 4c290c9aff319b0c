//! The chat without a mouse.

use serde::Deserialize;

use crate::page::{ENTER, ESCAPE, SHIFT, TAB};
use crate::until::until;
use crate::world::{Setup, World, test};

/// Where the keyboard is: in the page, or on which element of the chat, where that is, and how it is marked.
const STOP: &str = "
const host = document.querySelector('secondme-chat');
const element = host.shadowRoot.activeElement;
if (!element) return null;
const { left, top, bottom } = element.getBoundingClientRect();
const style = getComputedStyle(element);
return {
    name: element.getAttribute('aria-label') ?? element.textContent.trim(),
    place: [left, top, bottom],
    marked: element.matches(':focus-visible') && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1,
}";

#[test]
fn the_chat_opens_and_closes_by_keyboard() {
    test(Setup::default(), async |world| {
        world.visit_shop().await;
        let page = &world.page;
        until("Tab leads to the launcher", async || {
            page.browser.type_keys(&TAB.to_string()).await;
            page.snapshot().await.filter(|chat| chat.focus == "launcher")
        })
        .await;
        for _ in 0..2 {
            page.browser.type_keys(&ENTER.to_string()).await;
            page.until("Enter opens, and the focus is where one writes", |chat| chat.open && chat.focus == "input")
                .await;
            page.browser.type_keys(&ESCAPE.to_string()).await;
            page.until("Escape closes, and the focus is back", |chat| !chat.open && chat.focus == "launcher").await;
        }
        page.browser.type_keys(&ENTER.to_string()).await;
        page.until("it is open again", |chat| chat.open && chat.focus == "input").await;
        page.ask("hello").await;
        assert_eq!(world.observed().init_requests, 1, "closing is not ending");
    });
}

#[test]
fn the_panels_own_button_closes_it() {
    test(Setup::default(), async |world| {
        world.visit_shop().await;
        world.page.open().await;
        world.page.click("[part~=close]").await;
        world.page.until("it is closed, and the focus is back", |chat| !chat.open && chat.focus == "launcher").await;
    });
}

#[test]
fn tab_goes_through_the_panel_as_it_is_read_and_out_again() {
    test(Setup::default(), async |world| {
        world.visit_shop().await;
        world.page.browser.act(NEIGHBOURS).await;
        world.page.open().await;
        world.page.ask("hello").await;
        world.secondme().fail_next(1, 500);
        world.page.say("a gift").await;
        world.page.until("the message has failed", |chat| chat.status_of("a gift") == "failed").await;
        world.page.browser.type_keys("shipping").await;
        world.page.until("it can be sent", |chat| chat.sendable).await;

        let way = walk(world, false).await;
        let names: Vec<_> = way.iter().map(|stop| stop.name.as_str()).collect();
        let expected =
            ["More", "Close chat", "Conversation", "Try again", "Delete", "Copy message", "Your message", "Send"];
        assert_eq!(names, [&["Close chat"][..], &expected[..]].concat(), "the launcher, then the panel");
        for (one, next) in way[1..].iter().zip(&way[2..]) {
            let within = next.place.1 >= one.place.1 && next.place.2 <= one.place.2;
            let (below, beside) = (next.place.1 >= one.place.2, next.place.0 > one.place.0);
            assert!(within || below || beside, "{} comes before {}", one.name, next.name);
        }
        assert!(way.iter().all(|stop| stop.marked), "each shows where the keyboard is: {way:#?}");
        let mut back = walk(world, true).await;
        back.reverse();
        // What belongs to a message is there while the keyboard is in it, so that from below it is passed by.
        let expected: Vec<_> = names.iter().filter(|name| **name != "Copy message").collect();
        assert_eq!(back.iter().map(|stop| &stop.name).collect::<Vec<_>>(), expected, "and the same way back");
    });
}

#[test]
fn what_others_do_leaves_the_keyboard_where_it_is() {
    test(Setup::default(), async |world| {
        world.visit_shop().await;
        let open = "document.querySelector('.shop-name').focus(); window.SecondMeChat.push((chat) => chat.open())";
        world.page.browser.act(open).await;
        world
            .page
            .until("it is open", |chat| chat.open && chat.messages.len() == 1 && chat.status == "AI avatar")
            .await;
        world.page.browser.act("window.SecondMeChat.push((chat) => chat.send('hello'))").await;
        world.page.until_answered("hello").await;
        world.secondme().owner_says(None, "Anything else?").unwrap();
        world.page.until("the owner speaks", |chat| chat.of("owner").len() == 1).await;
        world.secondme().close_sockets();
        world.page.until_seen("the visitor is told", |chat| !chat.alert.is_empty()).await;
        world.page.browser.act("window.SecondMeChat.push((chat) => chat.close())").await;
        let chat = world.page.until("it is closed", |chat| !chat.open).await;
        assert_eq!(chat.focus, "", "not even at the end");
        let elsewhere: bool =
            world.page.browser.run("return document.activeElement === document.querySelector('.shop-name')").await;
        assert!(elsewhere, "the page's link has the focus all the while");
        let focused = world.page.history().await.into_iter().find(|chat| !chat.focus.is_empty());
        assert_eq!(focused, None);
    });
}

/// Something of the page on either side of the chat: who comes there has left it.
const NEIGHBOURS: &str = "for (const place of ['beforebegin', 'afterend']) {
    const button = Object.assign(document.createElement('button'), { className: 'neighbour', textContent: place });
    document.querySelector('secondme-chat').insertAdjacentElement(place, button);
}";

#[derive(Debug, Deserialize)]
struct Stop {
    name: String,
    /// From the left, the upper and the lower edge, in CSS pixels.
    place: (f64, f64, f64),
    marked: bool,
}

/// All stops of the chat from its neighbour on one side to that on the other.
async fn walk(world: &World, back: bool) -> Vec<Stop> {
    let browser = &world.page.browser;
    browser.act(&format!("document.querySelectorAll('.neighbour')[{}].focus()", usize::from(back))).await;
    let mut way = Vec::new();
    loop {
        if back {
            browser.type_chord(SHIFT, TAB).await;
        } else {
            browser.type_keys(&TAB.to_string()).await;
        }
        let Some(stop) = browser.run::<Option<Stop>>(STOP).await else { break };
        way.push(stop);
        assert!(way.len() < 30, "there is no way out: {way:#?}");
    }
    let out: bool = browser.run("return document.activeElement.className === 'neighbour'").await;
    assert!(out, "the other neighbour has the focus");
    way
}
