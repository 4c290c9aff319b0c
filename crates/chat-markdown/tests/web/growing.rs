//! A text that grows in the page: what stands stays, with the reader's selection and focus in it.

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, Node};

use super::dom::{children, document, first, inside, place, rich_text, shown};

#[wasm_bindgen_test]
fn a_selection_in_finished_text_survives() {
    let place = place();
    let mut text = rich_text(&place);
    text.append("First *words* here.\n\n[second](https://a.example)\n\nthird");
    let selection = document().default_view().unwrap().get_selection().unwrap().unwrap();
    let words = first(&place, "em").first_child().unwrap();
    selection.set_base_and_extent(&words, 1, &words, 4).unwrap();
    first(&place, "a").unchecked_into::<HtmlElement>().focus().unwrap();
    for _ in 0..50 {
        text.append(" and **more**\n\n- a\n- b\n\nnext");
    }
    text.finish();
    assert_eq!(String::from(selection.to_string()), "ord");
    assert_eq!(document().active_element().unwrap().text_content().unwrap(), "second");
    place.remove();
}

#[wasm_bindgen_test]
fn the_open_block_is_patched_and_not_built_again() {
    let place = place();
    let mut text = rich_text(&place);
    for (chunk, selector) in
        [("Some *words* and", "p"), ("\n\n- one\n- two", "li"), ("\n\n| a |\n|---|\n| b |\n| c", "td")]
    {
        text.append(chunk);
        let node: Node = first(&place, selector).into();
        let inner = node.first_child().unwrap();
        text.append(" more **bold");
        text.append("** words");
        assert!(first(&place, selector).is_same_node(Some(&node)), "{selector}");
        assert!(node.first_child().unwrap().is_same_node(Some(&inner)), "{selector}");
    }
    text.append("\n\n```\nlet a");
    let code = first(&place, "pre code").first_child().unwrap();
    text.append(" = 1;\nlet b = 2;\n");
    assert!(first(&place, "pre code").first_child().unwrap().is_same_node(Some(&code)));
    assert_eq!(code.text_content().unwrap(), "let a = 1;\nlet b = 2;\n");
    text.finish();
    place.remove();
}

#[wasm_bindgen_test]
fn a_definition_that_comes_late_makes_the_link() {
    let place = place();
    let mut text = rich_text(&place);
    text.append("See [shop].\n\nStays\n\n");
    let stays = children(&place)[1].clone();
    text.append("[shop]: https://a.example/shop\n");
    text.finish();
    assert_eq!(first(&place, "p a").get_attribute("href").unwrap(), "https://a.example/shop");
    assert!(children(&place)[1].is_same_node(Some(&stays)));
    place.remove();
}

#[wasm_bindgen_test]
fn a_rewritten_text_is_the_new_one_alone() {
    let place = place();
    place.set_text_content(Some("plain text until then"));
    let mut text = rich_text(&place);
    text.append("# One\n\n*two");
    text.rewrite("Three\n\n- four");
    text.append(" and five");
    text.finish();
    let whole = shown("Three\n\n- four and five");
    assert_eq!(inside(&place), inside(&whole));
    place.remove();
    whole.remove();
}

#[wasm_bindgen_test]
fn a_page_that_somebody_else_has_changed_breaks_nothing() {
    let place = place();
    let mut text = rich_text(&place);
    text.append("One *two");
    place.set_text_content(None);
    text.append(" three* four\n\n- five\n\n```\nsix\n");
    text.append("seven\n```\n\neight");
    text.finish();
    place.remove();
}
