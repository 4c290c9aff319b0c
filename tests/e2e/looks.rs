//! What a site makes of the chat's looks: every window has room for it, the launcher can be read before anything is loaded,
//! and the theme page prints what it shows.

use std::collections::BTreeMap;

use serde_json::json;

use crate::until::until;
use crate::world::{Setup, World, test};

/// What must stand inside of the window, with its edges: left, top, right, bottom.
const EDGES: &str = "const root = document.querySelector('secondme-chat').shadowRoot;
return Object.fromEntries(['panel', 'header', 'title', 'composer', 'input', 'send'].map((part) => {
    const { left, top, right, bottom } = root.querySelector(`[part=${part}]`).getBoundingClientRect();
    return [part, [left, top, innerWidth - right, innerHeight - bottom]];
}))";

const STILL: &str = "return document.querySelector('secondme-chat').shadowRoot.getAnimations().length === 0";

#[test]
fn every_window_has_room_for_the_header_and_the_composer() {
    test(Setup::default(), async |world| {
        for (offset, side) in [("20px", "right"), ("20px", "left"), ("400px", "right")] {
            let page = format!(
                r#"<style>secondme-chat {{ --chat-offset-x: {offset}; --chat-offset-y: {offset}; }}</style>
                <script async src="/chat/widget.js" data-side="{side}"></script>"#
            );
            world.visit_page(&page).await;
            world.page.browser.act("document.querySelector('secondme-chat').open()").await;
            world.page.until("the panel is open", |chat| chat.open).await;
            // 200 % of 1280x800 and of 640x640, a small phone, a low and wide window.
            for (width, height) in
                [(1280, 800), (640, 400), (320, 320), (320, 568), (390, 844), (1280, 400), (500, 700)]
            {
                world.page.browser.set_viewport(width, height, false).await;
                until("nothing moves", async || world.page.browser.run::<bool>(STILL).await.then_some(())).await;
                let edges: BTreeMap<String, [f64; 4]> = world.page.browser.run(EDGES).await;
                let cut = edges.iter().filter(|(_, edges)| edges.iter().any(|edge| *edge < -0.5)).collect::<Vec<_>>();
                assert!(cut.is_empty(), "{offset} {side} {width}x{height}: {cut:?}");
            }
            world.page.browser.set_viewport(1280, 800, false).await;
        }
    });
}

/// The colour of the launcher's icon as a pixel, since it may be computed as any.
const ICON: &str = "const canvas = new OffscreenCanvas(1, 1).getContext('2d');
canvas.fillStyle = getComputedStyle(document.querySelector('secondme-chat').shadowRoot.querySelector('.launcher')).color;
canvas.fillRect(0, 0, 1, 1);
return [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)]";

#[test]
fn the_launcher_can_be_read_before_anything_is_loaded() {
    test(Setup::default(), async |world| {
        world.visit_page(r#"<script async src="/chat/widget.js"></script>"#).await;
        // Each contrast of the other choice is too low.
        for (accent, light) in [
            ("", true),
            ("#ffd400", false),
            ("#fff", false),
            ("#000", true),
            ("#6a6a6a", true),
            ("#808080", false),
            ("oklch(0.9 0.1 120)", false),
            ("color-mix(in srgb, navy, black)", true),
        ] {
            let set = format!("document.querySelector('secondme-chat').style.setProperty('--chat-accent', '{accent}')");
            world.page.browser.act(&set).await;
            let icon: [u8; 3] = world.page.browser.run(ICON).await;
            assert_eq!(icon, if light { [255; 3] } else { [0; 3] }, "{accent}");
        }
        let own = "document.querySelector('secondme-chat').style.setProperty('--chat-accent-text', 'rgb(1, 2, 3)')";
        world.page.browser.act(own).await;
        assert_eq!(world.page.browser.run::<[u8; 3]>(ICON).await, [1, 2, 3]);
        assert!(world.wire.requests().iter().all(|request| !request.contains("wasm")), "it was not loaded");
    });
}

/// What a visitor would see differ, of each part of the open chat, and what it was told.
const LOOK: &str = "const host = document.querySelector('secondme-chat');
const root = host.shadowRoot;
const looks = {};
for (const part of ['launcher', 'panel', 'header', 'title', 'status', 'transcript', 'bubble', 'composer', 'input', 'send']) {
    const style = getComputedStyle(root.querySelector(`[part=${part}]`));
    looks[part] = ['color', 'backgroundColor', 'fontFamily', 'fontSize', 'borderRadius', 'position', 'left', 'right', 'bottom',
        'height', 'display', 'direction'].map((name) => `${name} ${style[name]}`).join('; ');
}
const options = Object.entries(host.dataset).map(([name, value]) => `${name}=${value}`).sort().join('; ');
return { ...looks, options }";

#[test]
fn the_theme_page_prints_the_embed_that_it_shows() {
    test(Setup::default(), async |world| {
        for (mode, turns) in [
            ("inline", &[("--chat-accent", "#ffd400"), ("--chat-radius", "4"), ("theme", "dark")][..]),
            (
                "floating",
                &[
                    ("--chat-font", "Georgia, serif"),
                    ("--chat-font-size", "18"),
                    ("side", "left"),
                    ("--chat-offset-x", "44"),
                    ("theme", "light"),
                    ("starters", "What does \"A5\" mean?\nDo you ship <abroad>?"),
                ],
            ),
        ] {
            world.page.visit(&world.url("/theme.html")).await;
            turn(world, "mode", mode).await;
            for (name, value) in turns {
                turn(world, name, value).await;
            }
            let shown = open_and_look(world).await;
            let embed: String = world.page.browser.run("return document.querySelector('#embed').textContent").await;
            assert!(embed.contains("/chat/widget.js"), "{embed}");
            // How wide it is, a site decides.
            let width = "return document.querySelector('secondme-chat').getBoundingClientRect().width";
            let width: f64 = world.page.browser.run(width).await;
            let width = if mode == "inline" { format!("width: {width}px") } else { String::new() };
            // As long as the theme page, so that it has the same scroll bar.
            let place = format!("<div style=\"{width}\">{embed}</div><div style=\"height: 300vh\"></div>");
            world.visit_page(&place).await;
            let embedded = open_and_look(world).await;
            assert_eq!(embedded, shown, "{place}");
            let plain = r#"<script async src="/chat/widget.js"></script>"#;
            world.visit_page(plain).await;
            assert_ne!(open_and_look(world).await, shown, "{mode}: it looks as without any of it");
        }
    });
}

/// Sets one control as a visitor does, and lets the page hear of it.
async fn turn(world: &World, name: &str, value: &str) {
    let set = format!(
        "const field = document.querySelector('#controls').elements[{}];
        if (field instanceof RadioNodeList) [...field].find((one) => one.value === {value}).checked = true;
        else field.value = {value};
        for (const name of ['input', 'change']) (field[0] ?? field).dispatchEvent(new Event(name, {{ bubbles: true }}));",
        json!(name),
        value = json!(value),
    );
    world.page.browser.act(&set).await;
}

async fn open_and_look(world: &World) -> BTreeMap<String, String> {
    world.page.browser.act("document.querySelector('secondme-chat').open()").await;
    world.page.until("the avatar has greeted", |chat| chat.open && !chat.messages.is_empty()).await;
    until("nothing moves", async || world.page.browser.run::<bool>(STILL).await.then_some(())).await;
    world.page.browser.run(LOOK).await
}
