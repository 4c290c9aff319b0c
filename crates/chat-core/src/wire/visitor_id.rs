//! A visitor's id that holds to the documents' form. It does not know how ids are made or kept.

use core::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::limits;
use crate::json::{Json, Portable, Reader};

/// Letters, digits, `_` and `-`, 1 to [`limits::VISITOR_ID`] of them (Visitor Chat, Initialize Chat).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct VisitorId(String);

/// The text is no visitor id: empty, too long, or with a character outside the documents' set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a visitor id is 1 to 128 letters, digits, underscores and hyphens")]
pub struct InvalidVisitorId;

impl VisitorId {
    /// Takes a text that already has the form.
    ///
    /// # Errors
    /// [`InvalidVisitorId`] where it does not.
    pub fn parse(text: impl Into<String>) -> Result<Self, InvalidVisitorId> {
        let text = text.into();
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if (1..=limits::VISITOR_ID).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text))
        } else {
            Err(InvalidVisitorId)
        }
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Portable for VisitorId {
    fn pack(&self, list: &mut Vec<Json>) {
        self.0.pack(list);
    }

    fn unpack(reader: &mut Reader) -> Self {
        let found = Self::parse(String::unpack(reader)).ok();
        reader.expect(found, || Self(String::new()))
    }
}

impl TryFrom<String> for VisitorId {
    type Error = InvalidVisitorId;

    fn try_from(text: String) -> Result<Self, InvalidVisitorId> {
        Self::parse(text)
    }
}

impl fmt::Display for VisitorId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documents_form_is_kept() {
        let check = |text: &str, valid: bool| assert_eq!(VisitorId::parse(text).is_ok(), valid, "{text:?}");
        check("web_6ba7b810-9dad-11d1-80b4-00c04fd430c8", true);
        check("device_abc123", true);
        check("a", true);
        check("", false);
        check("a b", false);
        check("naïve", false);
        check("a.b", false);
        check(&"x".repeat(128), true);
        check(&"x".repeat(129), false);
    }

    #[test]
    fn a_stored_id_of_the_wrong_form_is_refused() {
        assert!(serde_json::from_str::<VisitorId>("\"<script>\"").is_err());
        assert_eq!(serde_json::to_string(&VisitorId::parse("web_1").unwrap()).unwrap(), "\"web_1\"");
    }
}
