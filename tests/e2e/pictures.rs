//! Pictures of the conversation for the README, where someone asks for them.

use std::fs;
use std::path::Path;

use crate::page::Page;
use crate::until::until;

/// The folder to write to.
const VARIABLE: &str = "SECONDME_CHAT_SCREENSHOTS";

const STILL: &str = "const root = document.querySelector('secondme-chat').shadowRoot;
    return root.getAnimations().length === 0 && document.fonts.status === 'loaded'";

/// Writes what is on the page now, as it looks on a desktop and on a phone.
pub(crate) async fn take(page: &Page) {
    let Some(folder) = std::env::var_os(VARIABLE) else { return };
    fs::create_dir_all(&folder).unwrap();
    for (name, width, height, mobile) in [("desktop.png", 1280, 800, false), ("phone.png", 390, 844, true)] {
        page.browser.set_viewport(width, height, mobile).await;
        until("nothing moves", async || page.browser.run::<bool>(STILL).await.then_some(())).await;
        fs::write(Path::new(&folder).join(name), page.browser.client.screenshot().await.unwrap()).unwrap();
    }
}
