//! Who the page says is there: what the proxy is shown of it, what the browser keeps of it, and that the next person finds
//! nothing of the one before.

use serde_json::{Value, json};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use super::page::{Page, object};
use super::world::{World, settle, storage, until};

const GREETING: &str = "avatar complete: Hello, I am Mira.";
const SIGN_IN: &str = "Please sign in on this site to use the chat.";

fn identify(page: &Page, identity: &Value) {
    page.chat.identify(&object(identity)).map_err(JsValue::from).expect("the identity is taken");
}

/// An identity whose token a function of the page gives.
fn asking(give: impl FnMut() -> JsValue + 'static) -> JsValue {
    let identity = object(&json!({"id": "ada"}));
    let function = Closure::<dyn FnMut() -> JsValue>::new(give).into_js_value();
    js_sys::Reflect::set(&identity, &"siteToken".into(), &function).unwrap();
    identity
}

/// Everything that is stored, in one text.
fn stored() -> String {
    let storage = storage();
    let count = storage.length().unwrap();
    let keys = (0..count).map(|place| storage.key(place).unwrap().unwrap());
    keys.map(|key| format!("{key} = {}\n", storage.get_item(&key).unwrap().unwrap())).collect()
}

#[wasm_bindgen_test]
async fn the_proxy_is_shown_the_sites_token_and_the_browser_keeps_none() {
    let world = World::new();
    let page = Page::closed(&world);
    identify(&page, &json!({"id": "ada", "siteToken": "token-of-the-site"}));
    assert_eq!(stored(), "", "nothing is stored before the chat is first opened");
    page.open(&world).await;
    page.say("Hi");
    page.newest("visitor sent: Hi").await;
    assert_eq!(world.bodies("init")[0]["siteToken"], json!("token-of-the-site"));
    assert_eq!(world.bodies("send")[0].get("siteToken"), None);
    page.chat.close();
    drop(page);
    assert!(stored().contains("secondme-chat:person = ada\n"), "{}", stored());
    assert!(!stored().contains("token-of-the-site"), "{}", stored());
}

#[wasm_bindgen_test]
async fn secondmes_own_token_goes_with_each_message() {
    let world = World::new();
    let page = Page::closed(&world);
    identify(&page, &json!({"id": "ada", "userToken": "lba_at_1"}));
    page.open(&world).await;
    page.say("Hi");
    page.newest("visitor sent: Hi").await;
    for path in ["init", "send"] {
        assert_eq!(world.bodies(path)[0]["userToken"], json!("lba_at_1"), "{path}");
    }
}

#[wasm_bindgen_test]
async fn a_function_is_asked_for_each_init() {
    let world = World::new();
    let page = Page::closed(&world);
    let mut number = 0;
    let identity = asking(move || {
        number += 1;
        js_sys::Promise::resolve(&JsValue::from(format!("token-{number}"))).into()
    });
    page.chat.identify(&identity).map_err(JsValue::from).unwrap();
    page.open(&world).await;
    world.socket().close();
    world.pass(1.5).await;
    until("the chat has come back", || world.asked("init").len() == 2).await;
    let tokens: Vec<_> = world.bodies("init").iter().map(|body| body["siteToken"].clone()).collect();
    assert_eq!(tokens, [json!("token-1"), json!("token-2")]);
}

#[wasm_bindgen_test]
async fn a_page_that_has_no_token_has_to_let_its_visitor_in_first() {
    let nothing: [fn() -> JsValue; 4] = [
        || JsValue::NULL,
        || "".into(),
        || js_sys::Promise::<JsValue>::reject(&"signed out".into()).into(),
        || wasm_bindgen::throw_str("signed out"),
    ];
    for give in nothing {
        let world = World::new();
        let page = Page::closed(&world);
        page.chat.identify(&asking(give)).map_err(JsValue::from).unwrap();
        page.chat.open();
        until("the visitor is told", || page.seek(".notice").is_some_and(|_| page.text(".notice p") == SIGN_IN)).await;
        assert!(world.asked("init").is_empty());
        identify(&page, &json!({"id": "ada", "siteToken": "good"}));
        page.connected(&world).await;
        assert_eq!(world.bodies("init")[0]["siteToken"], json!("good"));
    }
}

#[wasm_bindgen_test]
async fn the_same_person_goes_on_and_another_finds_nothing() {
    let ada = json!({"id": "ada", "siteToken": "token-1"});
    for (next, same) in [
        (json!({"id": "ada", "siteToken": "token-2"}), true),
        (json!({"id": "ada", "userToken": "token-2"}), true),
        (json!({"id": "bo", "siteToken": "token-2"}), false),
        (json!(null), false),
    ] {
        let world = World::new();
        let page = Page::closed(&world);
        identify(&page, &ada);
        page.open(&world).await;
        page.say("my secret");
        page.newest("visitor sent: my secret").await;
        page.write("half a thought");
        let first = world.bodies("init")[0]["visitorId"].clone();
        identify(&page, &next);
        if same {
            settle().await;
            assert_eq!(page.messages(), [GREETING, "visitor sent: my secret"], "{next}");
            assert_eq!(world.asked("init").len(), 1, "{next}");
            continue;
        }
        until("the next person is greeted", || world.asked("init").len() == 2).await;
        page.shows(&[GREETING]).await;
        assert_eq!(page.input().value(), "", "{next}");
        assert_ne!(world.bodies("init")[1]["visitorId"], first, "{next}");
        assert_eq!(world.bodies("init")[1].get("sessionId"), None, "{next}");
        assert!(!stored().contains("my secret") && !stored().contains("= ada"), "{next}: {}", stored());
    }
}

/// Also where the browser stores nothing, so that only the page itself knows who was there.
#[wasm_bindgen_test]
async fn another_person_on_the_same_page_finds_nothing_whatever_is_stored() {
    type Arrange = fn(&World);
    let worlds: [(&str, Arrange); 4] = [
        ("none", |_| {}),
        ("session", |_| {}),
        ("local", |world| world.forbid_storage()),
        ("local", |world| world.fill_storage()),
    ];
    for (persist, arrange) in worlds {
        let world = World::new();
        arrange(&world);
        let page = Page::with(&json!({"base": world.base(), "persist": persist}));
        identify(&page, &json!({"id": "ada", "siteToken": "t"}));
        page.open(&world).await;
        page.say("my secret");
        page.newest("visitor sent: my secret").await;
        identify(&page, &json!({"id": "ada", "siteToken": "t"}));
        settle().await;
        assert_eq!(page.messages().len(), 2, "{persist}: the same person goes on");
        identify(&page, &json!({"id": "bo", "siteToken": "t"}));
        until("the next person is greeted", || world.asked("init").len() == 2).await;
        page.shows(&[GREETING]).await;
    }
}

#[wasm_bindgen_test]
async fn another_person_on_the_next_page_finds_nothing_either() {
    for (next, kept) in [
        (Some(json!({"id": "ada", "siteToken": "t"})), true),
        (Some(json!({"id": "bo", "siteToken": "t"})), false),
        (Some(json!(null)), false),
        (None, true), // A page that says nothing takes over whom another page has named.
    ] {
        let world = World::new();
        let page = Page::closed(&world);
        identify(&page, &json!({"id": "ada", "siteToken": "t"}));
        page.open(&world).await;
        page.say("my secret");
        page.newest("visitor sent: my secret").await;
        drop(page);

        let page = Page::closed(&world);
        if let Some(next) = &next {
            identify(&page, next);
        }
        if !kept {
            assert!(!stored().contains("my secret"), "forgotten before the chat is opened: {next:?}");
        }
        page.open(&world).await;
        let expected: &[&str] = if kept { &[GREETING, "visitor sent: my secret"] } else { &[GREETING] };
        page.shows(expected).await;
    }
}

#[wasm_bindgen_test]
async fn what_is_no_identity_is_refused_with_a_sentence_and_changes_nothing() {
    let world = World::new();
    let page = Page::talking(&world).await;
    page.say("Hi");
    page.newest("visitor sent: Hi").await;
    for (identity, word) in [
        (json!("ada"), "takes null or an object"),
        (json!(5), "takes null or an object"),
        (json!({}), "needs `id`"),
        (json!({"id": ""}), "needs `id`"),
        (json!({"id": 7, "siteToken": "t"}), "needs `id`"),
        (json!({"id": "ada"}), "exactly one of"),
        (json!({"id": "ada", "siteToken": ""}), "exactly one of"),
        (json!({"id": "ada", "siteToken": 7}), "exactly one of"),
        (json!({"id": "ada", "siteToken": "t", "userToken": "t"}), "exactly one of"),
    ] {
        let refusal = page.chat.identify(&object(&identity)).err().unwrap_or_else(|| panic!("{identity} was taken"));
        let sentence = String::from(JsValue::from(refusal).unchecked_into::<js_sys::Error>().message());
        assert!(sentence.starts_with("SecondMe Chat: ") && sentence.contains(word), "{identity}: {sentence}");
    }
    settle().await;
    assert_eq!(page.messages(), [GREETING, "visitor sent: Hi"]);
}

#[wasm_bindgen(inline_js = "
export function openWindows(blocked) {
  const opened = [];
  const own = window.open;
  window.open = (...given) => (opened.push(given), blocked ? null : {});
  return { opened, restore: () => void (window.open = own) };
}
export const word = (data, origin) => window.dispatchEvent(new MessageEvent('message', { data: JSON.parse(data), origin }));
")]
extern "C" {
    type Windows;
    #[wasm_bindgen(js_name = openWindows)]
    fn open_windows(blocked: bool) -> Windows;
    #[wasm_bindgen(method, getter)]
    fn opened(this: &Windows) -> Vec<js_sys::Array>;
    #[wasm_bindgen(method)]
    fn restore(this: &Windows);
    fn word(data: &str, origin: &str);
}

/// A chat whose site offers to sign in, with the visitor's click done.
async fn signing_in(world: &World, blocked: bool) -> (Page, Windows) {
    let windows = open_windows(blocked);
    let page = Page::with(&json!({"base": world.base(), "signIn": ""}));
    page.open(world).await;
    page.say("before");
    page.newest("visitor sent: before").await;
    assert_eq!(page.text("[part=account] button"), "Sign in with SecondMe");
    page.click("[part=account] button");
    (page, windows)
}

fn origin() -> String {
    web_sys::window().unwrap().location().origin().unwrap()
}

#[wasm_bindgen_test]
async fn who_signs_in_begins_anew_and_can_sign_out() {
    let world = World::new();
    let (page, windows) = signing_in(&world, false).await;
    let opened: Vec<_> = windows.opened().iter().map(|given| given.get(0).as_string().unwrap()).collect();
    let encoded = String::from(js_sys::encode_uri_component(&origin()));
    assert_eq!(opened, [format!("{}/login?popup=1&origin={encoded}", world.base())]);
    windows.restore();

    let signed_in = json!({"code": 0, "data": {
        "sessionId": "s", "wsUrl": "wss://socket.example/os/ws?wsId=7", "avatarName": "Mira", "opening": "Hello, I am Mira.",
        "signedIn": true
    }});
    world.answer("init", 200, &signed_in);
    for (word_said, from) in [
        (r#"{"type":"secondme-chat:login","result":"signed-in"}"#, "https://elsewhere.example"),
        (r#"{"type":"something else","result":"signed-in"}"#, &*origin()),
        (r#""signed-in""#, &*origin()),
        ("null", &*origin()),
    ] {
        word(word_said, from);
    }
    settle().await;
    assert_eq!(world.asked("init").len(), 1, "none of these was the sign-in window's word");
    word(r#"{"type":"secondme-chat:login","result":"signed-in"}"#, &origin());
    page.shows(&[GREETING]).await;
    until("it is shown", || page.text("[part=account]").starts_with("Signed in with SecondMe")).await;

    world.answer("logout", 200, &json!({"code": 0, "data": {"signedOut": true}}));
    page.say("mine");
    page.newest("visitor sent: mine").await;
    page.click("[part=account] button");
    page.shows(&[GREETING]).await;
    until("it is shown", || page.text("[part=account]") == "Sign in with SecondMe").await;
    assert_eq!(world.asked("logout").len(), 1);
}

#[wasm_bindgen_test]
async fn who_does_not_sign_in_goes_on_as_before() {
    for (result, trouble) in [("declined", ""), ("failed", "Signing in did not work. Please try again.")] {
        let world = World::new();
        let (page, windows) = signing_in(&world, false).await;
        windows.restore();
        word(&json!({"type": "secondme-chat:login", "result": result}).to_string(), &origin());
        until("the trouble is told", || page.text("[part=account] .trouble") == trouble).await;
        settle().await;
        assert_eq!(page.messages(), [GREETING, "visitor sent: before"], "{result}");
    }
    let world = World::new();
    let (page, windows) = signing_in(&world, true).await;
    windows.restore();
    let blocked = "Your browser blocked the sign-in window. Please allow it for this page.";
    until("the visitor is told", || page.text("[part=account] .trouble") == blocked).await;
}

#[wasm_bindgen_test]
async fn nobody_is_asked_to_sign_in_where_the_site_does_not_offer_it() {
    let world = World::new();
    for options in [json!({"base": world.base()}), json!({"base": world.base(), "signIn": "false"})] {
        let page = Page::with(&options);
        page.chat.open();
        settle().await;
        assert!(page.seek("[part=account]").is_none(), "{options}");
    }
}
