//! Who visitors may be, and the keys by which the site vouches for those it knows. It checks no token.

use rustls::pki_types::SubjectPublicKeyInfoDer;
use rustls::pki_types::pem::PemObject;
use secrecy::{ExposeSecret, SecretString};

use super::{Api, ConfigError, boolean, wrong};
use crate::settings::Settings;

const SITE_KEY: &str = "CHAT_PROXY_SITE_KEY";
const SITE_KEY_TYPE: &str = "CHAT_PROXY_SITE_KEY_TYPE";
const VISITOR_KEY: &str = "CHAT_PROXY_VISITOR_KEY";

/// Shortest secret, in bytes: as long as the hash that it keys (RFC 7518, section 3.2).
const SHORTEST_SECRET: usize = 32;
/// An Ed25519 public key, in bytes.
const PUBLIC_KEY: usize = 32;
/// What stands before an Ed25519 public key in its DER form (RFC 8410, section 4).
const ED25519_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// Who visitors may be.
#[derive(Clone, Debug)]
pub struct IdentityConfig {
    /// Whether a visitor who shows no identity is turned away.
    pub required: bool,
    /// How the site vouches for visitors; none where it does not.
    pub site: Option<SiteConfig>,
}

/// How the site vouches for visitors whom it knows.
#[derive(Clone, Debug)]
pub struct SiteConfig {
    /// What its tokens are signed with. The key decides on the algorithm, whatever a token says.
    pub key: SiteKey,
    /// Whom its tokens must be meant for; without it they must name nobody.
    pub audience: Option<String>,
    /// What visitors' ids are made from; the site's own secret where nothing else is said. Another one gives everybody
    /// another id, and so another conversation.
    pub visitor_key: SecretString,
}

/// What a site's tokens are signed with.
#[derive(Clone, Debug)]
pub enum SiteKey {
    /// HS256: a text of at least 32 bytes, used as it stands and not decoded.
    Secret(SecretString),
    /// EdDSA: an Ed25519 public key.
    Public([u8; PUBLIC_KEY]),
}

impl IdentityConfig {
    pub(super) fn from_settings(settings: &Settings, api: &Api) -> Result<Self, ConfigError> {
        let required = boolean("CHAT_PROXY_REQUIRE_IDENTITY", settings.require_identity.as_deref())?;
        let visitor_key = settings.visitor_key.clone().map(|key| secret(VISITOR_KEY, key)).transpose()?;
        let key_type = settings.site_key_type.as_deref().map(str::trim);
        let key = settings.site_key.clone().map(|key| site_key(key, key_type)).transpose()?;
        let site = key.map(|key| {
            let visitor_key = match (visitor_key, &key) {
                (Some(secret), _) => secret,
                (None, SiteKey::Secret(secret)) => secret.clone(),
                (None, SiteKey::Public(_)) => {
                    let problem =
                        "is missing: CHAT_PROXY_SITE_KEY is a public key, which can't keep ids from being guessed";
                    return Err(wrong(VISITOR_KEY, problem));
                }
            };
            Ok(SiteConfig { key, audience: settings.site_audience.clone(), visitor_key })
        });
        let site = site.transpose()?;
        if required && site.is_none() && matches!(api, Api::AvatarHub) {
            let problem = "needs CHAT_PROXY_SITE_KEY with SECONDME_API=avatar-hub, or nobody could get in";
            return Err(wrong("CHAT_PROXY_REQUIRE_IDENTITY", problem));
        }
        Ok(Self { required, site })
    }
}

/// A public key that is taken for a secret lets everybody sign who knows it, so where the form leaves a doubt the operator
/// has to say which it is.
fn site_key(key: SecretString, key_type: Option<&str>) -> Result<SiteKey, ConfigError> {
    let text = key.expose_secret().trim();
    let (is_pem, bytes) = (text.starts_with("-----BEGIN"), raw_public_key(text));
    match (key_type, bytes) {
        (Some("hs256"), _) if is_pem => {
            Err(wrong(SITE_KEY_TYPE, "must be eddsa: CHAT_PROXY_SITE_KEY is in PEM, as no secret is"))
        }
        (Some("eddsa") | None, _) if is_pem => public_key_of_pem(text).map(SiteKey::Public),
        (Some("eddsa"), Some(bytes)) => Ok(SiteKey::Public(bytes)),
        (Some("eddsa"), None) => Err(not_public()),
        (None, Some(_)) => {
            let problem = "must say whether CHAT_PROXY_SITE_KEY is a secret (hs256) or a public key (eddsa)";
            Err(wrong(SITE_KEY_TYPE, problem))
        }
        (Some("hs256") | None, _) => secret(SITE_KEY, key).map(SiteKey::Secret),
        (Some(other), _) => Err(wrong(SITE_KEY_TYPE, format!("must be hs256 or eddsa, not `{other}`"))),
    }
}

fn secret(variable: &'static str, key: SecretString) -> Result<SecretString, ConfigError> {
    let text = key.expose_secret();
    if text.trim() != text {
        return Err(wrong(variable, "must not begin or end with spaces or line breaks"));
    }
    if text.len() < SHORTEST_SECRET {
        return Err(wrong(variable, format!("must be a secret of at least {SHORTEST_SECRET} bytes")));
    }
    Ok(key)
}

fn raw_public_key(text: &str) -> Option<[u8; PUBLIC_KEY]> {
    crate::seal::base64_of_any_form(text)?.try_into().ok()
}

fn public_key_of_pem(text: &str) -> Result<[u8; PUBLIC_KEY], ConfigError> {
    let der = SubjectPublicKeyInfoDer::from_pem_slice(text.as_bytes()).map_err(|_| not_public())?;
    let bytes = der.strip_prefix(&ED25519_PREFIX).and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(not_public)
}

fn not_public() -> ConfigError {
    wrong(SITE_KEY, "must be an Ed25519 public key: in PEM, or its 32 bytes as base64")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "do-not-print-0123456789-0123456789";
    const RAW: &str = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
    const PEM: &str = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n\
                       -----END PUBLIC KEY-----\n";

    fn read(key: &str, key_type: Option<&str>, visitor_key: Option<&str>) -> Result<IdentityConfig, ConfigError> {
        let settings = Settings {
            site_key: Some(key.into()),
            site_key_type: key_type.map(Into::into),
            visitor_key: visitor_key.map(Into::into),
            ..Settings::default()
        };
        IdentityConfig::from_settings(&settings, &Api::AvatarHub)
    }

    #[test]
    fn a_key_is_what_it_is_said_to_be_or_can_only_be() {
        let check = |key: &str, key_type: Option<&str>, public: bool| {
            let config = read(key, key_type, Some(SECRET)).unwrap();
            assert!(!format!("{config:?}").contains(SECRET));
            match config.site.unwrap().key {
                SiteKey::Public(bytes) => assert!(public && bytes[..2] == [0xd7, 0x5a], "{key}"),
                SiteKey::Secret(text) => assert!(!public && text.expose_secret() == key, "{key}"),
            }
        };
        check(SECRET, None, false);
        check(SECRET, Some("hs256"), false);
        check(RAW, Some("hs256"), false);
        check(RAW, Some("eddsa"), true);
        check(RAW.trim_end_matches('='), Some("eddsa"), true);
        check(PEM, Some("eddsa"), true);
        check(PEM, None, true);
    }

    #[test]
    fn a_key_that_leaves_a_doubt_is_refused() {
        let check = |key: &str, key_type: Option<&str>, visitor_key: Option<&str>, variable: &str, part: &str| {
            let sentence = read(key, key_type, visitor_key).unwrap_err().to_string();
            assert!(sentence.starts_with(&format!("{variable} ")) && sentence.contains(part), "{sentence}");
            assert!(!sentence.contains(SECRET) && !sentence.contains(RAW), "{sentence}");
        };
        check(RAW, None, Some(SECRET), SITE_KEY_TYPE, "must say whether");
        check(PEM, Some("hs256"), Some(SECRET), SITE_KEY_TYPE, "must be eddsa");
        check(SECRET, Some("rs256"), None, SITE_KEY_TYPE, "`rs256`");
        check("do-not-print", None, None, SITE_KEY, "32 bytes");
        check(&format!("{SECRET}\n"), None, None, SITE_KEY, "line breaks");
        check(SECRET, Some("eddsa"), Some(SECRET), SITE_KEY, "Ed25519");
        check(&PEM.replace("PUBLIC", "PRIVATE"), None, Some(SECRET), SITE_KEY, "public key");
        check(&PEM.replace("MCow", "MCox"), None, Some(SECRET), SITE_KEY, "Ed25519");
        check(PEM, None, None, VISITOR_KEY, "is missing");
        check(SECRET, None, Some("short"), VISITOR_KEY, "32 bytes");
    }
}
