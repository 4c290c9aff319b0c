//! The Avatar Hub's numeric ids. They pass 2^53, so that a JSON number read as a double would lose digits.

use std::fmt;

use serde::de::{Error, Unexpected};
use serde::{Deserialize, Deserializer, Serialize};

/// An id that is a number, read from a JSON number or from its digits in a string, and written as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(super) struct NumericId(u64);

impl<'de> Deserialize<'de> for NumericId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Digits)
    }
}

struct Digits;

impl serde::de::Visitor<'_> for Digits {
    type Value = NumericId;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a whole number or its digits")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<NumericId, E> {
        Ok(NumericId(number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<NumericId, E> {
        // `parse` alone would take a sign, too.
        let digits = Some(text).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        let number = digits.and_then(|digits| digits.parse().ok());
        number.map(NumericId).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_digits_are_kept() {
        let check = |json: &str, written: Option<&str>| {
            let read = serde_json::from_str::<NumericId>(json).ok();
            assert_eq!(read.map(|id| serde_json::to_string(&id).unwrap()).as_deref(), written, "{json}");
            let value = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::from_value::<NumericId>(value).ok(), read, "{json}");
        };
        check("67", Some("67"));
        check("\"67\"", Some("67"));
        check("\"487569763543990272\"", Some("487569763543990272"));
        check("487569763543990273", Some("487569763543990273"));
        check("18446744073709551615", Some("18446744073709551615"));
        check("\"18446744073709551616\"", None);
        check("18446744073709551616", None);
        check("4.875697635439903e17", None);
        check("-1", None);
        check("\"-1\"", None);
        check("\"+1\"", None);
        check("\"\"", None);
        check("\"3m24e99h3mbp\"", None);
        check("null", None);
    }
}
