//! Writes a table into docs/benchmarks.md, between its two markers. What stands around them is written by hand.

use std::fs;

use crate::error::Error;
use crate::project::Project;

/// Replaces what stands between `<!-- {name} -->` and `<!-- end of {name} -->`.
pub(super) fn write(project: &Project, name: &str, table: &str) -> Result<(), Error> {
    let path = project.path("docs/benchmarks.md");
    let text = fs::read_to_string(&path).map_err(Error::file("read", &path))?;
    let text = replace(&text, name, table).ok_or_else(|| Error::content(&path, format!("has no place for {name}")))?;
    fs::write(&path, text).map_err(Error::file("write", &path))
}

fn replace(text: &str, name: &str, table: &str) -> Option<String> {
    let (before, rest) = text.split_once(&format!("<!-- {name} -->\n"))?;
    let (_, after) = rest.split_once(&format!("<!-- end of {name} -->"))?;
    Some(format!("{before}<!-- {name} -->\n\n{}\n\n<!-- end of {name} -->{after}", table.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_markers_is_replaced() {
        let text = "Before.\n<!-- proxy -->\nold\n<!-- end of proxy -->\nAfter.\n";
        let expected = "Before.\n<!-- proxy -->\n\nnew\n\n<!-- end of proxy -->\nAfter.\n";
        assert_eq!(replace(text, "proxy", "\nnew\n").as_deref(), Some(expected));
        assert_eq!(replace(expected, "proxy", "new").as_deref(), Some(expected));
        assert_eq!(replace(text, "widget", "new"), None);
        assert_eq!(replace("<!-- proxy -->\nno end", "proxy", "new"), None);
    }
}
