//! When texts become rich: what was there before the module, what streams meanwhile, and what happens where it fails. What
//! they look like then is chat-markdown's.

use serde_json::json;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_test::wasm_bindgen_test;

use super::page::{Page, bubble_of};
use super::world::{Socket, World, settle, until};

#[wasm_bindgen(module = "/tests/web/rich_text.js")]
extern "C" {
    #[wasm_bindgen(js_name = RichTexts)]
    type Script;
    #[wasm_bindgen(constructor, js_class = RichTexts)]
    fn new() -> Script;
    #[wasm_bindgen(method)]
    fn end(this: &Script);
    #[wasm_bindgen(method)]
    fn slices(this: &Script) -> Vec<String>;
    #[wasm_bindgen(method)]
    fn finished(this: &Script) -> Vec<String>;
    #[wasm_bindgen(method)]
    fn hold(this: &Script);
    #[wasm_bindgen(method)]
    fn release(this: &Script);
    #[wasm_bindgen(method)]
    fn fail(this: &Script);
}

/// The module of one test; it goes with the test.
struct RichTexts(Script);

impl RichTexts {
    fn new() -> Self {
        Self(Script::new())
    }

    /// What has become rich so far, in order.
    fn begun(&self) -> Vec<String> {
        self.0
            .slices()
            .iter()
            .flat_map(|slice| slice.split('|'))
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
            .collect()
    }
}

impl Drop for RichTexts {
    fn drop(&mut self) {
        self.0.end();
    }
}

#[wasm_bindgen_test]
async fn a_conversation_that_is_back_becomes_rich_newest_first_and_a_few_at_a_time() {
    const COUNT: usize = 60;
    let world = World::new();
    let page = Page::talking(&world).await;
    for number in 1..COUNT {
        owner_says(&world.socket(), &format!("message {number}"));
    }
    until("all have come", || page.messages().len() == COUNT).await;
    drop(page);

    let texts = RichTexts::new();
    let page = Page::closed(&world);
    page.chat.open();
    until("all are rich", || page.all(".rich").len() == COUNT).await;
    let slices = texts.0.slices();
    assert!(slices.iter().all(|slice| slice.split('|').count() <= 5), "{slices:?}");
    let mut newest_first: Vec<_> = (1..COUNT).rev().map(|number| format!("message {number}")).collect();
    newest_first.push("Hello, I am Mira.".into());
    // One of those that come at the same time has to wait for nobody.
    let begun = texts.begun();
    let at_once = slices.iter().find(|slice| !slice.is_empty()).filter(|slice| !slice.contains('|')).cloned();
    newest_first.retain(|text| at_once.as_ref() != Some(text));
    let waited: Vec<_> = begun.iter().filter(|text| at_once.as_ref() != Some(text)).cloned().collect();
    assert_eq!(waited, newest_first);
    settle().await;
    let scroller = page.find("[part=transcript]");
    let below = scroller.scroll_height() - scroller.scroll_top() - scroller.client_height();
    assert!(below <= 1, "the newest is in sight: {below} px lie below");
}

#[wasm_bindgen_test]
async fn a_reply_that_began_plain_goes_on_rich_and_is_finished_once() {
    let world = World::new();
    let texts = RichTexts::new();
    texts.0.hold();
    let page = Page::talking(&world).await;
    world.socket().chunk(0, "One ");
    page.newest("avatar streaming: One ").await;
    settle().await;
    assert_eq!(page.all(".rich").len(), 0, "nothing waits for the module");
    texts.0.release();
    until("both texts are rich", || page.all(".rich").len() == 2).await;
    world.socket().chunk(1, "two ");
    page.newest("avatar streaming: One two ").await;
    world.socket().chunk(2, "three");
    world.socket().end_reply();
    page.newest("avatar complete: One two three").await;
    page.say("Mine, **not** rich");
    page.newest("visitor sent: Mine, **not** rich").await;
    world.socket().chunk(-1, "Four");
    page.newest("avatar complete: Four").await;
    let finished = texts.0.finished();
    assert_eq!(finished.iter().filter(|text| text.starts_with("Four {")).count(), 1, "{finished:?}");
    let options = r#"{"imageHosts":[],"copy":"Copy","copied":"Copied","done":"Done","open":"Not done"}"#;
    assert!(finished.iter().all(|text| text.ends_with(options)), "{finished:?}");
    assert!(!texts.begun().iter().any(|text| text.contains("Mine")));
}

#[wasm_bindgen_test]
async fn a_module_that_fails_costs_no_word() {
    let world = World::new();
    let texts = RichTexts::new();
    let page = Page::talking(&world).await;
    until("the greeting is rich", || page.all(".rich").len() == 1).await;
    world.socket().chunk(0, "**One");
    page.newest("avatar streaming: **One").await;
    assert_eq!(page.all(".rich").len(), 2);
    texts.0.fail();
    world.socket().chunk(1, "** two");
    page.newest("avatar streaming: **One** two").await;
    world.socket().chunk(2, " three");
    world.socket().end_reply();
    page.newest("avatar complete: **One** two three").await;
    assert_eq!(page.all(".rich").len(), 1);
    let bubble = bubble_of(page.all("[part=message]").last().unwrap());
    assert_eq!((bubble.child_element_count(), bubble.get_attribute("dir").as_deref()), (0, Some("auto")));
}

fn owner_says(socket: &Socket, text: &str) {
    let data = json!([{"singleDataType": "text", "modal": {"answer": text}}]);
    socket.push(&json!({"sender": "client", "sendUserId": "owner", "multipleData": data}));
}
