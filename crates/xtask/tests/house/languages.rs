//! The files of `src/languages`: each has every text of the English one, with the same places to fill in and the plural
//! forms that its language has. Whether a text is good, no machine says.

use std::fmt;
use std::fs;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

use super::root;

pub(crate) const ENGLISH: &str = "en";

/// A language, its cardinal plural categories in CLDR 48 (unicode.org/cldr/charts/48, Language Plural Rules), and those of
/// them that stand for one number alone, so that a text may have a word for it.
struct Language {
    tag: &'static str,
    plurals: &'static [&'static str],
    exact: &'static [&'static str],
}

const LANGUAGES: [Language; 18] = [
    language(ENGLISH, &["one", "other"], &["one"]),
    language("zh-CN", &["other"], &[]),
    language("zh-TW", &["other"], &[]),
    language("ja", &["other"], &[]),
    language("ko", &["other"], &[]),
    language("es", &["one", "many", "other"], &["one"]),
    language("pt-BR", &["one", "many", "other"], &[]),
    language("fr", &["one", "many", "other"], &[]),
    language("de", &["one", "other"], &["one"]),
    language("it", &["one", "many", "other"], &["one"]),
    language("ru", &["one", "few", "many", "other"], &[]),
    language("ar", &["zero", "one", "two", "few", "many", "other"], &["zero", "one", "two"]),
    language("he", &["one", "two", "other"], &["one", "two"]),
    language("hi", &["one", "other"], &[]),
    language("id", &["other"], &[]),
    language("vi", &["other"], &[]),
    language("th", &["other"], &[]),
    language("tr", &["one", "other"], &["one"]),
];

const fn language(tag: &'static str, plurals: &'static [&'static str], exact: &'static [&'static str]) -> Language {
    Language { tag, plurals, exact }
}

/// The tags of all languages.
pub(crate) fn tags() -> impl Iterator<Item = &'static str> {
    LANGUAGES.iter().map(|language| language.tag)
}

#[test]
fn every_language_has_its_file_and_no_other_does() {
    let folder = fs::read_dir(root().join("src/languages")).unwrap();
    let mut found: Vec<_> = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let mut expected: Vec<_> = tags().map(|tag| format!("{tag}.json")).collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn every_language_has_every_text() {
    let english = texts(ENGLISH);
    assert!(english.0.len() >= 90, "only {} texts were found", english.0.len());
    let broken: Vec<_> =
        LANGUAGES.iter().flat_map(|language| violations(language, &english, &texts(language.tag))).collect();
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn a_language_that_does_not_is_noticed() {
    let english =
        parse(r#"{"a": "Hi {name}", "b": {"one": "{count} day", "other": "{count} days"}, "c": "({count} s)"}"#);
    let polish = language("pl", &["one", "few", "other"], &["one"]);
    let check = |file: &str| violations(&polish, &english, &parse(file));
    let good =
        r#"{"a": "{name}!", "b": {"one": "dzień", "few": "{count} dni", "other": "{count} dnia"}, "c": "{count}"}"#;
    assert_eq!(check(good), Vec::<String>::new());
    for (right, wrong, problem) in [
        (r#""a": "{name}!", "#, "", "other texts"),
        (r#""a""#, r#""x""#, "other texts"),
        (r#""a": "{name}!""#, r#""a": "{name}!", "a": "{name}""#, "other texts"),
        (r#", "c": "{count}""#, r#", "c": "{count}", "d": "D""#, "other texts"),
        ("{name}!", "Hi!", "`a` has the places []"),
        ("{name}!", "{name} {count}", "`a` has the places"),
        ("{name}!", "{name", "`a` has the places"),
        ("{name}!", " ", "`a` is empty"),
        ("{name}!", " {name}", "`a` begins or ends with a space"),
        (r#""few": "{count} dni", "#, "", "`b` has the forms"),
        (
            r#""few": "{count} dni", "other": "{count} dnia""#,
            r#""other": "{count} dnia", "few": "{count} dni""#,
            "forms",
        ),
        ("{count} dni\"", "dni\"", "`b` (few) has the places []"),
        ("\"{count} dnia\"", "\"\"", "`b` (other) is empty"),
        ("\"c\": \"{count}\"", "\"c\": {\"other\": \"{count}\"}", "`c` has forms"),
        ("\"a\": \"{name}!\"", "\"a\": {\"one\": \"{name}\"}", "`a` has forms"),
    ] {
        assert!(good.contains(right), "{right}");
        let found = check(&good.replacen(right, wrong, 1));
        assert!(found.iter().any(|sentence| sentence.contains(problem)), "{right} as {wrong}: {found:?}");
    }
    let unformed =
        good.replace(r#"{"one": "dzień", "few": "{count} dni", "other": "{count} dnia"}"#, r#""{count} dni""#);
    assert!(check(&unformed)[0].contains("`b` has no forms"));
}

fn violations(language: &Language, english: &Ordered<Words>, texts: &Ordered<Words>) -> Vec<String> {
    let file = format!("{}.json", language.tag);
    if names(english) != names(texts) {
        let odd: Vec<_> = names(english).into_iter().zip(names(texts)).filter(|(one, other)| one != other).collect();
        return vec![format!("{file} has other texts than English, or another order: {:?}", odd.first())];
    }
    let pairs = english.0.iter().zip(&texts.0);
    pairs
        .flat_map(|((name, english), (_, words))| match (english, words) {
            (Words::Plain(english), Words::Plain(text)) => unlike(&format!("`{name}`"), english, text, false),
            (Words::Forms(english), Words::Forms(forms)) => plurals(language, name, english, forms),
            (Words::Plain(_), Words::Forms(_)) => vec![format!("`{name}` has forms, and in English it has none")],
            (Words::Forms(_), Words::Plain(_)) => vec![format!("`{name}` has no forms, and in English it has")],
        })
        .map(|problem| format!("{file}: {problem}"))
        .collect()
}

fn plurals(language: &Language, name: &str, english: &Ordered<String>, forms: &Ordered<String>) -> Vec<String> {
    if names(forms) != language.plurals {
        return vec![format!("`{name}` has the forms {:?} and not {:?}", names(forms), language.plurals)];
    }
    let example = english.0.last().map(|(_, text)| text.as_str()).unwrap_or_default();
    let check = |(form, text): &(String, String)| {
        unlike(&format!("`{name}` ({form})"), example, text, language.exact.contains(&form.as_str()))
    };
    forms.0.iter().flat_map(check).collect()
}

/// What of a text is not as in English. `exact` says that the text is for one number, which it need not name.
fn unlike(place: &str, english: &str, text: &str, exact: bool) -> Vec<String> {
    let (wanted, found) = (places(english), places(text));
    let mut problems = Vec::new();
    if text.trim().is_empty() {
        problems.push(format!("{place} is empty"));
    } else if text.trim() != text {
        problems.push(format!("{place} begins or ends with a space"));
    }
    if found != wanted && !(exact && found.is_empty() && wanted == ["{count}"]) {
        problems.push(format!("{place} has the places {found:?} and not {wanted:?}"));
    }
    problems
}

/// The places to fill in, `{name}`, in the order of the alphabet; a brace alone is one, too.
fn places(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(['{', '}']) {
        let length = rest[start..].find('}').map_or(1, |end| end + 1);
        found.push(&rest[start..start + length]);
        rest = &rest[start + length..];
    }
    found.sort_unstable();
    found
}

fn names<T>(texts: &Ordered<T>) -> Vec<&str> {
    texts.0.iter().map(|(name, _)| name.as_str()).collect()
}

/// What the file of a language says, name by name.
pub(crate) fn texts(tag: &str) -> Ordered<Words> {
    let path = root().join(format!("src/languages/{tag}.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{tag}.json: {error}"))
}

fn parse(text: &str) -> Ordered<Words> {
    serde_json::from_str(text).unwrap()
}

/// One text, or its plural forms.
#[derive(serde::Deserialize)]
#[serde(untagged)]
pub(crate) enum Words {
    Plain(String),
    Forms(Ordered<String>),
}

/// A JSON object as it is written: in its order, and with names that stand there twice.
pub(crate) struct Ordered<T>(pub(crate) Vec<(String, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Ordered<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
            type Value = Ordered<T>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Ordered(entries))
            }
        }

        deserializer.deserialize_map(Entries(PhantomData))
    }
}
