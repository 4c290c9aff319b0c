//! The avatar's replies: they grow where they stand, whatever the rate, and the visitor sees that one is awaited.

use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use super::page::{Page, bubble_of};
use super::world::{World, Writes, settle, until};

#[wasm_bindgen_test]
async fn a_reply_grows_chunk_by_chunk() {
    let world = World::new();
    let page = Page::talking(&world).await;
    let socket = world.socket();
    let mut text = String::new();
    for (index, chunk) in ["Hel", "lo, wh", "at a", " day 👩‍", "👧"].into_iter().enumerate() {
        socket.chunk(i64::try_from(index).unwrap(), chunk);
        text += chunk;
        page.newest(&format!("avatar streaming: {text}")).await;
    }
    socket.end_reply();
    page.newest(&format!("avatar complete: {text}")).await;
    assert_eq!(page.messages().len(), 2);
}

#[wasm_bindgen_test]
async fn a_burst_lands_whole_and_in_order_in_few_writes() {
    let world = World::new();
    let page = Page::talking(&world).await;
    let socket = world.socket();
    socket.chunk(0, "0 ");
    page.newest("avatar streaming: 0 ").await;
    let writes = Writes::new(&page.find("[part=panel]"));
    socket.burst((1..2_000).map(|index| (index, format!("{index} ")))).await;
    let text: String = (0..2_000).map(|index| format!("{index} ")).collect();
    page.newest(&format!("avatar streaming: {text}")).await;
    settle().await;
    assert!((1..100).contains(&writes.count()), "2,000 chunks made {} writes", writes.count());

    socket.end_reply();
    page.newest(&format!("avatar complete: {text}")).await;
}

#[wasm_bindgen_test]
async fn a_chunk_touches_its_own_message_and_adds_to_it() {
    let world = World::new();
    let page = Page::talking(&world).await;
    let socket = world.socket();
    page.say("Hi");
    page.newest("visitor sent: Hi").await;
    socket.chunk(0, "Good ");
    page.newest("avatar streaming: Good ").await;
    let texts = || {
        page.all("[part=message]").iter().map(|message| bubble_of(message).first_child().unwrap()).collect::<Vec<_>>()
    };
    let before = texts();
    assert_eq!(before.len(), 3);
    let earlier: Vec<Writes> = page.all("[part=message]").iter().take(2).map(|message| Writes::new(message)).collect();

    socket.chunk(1, "day");
    socket.end_reply();
    page.newest("avatar complete: Good day").await;
    page.say("Bye");
    page.newest("visitor sent: Bye").await;
    for (before, after) in before.iter().zip(texts()) {
        assert!(before.is_same_node(Some(&after)), "{:?} was drawn anew", after.text_content());
    }
    for writes in &earlier {
        assert_eq!(writes.count(), 0);
    }
}

#[wasm_bindgen_test]
async fn a_page_in_the_background_gets_its_replies_too() {
    let world = World::new();
    let page = Page::talking(&world).await;
    world.hide();
    world.socket().chunk(0, "Are you there?");
    settle().await;
    assert_eq!(page.messages().len(), 1);
    world.pass(0.5).await;
    page.newest("avatar streaming: Are you there?").await;
}

#[wasm_bindgen_test]
async fn the_last_frame_may_carry_text_and_a_reply_may_be_one_frame() {
    let world = World::new();
    let page = Page::talking(&world).await;
    let socket = world.socket();
    socket.chunk(0, "One ");
    socket.chunk(-1, "and all.");
    page.newest("avatar complete: One and all.").await;
    socket.chunk(-1, "In one piece.");
    page.newest("avatar complete: In one piece.").await;
    // An end without a beginning says nothing.
    socket.end_reply();
    settle().await;
    assert_eq!(page.messages().len(), 3);
}

#[wasm_bindgen_test]
async fn each_reply_is_a_message_of_its_own() {
    let world = World::new();
    let page = Page::talking(&world).await;
    let socket = world.socket();
    for reply in 0..3 {
        socket.chunk(0, &format!("reply {reply}"));
        socket.chunk(1, ".");
        // The end of the second one is never told.
        if reply != 1 {
            socket.end_reply();
        }
    }
    page.shows(&[
        "avatar complete: Hello, I am Mira.",
        "avatar complete: reply 0.",
        "avatar complete: reply 1.",
        "avatar complete: reply 2.",
    ])
    .await;
}

#[wasm_bindgen_test]
async fn the_visitors_own_echo_and_hints_are_no_messages() {
    let world = World::new();
    let page = Page::talking(&world).await;
    let socket = world.socket();
    page.say("Hi");
    page.newest("visitor sent: Hi").await;
    let data = |text: &str| json!([{"singleDataType": "text", "modal": {"answer": text}}]);
    socket.push(&json!({"sender": "client", "sendUserId": "v1", "index": 0, "multipleData": data("Hi")}));
    let hint = json!({"hintId": "1", "status": "RUNNING", "text": "Looking through the shelves"}).to_string();
    socket.push(&json!({"type": "hint", "sender": "umm", "index": 0, "multipleData": data(&hint)}));
    until("the hint stands beside the dots", || page.text(".waiting") == "Looking through the shelves").await;
    socket.chunk(0, "Good day");
    page.shows(&["avatar complete: Hello, I am Mira.", "visitor sent: Hi", "avatar streaming: Good day"]).await;
    assert!(!page.is_shown(".waiting"));
}

#[wasm_bindgen_test]
async fn another_persons_words_are_the_owners() {
    let world = World::new();
    let page = Page::talking(&world).await;
    let data = json!([{"singleDataType": "text", "modal": {"answer": "Mira here, <b>in person</b>"}}]);
    world.socket().push(&json!({"sender": "client", "sendUserId": "owner", "multipleData": data}));
    page.newest("owner complete: Mira here, <b>in person</b>").await;
}

#[wasm_bindgen_test]
async fn a_reply_that_fails_says_so_in_a_sentence() {
    let world = World::new();
    let page = Page::talking(&world).await;
    let data = json!([{"singleDataType": "text", "modal": {"answer": "stack trace"}}]);
    world.socket().chunk(0, "Well");
    world.socket().push(
        &json!({"type": "sys", "sender": "umm", "subCode": "session.openai.error", "index": 1, "multipleData": data}),
    );
    page.newest("avatar failed: Well").await;
    assert_eq!(page.text("[part=message] [role=alert]"), "This reply could not be written. Please ask again.");
    assert!(!page.shadow().inner_html().contains("openai") && !page.shadow().inner_html().contains("stack trace"));
}

#[wasm_bindgen_test]
async fn the_visitor_sees_that_a_reply_is_awaited_until_its_first_chunk() {
    let world = World::new();
    let page = Page::talking(&world).await;
    assert!(!page.is_shown(".waiting"));
    page.say("Hi");
    until("the dots are shown", || page.is_shown(".waiting")).await;
    assert_eq!(page.text(".waiting"), "\u{2068}Mira\u{2069} is writing…");
    world.socket().chunk(0, "Good");
    page.newest("avatar streaming: Good").await;
    assert!(!page.is_shown(".waiting"));
    world.socket().end_reply();
    page.newest("avatar complete: Good").await;
    assert!(!page.is_shown(".waiting"));
}

#[wasm_bindgen_test]
async fn a_reply_that_takes_long_is_said_to_and_still_comes() {
    let world = World::new();
    let page = Page::talking(&world).await;
    page.say("Hi");
    page.newest("visitor sent: Hi").await;
    world.pass(59.0).await;
    settle().await;
    assert_eq!(page.text(".waiting"), "\u{2068}Mira\u{2069} is writing…");
    world.pass(2.0).await;
    until("the visitor is told", || page.text(".waiting").contains("longer than usual")).await;
    assert!(page.is_shown(".waiting"));
    world.socket().chunk(0, "At last");
    page.newest("avatar streaming: At last").await;
    assert!(!page.is_shown(".waiting"));
}
