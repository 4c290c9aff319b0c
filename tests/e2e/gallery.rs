//! The chat in its looks, in some of its languages, as the documentation shows them: with `SECONDME_CHAT_SCREENSHOTS` set, the
//! pictures in `docs/screenshots` are made by this.

use secondme_sim::Settings;
use serde_json::json;

use crate::pictures;
use crate::snapshot::Snapshot;
use crate::until::until;
use crate::world::{Setup, World, test};

/// One picture, and how it comes about.
#[derive(Clone, Copy)]
struct Scene {
    name: &'static str,
    width: u32,
    height: u32,
    scheme: &'static str,
    /// The visitor's system chooses all colours.
    forced: bool,
    language: &'static str,
    direction: &'static str,
    /// The avatar's greeting, the visitor's question and the answer.
    talk: [&'static str; 3],
}

/// A window in which the panel floats.
const WINDOW: Scene = Scene {
    name: "light",
    width: 560,
    height: 740,
    scheme: "light",
    forced: false,
    language: "en",
    direction: "ltr",
    talk: [
        "Hello! I'm Mira, who binds the notebooks. What would you like to know?",
        "Does the journal lie flat?",
        "**Yes**, on any page: it is sewn in *signatures*.\n\n| Paper | Weight |\n|---|---:|\n| Ivory | 90 g |\n| White | 120 g |\n\n\
         More in [our guide](https://shop.example/paper).",
    ],
};

const PHONE: Scene = Scene { width: 390, height: 844, ..WINDOW };

const ARABIC: Scene = Scene {
    language: "ar",
    direction: "rtl",
    talk: [
        "مرحباً! أنا ميرا، وأنا من يجلّد الدفاتر. كيف أساعدك؟",
        "هل يفتح الدفتر مسطحاً؟",
        "**نعم**، فهو مخيط يدوياً:\n\n1. ورق عاجي 90 غراماً\n2. غلاف من الكتان\n\nيصل الطلب خلال `3` أيام.",
    ],
    ..WINDOW
};

const JAPANESE: Scene = Scene {
    language: "ja",
    talk: [
        "こんにちは、製本担当のミラです。何でも聞いてください。",
        "このノートは平らに開きますか？",
        "はい、**糸綴じ**なので平らに開きます。\n\n- 紙：90 g\n- 表紙：麻",
    ],
    ..WINDOW
};

const GERMAN: Scene = Scene {
    language: "de",
    talk: [
        "Hallo! Ich bin Mira und binde die Bücher. Was möchten Sie wissen?",
        "Liegt das Notizbuch flach?",
        "**Ja**, es ist fadengeheftet:\n\n- Papier: 90 g, elfenbein\n- Einband: Leinen\n\n> Bei 60 °C getrocknet, damit sich nichts wellt.",
    ],
    ..WINDOW
};

#[test]
fn light() {
    show(WINDOW, "", async |world| converse(world, &WINDOW).await);
}

#[test]
fn dark_with_the_owner_who_has_joined() {
    let scene = Scene { name: "dark", scheme: "dark", ..WINDOW };
    show(scene, "", async |world| {
        converse(world, &scene).await;
        world.secondme().owner_says(None, "Hello, Jo here, from the workshop. I'll put one aside for you.").unwrap();
        world.page.until("the owner speaks", |chat| chat.of("owner").len() == 1).await;
    });
}

#[test]
fn right_to_left() {
    let scene = Scene { name: "right-to-left", ..ARABIC };
    show(scene, "", async |world| converse(world, &scene).await);
}

#[test]
fn on_a_phone() {
    let scene = Scene { name: "phone", width: PHONE.width, height: PHONE.height, ..GERMAN };
    show(scene, "", async |world| converse(world, &scene).await);
}

#[test]
fn on_a_phone_dark_and_right_to_left() {
    let scene = Scene { name: "phone-dark", width: PHONE.width, height: PHONE.height, scheme: "dark", ..ARABIC };
    show(scene, "", async |world| {
        converse(world, &scene).await;
        world.page.click("[part~=menu]").await;
        let shown = "return document.querySelector('secondme-chat').shadowRoot.querySelector('[part=menu-list]').checkVisibility()";
        until("the menu is there", async || world.page.browser.run::<bool>(shown).await.then_some(())).await;
    });
}

#[test]
fn on_the_smallest_phone() {
    let scene = Scene { name: "small-phone", width: 320, height: 568, ..JAPANESE };
    show(scene, "", async |world| converse(world, &scene).await);
}

#[test]
fn a_message_that_failed() {
    let scene = Scene { name: "failed", ..PHONE };
    show(scene, "", async |world| {
        world.secondme().fail_next(1, 500);
        world.page.say(scene.talk[1]).await;
        let failed = |chat: &Snapshot| chat.of("visitor").last().is_some_and(|newest| newest.status == "failed");
        world.page.until("the message has failed", failed).await;
    });
}

#[test]
fn consent_is_asked_for() {
    let scene = Scene { name: "consent", ..WINDOW };
    let attributes = "data-consent data-consent-href=https://shop.example/privacy";
    show(scene, attributes, async |_| {});
}

#[test]
fn in_the_visitors_own_colours() {
    let scene = Scene { name: "forced-colours", scheme: "dark", forced: true, ..WINDOW };
    show(scene, "", async |world| converse(world, &scene).await);
}

/// Opens the chat, has it come to the scene, and holds it to what is true of each: it speaks the language in its direction, and
/// all of it is in the window.
fn show(scene: Scene, attributes: &str, come_to: impl AsyncFnOnce(&World)) {
    const FOUND: &str = "const root = document.querySelector('secondme-chat').shadowRoot;
const chat = root.querySelector('.chat');
const outside = [...chat.querySelectorAll('[part]')].filter((element) => {
  if (!element.checkVisibility() || element.closest('[part=transcript] > *')) return false;
  const { left, top, right, bottom } = element.getBoundingClientRect();
  return left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1;
});
const transcript = root.querySelector('[part=transcript]');
const sideways = transcript.scrollWidth > transcript.clientWidth;
return [chat.lang, getComputedStyle(chat).direction, [...outside.map((element) => element.part.value), ...(sideways ? ['sideways'] : [])]]";
    const STILL: &str = "return document.querySelector('secondme-chat').shadowRoot.getAnimations().length === 0";
    let secondme = Settings { opening: Some(scene.talk[0].to_owned()), ..Settings::default() };
    test(Setup { secondme, ..Setup::default() }, async |world| {
        let page = &world.page;
        page.browser.set_viewport(scene.width, scene.height, scene.width < 480).await;
        let features = json!([
            { "name": "prefers-color-scheme", "value": scene.scheme },
            { "name": "forced-colors", "value": if scene.forced { "active" } else { "none" } },
        ]);
        page.browser.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await;
        let tag = format!(
            "<meta name=viewport content='width=device-width'><meta name=color-scheme content='light dark'><script async src=/chat/widget.js data-language={} {attributes}></script>",
            scene.language
        );
        world.visit_page(&tag).await;
        page.click("[part~=launcher]").await;
        if attributes.is_empty() {
            page.until("the avatar has greeted", |chat| chat.messages.len() == 1).await;
            page.until("the texts are rich", Snapshot::is_rich).await;
            page.click("[part~=input]").await;
        } else {
            page.until("the panel is open", |chat| chat.open).await;
        }
        come_to(world).await;
        until("nothing moves", async || page.browser.run::<bool>(STILL).await.then_some(())).await;
        let found: (String, String, Vec<String>) = page.browser.run(FOUND).await;
        assert_eq!(found, (scene.language.to_owned(), scene.direction.to_owned(), Vec::new()));
        pictures::keep(page, scene.name).await;
    });
}

/// The visitor asks, and is answered.
async fn converse(world: &World, scene: &Scene) {
    let [_, question, answer] = scene.talk;
    world.next_reply_says(answer);
    world.page.say(question).await;
    let answered = |chat: &Snapshot| chat.messages.len() == 3 && chat.newest_reply("complete").is_some();
    world.page.until("the avatar has answered", answered).await;
}
