//! What a reply holds beside text, as entries of `multipleData`.

use serde_json::{Value, json};

use super::Part;

/// What would be set in a page that ran something it was given.
const RAN: &str = "window.secondmeSimulatorRan = true";

/// The entry of this part. The document shows text only: the kinds and members are those of the published SDK.
pub(super) fn entry(part: Part, media_base: &str) -> Value {
    let address = |name: &str| format!("{media_base}/media/{name}");
    match part {
        Part::Audio => single("audio", "audio", &address("tone.wav")),
        Part::Speech => single("text", "speech", &address("tone.wav")),
        Part::Image => single("image", "image", &address("notebook.svg")),
        Part::Video => single("video", "video", &address("film.mp4")),
        Part::Link => single("link", "link", &address("catalogue")),
        Part::Template => {
            let params = json!({
                "link": address("catalogue"),
                "pic": address("notebook.svg"),
                "title": "The Field Notebook",
                "subTitle": "Stitched by hand",
            });
            single("template", "template", &json!({ "templateName": "StandardCard", "params": params }).to_string())
        }
        Part::Html => {
            single("html", "html", &format!(r#"<p>Not text.</p><img src="x" onerror="{RAN}"><script>{RAN}</script>"#))
        }
        Part::UnsafeLink => single("link", "link", &format!("javascript:{RAN}")),
    }
}

fn single(kind: &str, member: &str, value: &str) -> Value {
    let mut entry = json!({ "singleDataType": kind, "modal": {} });
    entry["modal"][member] = value.into();
    entry
}
