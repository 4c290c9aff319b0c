//! One state of the chat in every look that it can have: light, dark, right to left, on a phone, enlarged, in the visitor's
//! own colours. It knows what is demanded of all states, and none of them.

use std::collections::BTreeMap;
use std::fs;

use serde::Deserialize;
use serde_json::json;

use crate::page::Page;
use crate::pictures;
use crate::snapshot::Snapshot;
use crate::world::World;

/// Where axe-core lies, as one script.
const VARIABLE: &str = "SECONDME_CHAT_AXE";

/// Every look; the last one is the usual one, in which the next state is made.
const LOOKS: [Look; 9] = [
    Look { width: 390, height: 844, ..LIGHT },
    Look { name: "dark", scheme: "dark", width: 390, height: 844, ..LIGHT },
    Look { name: "right to left", direction: "rtl", width: 390, height: 844, ..LIGHT },
    // A window of 1280 x 1024 at 400 % (WCAG 1.4.10).
    Look { name: "enlarged", width: 320, height: 256, axe: false, ..LIGHT },
    Look { name: "enlarged, right to left", direction: "rtl", width: 320, height: 256, axe: false, ..LIGHT },
    Look { name: "forced colours", forced: true, axe: false, ..LIGHT },
    Look { name: "dark", scheme: "dark", ..LIGHT },
    Look { name: "right to left", direction: "rtl", ..LIGHT },
    LIGHT,
];

const LIGHT: Look =
    Look { name: "light", width: 1280, height: 800, scheme: "light", direction: "ltr", forced: false, axe: true };

/// How the page is shown. What moves has no one look, so in all of them nothing does.
struct Look {
    name: &'static str,
    width: u32,
    height: u32,
    scheme: &'static str,
    direction: &'static str,
    /// The visitor's system chooses all colours.
    forced: bool,
    /// Whether axe-core has anything to add to what another look shows.
    axe: bool,
}

/// What was found so far in all states of a test.
#[derive(Default)]
pub(crate) struct Audit {
    /// Each fault once, with the states and looks in which it is.
    faults: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Findings {
    found: Vec<String>,
    /// How many of axe-core's rules had something to say yes to.
    passed: usize,
    /// How many contrasts were computed.
    measured: usize,
    /// How many things there are to press.
    targets: usize,
}

impl Audit {
    /// Makes the pages that are visited from now on ready to be looked at.
    pub(crate) async fn begin(page: &Page) -> Self {
        let script = std::env::var(VARIABLE)
            .unwrap_or_else(|_| panic!("{VARIABLE} does not say where axe-core is: run `cargo xtask test end-to-end`"));
        let axe = fs::read_to_string(&script).unwrap_or_else(|error| panic!("{script}: {error}"));
        page.browser.run_before_pages(&axe).await;
        Self::default()
    }

    /// Looks at the chat as it is now, in every look. What it finds is told at the end.
    pub(crate) async fn look(&mut self, world: &World, state: &str) {
        self.look_after(world, state, "").await;
    }

    /// The same for a state that a turned screen ends: the script brings it back in each look.
    pub(crate) async fn look_after(&mut self, world: &World, state: &str, script: &str) {
        let before = shown(&world.page).await;
        for look in &LOOKS {
            let Findings { found, passed, measured, targets } = look.examine(&world.page, script).await;
            let place = format!("{state}: {}, {} x {}", look.name, look.width, look.height);
            pictures::keep(&world.page, &format!("{state}, {}, {}", look.name, look.width)).await;
            assert!(
                (passed >= 5 || !look.axe) && targets > 0 && (measured > 0 || look.forced),
                "nothing was looked at: {place}"
            );
            for fault in found {
                self.faults.entry(fault).or_default().push(place.clone());
            }
        }
        assert_eq!(shown(&world.page).await, before, "{state}: all looks are at the same");
    }

    /// What was found, each fault with where it is.
    pub(crate) fn faults(&self) -> Vec<String> {
        self.faults.iter().map(|(fault, places)| format!("{fault}\n    {}", places.join("\n    "))).collect()
    }

    /// Fails unless nothing was found in any state.
    pub(crate) fn end(self) {
        let faults = self.faults();
        assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    }
}

impl Look {
    async fn examine(&self, page: &Page, script: &str) -> Findings {
        page.browser.set_viewport(self.width, self.height, false).await;
        let features = json!([
            { "name": "prefers-color-scheme", "value": self.scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
            { "name": "forced-colors", "value": if self.forced { "active" } else { "none" } },
        ]);
        page.browser.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await;
        page.browser.act(&format!("const direction = '{}'; {TURN} {DRAWN}", self.direction)).await;
        page.browser.act(script).await;
        page.browser.run(&format!("const everything = {};\n{}", self.axe, include_str!("audit.js"))).await
    }
}

/// What there is to look at, whatever a countdown says.
async fn shown(page: &Page) -> Option<Snapshot> {
    let mut chat = page.snapshot().await;
    if let Some(chat) = &mut chat {
        chat.alert.retain(|character| !character.is_ascii_digit());
    }
    chat
}

/// The page's direction, and the one that the chat's language has given it.
const TURN: &str = "document.documentElement.dir = direction;
document.querySelector('secondme-chat').shadowRoot.querySelector('.chat')?.setAttribute('dir', direction);";

/// A change of the look is drawn with the frame after the next.
const DRAWN: &str =
    "return new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn(true))))";
