//! Where the visitor writes: what sends, what breaks the line, what belongs to an input method, and how long is too long.

use serde_json::json;

use crate::page::{ENTER, SHIFT};
use crate::world::{Setup, World, test};

#[test]
fn shift_and_enter_break_the_line() {
    open_chat(async |world| {
        world.page.browser.type_keys("one").await;
        world.page.browser.type_chord(SHIFT, ENTER).await;
        world.page.browser.type_keys("two").await;
        let chat = world.page.until("both lines are written", |chat| chat.draft == "one\ntwo").await;
        assert_eq!(chat.of("visitor").len(), 0);
        world.page.browser.type_keys(&ENTER.to_string()).await;
        let chat = world.page.until_answered("one\ntwo").await;
        assert_eq!(chat.draft, "");
        assert_eq!(world.observed().sessions[0].messages, ["one\ntwo"]);
    });
}

/// Browsers differ in what they say about the Enter that ends a composition: Chromium that it composes and the key code
/// 229, Firefox the former alone, Safari the latter alone.
#[test]
fn the_enter_of_an_input_method_sends_nothing() {
    open_chat(async |world| {
        let note = "window.enters = [];
            document.querySelector('secondme-chat').addEventListener('keydown', (event) =>
                window.enters.push([event.key, event.isComposing, event.keyCode]))";
        world.page.browser.act(note).await;
        let composing = json!({ "text": "にほんご", "selectionStart": 4, "selectionEnd": 4 });
        world.page.browser.devtools("Input.imeSetComposition", composing).await;
        press_enter(world, 229).await;
        press_enter(world, 13).await;
        world.page.browser.devtools("Input.insertText", json!({ "text": "日本語" })).await;
        world.page.until("the composition has ended", |chat| chat.draft == "日本語").await;
        press_enter(world, 229).await;
        let enters: Vec<(String, bool, u32)> = world.page.browser.run("return window.enters").await;
        let expected = [(true, 229), (true, 13), (false, 229)];
        assert_eq!(enters, expected.map(|(composing, code)| ("Enter".to_owned(), composing, code)));
        let chat = world.page.snapshot().await.unwrap();
        assert_eq!((chat.draft.as_str(), chat.of("visitor").len()), ("日本語", 0));

        world.page.say("のノート").await;
        world.page.until_answered("日本語のノート").await;
        assert_eq!(world.observed().sessions[0].messages, ["日本語のノート"]);
    });
}

/// Counted as people count: each of these is two units of a browser's text, and four bytes.
#[test]
fn ten_thousand_characters_are_sent_and_one_more_is_not() {
    open_chat(async |world| {
        let limit = "🖋".repeat(10_000);
        write(world, &limit[4 * 501..]).await;
        let chat = world.page.until("nearly all is written", |chat| chat.draft.len() == 4 * 9_499).await;
        assert_eq!((chat.sendable, chat.counter.as_str()), (true, ""), "far from the limit nothing is counted");
        write(world, &limit[..4 * 502]).await;
        let chat = world.page.until("too much is written", |chat| chat.draft.len() == 4 * 10_001).await;
        assert_eq!((chat.sendable, chat.counter.as_str()), (false, "1 character too many"));
        world.page.browser.type_keys(&ENTER.to_string()).await;

        world.page.browser.type_keys("\u{e003}").await;
        let chat = world.page.until("the last one is deleted", |chat| chat.draft == limit).await;
        assert_eq!((chat.sendable, chat.counter.as_str()), (true, "10,000 / 10,000"));
        assert_eq!(chat.of("visitor").len(), 0, "Enter did not send what is too long");
        world.page.browser.type_keys(&ENTER.to_string()).await;
        world.page.until_answered(&limit).await;
        assert_eq!(world.observed().sessions[0].messages, [limit]);
    });
}

#[test]
fn blank_text_is_not_sent() {
    open_chat(async |world| {
        let chat = world.page.snapshot().await.unwrap();
        assert!(!chat.sendable, "nothing is written");
        world.page.say("   ").await;
        world.page.browser.type_chord(SHIFT, ENTER).await;
        let chat = world.page.until("only blanks are written", |chat| chat.draft == "   \n").await;
        assert!(!chat.sendable);
        world.page.browser.type_keys(&ENTER.to_string()).await;
        let chat = world.page.ask("hello").await;
        assert_eq!(chat.of("visitor").len(), 1);
        assert_eq!(world.observed().sessions[0].messages, ["hello"], "without the blanks around it");
    });
}

#[test]
fn the_button_sends_and_gives_the_focus_back() {
    open_chat(async |world| {
        world.page.browser.type_keys("hello").await;
        world.page.until("there is something to send", |chat| chat.sendable).await;
        world.page.click("[part~=send]").await;
        let chat = world.page.until_answered("hello").await;
        assert_eq!(chat.focus, "input");
    });
}

fn open_chat(then: impl AsyncFnOnce(&mut World)) {
    test(Setup::default(), async |world| {
        world.visit_shop().await;
        world.page.open().await;
        then(world).await;
    });
}

/// A key stroke that an input method has taken for itself: it makes no character.
async fn press_enter(world: &World, key_code: u32) {
    let stroke =
        |kind: &str| json!({ "type": kind, "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": key_code });
    for kind in ["rawKeyDown", "keyUp"] {
        world.page.browser.devtools("Input.dispatchKeyEvent", stroke(kind)).await;
    }
}

async fn write(world: &World, text: &str) {
    world.page.browser.devtools("Input.insertText", json!({ "text": text })).await;
}
