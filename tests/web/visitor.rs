//! Who the visitor is to the proxy: the id that the browser keeps, and what else `init` carries.

use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use super::page::Page;
use super::world::{World, storage, until};

/// The one name under which something is stored.
const KEY: &str = "secondme-chat:visitorId";

#[wasm_bindgen_test]
async fn the_first_opening_makes_an_id_and_keeps_it() {
    let world = World::new();
    let page = Page::talking(&world).await;
    let visitor = asked_as(&world);
    assert_form(&visitor);
    assert_eq!(storage().get_item(KEY).unwrap(), Some(visitor.clone()));
    drop(page);

    let _page = Page::talking(&world).await;
    assert_eq!(asked_as(&world), visitor);
    assert_eq!(world.asked("init").len(), 2);
}

#[wasm_bindgen_test]
async fn two_browsers_have_two_ids() {
    let mut visitors = Vec::new();
    for _ in 0..2 {
        let world = World::new();
        let _page = Page::talking(&world).await;
        visitors.push(asked_as(&world));
    }
    assert_ne!(visitors[0], visitors[1]);
}

#[wasm_bindgen_test]
async fn a_stored_id_that_no_proxy_takes_is_replaced() {
    for stored in ["", "web_ 1", "<script>", "naïve", "a.b", &"x".repeat(129)] {
        let world = World::new();
        storage().set_item(KEY, stored).unwrap();
        let _page = Page::talking(&world).await;
        assert_form(&asked_as(&world));
        assert_eq!(storage().get_item(KEY).unwrap(), Some(asked_as(&world)), "{stored:?}");
    }
}

#[wasm_bindgen_test]
async fn a_browser_that_stores_nothing_still_has_one_visitor() {
    for deny in [|world: &World| world.forbid_storage(), |world: &World| world.fill_storage()] {
        let world = World::new();
        deny(&world);
        let page = Page::talking(&world).await;
        assert_form(&asked_as(&world));
        let visitor = asked_as(&world);
        page.say("Hi");
        page.newest("visitor sent: Hi").await;
        world.socket().close();
        world.pass(1.5).await;
        until("the chat has come back", || world.asked("init").len() == 2).await;
        assert_eq!(asked_as(&world), visitor);
        assert_eq!(world.bodies("send")[0]["visitorId"], json!(visitor));
    }
}

#[wasm_bindgen_test]
async fn a_page_without_tls_has_ids_of_the_same_form() {
    // The form holds by design, not by luck: a random digit would be right once in sixteen times.
    for _ in 0..4 {
        let world = World::new();
        world.insecure();
        let _page = Page::talking(&world).await;
        assert_form(&asked_as(&world));
    }
}

#[wasm_bindgen_test]
async fn init_carries_what_the_contract_names_and_nothing_else() {
    let check = async |visitor_name: &str, avatar: &str, rest: &str| {
        let world = World::new();
        let page = Page::with(&json!({"base": world.base(), "visitorName": visitor_name, "avatar": avatar}));
        page.open(&world).await;
        let request = world.asked("init").remove(0);
        let visitor = storage().get_item(KEY).unwrap().unwrap();
        assert_eq!(request.body, format!(r#"{{"visitorId":"{visitor}"{rest}}}"#));
        assert_eq!((&*request.method, &*request.cache), ("POST", "no-store"));
        let headers: Vec<_> = request.headers.into_iter().collect();
        assert_eq!(headers, [("content-type".into(), "application/json".into())]);
    };
    check("", "", "").await;
    check("Ada", "", r#","visitorName":"Ada""#).await;
    check("", "sales", r#","avatar":"sales""#).await;
    check("Žofie \"Z\" 李", " sales ", r#","visitorName":"Žofie \"Z\" 李","avatar":"sales""#).await;
    check("  ", " ", "").await;
}

/// The visitor that the newest `init` named.
fn asked_as(world: &World) -> String {
    world.bodies("init").last().unwrap()["visitorId"].as_str().unwrap().to_owned()
}

/// `web_` and a UUID of version 4 (RFC 9562).
fn assert_form(visitor: &str) {
    let form = js_sys::RegExp::new("^web_[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", "");
    assert!(form.test(visitor), "{visitor:?}");
}
