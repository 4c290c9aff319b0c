//! No path leads from a reply to markup. Clippy forbids the calls; inside `view!` it does not see attributes, so the
//! sources are searched too.

use super::{Source, sources};

/// Whatever turns a text into elements.
const MAKERS: [&str; 6] =
    ["inner_html", "outer_html", "insert_adjacent_html", "innerHTML", "outerHTML", "insertAdjacentHTML"];

#[test]
fn no_source_of_the_widget_makes_markup_of_text() {
    let files = sources("src").unwrap();
    assert!(files.len() >= 8, "only {} files were found", files.len());
    let scripts = ["src/loader.js", "src/language.js", "src/rich_text.js", "crates/chat-markdown/src/copying.js"]
        .map(|path| Source { path: path.to_owned(), text: std::fs::read_to_string(super::root().join(path)).unwrap() });
    let markdown = sources("crates/chat-markdown/src").unwrap();
    assert!(markdown.len() >= 8, "only {} files were found", markdown.len());
    let broken: Vec<_> = files.iter().chain(&markdown).chain(&scripts).filter_map(violation).collect();
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn a_source_that_does_is_noticed() {
    let check = |text: &str| violation(&Source { path: "a.rs".to_owned(), text: text.to_owned() });
    assert!(check("view! { <div inner_html=text></div> }").is_some());
    assert!(check("element.innerHTML = text;").is_some());
    assert_eq!(check("view! { <div>{text}</div> }"), None);
}

fn violation(Source { path, text }: &Source) -> Option<String> {
    let maker = MAKERS.into_iter().find(|maker| text.contains(maker))?;
    Some(format!("{path} names {maker}"))
}
