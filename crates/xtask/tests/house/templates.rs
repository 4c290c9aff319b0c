//! The panel is built node by node. What there is of Leptos in the widget is its graph, in one place; Leptos itself is for the
//! component of other Leptos apps: a view of its own is code of its own for each, and may make markup, which a page that
//! requires Trusted Types forbids.

use std::collections::BTreeSet;

use super::sources;

/// The files that may name Leptos.
const KNOWN: [&str; 4] = ["src/component.rs", "src/component/options.rs", "src/signal.rs", "src/view/node.rs"];

#[test]
fn the_panel_knows_leptos_in_one_place() {
    let files = sources("src").unwrap();
    assert!(files.len() >= 60, "only {} files were found", files.len());
    let names = files.iter().filter(|source| names_leptos(&source.text)).map(|source| source.path.as_str());
    let unknown: Vec<_> = names.clone().filter(|path| !KNOWN.contains(path)).collect();
    assert!(unknown.is_empty(), "{unknown:?} name Leptos");
    let named: BTreeSet<_> = names.collect();
    assert!(named.contains("src/signal.rs") && named.contains("src/component.rs"), "{named:?}");
}

#[test]
fn a_file_that_names_it_is_noticed() {
    assert!(names_leptos("use leptos::prelude::*;"));
    assert!(names_leptos("fn a() { leptos::mount::mount_to(place, view); }"));
    assert!(names_leptos("view! { <p>{words}</p> }"));
    assert!(!names_leptos("//! Built over Leptos' signals.\nuse super::node::Node;"));
}

fn names_leptos(text: &str) -> bool {
    ["leptos::", "reactive_graph::", "view! {"].iter().any(|name| text.contains(name))
}
