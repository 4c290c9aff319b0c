//! Access tokens: issued, checked, expired. Who may have one is decided at the endpoint.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use uuid::Uuid;

/// Every token ever issued, with the moment it ends.
#[derive(Default)]
pub(crate) struct Tokens {
    ends: HashMap<String, Instant>,
    issued: Vec<String>,
}

/// Why a token is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenFault {
    Unknown,
    Expired,
}

impl Tokens {
    /// How long an application's token is valid, as the document says: seven days.
    pub(crate) const LIFETIME: Duration = Duration::from_secs(604_800);

    pub(crate) fn issue(&mut self, now: Instant) -> String {
        let token = format!("lba_at_{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        self.ends.insert(token.clone(), now + Self::LIFETIME);
        self.issued.push(token.clone());
        token
    }

    pub(crate) fn check(&self, token: &str, now: Instant) -> Result<(), TokenFault> {
        match self.ends.get(token) {
            None => Err(TokenFault::Unknown),
            Some(end) if *end <= now => Err(TokenFault::Expired),
            Some(_) => Ok(()),
        }
    }

    pub(crate) fn expire_all(&mut self, now: Instant) {
        for end in self.ends.values_mut() {
            *end = now;
        }
    }

    /// Every token ever issued, oldest first, expired ones too.
    pub(crate) fn issued(&self) -> &[String] {
        &self.issued
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_lives_for_seven_days() {
        let mut tokens = Tokens::default();
        let now = Instant::now();
        let token = tokens.issue(now);
        let second = Duration::from_secs(1);
        assert_eq!(tokens.check(&token, now + Tokens::LIFETIME - second), Ok(()));
        assert_eq!(tokens.check(&token, now + Tokens::LIFETIME), Err(TokenFault::Expired));
        assert_eq!(tokens.check("lba_at_other", now), Err(TokenFault::Unknown));
    }
}
