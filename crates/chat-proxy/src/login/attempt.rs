//! A sign-in under way: the two secrets that prove that whoever comes back is the browser that left (OAuth2's `state`,
//! RFC 6749; PKCE, RFC 7636), and where it leads. It does not know how it is kept.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use super::destination::Destination;
use crate::failure::Failure;

/// Bytes of a secret that can't be guessed.
const SECRET_LENGTH: usize = 32;

/// What is kept in the browser, sealed, from leaving to coming back.
#[derive(Serialize, Deserialize)]
pub(super) struct Attempt {
    pub state: String,
    /// Shown to SecondMe with the code, and to nobody before.
    pub verifier: String,
    pub destination: Destination,
}

impl Attempt {
    pub(super) fn new(destination: Destination) -> Result<Self, Failure> {
        Ok(Self { state: secret()?, verifier: secret()?, destination })
    }

    /// Whether this is what the browser left with.
    pub(super) fn began_with(&self, state: &str) -> bool {
        self.state.as_bytes().ct_eq(state.as_bytes()).into()
    }

    /// What SecondMe is told of the verifier (method S256).
    pub(super) fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest(&SHA256, self.verifier.as_bytes()))
    }
}

fn secret() -> Result<String, Failure> {
    let mut bytes = [0; SECRET_LENGTH];
    SystemRandom::new().fill(&mut bytes).map_err(|_| Failure::Internal)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt() -> Attempt {
        Attempt::new(Destination::Page("/".to_owned())).unwrap()
    }

    #[test]
    fn only_its_own_state_is_taken() {
        let (attempt, other) = (attempt(), attempt());
        assert!(attempt.began_with(&attempt.state));
        for state in
            [other.state.as_str(), attempt.verifier.as_str(), "", &attempt.state[1..], &format!("{} ", attempt.state)]
        {
            assert!(!attempt.began_with(state), "{state}");
        }
    }

    #[test]
    fn the_challenge_is_the_standards() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned();
        let attempt = Attempt { verifier, ..attempt() };
        assert_eq!(attempt.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}
