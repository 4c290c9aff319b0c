//! However the script comes onto a page, and however often, there is one chat, and it lives as long as the page wants it.

use crate::until::until;
use crate::world::{Setup, World, test};

const COUNT: &str = "return document.querySelectorAll('secondme-chat').length";
/// What a tag manager does, long after the page was loaded.
const INJECT: &str = "return new Promise((done) => {
    const script = document.createElement('script');
    script.src = '/chat/widget.js';
    script.onload = done;
    document.head.append(script);
})";

async fn count(world: &World) -> usize {
    world.page.browser.run(COUNT).await
}

async fn check_chat(world: &World, question: &str) {
    world.page.open().await;
    let chat = world.page.ask(question).await;
    assert_eq!(chat.alert, "");
    assert_eq!(count(world).await, 1);
}

#[test]
fn a_tag_that_is_there_twice_draws_one_chat() {
    test(Setup::default(), async |world| {
        let tag = r#"<script src="/chat/widget.js"></script>"#;
        let queue = "<script>window.SecondMeChat = window.SecondMeChat || []; \
                     SecondMeChat.push((chat) => chat.on('open', () => { window.opened = (window.opened ?? 0) + 1 }))</script>";
        world.visit_page(&format!("{queue}{tag}{tag}<script defer src=\"/chat/widget.js\"></script>")).await;
        check_chat(world, "hello").await;
        assert_eq!(world.page.browser.run::<u32>("return window.opened").await, 1);
        assert_eq!(world.observed().init_requests, 1);
    });
}

#[test]
fn a_tag_that_is_put_in_late_draws_its_chat() {
    test(Setup::default(), async |world| {
        world.page.browser.client.goto(&world.url("/page?html=text")).await.unwrap();
        assert_eq!(count(world).await, 0);
        world.page.browser.act("window.SecondMeChat = [(chat) => chat.prefill('from before')]").await;
        world.page.browser.act(INJECT).await;
        let chat = world.page.until("what was asked before is done", |chat| chat.draft == "from before").await;
        assert!(!chat.open);
        world.page.open().await;
        assert_eq!(world.page.snapshot().await.unwrap().draft, "from before");
        assert_eq!(count(world).await, 1);
    });
}

/// Some tag managers run a script's text themselves, and the browser then knows of no current script.
#[test]
fn a_script_that_does_not_know_its_tag_finds_it() {
    test(Setup::default(), async |world| {
        world.page.browser.client.goto(&world.url("/page?html=text")).await.unwrap();
        let run = "const tag = document.createElement('script');
            tag.type = 'text/plain';
            tag.src = '/chat/widget.js';
            tag.dataset.side = 'left';
            document.head.append(tag);
            return fetch(tag.src).then((answer) => answer.text()).then((text) => { (0, eval)(text) })";
        world.page.browser.act(run).await;
        check_chat(world, "hello").await;
        let left = "return document.querySelector('secondme-chat').getBoundingClientRect().left < 100";
        assert!(world.page.browser.run::<bool>(left).await, "with the attributes of its tag");
    });
}

#[test]
fn a_single_page_app_keeps_its_chat_and_brings_it_back() {
    test(Setup::default(), async |world| {
        let act = async |script: &str| world.page.browser.act(script).await;
        world.visit_page(r#"<main>first</main><script async src="/chat/widget.js"></script>"#).await;
        check_chat(world, "hello").await;
        for view in ["second", "third"] {
            act(&format!(
                "history.pushState(null, '', '/page/{view}'); document.querySelector('main').textContent = '{view}'"
            ))
            .await;
        }
        act("history.back()").await;
        let chat = world.page.ask("a gift").await;
        world.check_dialogue(&chat, &["hello", "a gift"]);
        assert_eq!((world.observed().init_requests, world.observed().sockets_opened), (1, 1), "a view is not a page");

        // A view that moves the element, be it in one piece or in two.
        act("document.querySelector('main').append(document.querySelector('secondme-chat'))").await;
        assert!(world.page.snapshot().await.unwrap().open);
        assert_eq!(world.observed().sockets_open, 1);

        // A router that puts a whole new body in the place of the old one, and the tag in it.
        act("document.body.replaceChildren(document.createElement('main'))").await;
        until("its connection ends", async || (world.observed().sockets_open == 0).then_some(())).await;
        assert_eq!(count(world).await, 0);
        act(INJECT).await;
        let chat = world.page.until("it is there again", |chat| !chat.open && !chat.launcher.is_empty()).await;
        assert!(chat.messages.is_empty());
        world.page.open().await;
        let chat = world.page.until("the conversation is there", |chat| chat.messages.len() == 5).await;
        world.check_dialogue(&chat, &["hello", "a gift"]);

        act("SecondMeChat.push((chat) => chat.destroy())").await;
        until("it is gone", async || (count(world).await == 0).then_some(())).await;
        act(INJECT).await;
        world.page.until("a second start", |chat| !chat.launcher.is_empty()).await;
        check_chat(world, "shipping").await;
    });
}
