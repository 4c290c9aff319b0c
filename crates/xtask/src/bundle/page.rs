//! The demo page as Trunk's list of instructions: what it says on making WebAssembly small, and the page without it.

use std::fs;
use std::path::Path;

use crate::error::Error;

/// Takes Trunk's instruction out of the finished page.
pub(super) fn finish(page: &Path) -> Result<(), Error> {
    let html = fs::read_to_string(page).map_err(Error::file("read", page))?;
    fs::write(page, without_instruction(&html)).map_err(Error::file("write", page))
}

/// How wasm-opt is to be called, for all of the WebAssembly alike.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Optimization {
    level: String,
    parameters: String,
}

impl Optimization {
    /// Reads it from the page that Trunk builds.
    pub(super) fn read(page: &Path) -> Result<Self, Error> {
        let html = fs::read_to_string(page).map_err(Error::file("read", page))?;
        Self::parse(&html).ok_or_else(|| Error::content(page, "does not say how wasm-opt is to be called"))
    }

    fn parse(html: &str) -> Option<Self> {
        let element = html.split("<link").skip(1).filter_map(|rest| rest.split_once('>')).find(|(e, _)| is_rust(e))?.0;
        let value = |name: &str| {
            let (_, after) = element.split_once(&format!("{name}=\""))?;
            after.split_once('"').map(|(value, _)| value.to_owned())
        };
        Some(Self { level: value("data-wasm-opt")?, parameters: value("data-wasm-opt-params")? })
    }

    /// The arguments, apart from the files'.
    pub(super) fn arguments(&self) -> String {
        format!("-O{} {}", self.level, self.parameters)
    }
}

/// The page without the element that told Trunk what to compile; it says nothing to a browser.
fn without_instruction(html: &str) -> String {
    let mut kept = String::new();
    let mut rest = html;
    while let Some((before, element)) = rest.split_once("<link") {
        let (inside, after) = element.split_once('>').unwrap_or((element, ""));
        if is_rust(inside) {
            kept.push_str(before.trim_end_matches([' ', '\t']));
            rest = after.strip_prefix('\n').unwrap_or(after);
        } else {
            kept.push_str(before);
            kept.push_str("<link");
            rest = element;
        }
    }
    kept + rest
}

fn is_rust(link: &str) -> bool {
    link.contains("rel=\"rust\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUST: &str = "  <link data-trunk rel=\"rust\" data-wasm-opt-params=\"--one --two\" data-wasm-opt=\"z\" data-trunk-id=\"0\">\n";

    fn page(instruction: &str) -> String {
        format!("<head>\n{instruction}  <link rel=\"stylesheet\" href=\"a.css\">\n</head><p>rel=\"rust\"</p>")
    }

    #[test]
    fn only_trunk_s_instruction_leaves_the_page() {
        assert_eq!(without_instruction(&page(RUST)), page(""));
        assert_eq!(without_instruction(&page("")), page(""));
    }

    #[test]
    fn how_wasm_opt_is_called_stands_in_the_page() {
        assert_eq!(Optimization::parse(&page(RUST)).unwrap().arguments(), "-Oz --one --two");
        assert_eq!(Optimization::parse(&page("")), None);
        let own = crate::project::Project::locate().unwrap().path("index.html");
        assert!(Optimization::read(&own).unwrap().arguments().starts_with("-Oz --enable-"));
    }
}
