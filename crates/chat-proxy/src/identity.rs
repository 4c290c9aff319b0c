//! Who a visitor is, by what a request shows of it: the page's user token, else the site's own word, else the cookie of
//! who has signed in here, else nobody known. It does not know how SecondMe is asked.

mod answered;
mod serving;
mod signature;
mod site_token;
mod visitor_key;

use std::sync::Arc;

use axum::http::HeaderMap;
use secrecy::SecretString;

pub(crate) use answered::Answered;

use crate::config::IdentityConfig;
use crate::contract::{Credential, InitRequest, SendRequest};
use crate::failure::Failure;
use crate::login::{Login, Tokens};
use crate::seal::SealError;
use crate::upstream::{Identity, Visitor};
use site_token::SiteTokens;
pub(crate) use visitor_key::PREFIX as KNOWN_VISITOR;

/// Longest token that is looked at, in bytes. SecondMe's have less than a hundred.
const LONGEST_TOKEN: usize = 4096;

/// Finds out who visitors are.
pub(crate) struct Identities {
    required: bool,
    site: Option<SiteTokens>,
    login: Option<Arc<Login>>,
    /// Whether SecondMe's users can be told apart from the site's visitors at all.
    takes_users: bool,
}

/// In whose name SecondMe is asked.
pub(crate) enum Authority {
    /// The site's, on behalf of a visitor.
    Site,
    /// The user's whose token the page has.
    User(SecretString),
    /// The user's who has signed in here.
    SignedIn(Tokens),
}

impl Identities {
    /// `takes_users` says whether the API that is spoken knows SecondMe's users.
    pub(crate) fn new(config: &IdentityConfig, login: Option<Arc<Login>>, takes_users: bool) -> Self {
        Self { required: config.required, site: config.site.as_ref().map(SiteTokens::new), login, takes_users }
    }

    /// Who opens a conversation. What is shown and not valid is refused, and never passed over for something weaker.
    fn of_init(&self, request: &InitRequest, headers: &HeaderMap) -> Result<(Visitor, Authority), Failure> {
        let visitor = |identity| Visitor {
            id: request.visitor_id.clone(),
            name: request.visitor_name.clone().filter(|name| !name.trim().is_empty()),
            identity,
        };
        if let Some(token) = &request.user_token {
            return Ok((visitor(Identity::SecondMe), self.user(token)?));
        }
        if let Some(token) = &request.site_token {
            let wanted = "siteToken can't be checked: the proxy has no CHAT_PROXY_SITE_KEY";
            let site = self.site.as_ref().ok_or(Failure::InvalidRequest(wanted))?;
            return Ok((site.visitor(token)?, Authority::Site));
        }
        match self.signed_in(headers)? {
            Some(authority) => Ok((visitor(Identity::SecondMe), authority)),
            None if self.required => Err(Failure::LoginRequired),
            None => Ok((visitor(Identity::Anonymous), Authority::Site)),
        }
    }

    /// Who goes on with a conversation, which was opened by this kind of visitor. The cookie counts only where the
    /// conversation is a user's: signing in elsewhere does not end what is under way here.
    fn of_send(&self, request: &SendRequest, opened_by: Identity, headers: &HeaderMap) -> Result<Authority, Failure> {
        match (&request.user_token, opened_by) {
            (Some(token), Identity::SecondMe) => self.user(token),
            (Some(_), _) => Err(Failure::SessionInvalid(SealError::Foreign)),
            (None, Identity::SecondMe) => self.signed_in(headers)?.ok_or(Failure::LoginRequired),
            (None, Identity::Anonymous) if self.required => Err(Failure::LoginRequired),
            (None, Identity::Anonymous | Identity::Site) => Ok(Authority::Site),
        }
    }

    /// Only SecondMe can check the token itself.
    fn user(&self, token: &Credential) -> Result<Authority, Failure> {
        let text = token.expose();
        if !self.takes_users {
            return Err(Failure::InvalidRequest("userToken is of no use with the API that this proxy speaks"));
        }
        if !(1..=LONGEST_TOKEN).contains(&text.len()) || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Failure::IdentityInvalid("userToken is not a token"));
        }
        Ok(Authority::User(text.into()))
    }

    fn signed_in(&self, headers: &HeaderMap) -> Result<Option<Authority>, Failure> {
        let Some(login) = &self.login else { return Ok(None) };
        Ok(login.tokens(headers)?.map(Authority::SignedIn))
    }
}
