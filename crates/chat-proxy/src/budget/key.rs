//! What a budget is found by: a digest of the avatar's API key, from which nobody gets the key back.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// Stands for an avatar's API key. Avatars with the same key have the same budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BudgetKey(u128);

impl BudgetKey {
    /// Stands for no key.
    pub(super) const NONE: Self = Self(0);

    /// Half of a SHA-256 digest of the key. The key is random and long, so that trying keys leads nowhere.
    #[must_use]
    pub fn of(api_key: &SecretString) -> Self {
        let digest =
            Sha256::new().chain_update("secondme-chat budget\0").chain_update(api_key.expose_secret()).finalize();
        let mut half = [0; 16];
        half.copy_from_slice(&digest[..16]);
        Self(u128::from_be_bytes(half))
    }
}

/// 32 hexadecimal digits, as the key's name in Redis has them.
impl fmt::Display for BudgetKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:032x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_recognised_and_not_shown() {
        let key = |text: &str| BudgetKey::of(&text.into());
        assert_eq!(key("sk-a"), key("sk-a"));
        assert_ne!(key("sk-a"), key("sk-b"));
        let shown = format!("{0} {0:?}", key("sk-abcdef"));
        assert!(!shown.contains("abcdef") && key("sk-abcdef").to_string().len() == 32, "{shown}");
    }
}
