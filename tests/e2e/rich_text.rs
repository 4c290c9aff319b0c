//! Replies are rich text while they stream: the right elements and no others, nothing half-written to be seen, and what is
//! finished is left alone. Without the module for it there is plain text.

use std::time::Duration;

use secondme_sim::{Script, Settings, reply_to};
use serde_json::json;

use crate::markdown::read;
use crate::page::AVATAR;
use crate::snapshot::Snapshot;
use crate::tabs::until_paused;
use crate::until::until;
use crate::world::{Setup, World, test};

/// Everything that a reply can hold.
const ALL: &str = r#"## Paper

It is *laid*, **thick** and ~~cheap~~ `A5`, see [the mill](https://mill.example/paper "Since 1690") or https://mill.example.

- [x] sewn
- linen
    1. waxed

| Paper | Weight |
|---|---:|
| Ivory | **100** g |

> lies flat

```rust
fn pages() -> u32 {
    192 // **bold**
}
```

![a notebook](https://images.example/notebook.png)

<div onclick="window.harmed=1">raw</div>

That is <i>all</i>."#;

/// What becomes of it, the addresses as the browser writes them.
const DRAWN: &str = concat!(
    r#"<h4 dir="auto">Paper</h4>"#,
    r#"<p dir="auto">It is <em>laid</em>, <strong>thick</strong> and <del>cheap</del> <code>A5</code>, see "#,
    r#"<a href="https://mill.example/paper" rel="noopener noreferrer nofollow ugc" target="_blank" title="Since 1690">the mill</a> or "#,
    r#"<a href="https://mill.example/" rel="noopener noreferrer nofollow ugc" target="_blank">https://mill.example</a>.</p>"#,
    r#"<ul dir="auto"><li><input type="checkbox" disabled="" checked="" aria-label="Done">sewn</li>"#,
    r#"<li>linen<ol><li>waxed</li></ol></li></ul>"#,
    r#"<div class="table" tabindex="0" dir="auto"><table><thead><tr><th>Paper</th><th class="right">Weight</th></tr></thead>"#,
    r#"<tbody><tr><td>Ivory</td><td class="right"><strong>100</strong> g</td></tr></tbody></table></div>"#,
    r#"<blockquote dir="auto"><p>lies flat</p></blockquote>"#,
    r#"<div class="code"><div class="code-bar"><span class="code-language">rust</span>"#,
    r#"<button class="code-copy" type="button" data-copied="Copied">Copy</button></div>"#,
    r#"<pre tabindex="0" dir="ltr"><code>fn pages() -&gt; u32 {
    192 // **bold**
}
</code></pre></div>"#,
    r#"<p dir="auto"><a href="https://images.example/notebook.png" rel="noopener noreferrer nofollow ugc" target="_blank">a notebook</a></p>"#,
    r#"<p class="source" dir="auto">&lt;div onclick="window.harmed=1"&gt;raw&lt;/div&gt;</p>"#,
    r#"<p dir="auto">That is &lt;i&gt;all&lt;/i&gt;.</p>"#,
);

/// What a screen reader is told of it.
const READ_OUT: &str = "Paper It is laid, thick and cheap A5, see the mill or https://mill.example. sewn linen waxed \
Paper Weight Ivory 100 g lies flat rust fn pages() -> u32 { 192 // **bold** } a notebook \
<div onclick=\"window.harmed=1\">raw</div> That is <i>all</i>.";

/// How the newest message is drawn.
const NEWEST: &str = "const root = document.querySelector('secondme-chat').shadowRoot;
const bubble = [...root.querySelectorAll('[part~=bubble]')].at(-1);";

#[test]
fn a_reply_streams_into_the_right_elements_and_nothing_half_written_is_seen() {
    test(finely_cut(), async |world| {
        world.begin().await;
        world.next_reply_says(ALL);
        world.page.say("Which paper?").await;
        let done = |chat: &Snapshot| chat.messages.len() == 5 && chat.newest_reply("complete").is_some();
        world.page.until("the reply is complete", done).await;
        let drawn: String = world.page.browser.run(&format!("{NEWEST} return bubble.innerHTML")).await;
        assert_eq!(drawn, DRAWN);
        let told = "const told = document.querySelector('secondme-chat').shadowRoot.querySelector('[role=status] > p:last-child');
            return told?.textContent ?? ''";
        assert_eq!(world.page.browser.run::<String>(told).await, READ_OUT);

        let history = world.page.history().await;
        let states = history.iter().filter_map(|chat| chat.messages.get(4)).filter(|state| !state.text.is_empty());
        let states: Vec<_> = states.collect();
        assert!(states.len() >= 20, "the reply came in {} steps", states.len());
        assert!(states.iter().all(|state| state.rich), "it was rich from its first letter");
        let whole = states.last().unwrap().text.clone();
        // A mark that is seen for a moment would have to be read in the end.
        let strange = states.iter().find(|state| !whole.starts_with(state.text.trim_end()));
        assert_eq!(strange.map(|state| &state.text), None, "each state is a beginning of the last");
    });
}

/// The reply pauses in the middle, and its reader uses what is there.
#[test]
fn finished_blocks_keep_their_nodes_and_what_is_selected_in_them() {
    const PREPARE: &str = "const first = bubble.firstElementChild;
        window.kept = [...bubble.children].slice(0, -1);
        root.getSelection().selectAllChildren(first);
        return [kept.length, `${root.getSelection()}`]";
    const LATER: &str = "return [kept.length, kept.every((node, index) => bubble.children[index] === node) &&
        bubble.children.length > kept.length + 1, `${root.getSelection()}`]";
    // Five pieces come before the pause.
    let secondme = Settings { chunk_chars: 120, ..Default::default() };
    test(Setup { secondme, ..Setup::default() }, async |world| {
        world.begin().await;
        let script = Script { text: Some(ALL.into()), ..Script::default() };
        let script = script.with(&["pause=3000".parse().unwrap()]);
        world.secondme().next_replies(1, script);
        world.page.say("Which paper?").await;
        until_paused(world).await;
        let (kept, selected): (usize, String) = world.page.browser.run(&format!("{NEWEST} {PREPARE}")).await;
        assert!(kept >= 2 && selected.trim() == "Paper", "{kept} {selected:?}");
        world.page.until("the reply is complete", |chat| chat.newest_reply("complete").is_some()).await;
        let later: (usize, bool, String) = world.page.browser.run(&format!("{NEWEST} {LATER}")).await;
        assert_eq!(later, (kept, true, selected));
    });
}

#[test]
fn hostile_texts_of_avatar_and_owner_become_nothing_but_what_is_allowed() {
    const HOSTILE: &[&str] = &[
        "<img src=x onerror=\"window.harmed=1\">",
        "<script>window.harmed=1</script>",
        "</div></section><svg onload=window.harmed=1><iframe src='javascript:parent.harmed=1'></iframe>",
        "<style>*{display:none}</style><link rel=stylesheet href=//evil.example/x.css>",
        "[a](javascript:window.harmed=1) [b](JaVaScRiPt:window.harmed=1) [c](&#106;avascript:window.harmed=1)",
        "[a](data:text/html,<script>window.harmed=1</script>) [b](vbscript:harmed) [c](blob:https://evil.example/1)",
        "[a](java\tscript:window.harmed=1) [b](\u{1}javascript:window.harmed=1) <javascript:window.harmed=1>",
        "![a](javascript:window.harmed=1) ![b](data:image/svg+xml,<svg/onload=window.harmed=1>)",
        "![a](https://evil.example/x.png) ![b](//evil.example/x.png) ![c](https://evil.example/x.png \"onload=1\")",
        "[a]: javascript:window.harmed=1\n\n[a] ![a]",
        "```\"><img src=x onerror=window.harmed=1>\n</code></pre><script>window.harmed=1</script>\n```",
        "| <script>window.harmed=1</script> |\n|---|\n| <img src=x onerror=window.harmed=1> |",
        "[x](https://example.org/\"onmouseover=\"window.harmed=1)",
    ];
    const FOUND: &str = "const allowed = new Set(['P','H3','H4','H5','H6','UL','OL','LI','BLOCKQUOTE','HR','EM','STRONG','DEL',
            'CODE','BR','DIV','SPAN','BUTTON','PRE','TABLE','THEAD','TBODY','TR','TH','TD','INPUT','A']);
        const names = new Set(['class','dir','tabindex','type','data-copied','disabled','checked','aria-label','start','title',
            'href','rel','target']);
        const root = document.querySelector('secondme-chat').shadowRoot;
        return [...root.querySelectorAll('[part~=bubble] *')].flatMap((element) => [
            ...(allowed.has(element.tagName) ? [] : [element.tagName]),
            ...[...element.attributes].map(({ name }) => name).filter((name) => !names.has(name)),
            ...(element.hasAttribute('href') && !/^(https?|mailto|tel):/.test(element.href) ? [element.href] : []),
        ])";
    test(finely_cut(), async |world| {
        world.begin().await;
        for (count, text) in HOSTILE.iter().enumerate() {
            world.next_reply_says(text);
            world.page.say("a gift").await;
            let told =
                |chat: &Snapshot| chat.messages.len() == 5 + 3 * count && chat.newest_reply("complete").is_some();
            world.page.until(text, told).await;
            world.secondme().owner_says(None, text).unwrap();
            world.page.until("the owner has said it", |chat| chat.messages.len() == 6 + 3 * count).await;
        }
        let chat = world.page.until("all of it is drawn", Snapshot::is_rich).await;
        assert!(chat.messages.iter().filter(|message| message.rich).count() > HOSTILE.len());
        let found: Vec<String> = world.page.browser.run(FOUND).await;
        assert_eq!(found, [""; 0]);
        assert!(!world.page.browser.run::<bool>("return 'harmed' in window").await);
        // The world itself fails where anything was asked of evil.example.
    });
}

#[test]
fn a_picture_of_another_host_is_a_link_unless_the_site_names_the_host() {
    const PICTURES: &str = "![one](https://images.example/1.png) ![two](https://other.example/2.png)";
    const SEEN: &str =
        "return [...bubble.querySelectorAll('a, img')].map((it) => `${it.localName} ${it.src ?? it.href}`)";
    for (images, first) in [("", "a"), ("cdn.example%20images.example", "img")] {
        let setup =
            Setup { secondme: Settings { opening: Some(PICTURES.into()), ..Default::default() }, ..Setup::default() };
        test(setup, async |world| {
            // Nothing of that name answers, but the page may ask it.
            world.wire.name("images.example", world.socket_server());
            world.page.visit(&world.url(&format!("/plain?images={images}"))).await;
            world.page.open().await;
            world.page.until("the greeting is rich", |chat| !chat.messages.is_empty() && chat.is_rich()).await;
            let seen: Vec<String> = world.page.browser.run(&format!("{NEWEST} {SEEN}")).await;
            assert_eq!(seen, [format!("{first} https://images.example/1.png"), "a https://other.example/2.png".into()]);
        });
    }
}

#[test]
fn without_its_module_the_chat_is_plain_and_the_next_opening_tries_again() {
    test(Setup::default(), async |world| {
        world.page.browser.devtools("Network.enable", json!({})).await;
        block(world, &["*/chat-markdown-*"]).await;
        world.visit_shop().await;
        world.page.open().await;
        let chat = world.page.ask("shipping").await;
        assert!(chat.messages.iter().all(|message| !message.rich), "{chat:#?}");
        world.check_dialogue(&chat, &["shipping"]);
        assert_eq!(chat.alert, "", "nobody misses what is not there");

        block(world, &[]).await;
        world.page.browser.act("SecondMeChat.push((chat) => chat.close())").await;
        world.page.until("the panel is closed", |chat| !chat.open).await;
        world.page.open().await;
        let chat = world.page.until("what was plain is rich", |chat| chat.messages[0].rich && chat.is_rich()).await;
        world.check_dialogue(&chat, &["shipping"]);
        let chat = world.page.ask("a gift").await;
        assert!(chat.is_rich());
        world.check_dialogue(&chat, &["shipping", "a gift"]);
    });
}

#[test]
fn the_module_is_asked_for_after_the_first_opening_and_once() {
    test(Setup::default(), async |world| {
        world.visit_shop().await;
        // The chat itself is there before it is opened.
        world.page.browser.act("SecondMeChat.push((chat) => chat.prefill(''))").await;
        until("the chat is there", async || asked(world, "_bg.wasm").first().cloned()).await;
        assert_eq!(asked(world, "chat-markdown-"), [""; 0]);
        world.page.open().await;
        world.page.until("texts are rich", |chat| !chat.messages.is_empty() && chat.is_rich()).await;
        world.page.browser.act("SecondMeChat.push((chat) => chat.close())").await;
        world.page.until("the panel is closed", |chat| !chat.open).await;
        world.page.open().await;
        world.page.ask("hello").await;
        let asked = asked(world, "chat-markdown-");
        assert_eq!(asked.len(), 2, "its script and its program: {asked:?}");
    });
}

#[test]
fn the_longest_reply_reads_the_same() {
    let secondme = Settings { chunk_chars: 12, chunk_interval: Duration::from_millis(10), ..Default::default() };
    test(Setup { secondme, ..Setup::default() }, async |world| {
        world.begin().await;
        let chat = world.page.ask("long").await;
        let newest = chat.messages.last().unwrap();
        assert!(newest.rich && newest.text.lines().count() > 30);
        world.check_dialogue(&chat, &["hello", "long"]);
        let whole = read(&reply_to("long", AVATAR));
        let history = world.page.history().await;
        let strange =
            history.iter().filter_map(|chat| chat.messages.get(4)).find(|it| !whole.starts_with(it.text.trim_end()));
        assert_eq!(strange.map(|it| &it.text), None, "each state is a beginning of the whole");
    });
}

fn asked(world: &World, name: &str) -> Vec<String> {
    world.wire.requests().into_iter().filter(|request| request.contains(name)).collect()
}

async fn block(world: &World, urls: &[&str]) {
    world.page.browser.devtools("Network.setBlockedURLs", json!({ "urls": urls })).await;
}

/// A reply in very small pieces, so that every mark is cut somewhere.
fn finely_cut() -> Setup {
    let secondme = Settings { chunk_chars: 2, chunk_interval: Duration::from_millis(8), ..Default::default() };
    Setup { secondme, ..Setup::default() }
}
