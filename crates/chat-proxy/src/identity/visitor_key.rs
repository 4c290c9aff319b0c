//! The id under which SecondMe knows a visitor whom the site knows: the same on every device, in every release, and not
//! to be guessed from the visitor's id at the site.

use chat_core::wire::{InvalidVisitorId, VisitorId};
use ring::hmac;
use secrecy::{ExposeSecret, SecretString};
use uuid::Builder;

/// What such ids begin with. A visitor who is not known can't have one.
pub(crate) const PREFIX: &str = "site_";

/// Keeps this use of a secret apart from every other: the site's tokens may be signed with the same one.
const DOMAIN: &[u8] = b"secondme-chat ids of known visitors v1";

/// Makes the ids of one site's visitors.
pub(super) struct VisitorKey(hmac::Key);

impl VisitorKey {
    pub(super) fn new(secret: &SecretString) -> Self {
        let secret = hmac::Key::new(hmac::HMAC_SHA256, secret.expose_secret().as_bytes());
        Self(hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&secret, DOMAIN).as_ref()))
    }

    /// In the form that Avatar Hub asks for, `{platform}_{uuid}`. The uuid has the marks of a random one, which every
    /// reader of uuids takes.
    pub(super) fn visitor_id(&self, subject: &str) -> Result<VisitorId, InvalidVisitorId> {
        let hash = hmac::sign(&self.0, subject.as_bytes());
        let bytes = hash.as_ref().first_chunk().copied().unwrap_or_default();
        VisitorId::parse(format!("{PREFIX}{}", Builder::from_random_bytes(bytes).into_uuid()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed by another program. If this test fails, every known visitor would lose their conversation.
    #[test]
    fn the_ids_never_change() {
        let check = |secret: &str, subject: &str, expected: &str| {
            let id = VisitorKey::new(&secret.into()).visitor_id(subject).unwrap();
            assert_eq!(id.as_str(), expected, "{subject}");
        };
        let secret = "0123456789abcdef0123456789abcdef";
        check(secret, "customer-1", "site_aec66d60-39db-46f5-915c-816261703360");
        check(secret, "customer-2", "site_5cfbc837-913c-4266-b476-5a2148a894fc");
        check(secret, "用户", "site_ccc005f5-cf27-4fb9-9f3c-fa302ed6520d");
        check("another-secret-0123456789abcdef0123", "customer-1", "site_6b94f5d4-8c39-4291-82c2-9544e934eb92");
    }
}
