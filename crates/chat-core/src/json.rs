//! JSON as a value: what a browser has parsed, or is to write. It knows no text: the shell lets the browser read and write
//! it, which spares a parser, and the digits of fractions, in what every visitor loads.

mod object;
mod portable;

use serde::{Deserialize, Serialize};

pub use portable::{Portable, Reader};

/// Any JSON.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Json {
    /// `null`, and what is not there.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// JavaScript's only kind of number.
    Number(f64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object, in the order in which its fields are written. No two have one name.
    #[serde(with = "object")]
    Object(Vec<(String, Json)>),
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// What is missing is null.
impl From<Option<&str>> for Json {
    fn from(text: Option<&str>) -> Self {
        text.map_or(Self::Null, Self::from)
    }
}

impl Json {
    /// An object of the fields that have something to say.
    pub fn object<const COUNT: usize>(fields: [(&str, Self); COUNT]) -> Self {
        let said = fields.into_iter().filter(|(_, value)| *value != Self::Null);
        Self::Object(said.map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// The field of that name; null where there is none.
    #[must_use]
    pub fn take(&mut self, name: &str) -> Self {
        match self {
            Self::Object(fields) => {
                let place = fields.iter().position(|(known, _)| known == name);
                place.map(|place| fields.swap_remove(place).1).unwrap_or_default()
            }
            _ => Self::Null,
        }
    }

    /// What stands for a text. Ids are text in the documents; some systems write them as numbers.
    #[must_use]
    pub fn into_text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            number => number.into_whole().map(|integer| integer.to_string()),
        }
    }

    /// What stands for a whole number, be it written as text.
    #[must_use]
    pub fn into_integer(self) -> Option<i64> {
        match self {
            Self::Text(text) => text.parse().ok(),
            number => number.into_whole(),
        }
    }

    pub(crate) fn into_bool(self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(value) } else { None }
    }

    /// A whole number that a double holds exactly.
    #[expect(clippy::cast_possible_truncation, reason = "only whole numbers within a double's exact range are cast")]
    pub(crate) fn into_whole(self) -> Option<i64> {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        match self {
            Self::Number(number) if number.fract() == 0.0 && number.abs() <= EXACT => Some(number as i64),
            _ => None,
        }
    }

    /// A whole number, not below zero; one beyond all that can be counted is the greatest.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "only whole and positive numbers are cast"
    )]
    pub(crate) fn into_count(self) -> Option<u64> {
        match self {
            Self::Number(number) if number.fract() == 0.0 && number >= 0.0 => Some(number as u64),
            _ => None,
        }
    }
}
