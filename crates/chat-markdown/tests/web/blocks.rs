//! How blocks look in the page: the contract with the stylesheet.

use wasm_bindgen_test::wasm_bindgen_test;

use super::dom::{inside, shown};

fn check(text: &str, nodes: &str) {
    let place = shown(text);
    assert_eq!(inside(&place), nodes, "{text:?}");
    assert_eq!(place.class_name(), "rich");
    place.remove();
}

#[wasm_bindgen_test]
fn blocks_of_the_text_find_their_direction() {
    check(
        "a\nb",
        r#"<p dir="auto">"a
b"</p>"#,
    );
    check("> - a", r#"<blockquote dir="auto"><ul><li>"a"</li></ul></blockquote>"#);
    check("***", "<hr></hr>");
    check("# a\n\n###### b", r#"<h3 dir="auto">"a"</h3><h6 dir="auto">"b"</h6>"#);
}

#[wasm_bindgen_test]
fn code_has_its_language_and_a_button() {
    check(
        "```rust ignore\na  b\n```",
        concat!(
            r#"<div class="code"><div class="code-bar"><span class="code-language">"rust"</span>"#,
            r#"<button class="code-copy" data-copied="Copied" type="button">"Copy"</button></div>"#,
            r#"<pre dir="ltr" tabindex="0"><code>"a  b"#,
            "\n",
            r#""</code></pre></div>"#
        ),
    );
}

#[wasm_bindgen_test]
fn tables_have_heads_rows_and_alignment() {
    check(
        "| a | b |\n|:--|--:|\n| *c* |",
        concat!(
            r#"<div class="table" dir="auto" tabindex="0"><table><thead><tr><th class="left">"a"</th><th class="right">"b"</th></tr></thead>"#,
            r#"<tbody><tr><td class="left"><em>"c"</em></td><td class="right"></td></tr></tbody></table></div>"#
        ),
    );
    check(
        "| a |\n|---|",
        r#"<div class="table" dir="auto" tabindex="0"><table><thead><tr><th>"a"</th></tr></thead></table></div>"#,
    );
}

#[wasm_bindgen_test]
fn tasks_have_boxes_with_names() {
    check(
        "- [x] a\n- [ ] b",
        concat!(
            r#"<ul dir="auto"><li><input aria-label="Done" checked="" disabled="" type="checkbox"></input>"a"</li>"#,
            r#"<li><input aria-label="Open" disabled="" type="checkbox"></input>"b"</li></ul>"#
        ),
    );
}

#[wasm_bindgen_test]
fn two_tildes_strike_out_and_one_does_not() {
    check("~~a~~ 5~10, 3~4", r#"<p dir="auto"><del>"a"</del>" 5~10, 3~4"</p>"#);
    check("~~a~~ ~b~", r#"<p dir="auto"><del>"a"</del>" ~b~"</p>"#);
}

#[wasm_bindgen_test]
fn html_is_its_own_source() {
    check("<b>a</b> *c*", r#"<p dir="auto">"<b>a</b> "<em>"c"</em></p>"#);
    check("<div>\n*a*\n</div>", "<p class=\"source\" dir=\"auto\">\"<div>\n*a*\n</div>\"</p>");
}
