//! Seals what a client keeps for the proxy, so that it can neither be read nor changed on the way: authenticated encryption
//! with an age limit. It does not know what is sealed.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use chacha20poly1305::aead::{Aead, Generate, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The form of what is sealed: this byte, the nonce, the encrypted content. A later form begins with another byte.
const VERSION: u8 = 1;
const NONCE_LENGTH: usize = 24;

/// What a seal is for. One purpose's seal does not open for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// What a conversation needs on SecondMe's side; travels as the contract's `sessionId`.
    Session,
    /// A sign-in that a visitor has begun and not come back from; a cookie.
    SignIn,
    /// The tokens of a visitor who has signed in; a cookie.
    Login,
}

/// The keys of one deployment. The first seals, each of them opens, so that keys can be exchanged while visitors talk.
#[derive(Clone)]
pub struct SessionKeys(Arc<[XChaCha20Poly1305]>);

/// Why text that a client handed back is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum SealError {
    /// Never sealed by these keys for this purpose, or changed since.
    #[error("it was not sealed here")]
    Foreign,
    /// Sealed here, too long ago.
    #[error("it has expired")]
    Expired,
}

/// Nothing can be sealed; as a rule the system gives no random numbers, which leaves nothing safe to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("A seal can't be made: the system gives no random numbers.")]
pub struct SealFailed;

#[derive(Serialize)]
struct Wrapped<'a, T> {
    expires_at: u64,
    content: &'a T,
}

#[derive(Deserialize)]
struct Unwrapped<T> {
    expires_at: u64,
    content: T,
}

impl SessionKeys {
    /// Reads keys separated by commas, each 32 bytes in base64, with or without padding, of either alphabet. `None` where
    /// one is not a key, or there is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let keys = text.split(',').map(str::trim).filter(|key| !key.is_empty());
        let ciphers: Vec<_> = keys.map(cipher).collect::<Option<_>>()?;
        (!ciphers.is_empty()).then(|| Self(ciphers.into()))
    }

    /// A key that lives as long as the process.
    ///
    /// # Errors
    /// [`SealFailed`].
    pub fn random() -> Result<Self, SealFailed> {
        let key = chacha20poly1305::Key::try_generate().map_err(|_| SealFailed)?;
        Ok(Self([XChaCha20Poly1305::new(&key)].into()))
    }

    /// Seals the content for this long. The text is of base64's URL alphabet, fit for JSON, a cookie or an address.
    pub(crate) fn seal(
        &self,
        purpose: Purpose,
        content: &impl Serialize,
        life: Duration,
    ) -> Result<String, SealFailed> {
        let expires_at = now().saturating_add(life.as_secs());
        // Every type that is sealed here is plain data, which this format can always hold, and the first key is always there.
        let plain = postcard::to_allocvec(&Wrapped { expires_at, content }).map_err(|_| SealFailed)?;
        let nonce = XNonce::try_generate().map_err(|_| SealFailed)?;
        let key = self.0.first().ok_or(SealFailed)?;
        let payload = Payload { msg: &plain, aad: &purpose.context() };
        let sealed = key.encrypt(&nonce, payload).map_err(|_| SealFailed)?;
        Ok(URL_SAFE_NO_PAD.encode([&[VERSION], nonce.as_slice(), &sealed].concat()))
    }

    /// Opens what was sealed by one of the keys for the same purpose.
    pub(crate) fn open<T: DeserializeOwned>(&self, purpose: Purpose, text: &str) -> Result<T, SealError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| SealError::Foreign)?;
        let Some((&VERSION, rest)) = bytes.split_first() else { return Err(SealError::Foreign) };
        let (nonce, sealed) = rest.split_at_checked(NONCE_LENGTH).ok_or(SealError::Foreign)?;
        let nonce = XNonce::try_from(nonce).map_err(|_| SealError::Foreign)?;
        let attempt =
            |key: &XChaCha20Poly1305| key.decrypt(&nonce, Payload { msg: sealed, aad: &purpose.context() }).ok();
        let plain = self.0.iter().find_map(attempt).ok_or(SealError::Foreign)?;
        let content: Unwrapped<T> = postcard::from_bytes(&plain).map_err(|_| SealError::Foreign)?;
        if content.expires_at <= now() { Err(SealError::Expired) } else { Ok(content.content) }
    }
}

impl Purpose {
    /// Authenticated with the content, and not part of it.
    fn context(self) -> [u8; 2] {
        [VERSION, self as u8]
    }
}

impl fmt::Debug for SessionKeys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SessionKeys({} of them)", self.0.len())
    }
}

fn cipher(text: &str) -> Option<XChaCha20Poly1305> {
    XChaCha20Poly1305::new_from_slice(&base64_of_any_form(text)?).ok()
}

/// The bytes of base64 in either alphabet, with or without padding: operators paste what their tools print.
pub(crate) fn base64_of_any_form(text: &str) -> Option<Vec<u8>> {
    let forms = [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD];
    forms.iter().find_map(|form| form.decode(text).ok())
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    fn keys(text: &str) -> SessionKeys {
        SessionKeys::parse(text).unwrap()
    }

    fn key(fill: u8) -> String {
        STANDARD.encode([fill; 32])
    }

    #[test]
    fn what_is_sealed_opens_and_differs_each_time() {
        let keys = keys(&key(1));
        let seal = || keys.seal(Purpose::Session, &("session", 7_u64), HOUR).unwrap();
        let (first, second) = (seal(), seal());
        assert_ne!(first, second);
        for sealed in [first, second] {
            assert_eq!(keys.open(Purpose::Session, &sealed), Ok(("session".to_owned(), 7_u64)));
            assert!(!sealed.contains("session"));
        }
    }

    #[test]
    fn each_changed_bit_closes_it() {
        let keys = keys(&key(1));
        let sealed = URL_SAFE_NO_PAD.decode(keys.seal(Purpose::Session, &"text", HOUR).unwrap()).unwrap();
        for place in 0..sealed.len() * 8 {
            let mut changed = sealed.clone();
            changed[place / 8] ^= 1 << (place % 8);
            let text = URL_SAFE_NO_PAD.encode(changed);
            assert_eq!(keys.open::<String>(Purpose::Session, &text), Err(SealError::Foreign), "bit {place}");
        }
        for wrong in ["", "AQ", "not base64!", &"A".repeat(600)] {
            assert_eq!(keys.open::<String>(Purpose::Session, wrong), Err(SealError::Foreign), "{wrong}");
        }
    }

    #[test]
    fn keys_are_exchanged_without_a_loss() {
        let sealed = keys(&key(1)).seal(Purpose::Session, &"text", HOUR).unwrap();
        let opens = |text: &str| keys(text).open::<String>(Purpose::Session, &sealed);
        assert_eq!(opens(&format!("{},{}", key(2), key(1))), Ok("text".to_owned()));
        assert_eq!(opens(&key(2)), Err(SealError::Foreign));
    }

    #[test]
    fn it_opens_for_its_time_only() {
        let keys = keys(&key(1));
        let sealed = keys.seal(Purpose::Session, &"text", Duration::ZERO).unwrap();
        assert_eq!(keys.open::<String>(Purpose::Session, &sealed), Err(SealError::Expired));
    }

    #[test]
    fn a_key_is_32_bytes_of_base64() {
        let check = |text: &str, good: bool| assert_eq!(SessionKeys::parse(text).is_some(), good, "{text}");
        check(&key(250), true);
        check(key(250).trim_end_matches('='), true);
        check(&URL_SAFE.encode([250; 32]), true);
        check(&format!(" {} , {} ", key(1), key(2)), true);
        check("", false);
        check(",", false);
        check("short", false);
        check(&STANDARD.encode([1; 31]), false);
        check(&STANDARD.encode([1; 33]), false);
        check(&format!("{},short", key(1)), false);
    }

    #[test]
    fn keys_do_not_show_themselves() {
        assert_eq!(format!("{:?}", keys(&key(1))), "SessionKeys(1 of them)");
        assert!(SessionKeys::random().is_ok());
    }
}
