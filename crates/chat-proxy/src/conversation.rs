//! A visitor's calls, between the contract and SecondMe: which avatar, which session, sealed into the `sessionId` so that
//! the proxy remembers nothing. It knows neither HTTP nor SecondMe's JSON.

use std::time::Duration;

use chat_core::wire::VisitorId;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::config::{Avatar, Avatars, Config};
use crate::contract::{InitAnswer, InitRequest, SendAnswer, SendRequest};
use crate::failure::Failure;
use crate::seal::{Purpose, SealFailed, SessionKeys};
use crate::upstream::{Opening, Posting, Upstream, UpstreamSession, Visitor};

/// How long a `sessionId` is good for: a conversation that rested longer begins anew.
const SESSION_LIFE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// All conversations of the site, none of which is kept here.
pub(crate) struct Conversations {
    upstream: Box<dyn Upstream>,
    avatars: Avatars,
    keys: SessionKeys,
}

/// What a `sessionId` holds.
#[derive(Serialize, Deserialize)]
pub(crate) struct Ticket {
    /// The visitorId that the widget called itself: nobody else's request is taken with this ticket.
    holder: VisitorId,
    avatar: Option<String>,
    pub visitor: Visitor,
    session: UpstreamSession,
}

/// The keys that seal what browsers keep for the proxy.
pub(crate) fn session_keys(config: &Config) -> Result<SessionKeys, SealFailed> {
    if let Some(keys) = config.session_keys.clone() {
        return Ok(keys);
    }
    tracing::warn!(
        "CHAT_PROXY_SESSION_KEY is not set: conversations and sign-ins end when the proxy does, and other replicas can't go \
         on with them"
    );
    SessionKeys::random()
}

impl Conversations {
    pub(crate) fn new(config: &Config, upstream: Box<dyn Upstream>, keys: SessionKeys) -> Self {
        Self { upstream, avatars: config.upstream.avatars.clone(), keys }
    }

    /// Whether a conversation can be a SecondMe user's own.
    pub(crate) fn takes_users(&self) -> bool {
        self.upstream.takes_users()
    }

    /// Opens the visitor's conversation, or goes on with the one that the request names.
    pub(crate) async fn init(
        &self,
        request: &InitRequest,
        visitor: &Visitor,
        user_token: Option<&SecretString>,
    ) -> Result<InitAnswer, Failure> {
        let avatar = self.avatar(request.avatar.as_deref())?;
        let holder = &request.visitor_id;
        let ticket = request.session_id.as_ref().map(|sealed| self.open(sealed, holder)).transpose()?;
        // Another avatar's session is of no use to this one, nor is another visitor's: whoever changes the avatar, signs in
        // or signs out begins a conversation.
        let ticket = ticket.filter(|ticket| ticket.avatar == avatar.alias && ticket.visitor.is(visitor));
        let session = ticket.as_ref().map(|ticket| &ticket.session);
        let opened = self.upstream.init(Opening { avatar, visitor, session, user_token }).await?;
        let ticket = Ticket {
            holder: holder.clone(),
            avatar: avatar.alias.clone(),
            visitor: visitor.clone(),
            session: opened.session,
        };
        Ok(InitAnswer {
            session_id: self.keys.seal(Purpose::Session, &ticket, SESSION_LIFE).map_err(|_| Failure::Internal)?,
            ws_url: opened.ws_url,
            avatar_name: opened.avatar_name,
            opening: opened.opening,
            visitor_user_id: opened.visitor_user_id,
            heartbeat: opened.heartbeat,
            starters: opened.starters,
            avatar_image: opened.avatar_image,
            signed_in: false,
        })
    }

    /// The conversation that a message is for.
    pub(crate) fn ticket(&self, request: &SendRequest) -> Result<Ticket, Failure> {
        self.open(&request.session_id, &request.visitor_id)
    }

    /// Hands a message over. The reply comes over the visitor's socket.
    pub(crate) async fn send(
        &self,
        ticket: &Ticket,
        message: &str,
        user_token: Option<&SecretString>,
    ) -> Result<SendAnswer, Failure> {
        let avatar = self.avatar(ticket.avatar.as_deref())?;
        let Ticket { visitor, session, .. } = ticket;
        self.upstream.send(Posting { avatar, visitor, session, message, user_token }).await?;
        Ok(SendAnswer { sent: true })
    }

    fn avatar(&self, alias: Option<&str>) -> Result<&Avatar, Failure> {
        self.avatars.find(alias).ok_or(Failure::AvatarUnknown)
    }

    fn open(&self, sealed: &str, holder: &VisitorId) -> Result<Ticket, Failure> {
        let ticket: Ticket = self.keys.open(Purpose::Session, sealed).map_err(Failure::SessionInvalid)?;
        if ticket.holder == *holder {
            Ok(ticket)
        } else {
            Err(Failure::SessionInvalid(crate::seal::SealError::Foreign))
        }
    }
}

#[cfg(test)]
mod tests;
