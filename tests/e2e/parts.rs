//! What a reply holds beside text: a player or a link that is the visitor's to use, and nothing that acts by itself.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::page::AVATAR;
use crate::until::until;
use crate::world::{Setup, test};

/// All elements that could take something from elsewhere, with their attributes.
const LOADING: &str = "const root = document.querySelector('secondme-chat').shadowRoot;
return [...root.querySelectorAll('[src], [href], [srcset], [data], [poster], audio, video, img, iframe, script')]
    .map((element) => ({
        name: element.localName,
        ...Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value])),
    }))";

const RAN: &str = "return 'secondmeSimulatorRan' in window";

#[test]
fn nothing_of_a_reply_is_loaded_or_run_by_itself() {
    test(Setup::default(), async |world| {
        world.begin().await;
        world.next_reply(&["ids", "audio", "speech", "image", "video", "link", "template", "html", "unsafe-link"]);
        let chat = world.page.ask("shipping").await;
        world.check_dialogue(&chat, &["hello", "shipping"]);

        let elements: Vec<BTreeMap<String, Value>> = world.page.browser.run(LOADING).await;
        let media = format!("http://{}/media/", world.socket_server());
        let mut found = BTreeMap::<&str, usize>::new();
        for element in &elements {
            let text = |name: &str| element.get(name).and_then(Value::as_str).unwrap_or_default();
            *found.entry(text("name")).or_default() += 1;
            match text("name") {
                "audio" | "video" => {
                    assert!(text("src").starts_with(&media) && element.contains_key("controls"), "{element:?}");
                    assert_eq!((text("preload"), element.contains_key("autoplay")), ("none", false));
                }
                "a" => {
                    assert!(text("href").starts_with(&media), "{element:?}");
                    assert_eq!((text("target"), text("rel")), ("_blank", "noopener noreferrer nofollow ugc"));
                }
                _ => panic!("{element:?}"),
            }
        }
        assert!(["audio", "video", "a"].iter().all(|name| found.contains_key(name)), "{found:?}");
        assert!(!world.page.browser.run::<bool>(RAN).await, "something of a reply was run");
        let drawn: String = world.page.find("[part~=transcript]").await.html(true).await.unwrap();
        assert!(!drawn.contains("javascript:") && !drawn.contains("secondmeSimulatorRan"), "{drawn}");
        assert_eq!(world.observed().media_requests, 0);

        world
            .page
            .browser
            .act("document.querySelector('secondme-chat').shadowRoot.querySelector('audio').play()")
            .await;
        let loaded = async || (world.observed().media_requests > 0).then_some(());
        until("the visitor can play it", loaded).await;
        let chat = world.page.ask("a gift").await;
        assert_eq!((chat.title.as_str(), chat.alert.as_str()), (AVATAR, ""));
    });
}
