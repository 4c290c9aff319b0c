//! The panel in a frame of the proxy's origin: the same chat for the visitor and the same way in for the page, which needs no
//! permission for WebAssembly and cannot look inside.

use chat_proxy::csp::Mode;
use fantoccini::Locator;
use serde::Deserialize;
use serde_json::Value;

use crate::page::{AVATAR, ESCAPE};
use crate::pictures;
use crate::strict::{PAGE, on_page, tag, under};
use crate::until::until;
use crate::world::{Setup, World, test};

const FRAME: &str = "data-mode='frame'";

/// What the visitor sees in the frame.
const INSIDE: &str = "const root = document.querySelector('main')?.shadowRoot;
const all = (selector) => [...(root?.querySelectorAll(selector) ?? [])];
return {
    title: all('[part=title]').map((title) => title.textContent).join(),
    theme: all('.chat').map(({ dataset }) => dataset.theme).join(),
    accent: getComputedStyle(document.documentElement).getPropertyValue('--chat-accent'),
    draft: all('[part=input]').map(({ value }) => value).join(),
    focus: root?.activeElement?.getAttribute('part') ?? '',
    focused: document.hasFocus(),
    messages: all('[part=message]').map(({ dataset }) => `${dataset.author} ${dataset.status}`),
    rich: all('[part~=bubble].rich').length,
}";

#[derive(Debug, Deserialize)]
struct Inside {
    title: String,
    theme: String,
    accent: String,
    draft: String,
    focus: String,
    focused: bool,
    messages: Vec<String>,
    rich: usize,
}

/// What the page sees of the frame: whether it is shown, where it is, and whether the keyboard is in it or on the launcher.
const OUTSIDE: &str = "const { shadowRoot } = document.querySelector('secondme-chat');
const frame = shadowRoot.querySelector('.frame');
const { left, top, right, bottom } = frame?.getBoundingClientRect() ?? {};
return {
    shown: Boolean(frame?.checkVisibility({ visibilityProperty: true })),
    place: [left, top, right, bottom].map((length) => Math.round(length ?? 0)),
    focus: shadowRoot.activeElement?.className ?? '',
    launcher: shadowRoot.querySelector('.launcher').getAttribute('aria-label'),
}";

#[derive(Debug, Deserialize)]
struct Outside {
    shown: bool,
    place: [i32; 4],
    focus: String,
    launcher: String,
}

async fn outside(world: &World) -> Outside {
    world.page.browser.run(OUTSIDE).await
}

async fn until_outside(world: &World, what: &str, seen: impl Fn(&Outside) -> bool) -> Outside {
    until(what, async || Some(outside(world).await).filter(&seen)).await
}

/// Looks into the frame until it is as described. A frame that is loaded anew is another one.
async fn until_inside(world: &World, what: &str, seen: impl Fn(&Inside) -> bool) -> Inside {
    until(what, async || {
        let found = in_frame(world, async || world.page.browser.run::<Inside>(INSIDE).await).await;
        Some(found).filter(&seen)
    })
    .await
}

/// Does something within the frame, and comes out again.
async fn in_frame<T>(world: &World, act: impl AsyncFnOnce() -> T) -> T {
    let frame = until("the frame is there", async || {
        let host = world.page.browser.client.find(Locator::Css("secondme-chat")).await.ok()?;
        host.shadow_root().await.ok()?.find(Locator::Css("iframe")).await.ok()
    })
    .await;
    frame.enter_frame().await.unwrap();
    let done = act().await;
    world.page.browser.client.clone().enter_parent_frame().await.unwrap();
    done
}

async fn opened(world: &World) {
    world.page.click("[part~=launcher]").await;
    until_outside(world, "the frame is shown and has the focus", |page| page.shown && page.focus == "frame").await;
    until_inside(world, "the focus is where one writes", |chat| chat.focused && chat.focus == "input").await;
}

#[test]
fn a_conversation_is_held_in_a_frame_under_the_printed_policy() {
    under(Mode::Frame, FRAME, async |world| {
        assert!(!world.wire.requests().iter().any(|request| request.contains("frame")), "nothing before it is wanted");
        opened(world).await;
        world.page.say("hello").await;
        let answered = |chat: &Inside| chat.messages == ["avatar complete", "visitor sent", "avatar complete"];
        let chat = until_inside(world, "it is answered", |chat| answered(chat) && chat.rich == 2).await;
        assert_eq!(chat.title, AVATAR);
        pictures::keep(&world.page, "in a frame").await;
        let page = outside(world).await;
        assert_eq!(page.launcher, "Close chat");
        assert_eq!(page.place, [868, 68, 1260, 708], "where a floating panel stands");

        in_frame(world, async || world.page.browser.type_keys(&ESCAPE.to_string()).await).await;
        until_outside(world, "it is closed, and the focus is back", |page| !page.shown && page.focus == "launcher")
            .await;
        let names: Vec<_> = world.page.events().await.into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["ready", "open", "sent", "reply", "close"]);

        let loaded = "return performance.getEntriesByType('resource').map(({ name }) => name).join()";
        let loaded: String = world.page.browser.run(loaded).await;
        assert!(!loaded.contains(".wasm") && loaded.contains("frame.html"), "{loaded}");
        let inner = "const frame = document.querySelector('secondme-chat').shadowRoot.querySelector('iframe');
            return frame.contentDocument === null";
        assert!(world.page.browser.run::<bool>(inner).await, "the page cannot look inside");
    });
}

#[test]
fn a_page_has_the_same_way_in() {
    under(Mode::Frame, FRAME, async |world| {
        let push = async |call: &str| {
            world.page.browser.act(&format!("SecondMeChat.push((chat) => {{ {call} }})")).await;
        };
        push("chat.on('sent', ({ detail }) => { window.told = detail }); chat.send('hello')").await;
        until_inside(world, "it was sent and answered", |chat| chat.messages.len() == 3 && chat.rich == 2).await;
        assert_eq!(world.page.browser.run::<Value>("return window.told").await, "hello");
        assert!(outside(world).await.shown, "sending opens");
        push("chat.prefill('a draft')").await;
        until_inside(world, "it is in the composer", |chat| chat.draft == "a draft").await;
        push("chat.toggle()").await;
        until_outside(world, "it is closed", |page| !page.shown).await;
        push("chat.open()").await;
        until_outside(world, "it is open", |page| page.shown).await;

        let style = "document.documentElement.style.setProperty('--chat-accent', 'rgb(1, 2, 3)')";
        world.page.browser.act(style).await;
        until_inside(world, "the page's colour is the frame's", |chat| chat.accent.trim() == "rgb(1, 2, 3)").await;

        let token = "chat.identify({ id: 'somebody', userToken: () => { window.asked = true; return 'no-good' } })";
        push(token).await;
        until("the page is asked for a token", async || {
            world.page.browser.run::<bool>("return window.asked === true").await.then_some(())
        })
        .await;
        push("chat.destroy()").await;
        until("its connection ends", async || (world.observed().sockets_open == 0).then_some(())).await;
        assert!(world.page.browser.run::<bool>("return !document.querySelector('secondme-chat')").await);
        // The end looks at an element again.
        world.page.browser.act("document.body.append(document.createElement('secondme-chat'))").await;
    });
}

#[test]
fn a_frame_follows_the_pages_dark_class_and_fills_a_phone() {
    on_page(&[], &tag("data-mode='frame' data-dark-class='night'"), async |world| {
        world.page.browser.act("document.body.classList.add('night')").await;
        opened(world).await;
        until_inside(world, "it is dark", |chat| chat.theme == "dark").await;
        pictures::keep(&world.page, "in a frame, dark").await;
        world.page.browser.act("document.body.classList.remove('night')").await;
        until_inside(world, "it is light", |chat| chat.theme == "light").await;
        world.page.browser.set_viewport(390, 844, true).await;
        until_outside(world, "it has the screen to itself", |page| page.place == [0, 0, 390, 844]).await;
        pictures::keep(&world.page, "in a frame, on a phone").await;
        assert_eq!(overflow(world).await, "hidden", "the page behind it stands still");
        world.page.browser.act("SecondMeChat.push((chat) => chat.close())").await;
        until_outside(world, "it is closed", |page| !page.shown).await;
        assert_eq!(overflow(world).await, "visible");
    });
}

/// A way back that the browser is on is nobody's wish to close what is opened meanwhile, be it another frame or the same.
#[test]
fn a_frame_that_is_opened_while_the_browser_goes_back_stays_open() {
    let ways = [
        "one.destroy(); two.open()",
        "closed.then(() => two.open()); one.close()",
        "closed.then(() => one.open()); one.close(); window.two = one",
    ];
    let html = format!("<secondme-chat {FRAME}></secondme-chat>{}", tag(FRAME));
    on_page(&[], &html, async |world| {
        let browser = &world.page.browser;
        browser.set_viewport(390, 844, true).await;
        for way in ways {
            world.page.reload().await;
            let chats = "[window.two, window.one] = document.querySelectorAll('secondme-chat'); return Boolean(one)";
            until("both are on the page", async || browser.run::<bool>(chats).await.then_some(())).await;
            browser.act("window.moves = 0; addEventListener('popstate', () => moves++)").await;
            let index = tab(world).await.index;
            browser.act("two.open()").await;
            until_tab(world, "the second has a frame", |tab| tab.open && tab.index == index + 1).await;
            browser.act("two.close()").await;
            until_tab(world, "which is closed", |tab| !tab.open && tab.moves == 1).await;
            browser.act("one.open()").await;
            until_tab(world, "the first has the screen", |tab| tab.index == index + 1).await;

            let closed = "const closed = new Promise((done) => one.on('close', done));";
            browser.act(&format!("{closed} {way}")).await;
            until_tab(world, way, |tab| tab.open && tab.moves == 2 && tab.index == index + 1).await;
            browser.client.back().await.unwrap();
            let end = until_tab(world, "back closes it", |tab| !tab.open && tab.moves == 3).await;
            assert_eq!(end.index, index, "{way}");
            until("the page can be scrolled", async || (overflow(world).await == "visible").then_some(())).await;
        }
    });
}

#[test]
fn a_page_that_goes_on_from_a_frame_is_not_called_back() {
    let ways = [
        ("to a further entry", "chat.destroy(); history.pushState(null, '', '?on')"),
        ("in the frame's own", "history.replaceState(null, '', '?on'); chat.destroy()"),
    ];
    on_page(&[], &tag(FRAME), async |world| {
        let browser = &world.page.browser;
        browser.set_viewport(390, 844, true).await;
        for (name, way) in ways {
            world.page.visit(&format!("{PAGE}/?{}", name.len())).await;
            let index = async || browser.run::<i32>("return navigation.currentEntry.index").await;
            let before = index().await;
            browser.act("window.chat = document.querySelector('secondme-chat'); chat.open()").await;
            until("the frame has an entry", async || (index().await > before).then_some(())).await;
            browser.act(way).await;
            // This way back comes after whatever was begun before it.
            let back = "history.pushState(null, '', '?further');
                return navigation.back().finished.then(() => location.search)";
            assert_eq!(browser.run::<String>(back).await, "?on", "{name}");
        }
    });
}

/// Where the tab stands in its history, how often it was led elsewhere in it, and whether the second chat is open.
const TAB: &str = "return { index: navigation.currentEntry.index, moves, open: two.state.open }";

#[derive(Debug, Deserialize)]
struct Tab {
    index: i32,
    moves: u32,
    open: bool,
}

async fn tab(world: &World) -> Tab {
    world.page.browser.run(TAB).await
}

async fn until_tab(world: &World, what: &str, seen: impl Fn(&Tab) -> bool) -> Tab {
    until(what, async || Some(tab(world).await).filter(&seen)).await
}

/// Whether the page behind can be scrolled.
async fn overflow(world: &World) -> String {
    world.page.browser.run("return getComputedStyle(document.body).overflow").await
}

#[test]
fn a_frame_that_is_moved_goes_on() {
    on_page(&[], &tag(FRAME), async |world| {
        opened(world).await;
        world.page.say("hello").await;
        let whole = |chat: &Inside| chat.messages == ["avatar complete", "visitor sent", "avatar complete"];
        until_inside(world, "it is answered", whole).await;
        world
            .page
            .browser
            .act("document.body.append(document.createElement('main')); document.querySelector('main').append(document.querySelector('secondme-chat'))")
            .await;
        until_inside(world, "the conversation is there again", whole).await;
        assert!(outside(world).await.shown, "it is still open");
        assert_eq!(world.observed().sessions.len(), 1);
    });
}

/// `frame-ancestors` follows the allow-list: others' pages cannot put the chat behind their own.
#[test]
fn a_page_that_is_not_listed_has_no_frame() {
    test(Setup::default(), async |world| {
        world.wire.name("elsewhere.localhost", crate::site::serve_pages().await);
        let more = "data-mode%3Dframe";
        let chat = world.url("/chat");
        world.page.visit(&format!("http://elsewhere.localhost/plain?chat={chat}&more={more}")).await;
        world.page.click("[part~=launcher]").await;
        let chat = world.page.until("the visitor is told", |chat| !chat.alert.is_empty()).await;
        assert_eq!(chat.alert, "The chat could not be loaded. Please try again.");
        assert_eq!(world.observed().init_requests, 0);
    });
}
