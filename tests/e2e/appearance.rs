//! The widget looks the same everywhere: no rule of the page reaches into it.

use std::collections::BTreeMap;

use crate::page::Page;
use crate::until::until;
use crate::world::{Setup, test};

/// Computed styles: an element's place in the shadow root, then a property, then its value.
type Look = BTreeMap<String, BTreeMap<String, String>>;

const LOOK: &str = "
const look = {};
const visit = (element, place) => {
    for (const pseudo of [null, '::before', '::after', '::placeholder']) {
        const style = getComputedStyle(element, pseudo);
        if (pseudo && pseudo !== '::placeholder' && style.content === 'none') continue;
        look[place + (pseudo ?? '')] = Object.fromEntries([...style].map((name) => [name, style.getPropertyValue(name)]));
    }
    [...element.children].forEach((child, index) => {
        const name = child.getAttribute('class')?.split(' ')[0];
        visit(child, `${place} > ${child.localName}${name ? '.' + name : ''}:nth-child(${index + 1})`);
    });
};
const host = document.querySelector('secondme-chat');
visit(host, ':host');
[...host.shadowRoot.children].forEach((child, index) => visit(child, `${child.localName}:nth-child(${index + 1})`));
return look";

/// What moves has no one look.
const STILL: &str = "return document.querySelector('secondme-chat').shadowRoot.getAnimations().length === 0";

const BODY: &str = "return getComputedStyle(document.body).font";

#[test]
fn a_hostile_page_changes_nothing() {
    test(Setup::default(), async |world| {
        let page = &world.page;
        let mut looks = Vec::new();
        for path in ["/", "/plain"] {
            page.visit(&world.url(path)).await;
            // The conversation belongs to the browser, and the second page is to have as little of it as the first.
            page.browser.act("localStorage.clear()").await;
            let body: String = page.browser.run(BODY).await;
            let closed = look(page).await;
            page.open().await;
            page.ask("hello").await;
            looks.push((body, closed, look(page).await));
        }
        let [(hostile_body, hostile_closed, hostile_open), (plain_body, plain_closed, plain_open)] = looks.as_slice()
        else {
            unreachable!("two pages were visited")
        };
        assert_ne!(hostile_body, plain_body, "the shop's page is hostile");
        assert!(plain_closed.len() >= 5 && plain_open.len() >= 30, "{} {}", plain_closed.len(), plain_open.len());
        assert!(plain_open.values().all(|style| style.len() > 300), "all properties are compared");
        let differences =
            [differences("closed", hostile_closed, plain_closed), differences("open", hostile_open, plain_open)];
        let differences = differences.concat();
        assert!(differences.is_empty(), "hostile page and plain page differ:\n{}", differences.join("\n"));
    });
}

async fn look(page: &Page) -> Look {
    until("nothing moves", async || page.browser.run::<bool>(STILL).await.then_some(())).await;
    page.browser.run(LOOK).await
}

fn differences(state: &str, hostile: &Look, plain: &Look) -> Vec<String> {
    assert_eq!(hostile.keys().collect::<Vec<_>>(), plain.keys().collect::<Vec<_>>(), "the same elements, {state}");
    let mut found = Vec::new();
    for (place, style) in plain {
        for (property, value) in style {
            let other = hostile[place].get(property);
            if other != Some(value) {
                found.push(format!("{state}: {place} {{ {property}: {other:?} instead of {value:?} }}"));
            }
        }
    }
    found
}
