//! What a page hands over to show who its visitor is. It does not know who may check it, and never shows itself.

use core::fmt;

use serde::{Deserialize, Serialize};

/// A token of the visitor, on its way from the page to the proxy. Its text must not get into a log.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Credential(String);

impl Credential {
    /// Wraps a token.
    #[must_use]
    pub fn new(token: String) -> Self {
        Self(token)
    }

    /// The token itself, for the one who checks it or sends it on.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Credential(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_does_not_show_itself() {
        let credential = Credential::new("secret".to_owned());
        assert_eq!(format!("{credential:?}"), "Credential(hidden)");
        assert_eq!(credential.expose(), "secret");
        assert_eq!(serde_json::to_string(&credential).unwrap(), "\"secret\"");
    }
}
