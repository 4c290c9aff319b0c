//! Who the visitor is: an id that is made on the first opening, kept by the browser, and nothing before or beside it.

use serde_json::{Value, json};
use uuid::{Uuid, Variant};

use crate::site::serve_pages;
use crate::until::until;
use crate::world::{Setup, World, test};

const KEY: &str = "secondme-chat:visitorId";

/// Everything that a page can leave in a browser, except cookies.
const STORED: &str = "return (async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: await indexedDB.databases(),
    caches: await caches.keys(),
}))()";

/// What a browser does on its own time has been done once it is idle.
const IDLE: &str = "return new Promise((idle) => requestIdleCallback(() => idle()))";

#[test]
fn nothing_is_stored_or_asked_for_before_the_first_opening() {
    test(Setup::default(), async |world| {
        world.visit_shop().await;
        world.page.browser.act(IDLE).await;
        let mut requests = world.wire.requests();
        requests.retain(|request| request.contains(&world.proxy.address().to_string()));
        requests.sort();
        let [page, script, style] = requests.as_slice() else { panic!("{requests:#?}") };
        let site = format!("GET {}", world.url("").trim_start_matches("http://"));
        assert_eq!((page, script), (&format!("{site}/"), &format!("{site}/chat/widget.js")));
        assert!(style.starts_with(&format!("{site}/demo-")) && style.ends_with(".css"), "{style}");
        assert_eq!(stored(world).await, json!({ "local": {}, "session": {}, "databases": [], "caches": [] }));
        assert_eq!(cookies(world).await, json!([]));
        let observed = world.observed();
        assert_eq!((observed.token_requests, observed.init_requests, observed.sockets_opened), (0, 0, 0));

        world.page.open().await;
        world.page.ask("hello").await;
        let visitor = visitor(world);
        let conversation = format!("secondme-chat:conversation:{}||{visitor}", world.url("/chat"));
        let kept = until("the conversation is put by", async || {
            Some(stored(world).await).filter(|stored| stored["local"][&conversation].is_string())
        })
        .await;
        let local = json!({ KEY: visitor, &conversation: kept["local"][&conversation] });
        let expected = json!({ "local": local, "session": {}, "databases": [], "caches": [] });
        assert_eq!(kept, expected, "the id and the conversation, and nothing else");
        assert_eq!(cookies(world).await, json!([]));
    });
}

#[test]
fn a_reload_finds_the_same_visitor() {
    test(Setup::default(), async |world| {
        world.visit_shop().await;
        world.page.open().await;
        world.page.ask("hello").await;
        let before = stored(world).await["local"][KEY].clone();
        world.visit_shop().await;
        world.page.open().await;
        world.page.ask("a gift").await;
        assert_eq!(stored(world).await["local"][KEY], before);
        check_visitor(world, before.as_str().unwrap());
        let observed = world.observed();
        assert_eq!((observed.init_requests, observed.sessions.len()), (2, 1), "the conversation goes on");
        assert_eq!(observed.sessions[0].messages, ["hello", "a gift"]);
    });
}

#[test]
fn a_page_that_may_not_store_anything_has_a_chat_all_the_same() {
    test(Setup::default(), async |world| {
        let throws = "Object.defineProperty(window, 'localStorage', {
            get() { throw new DOMException('storage is blocked', 'SecurityError'); },
        })";
        world.page.browser.run_before_pages(throws).await;
        world.visit_shop().await;
        let blocked: bool = world.page.browser.run("try { localStorage; return false } catch { return true }").await;
        assert!(blocked);
        world.page.open().await;
        world.page.ask("hello").await;
        world.page.ask("a gift").await;
        check_visitor(world, &visitor(world));
        assert_eq!(world.observed().sessions[0].messages, ["hello", "a gift"], "one visitor for as long as the page");
    });
}

/// A page by plain http, from another machine as far as the browser knows, has no `crypto.randomUUID`.
#[test]
fn an_insecure_page_has_a_visitor_too() {
    let shop = "http://shop.example";
    let proxy = chat_proxy::Settings { allowed_origins: Some(vec![shop.into()]), ..Default::default() };
    test(Setup { proxy, ..Setup::default() }, async |world| {
        world.wire.name("shop.example", serve_pages().await);
        world.page.visit(&format!("{shop}/plain?chat={}", world.url("/chat"))).await;
        let insecure: bool = world.page.browser.run("return !isSecureContext && !crypto.randomUUID").await;
        assert!(insecure);
        world.page.open().await;
        world.page.ask("hello").await;
        check_visitor(world, &visitor(world));
    });
}

async fn stored(world: &World) -> Value {
    world.page.browser.run(STORED).await
}

async fn cookies(world: &World) -> Value {
    world.page.browser.devtools("Storage.getCookies", json!({})).await["cookies"].clone()
}

/// The visitor as SecondMe knows them.
fn visitor(world: &World) -> String {
    world.observed().sessions[0].visitor_id.clone()
}

fn check_visitor(world: &World, id: &str) {
    assert_eq!(visitor(world), id);
    let uuid = id.strip_prefix("web_").unwrap();
    let parsed = Uuid::parse_str(uuid).unwrap();
    assert_eq!((parsed.get_version_num(), parsed.get_variant()), (4, Variant::RFC4122), "{id}");
    assert_eq!(parsed.to_string(), uuid, "in the usual form");
}
