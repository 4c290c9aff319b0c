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
    let scripts: Vec<_> = ["src", "src/loader", "crates/chat-markdown/src"].into_iter().flat_map(scripts).collect();
    assert!(scripts.len() >= 8, "only {} scripts were found", scripts.len());
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

/// The scripts of a folder.
fn scripts(folder: &str) -> Vec<Source> {
    let entries = std::fs::read_dir(super::root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let scripts = entries.filter(|path| path.extension().is_some_and(|kind| kind == "js"));
    scripts
        .map(|path| Source {
            text: std::fs::read_to_string(&path).unwrap(),
            path: format!("{folder}/{}", path.file_name().unwrap().to_string_lossy()),
        })
        .collect()
}

fn violation(Source { path, text }: &Source) -> Option<String> {
    let maker = MAKERS.into_iter().find(|maker| text.contains(maker))?;
    Some(format!("{path} names {maker}"))
}
