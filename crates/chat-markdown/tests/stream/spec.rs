//! The specification's own examples, one character at a time.

use serde_json::Value;

use super::page::{characters, shown};

#[test]
fn every_example_ends_the_same_one_character_at_a_time() {
    let examples: Vec<Value> = serde_json::from_str(include_str!("../spec/commonmark-0.31.2.json")).unwrap();
    assert_eq!(examples.len(), 652);
    let mut broken = Vec::new();
    for example in &examples {
        let text = example["markdown"].as_str().unwrap();
        let (slowly, at_once) = (shown(characters(text)), shown([text]));
        let whole = chat_markdown::stream::whole(text);
        if slowly != whole || at_once != whole {
            broken.push(format!("{}: {text:?}\n  {slowly:?}\n  {at_once:?}\n  {whole:?}", example["example"]));
        }
    }
    assert!(broken.is_empty(), "{} examples\n{}", broken.len(), broken.join("\n"));
}
