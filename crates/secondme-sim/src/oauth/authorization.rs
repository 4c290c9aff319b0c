//! What a site asks for when it sends a user to sign in, and whether it may. It makes no page.

use serde::Deserialize;

use super::{SCOPES, pkce};
use crate::world::{Consent, User, World};

/// The parameters of the sign-in page's address, also carried through its form.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct AuthorizationRequest {
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    pub(super) response_type: String,
    pub(super) state: String,
    pub(super) scope: String,
    pub(super) code_challenge: String,
    pub(super) code_challenge_method: String,
}

/// Why a user is not asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Objection {
    /// Nobody knows where this request came from, so nobody may be sent there: the user is told.
    Untrusted(&'static str),
    /// The site is told at its redirect URI, with an error code of RFC 6749, section 4.1.2.1.
    Refused { error: &'static str, description: &'static str },
}

impl AuthorizationRequest {
    /// # Errors
    /// The first thing that is wrong, in the order in which the parameters can be trusted.
    pub(super) fn check(&self, world: &World) -> Result<(), Objection> {
        if self.client_id != world.settings.client_id {
            return Err(Objection::Untrusted("The application that sent you here is not registered with SecondMe."));
        }
        if !world.lock().redirects.allow(&self.redirect_uri) {
            let sentence = "The application wants you sent back to an address that it has not registered.";
            return Err(Objection::Untrusted(sentence));
        }
        let refuse = |error, description| Err(Objection::Refused { error, description });
        if self.response_type != "code" {
            return refuse("unsupported_response_type", "response_type must be code");
        }
        if self.state.is_empty() {
            return refuse("invalid_request", "state is required");
        }
        if !self.scopes().all(|scope| SCOPES.contains(&scope)) {
            return refuse("invalid_scope", "scope names something that is not known");
        }
        match (self.code_challenge.as_str(), self.code_challenge_method.as_str()) {
            ("", "") => Ok(()),
            (challenge, "S256") if pkce::is_challenge(challenge) => Ok(()),
            (_, "S256") => refuse("invalid_request", "code_challenge is not a SHA-256 hash in base64url"),
            _ => refuse("invalid_request", "code_challenge_method must be S256"),
        }
    }

    /// What the user is asked to allow.
    pub(super) fn scopes(&self) -> impl Iterator<Item = &str> {
        let everything = if self.scope.trim().is_empty() { SCOPES.as_slice() } else { &[] };
        self.scope.split_whitespace().chain(everything.iter().copied())
    }

    /// What it means that this user agrees.
    pub(super) fn consent(&self, user: &'static User) -> Consent {
        Consent {
            user,
            scope: self.scopes().map(str::to_owned).collect(),
            redirect_uri: self.redirect_uri.clone(),
            code_challenge: Some(self.code_challenge.clone()).filter(|challenge| !challenge.is_empty()),
        }
    }

    /// The site's address with an outcome, and with the state if there was one.
    pub(super) fn redirect_to(&self, outcome: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(outcome);
        if !self.state.is_empty() {
            query.append_pair("state", &self.state);
        }
        let separator = if self.redirect_uri.contains('?') { '&' } else { '?' };
        format!("{}{separator}{}", self.redirect_uri, query.finish())
    }
}
