//! What users have allowed: authorization codes, and the access and refresh tokens that come from them. It knows neither
//! pages nor forms.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use uuid::Uuid;

use super::User;

/// How long an authorization code can be redeemed.
const CODE_LIFETIME: Duration = Duration::from_mins(5);

/// How long a refresh token is good for: a year.
const REFRESH_LIFETIME: Duration = Duration::from_hours(365 * 24);

/// What a user has agreed to on the sign-in page.
#[derive(Clone)]
pub(crate) struct Consent {
    pub(crate) user: &'static User,
    pub(crate) scope: Vec<String>,
    /// Where the code was sent, which whoever redeems it must know.
    pub(crate) redirect_uri: String,
    /// The hash of the secret that whoever redeems the code must show (PKCE, method S256).
    pub(crate) code_challenge: Option<String>,
}

/// The two tokens of one sign-in.
#[derive(Debug)]
pub(crate) struct TokenPair {
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
    pub(crate) lifetime: Duration,
    pub(crate) scope: Vec<String>,
}

/// Why a code or a token is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GrantFault {
    Unknown,
    Expired,
    Used,
    Revoked,
    /// The code was sent to another redirect URI.
    RedirectMismatch,
    /// The code's PKCE secret is wrong or missing, or one was shown where none was agreed.
    VerifierMismatch,
}

/// Every code and token that users' consent has led to.
pub(crate) struct Grants {
    codes: HashMap<String, Grant>,
    access_tokens: HashMap<String, Grant>,
    refresh_tokens: HashMap<String, Grant>,
    /// How long access tokens live that are issued from now on.
    pub(crate) lifetime: Duration,
    issued: Vec<String>,
}

/// One code or token.
struct Grant {
    consent: Consent,
    ends: Instant,
    fault: Option<GrantFault>,
}

impl Grant {
    fn new(consent: Consent, ends: Instant) -> Grant {
        Grant { consent, ends, fault: None }
    }

    fn check(&self, now: Instant) -> Result<&Consent, GrantFault> {
        match self.fault {
            Some(fault) => Err(fault),
            None if self.ends <= now => Err(GrantFault::Expired),
            None => Ok(&self.consent),
        }
    }
}

impl Grants {
    pub(crate) fn new(lifetime: Duration) -> Grants {
        Grants {
            codes: HashMap::new(),
            access_tokens: HashMap::new(),
            refresh_tokens: HashMap::new(),
            lifetime,
            issued: Vec::new(),
        }
    }

    /// A code for this consent, which can be redeemed once.
    pub(crate) fn consent(&mut self, consent: Consent, now: Instant) -> String {
        let code = secret("ac");
        self.codes.insert(code.clone(), Grant::new(consent, now + CODE_LIFETIME));
        code
    }

    /// Exchanges a code for tokens. A code that is shown with the wrong address or secret stays good for the right one.
    pub(crate) fn redeem(
        &mut self,
        code: &str,
        redirect_uri: &str,
        code_challenge: Option<&str>,
        now: Instant,
    ) -> Result<TokenPair, GrantFault> {
        let grant = self.codes.get_mut(code).ok_or(GrantFault::Unknown)?;
        let consent = grant.check(now)?.clone();
        if consent.redirect_uri != redirect_uri {
            return Err(GrantFault::RedirectMismatch);
        }
        if consent.code_challenge.as_deref() != code_challenge {
            return Err(GrantFault::VerifierMismatch);
        }
        grant.fault = Some(GrantFault::Used);
        Ok(self.issue(consent, now))
    }

    /// A pair of tokens without any code.
    pub(crate) fn issue(&mut self, consent: Consent, now: Instant) -> TokenPair {
        let refresh_token = secret("rt");
        self.refresh_tokens.insert(refresh_token.clone(), Grant::new(consent.clone(), now + REFRESH_LIFETIME));
        self.issued.push(refresh_token.clone());
        self.pair(consent, refresh_token, now)
    }

    /// A new access token. The refresh token stays the same, and so do the access tokens before.
    pub(crate) fn renew(&mut self, refresh_token: &str, now: Instant) -> Result<TokenPair, GrantFault> {
        let grant = self.refresh_tokens.get(refresh_token).ok_or(GrantFault::Unknown)?;
        let consent = grant.check(now)?.clone();
        Ok(self.pair(consent, refresh_token.into(), now))
    }

    /// What the access token's user has agreed to.
    pub(crate) fn check(&self, access_token: &str, now: Instant) -> Result<&Consent, GrantFault> {
        self.access_tokens.get(access_token).ok_or(GrantFault::Unknown)?.check(now)
    }

    pub(crate) fn expire_codes(&mut self, now: Instant) {
        expire(&mut self.codes, now);
    }

    pub(crate) fn expire_access_tokens(&mut self, now: Instant) {
        expire(&mut self.access_tokens, now);
    }

    pub(crate) fn expire_refresh_tokens(&mut self, now: Instant) {
        expire(&mut self.refresh_tokens, now);
    }

    /// Takes everything back that this user has allowed so far.
    pub(crate) fn revoke(&mut self, user: &User) {
        for grants in [&mut self.codes, &mut self.access_tokens, &mut self.refresh_tokens] {
            for grant in grants.values_mut().filter(|grant| grant.consent.user == user) {
                grant.fault = Some(GrantFault::Revoked);
            }
        }
    }

    /// Every token ever issued, access and refresh, oldest first.
    pub(crate) fn issued(&self) -> &[String] {
        &self.issued
    }

    fn pair(&mut self, consent: Consent, refresh_token: String, now: Instant) -> TokenPair {
        let access_token = secret("at");
        let (lifetime, scope) = (self.lifetime, consent.scope.clone());
        self.access_tokens.insert(access_token.clone(), Grant::new(consent, now + lifetime));
        self.issued.push(access_token.clone());
        TokenPair { access_token, refresh_token, lifetime, scope }
    }
}

fn expire(grants: &mut HashMap<String, Grant>, now: Instant) {
    for grant in grants.values_mut() {
        grant.ends = grant.ends.min(now);
    }
}

/// A secret of this kind, in SecondMe's own form.
fn secret(kind: &str) -> String {
    format!("lba_{kind}_{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn consent() -> Consent {
        let user = User::find("ada").unwrap();
        Consent { user, scope: vec!["chat.write".into()], redirect_uri: "https://a".into(), code_challenge: None }
    }

    #[test]
    fn each_secret_ends_when_its_time_is_over() {
        let now = Instant::now();
        let mut grants = Grants::new(10 * SECOND);
        let codes = [(); 2].map(|()| grants.consent(consent(), now));
        let in_time = grants.redeem(&codes[0], "https://a", None, now + CODE_LIFETIME - SECOND);
        assert!(in_time.is_ok());
        let late = grants.redeem(&codes[1], "https://a", None, now + CODE_LIFETIME);
        assert_eq!(late.unwrap_err(), GrantFault::Expired);

        let pair = grants.issue(consent(), now);
        assert!(grants.check(&pair.access_token, now + 9 * SECOND).is_ok());
        assert_eq!(grants.check(&pair.access_token, now + 10 * SECOND).err(), Some(GrantFault::Expired));
        assert!(grants.renew(&pair.refresh_token, now + REFRESH_LIFETIME - SECOND).is_ok());
        let late = grants.renew(&pair.refresh_token, now + REFRESH_LIFETIME);
        assert_eq!(late.unwrap_err(), GrantFault::Expired);
    }
}
