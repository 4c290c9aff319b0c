//! Pictures of the chat for the documentation and for whoever looks at them, where someone asks for them.

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
    if std::env::var_os(VARIABLE).is_none() {
        return;
    }
    for (name, width, height, mobile) in [("desktop", 1280, 800, false), ("phone", 390, 844, true)] {
        page.browser.set_viewport(width, height, mobile).await;
        until("nothing moves", async || page.browser.run::<bool>(STILL).await.then_some(())).await;
        keep(page, name).await;
    }
}

/// Writes what is on the page now, as it is.
pub(crate) async fn keep(page: &Page, name: &str) {
    let Some(folder) = std::env::var_os(VARIABLE) else { return };
    fs::create_dir_all(&folder).unwrap();
    let file = Path::new(&folder).join(format!("{}.png", name.replace(", ", "_").replace(' ', "-")));
    fs::write(file, page.browser.client.screenshot().await.unwrap()).unwrap();
}
