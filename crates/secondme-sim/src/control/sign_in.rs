//! The part of the test instrument that is about users and what they have allowed.

use std::time::{Duration, Instant};

use super::{CommandError, Control};
use crate::{
    oauth,
    world::{Consent, User},
};

impl Control {
    /// Registers a redirect URI, which sign-ins may lead to from now on. It is meant to the letter.
    pub fn register_redirect(&self, uri: impl Into<String>) {
        self.world.lock().redirects.register(uri.into());
    }

    /// Gives a user's access token without any page: it allows everything. Users are `ada` and `bo`.
    ///
    /// # Errors
    /// [`CommandError::NoSuchUser`] for anybody else.
    pub fn sign_in(&self, user: &str) -> Result<String, CommandError> {
        let consent = Consent {
            user: find(user)?,
            scope: oauth::SCOPES.map(str::to_owned).into(),
            redirect_uri: String::new(),
            code_challenge: None,
        };
        Ok(self.world.lock().grants.issue(consent, Instant::now()).access_token)
    }

    /// Ends every authorization code that was not redeemed so far.
    pub fn expire_codes(&self) {
        self.world.lock().grants.expire_codes(Instant::now());
    }

    /// Ends every user's access tokens of now. Refresh tokens stay good.
    pub fn expire_user_tokens(&self) {
        self.world.lock().grants.expire_access_tokens(Instant::now());
    }

    /// Ends every refresh token of now. Access tokens stay good.
    pub fn expire_refresh_tokens(&self) {
        self.world.lock().grants.expire_refresh_tokens(Instant::now());
    }

    /// Takes back everything that this user has allowed so far: codes, access tokens and refresh tokens.
    ///
    /// # Errors
    /// [`CommandError::NoSuchUser`] if nobody has this id.
    pub fn revoke_user(&self, user: &str) -> Result<(), CommandError> {
        let user = find(user)?;
        self.world.lock().grants.revoke(user);
        Ok(())
    }

    /// Sets how long users' access tokens live that are issued from now on.
    pub fn set_user_token_lifetime(&self, lifetime: Duration) {
        self.world.lock().grants.lifetime = lifetime;
    }
}

fn find(user: &str) -> Result<&'static User, CommandError> {
    User::find(user).ok_or_else(|| CommandError::NoSuchUser(user.into()))
}
