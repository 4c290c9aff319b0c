//! Where links lead, and which pictures are loaded.

use wasm_bindgen_test::wasm_bindgen_test;

use super::dom::{inside, shown};

fn check(text: &str, nodes: &str) {
    let place = shown(text);
    assert_eq!(inside(&place), format!("<p dir=\"auto\">{nodes}</p>"), "{text:?}");
    place.remove();
}

fn link(address: &str, words: &str) -> String {
    format!("<a href={address:?} rel=\"noopener noreferrer nofollow ugc\" target=\"_blank\">\"{words}\"</a>")
}

#[wasm_bindgen_test]
fn four_schemes_are_links() {
    check("[a](https://a.example/b?c#d)", &link("https://a.example/b?c#d", "a"));
    check("[a](HTTP://A.example)", &link("http://a.example/", "a"));
    check("<mailto:a@b.example>", &link("mailto:a@b.example", "mailto:a@b.example"));
    check("[call](tel:+4930123456)", &link("tel:+4930123456", "call"));
    let own = web_sys::window().unwrap().location().origin().unwrap();
    check("[a](/b)", &link(&format!("{own}/b"), "a"));
    check("[a](//c.example/d)", &link("http://c.example/d", "a"));
}

#[wasm_bindgen_test]
fn all_else_is_its_words() {
    check("[a *b*](javascript:c)", r#"<span class="refused">"a "<em>"b"</em></span>"#);
    check("<ftp://a.example>", r#"<span class="refused">"ftp://a.example"</span>"#);
    check("![a](data:image/png;base64,AA)", r#"<span class="refused">"a"</span>"#);
    check("[a]()", r#"<span class="refused">"a"</span>"#);
}

#[wasm_bindgen_test]
fn bare_addresses_are_links() {
    check("see www.a.example.", &format!("\"see \"{}\".\"", link("http://www.a.example/", "www.a.example")));
    check(
        "**https://a.example/b**",
        &format!("<strong>{}</strong>", link("https://a.example/b", "https://a.example/b")),
    );
    check("`www.a.example`", r#"<code>"www.a.example"</code>"#);
    check("[www.a.example](https://b.example)", &link("https://b.example/", "www.a.example"));
    check("a@b.example", &link("mailto:a@b.example", "a@b.example"));
}

#[wasm_bindgen_test]
fn pictures_of_named_hosts_alone_are_loaded() {
    check(
        "![a cat](https://img.example/c.png)",
        r#"<img alt="a cat" decoding="async" loading="lazy" referrerpolicy="no-referrer" src="https://img.example/c.png"></img>"#,
    );
    check("![a cat](https://other.example/c.png)", &link("https://other.example/c.png", "a cat"));
    check("![a cat](http://img.example/c.png)", &link("http://img.example/c.png", "a cat"));
    check("![a cat](https://img.example:444/c.png)", &link("https://img.example:444/c.png", "a cat"));
    check("![](https://other.example/c.png)", &link("https://other.example/c.png", "https://other.example/c.png"));
    let outer = link("https://a.example/", "").replace("\"\"</a>", "<span>\"b\"</span></a>");
    check("[![b](https://other.example/c.png)](https://a.example)", &outer);
}
