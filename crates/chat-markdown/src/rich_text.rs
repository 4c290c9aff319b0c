//! What JavaScript sees of this module: one class, which shows a text in an element while it grows.

use wasm_bindgen::prelude::*;
use web_sys::Element;

use crate::place::{Place, Settings};
use crate::stream::Stream;

#[wasm_bindgen(typescript_custom_section)]
const OPTIONS: &str = r#"
/** What the site decides, and the words that a person reads. */
export interface RichTextOptions {
  /** Hosts, with their port where it is not 443, whose pictures are loaded over https. All others become links. */
  imageHosts: string[];
  /** The label of the button that copies a code block. */
  copy: string;
  /** What that button says for two seconds after it did. */
  copied: string;
  /** The name of a ticked box in a list of tasks. */
  done: string;
  /** The name of a box that is not ticked. */
  open: string;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// The options as JavaScript has them.
    #[wasm_bindgen(typescript_type = "RichTextOptions")]
    pub type Options;

    #[wasm_bindgen(method, getter, js_name = imageHosts)]
    fn image_hosts(this: &Options) -> Vec<String>;
    #[wasm_bindgen(method, getter)]
    fn copy(this: &Options) -> String;
    #[wasm_bindgen(method, getter)]
    fn copied(this: &Options) -> String;
    #[wasm_bindgen(method, getter)]
    fn done(this: &Options) -> String;
    #[wasm_bindgen(method, getter)]
    fn open(this: &Options) -> String;
}

#[wasm_bindgen(module = "/src/copying.js")]
extern "C" {
    #[wasm_bindgen(js_name = offerCopying)]
    fn offer_copying(place: &Element);
}

/// A Markdown text in an element, which it has to itself. Only what is still being written costs memory: after
/// [`RichText::finish`] nothing is left but the nodes on the page.
#[wasm_bindgen]
pub struct RichText {
    place: Place,
    stream: Stream,
}

#[wasm_bindgen]
impl RichText {
    /// Empties the element and gives it the class `rich`.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(place: Element, options: &Options) -> Self {
        let settings = Settings {
            image_hosts: options.image_hosts(),
            copy: options.copy(),
            copied: options.copied(),
            done: options.done(),
            open: options.open(),
        };
        place.set_text_content(None);
        // Only a name with a space in it is refused.
        let _ = place.class_list().add_1("rich");
        offer_copying(&place);
        Self { place: Place { element: place, settings }, stream: Stream::default() }
    }

    /// Adds text at the end.
    pub fn append(&mut self, text: &str) {
        self.stream.append(text, &mut self.place);
    }

    /// Shows another text instead.
    pub fn rewrite(&mut self, text: &str) {
        self.place.element.set_text_content(None);
        self.stream = Stream::default();
        self.append(text);
    }

    /// No more will come: shows the text as it is when it is read as a whole, and gives all memory back. The object
    /// cannot be used any more.
    pub fn finish(mut self) {
        self.stream.finish(&mut self.place);
    }
}
