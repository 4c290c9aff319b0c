//! The site's own word for who a visitor is: a short-lived JWT that its backend signs. It knows nothing of SecondMe.

use std::time::Duration;

use chat_core::wire::limits;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, get_current_timestamp};
use secrecy::ExposeSecret;
use serde::Deserialize;

use super::visitor_key::VisitorKey;
use super::{LONGEST_TOKEN, signature};
use crate::config::{SiteConfig, SiteKey};
use crate::contract::Credential;
use crate::failure::Failure;
use crate::upstream::{Identity, Visitor};

/// How far the clocks of site and proxy may be apart.
const LEEWAY: Duration = Duration::from_secs(30);
/// How far ahead a token may expire. One that is good for longer than a day is as good as a password, and stays where it
/// was written down by accident.
const LONGEST_LIFE: Duration = Duration::from_secs(24 * 60 * 60);
/// Longest `sub`, in characters.
const LONGEST_SUBJECT: usize = 256;

/// Checks the tokens of one site.
pub(super) struct SiteTokens {
    key: DecodingKey,
    validation: Validation,
    visitor_key: VisitorKey,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    name: Option<String>,
    /// RFC 7519 lets a date have a fraction.
    exp: f64,
}

impl SiteTokens {
    pub(super) fn new(config: &SiteConfig) -> Self {
        signature::install();
        let (key, algorithm) = match &config.key {
            SiteKey::Secret(secret) => (DecodingKey::from_secret(secret.expose_secret().as_bytes()), Algorithm::HS256),
            SiteKey::Public(bytes) => (DecodingKey::from_ed_der(bytes), Algorithm::EdDSA),
        };
        let mut validation = Validation::new(algorithm);
        validation.leeway = LEEWAY.as_secs();
        validation.validate_nbf = true;
        validation.set_required_spec_claims(&["exp", "sub"]);
        if let Some(audience) = &config.audience {
            validation.set_required_spec_claims(&["exp", "sub", "aud"]);
            validation.set_audience(&[audience]);
        }
        Self { key, validation, visitor_key: VisitorKey::new(&config.visitor_key) }
    }

    /// The visitor for whom the token vouches. Only the name that it gives counts: nobody vouches for another.
    pub(super) fn visitor(&self, token: &Credential) -> Result<Visitor, Failure> {
        let claims = self.claims(token.expose()).map_err(Failure::IdentityInvalid)?;
        let id = self.visitor_key.visitor_id(&claims.sub).map_err(|_| Failure::Internal)?;
        let name = claims.name.map(|name| name.trim().chars().take(limits::VISITOR_NAME).collect::<String>());
        Ok(Visitor { id, name: name.filter(|name| !name.is_empty()), identity: Identity::Site })
    }

    fn claims(&self, token: &str) -> Result<Claims, &'static str> {
        if token.len() > LONGEST_TOKEN {
            return Err("siteToken is longer than 4096 bytes");
        }
        let token = decode::<Claims>(token, &self.key, &self.validation).map_err(|error| reason(error.kind()))?;
        if token.header.crit.is_some() {
            return Err("siteToken demands something that the proxy does not know");
        }
        let claims = token.claims;
        if !(1..=LONGEST_SUBJECT).contains(&claims.sub.chars().count()) {
            return Err("siteToken's sub must have 1 to 256 characters");
        }
        let latest = Duration::from_secs(get_current_timestamp()) + LONGEST_LIFE + LEEWAY;
        if claims.exp > latest.as_secs_f64() {
            return Err("siteToken's exp is more than 24 hours ahead");
        }
        Ok(claims)
    }
}

/// For the site's developer. Each says what whoever made the token could find out anyway.
fn reason(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::ExpiredSignature => "siteToken has expired",
        ErrorKind::ImmatureSignature => "siteToken is not valid yet",
        ErrorKind::InvalidAudience => "siteToken's aud is not this proxy's",
        ErrorKind::MissingRequiredClaim(_) | ErrorKind::InvalidClaimFormat(_) => {
            "siteToken lacks a claim, or a claim has the wrong form"
        }
        ErrorKind::InvalidAlgorithm | ErrorKind::InvalidSignature => "siteToken is not signed with this site's key",
        _ => "siteToken is not a signed token with sub and exp",
    }
}
