//! The panel's icons: lines in a square of 24 by 24, which the stylesheet draws.

use super::Chat;
use super::node::Node;

pub(super) const ARROW_UP: &str = "M12 20V5M5.5 11.5L12 5l6.5 6.5";
pub(super) const ARROW_DOWN: &str = "M12 4v15M5.5 12.5L12 19l6.5-6.5";
pub(super) const CHECK: &str = "M5 12.5l4.5 4.5L19 7.5";
pub(super) const CLOSE: &str = "M6 6l12 12M18 6L6 18";
pub(super) const COPY: &str = "M9 9h11v11H9zM5 15H4V4h11v1";
pub(super) const DOTS: &str = "M12 5h.01M12 12h.01M12 19h.01";
pub(super) const SQUARE: &str = "M9 7h6a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H9a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2z";

pub(super) fn icon(chat: &Chat, lines: &str) -> Node {
    let picture = chat.shape("svg").attribute("viewBox", "0 0 24 24").attribute("aria-hidden", "true");
    picture.child(chat.shape("path").attribute("d", lines))
}
