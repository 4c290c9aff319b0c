//! The panel's icons. They are drawn node by node, as everything here: Leptos would parse an element all of which is written
//! down as markup, and a page that requires Trusted Types forbids that.

use leptos::prelude::*;

/// One line, or several, in a square of 24 by 24. The stylesheet draws it.
pub(super) fn icon(path: &'static str) -> impl IntoView {
    view! { <svg viewBox="0 0 24 24" aria-hidden="true"><path d=path /></svg> }
}
