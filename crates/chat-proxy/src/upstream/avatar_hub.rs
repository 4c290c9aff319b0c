//! The Avatar Hub API: in what order its steps are taken, and what is done again where one fails. The steps' JSON is in
//! the modules below, and nowhere else.

mod caller;
mod errors;
mod message;
mod numeric_id;
mod session;
mod steps;
mod visitor;

use std::sync::Arc;
use std::time::Duration;

use chat_core::wire::VisitorId;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, try_join};
use reqwest::{Client, Url};

use super::allowance::Allowance;
use super::fault::Fault;
use super::{Identity, Opened, Opening, Posting, Upstream, UpstreamSession, Visitor};
use crate::config::{Avatar, LONGEST_UPSTREAM_TIMEOUT, PREPAID};
use crate::metrics::Metrics;
use caller::Caller;
use message::Message;
use session::Profile;
pub(crate) use session::Session;
use steps::{Created, Socket};
use visitor::Authenticated;

/// How many requests it takes to begin a conversation, to get another socket for one, and to send a message.
const BEGINNING: u32 = 6;
const SOCKET: u32 = 1;
const MESSAGE: u32 = 1;
/// What is done again where a visitor's token is refused: `auth`, and the request that was refused.
const AFTER_REFUSAL: u32 = 2;

/// How long `chat/init` lasts for `session/create` (Important Notes). Each session is created right after a `chat/init` of
/// its own, before the deadline of the same call, so that this time can't run out in between.
const PAYLOAD_LIFE: Duration = Duration::from_secs(10 * 60);
const _: () = assert!(LONGEST_UPSTREAM_TIMEOUT.as_secs() < PAYLOAD_LIFE.as_secs());

/// Whom `check` asks as: a form that the API takes, and nobody's id.
const PROBE: &str = "web_00000000-0000-4000-8000-000000000000";

/// The API behind its base address.
pub(super) struct AvatarHub {
    http: Client,
    base_url: Url,
    timeout: Duration,
    allowance: Arc<dyn Allowance>,
    metrics: Metrics,
    /// For how long requests that were spent beforehand may still be made.
    prepaid: Duration,
}

impl AvatarHub {
    pub(super) fn new(
        http: Client,
        base_url: Url,
        timeout: Duration,
        allowance: Arc<dyn Allowance>,
        metrics: Metrics,
    ) -> Self {
        Self { http, base_url, timeout, allowance, metrics, prepaid: PREPAID }
    }

    async fn init(&self, opening: Opening<'_>) -> Result<Opened, Fault> {
        let former = opening.session.map(own).transpose()?;
        self.allowance.spend(opening.avatar, &opening.visitor.id, former.map_or(BEGINNING, |_| SOCKET)).await?;
        // The time begins here: how long a visitor may wait in the queue is the allowance's affair.
        let caller = Caller::new(self, opening.avatar, opening.visitor);
        let work = async {
            match former {
                Some(session) => go_on(&caller, session).await,
                None => begin(&caller, caller.auth().await?).await,
            }
        };
        caller.deadline().bound(work).await
    }

    async fn send(&self, posting: Posting<'_>) -> Result<(), Fault> {
        let session = own(posting.session)?;
        self.allowance.spend(posting.avatar, &posting.visitor.id, MESSAGE).await?;
        let caller = Caller::new(self, posting.avatar, posting.visitor);
        let message = Message::new(session, posting.message);
        let work = async {
            if session.key == caller.key() {
                match caller.message_send(&session.visitor_token, &message).await {
                    // SecondMe looks at the token first, so that a message with a refused one was not taken.
                    Err(fault) if errors::is_about_token(&fault) => {}
                    outcome => return outcome,
                }
            }
            // The new token is good for this message alone: nothing in the answer to a message could keep it.
            caller.spend(AFTER_REFUSAL).await?;
            let visitor = caller.auth().await?;
            if visitor.user_id != session.visitor_user_id {
                return Err(Fault::SessionGone { sub_code: None });
            }
            caller.message_send(&visitor.token, &message).await
        };
        caller.deadline().bound(work).await.map_err(errors::session_gone)
    }

    async fn probe(&self, avatar: &Avatar) -> Result<(), Fault> {
        let id = VisitorId::parse(PROBE).map_err(|_| Fault::Broken("the probe has no visitor"))?;
        let visitor = Visitor { id, name: None, identity: Identity::Anonymous };
        self.allowance.spend(avatar, &visitor.id, 1).await?;
        let caller = Caller::new(self, avatar, &visitor);
        caller.deadline().bound(caller.auth()).await.map(drop)
    }
}

impl Upstream for AvatarHub {
    fn init<'a>(&'a self, opening: Opening<'a>) -> BoxFuture<'a, Result<Opened, Fault>> {
        self.init(opening).boxed()
    }

    fn send<'a>(&'a self, posting: Posting<'a>) -> BoxFuture<'a, Result<(), Fault>> {
        self.send(posting).boxed()
    }

    fn probe<'a>(&'a self, avatar: &'a Avatar) -> BoxFuture<'a, Result<(), Fault>> {
        self.probe(avatar).boxed()
    }
}

/// Steps 1 to 4, those at once that don't need each other. The socket comes last, because its address lives 60 seconds.
async fn begin(caller: &Caller<'_>, visitor: Authenticated) -> Result<Opened, Fault> {
    let token = &visitor.token;
    let prepared = async {
        let chat = caller.chat_init(token, &visitor.share_code).await?;
        Ok((chat, caller.session_create(token, &visitor).await?))
    };
    let ((chat, created), public) = try_join(prepared, caller.avatar_public(token, &visitor.share_code)).await?;
    let bound = caller.chat_start(token, public.id, &created.session_id);
    let ((), socket) = try_join(bound, caller.ws_create(token, &visitor.user_id)).await?;
    let Created { session_id, starters } = created;
    let name = chat.avatar_name.or(visitor.avatar_name).unwrap_or_default();
    let session = Session {
        key: caller.key(),
        visitor_token: visitor.token,
        visitor_user_id: visitor.user_id,
        session_id,
        mind_id: chat.mind_id,
        ws_id: socket.ws_id.clone(),
        profile: Profile::new(name, public.image, starters),
    };
    Ok(opened(session, socket, chat.opening))
}

/// The conversation is still there, and only needs another socket. Should it be gone, the next message tells.
async fn go_on(caller: &Caller<'_>, former: &Session) -> Result<Opened, Fault> {
    if former.key == caller.key() {
        match caller.ws_create(&former.visitor_token, &former.visitor_user_id).await {
            Err(fault) if errors::is_about_visitor(&fault) => {}
            outcome => return Ok(reopened(former.clone(), outcome?)),
        }
    }
    caller.spend(AFTER_REFUSAL).await?;
    let visitor = caller.auth().await?;
    if visitor.user_id != former.visitor_user_id {
        // The API key is another avatar's by now: there, this visitor has no conversation yet.
        caller.spend(BEGINNING - AFTER_REFUSAL).await?;
        return begin(caller, visitor).await;
    }
    let socket = caller.ws_create(&visitor.token, &visitor.user_id).await?;
    Ok(reopened(Session { key: caller.key(), visitor_token: visitor.token, ..former.clone() }, socket))
}

/// The greeting opened the conversation; whoever goes on with it has seen it.
fn reopened(former: Session, socket: Socket) -> Opened {
    opened(Session { ws_id: socket.ws_id.clone(), ..former }, socket, None)
}

fn opened(session: Session, socket: Socket, opening: Option<String>) -> Opened {
    Opened {
        ws_url: socket.address,
        avatar_name: session.profile.avatar_name.clone(),
        opening,
        visitor_user_id: Some(session.visitor_user_id.clone()),
        heartbeat: Some(steps::heartbeat(socket.ws_id)),
        starters: session.profile.starters.clone(),
        avatar_image: session.profile.image.clone(),
        session: UpstreamSession::AvatarHub(session),
    }
}

/// A session of the other API is from before the configuration was changed, and leads nowhere here.
fn own(session: &UpstreamSession) -> Result<&Session, Fault> {
    match session {
        UpstreamSession::AvatarHub(session) => Ok(session),
        UpstreamSession::VisitorChat(_) => Err(Fault::SessionGone { sub_code: None }),
    }
}

#[cfg(test)]
mod tests;
