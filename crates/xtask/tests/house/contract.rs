//! What a page can say to the chat and hear of it, read off the code: options, methods, events, reasons of failures, and the
//! sentences for site owners. The documentation and the types are held to it by others.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::{root, sources};

/// Which kind of value an option has.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Flag,
    Lines,
    Object,
    /// The widget's own words, others, or none.
    Wording,
    Choice(Vec<String>),
    /// Only the loader reads it.
    Loaders,
}

impl Kind {
    /// As the types have it; nothing where the loader alone knows.
    pub(crate) fn as_type(&self) -> Option<String> {
        Some(match self {
            Self::Text => "string".to_owned(),
            Self::Flag => "boolean".to_owned(),
            Self::Lines => "string[]".to_owned(),
            Self::Object => "Record<string, string | Record<string, string>>".to_owned(),
            Self::Wording => "boolean | string".to_owned(),
            Self::Choice(names) => names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(" | "),
            Self::Loaders => return None,
        })
    }
}

/// How the code takes an option, and of which kind it is then.
type Reader = (&'static str, fn() -> Kind);

const READERS: [Reader; 5] = [
    ("given.text(", || Kind::Text),
    ("given.flag(", || Kind::Flag),
    ("given.lines(", || Kind::Lines),
    ("given.object(", || Kind::Object),
    ("wording(&given, ", || Kind::Wording),
];

/// The files of the loader that read what a site has set.
const LOADERS: [&str; 4] = ["widget.js", "element.js", "teaser.js", "apology.js"];

/// What each event of the contract carries, by the expression in the code.
pub(crate) const EVENTS_OWN: [(&str, &str); 5] = [
    ("&JsValue::NULL", "null"),
    ("&message.text.into()", "string"),
    ("&JsValue::from_str(&message.text)", "string"),
    ("&unread.into()", "number"),
    ("&failure_name(failure).into()", "Failure"),
];

/// All options that the chat or the loader reads.
pub(crate) fn options() -> BTreeMap<String, Kind> {
    // A chain of calls may stand in several lines.
    let code = read("src/options.rs").lines().map(str::trim).collect::<String>();
    let mut found = BTreeMap::new();
    for (reader, kind) in READERS {
        let names = code.split(reader).skip(1).filter_map(|rest| quoted(rest.trim_start()));
        // The same functions take a name from a variable where they are defined.
        found.extend(names.map(|name| (name, kind())));
    }
    for rest in code.split("given.choice(").skip(1) {
        let name = quoted(rest.trim_start()).unwrap();
        let choices = rest.split_once("&[").unwrap().1.split_once(']').unwrap().0;
        let choices = choices.split("(\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned());
        found.insert(name, Kind::Choice(choices.collect()));
    }
    let loader = loader();
    for name in loaders_options(&loader) {
        found.entry(name).or_insert(Kind::Loaders);
    }
    found
}

/// The methods and the one value of a chat.
pub(crate) fn methods() -> Vec<String> {
    let element = read("src/loader/element.js");
    let (_, rest) = element.split_once("const METHODS = [").unwrap();
    let (list, _) = rest.split_once(']').unwrap();
    let mut found: Vec<_> = list.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    found.extend(["identify", "state"].into_iter().filter(|name| is_member(&element, name)).map(str::to_owned));
    found
}

fn is_member(class: &str, name: &str) -> bool {
    class.lines().any(|line| {
        let line = line.trim();
        line.strip_prefix("get ").unwrap_or(line).strip_prefix(name).is_some_and(|rest| rest.starts_with('('))
    })
}

/// The events with the type of what they carry.
pub(crate) fn events() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for source in sources("src").unwrap() {
        for rest in source.text.split("host.tell(\"").skip(1) {
            let (name, rest) = rest.split_once("\", ").unwrap();
            let known = EVENTS_OWN.iter().find(|(expression, _)| rest.starts_with(&format!("{expression})")));
            let (_, kind) = known.unwrap_or_else(|| panic!("{}: what does `{name}` carry?", source.path));
            found.insert(name.to_owned(), (*kind).to_owned());
        }
    }
    found
}

/// The reasons of failures as the page is told them.
pub(crate) fn failures() -> Vec<String> {
    let code = read("src/runtime/show.rs");
    let (_, rest) = code.split_once("fn failure_name(").unwrap();
    rest.split("=> \"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

/// Every sentence for site owners that the code can write on the console, with `…` for what only the moment knows.
pub(crate) fn sentences() -> BTreeSet<String> {
    let rust = sources("src").unwrap().into_iter().map(|source| source.text);
    let scripts = ["src/appearance.js", "src/language.js", "src/loader/frame.js"].map(read);
    rust.chain(scripts).flat_map(|text| sentences_of(&text)).collect()
}

pub(crate) fn sentences_of(code: &str) -> Vec<String> {
    let ends = |quote: char| move |rest: &str| rest.find(quote).map(|end| rest[..end].to_owned());
    let found = ['"', '`'].into_iter().flat_map(|quote| {
        let marked = code.replace("\\`", "'");
        let starts = format!("{quote}SecondMe Chat: ");
        marked.split(&starts).skip(1).filter_map(ends(quote)).collect::<Vec<_>>()
    });
    found.map(|sentence| plain(&sentence)).collect()
}

/// Without quotes, and with `…` in every place that is filled in.
pub(crate) fn plain(sentence: &str) -> String {
    let mut text = String::new();
    let mut depth = 0;
    for letter in sentence.replace("${", "{").chars() {
        match letter {
            '{' => {
                depth += 1;
                text.push('…');
            }
            '}' => depth -= 1,
            '`' | '\'' | '*' => {}
            letter if depth == 0 => text.push(letter),
            _ => {}
        }
    }
    text
}

fn loader() -> String {
    LOADERS.iter().map(|name| read(&format!("src/loader/{name}"))).collect()
}

/// What is read off `dataset`: by its name, or taken apart, be it by the function that it is handed to.
pub(crate) fn loaders_options(code: &str) -> BTreeSet<String> {
    let named = code.split("dataset.").skip(1).map(|rest| rest.split(|letter: char| !letter.is_ascii_alphanumeric()));
    let named = named.filter_map(|mut words| words.next());
    let apart = code.match_indices(" }").filter(|(at, _)| {
        let after = &code[at + " }".len()..];
        let value = after.strip_prefix(" = ").and_then(|rest| rest.split(';').next());
        after.starts_with(") {") || value.is_some_and(|value| value.ends_with("dataset"))
    });
    let apart = apart.filter_map(|(at, _)| code[..at].rsplit_once("{ ")).flat_map(|(_, names)| names.split(", "));
    let names = named.chain(apart).filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

fn quoted(text: &str) -> Option<String> {
    text.strip_prefix('"')?.split_once('"').map(|(name, _)| name.to_owned())
}

pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn what_the_loader_reads_is_found() {
    let code = "if (this.dataset.mode == 1) { const { teaser, teaserAfter } = element.dataset; const { x } = y; } function a(b, { fallback }) { ({ c }) => c }";
    assert_eq!(loaders_options(code), ["fallback", "mode", "teaser", "teaserAfter"].map(str::to_owned).into());
}

#[test]
fn sentences_are_found_with_their_places() {
    let code = r#"#[error("SecondMe Chat: the option `{0}` is {1}.")] warn(`SecondMe Chat: \`${name}\` is no text`); "SecondMe""#;
    assert_eq!(sentences_of(code), ["the option … is ….", "… is no text"]);
    assert!(is_member("  get state() {", "state") && !is_member("this.state()", "state"));
}
