//! A signed-in visitor's tokens, and when they need to be renewed. They are only ever kept sealed, and do not show
//! themselves.

use std::time::{SystemTime, UNIX_EPOCH};

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

/// Seconds before its end from which a token is renewed; less where it lives for less than ten times as long.
const EARLY: u64 = 300;
/// Longest life that is believed, in seconds: a year.
const LONGEST_LIFE: u64 = 365 * 24 * 60 * 60;

/// What SecondMe has given for a visitor. Moments are in seconds since 1970.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Tokens {
    access: String,
    refresh: Option<String>,
    renew_at: u64,
    expires_at: u64,
}

impl Tokens {
    /// `life` is in seconds from now on.
    pub(super) fn new(access: String, refresh: Option<String>, life: u64) -> Self {
        let (now, life) = (now(), life.min(LONGEST_LIFE));
        let expires_at = now.saturating_add(life);
        Self { access, refresh, renew_at: expires_at - (life / 10).min(EARLY), expires_at }
    }

    pub(super) fn access(&self) -> SecretString {
        self.access.as_str().into()
    }

    pub(super) fn refresh(&self) -> Option<&str> {
        self.refresh.as_deref()
    }

    pub(super) fn is_due(&self) -> bool {
        self.renew_at <= now()
    }

    pub(super) fn has_expired(&self) -> bool {
        self.expires_at <= now()
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_renewed_shortly_before_its_end() {
        let check = |life: u64, expected: u64| {
            let tokens = Tokens::new("a".to_owned(), None, life);
            assert_eq!(tokens.expires_at - tokens.renew_at, expected, "{life}");
        };
        check(7 * 24 * 60 * 60, 300);
        check(7200, 300);
        check(60, 6);
        check(0, 0);
        check(u64::MAX, 300);
    }

    #[test]
    fn a_token_s_time_passes() {
        let tokens = Tokens::new("a".to_owned(), None, 3600);
        assert!(!tokens.is_due() && !tokens.has_expired());
        let due = Tokens { renew_at: now(), ..tokens.clone() };
        assert!(due.is_due() && !due.has_expired());
        let over = Tokens { renew_at: now(), expires_at: now(), ..tokens };
        assert!(over.is_due() && over.has_expired());
    }
}
