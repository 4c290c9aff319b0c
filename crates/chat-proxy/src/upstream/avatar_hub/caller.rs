//! The requests of one visitor to one avatar: their addresses, their headers, their repetition. It doesn't know in what
//! order they are made.

use std::iter;

use chat_core::wire::VisitorId;
use reqwest::RequestBuilder;
use reqwest::header::HeaderValue;
use secrecy::ExposeSecret;
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use tokio::time::Instant;

use super::numeric_id::NumericId;
use super::session::{KeyMark, VisitorToken};
use super::steps::{AvatarPublic, ChatInit, ChatInitialized, ChatStart, Created, SessionCreate, Socket, WsCreate};
use super::visitor::{Auth, Authenticated, platform_id};
use super::{AvatarHub, Message, Visitor, errors};
use crate::config::Avatar;
use crate::upstream::address;
use crate::upstream::exchange::exchange;
use crate::upstream::fault::Fault;
use crate::upstream::retry::{Deadline, Repetition, retry};

/// Who asks whom, and until when.
pub(super) struct Caller<'a> {
    hub: &'a AvatarHub,
    avatar: &'a Avatar,
    visitor: &'a Visitor,
    /// The visitor's id in the form that this API takes; also the header `Fp`.
    platform_id: String,
    deadline: Deadline,
    /// Until then requests are made that were spent before; SecondMe counts a later one in another minute.
    prepaid_until: Instant,
}

impl<'a> Caller<'a> {
    pub(super) fn new(hub: &'a AvatarHub, avatar: &'a Avatar, visitor: &'a Visitor) -> Self {
        let (platform_id, deadline) = (platform_id(&visitor.id), Deadline::after(hub.timeout));
        Self { hub, avatar, visitor, platform_id, deadline, prepaid_until: Instant::now() + hub.prepaid }
    }

    pub(super) fn deadline(&self) -> Deadline {
        self.deadline
    }

    pub(super) fn key(&self) -> KeyMark {
        KeyMark::of(self.avatar)
    }

    pub(super) async fn spend(&self, requests: u32) -> Result<(), Fault> {
        let visitor: &VisitorId = &self.visitor.id;
        self.hub.allowance.spend(self.avatar, visitor, requests).await
    }

    /// Step 0.
    pub(super) async fn auth(&self) -> Result<Authenticated, Fault> {
        let body = Auth::new(&self.platform_id, self.visitor.name.as_deref());
        let url = address::below(&self.hub.base_url, ["rest", "open", "avatar", "auth"]);
        let request = || self.hub.http.post(url.clone()).bearer_auth(self.avatar.api_key.expose_secret()).json(&body);
        let answer: Authenticated = self.call("auth", Repetition::Harmless, request).await?;
        answer.checked()
    }

    /// Step 1.
    pub(super) async fn chat_init(&self, token: &VisitorToken, share_code: &str) -> Result<ChatInitialized, Fault> {
        let name = "os/avatar/chat/init";
        let answer: ChatInitialized = self.post(name, token, Repetition::Harmless, &ChatInit { share_code }).await?;
        answer.checked()
    }

    /// Step 2.
    pub(super) async fn ws_create(&self, token: &VisitorToken, user_id: &str) -> Result<Socket, Fault> {
        let name = "general/ws/create";
        let answer: Socket = self.post(name, token, Repetition::Harmless, &WsCreate::of(user_id)).await?;
        answer.checked()
    }

    /// Step 3. A repetition may leave a session behind that is empty and bound to no avatar; nobody ever sees it.
    pub(super) async fn session_create(&self, token: &VisitorToken, visitor: &Authenticated) -> Result<Created, Fault> {
        let name = "general/session/create";
        let body = SessionCreate::of(visitor.mind_id, &visitor.owner_user_id);
        let answer: Created = self.post(name, token, Repetition::Harmless, &body).await?;
        answer.checked()
    }

    /// Step 4, its first half.
    pub(super) async fn avatar_public(&self, token: &VisitorToken, share_code: &str) -> Result<AvatarPublic, Fault> {
        let path = ["rest", "os", "avatar", "public", share_code];
        let url = address::below(&self.hub.base_url, path);
        self.call("avatar/public", Repetition::Harmless, || self.sign(self.hub.http.get(url.clone()), token)).await
    }

    /// Step 4, its second half. Binding a session a second time leaves it bound as it is.
    pub(super) async fn chat_start(
        &self,
        token: &VisitorToken,
        avatar_id: NumericId,
        session_id: &str,
    ) -> Result<(), Fault> {
        let name = "os/avatar/chat/start";
        let body = ChatStart { avatar_id, session_id };
        self.post::<IgnoredAny>(name, token, Repetition::Harmless, &body).await.map(drop)
    }

    /// Step 6. Never made again once it may have arrived: a message twice is worse than one that the visitor sends again.
    pub(super) async fn message_send(&self, token: &VisitorToken, message: &Message<'_>) -> Result<(), Fault> {
        let name = "general/message/send";
        self.post::<IgnoredAny>(name, token, Repetition::Doubles, message).await.map(drop)
    }

    async fn post<T: DeserializeOwned>(
        &self,
        name: &'static str,
        token: &VisitorToken,
        repetition: Repetition,
        body: &impl Serialize,
    ) -> Result<T, Fault> {
        let url = address::below(&self.hub.base_url, iter::once("rest").chain(name.split('/')));
        self.call(name, repetition, || self.sign(self.hub.http.post(url.clone()).json(body), token)).await
    }

    /// Adds the two headers that all requests after `auth` have.
    fn sign(&self, request: RequestBuilder, token: &VisitorToken) -> RequestBuilder {
        let request = request.header("Fp", &self.platform_id);
        match HeaderValue::from_str(token.expose()) {
            Ok(mut value) => {
                value.set_sensitive(true);
                request.header("token", value)
            }
            // `auth` takes no such token, and SecondMe refuses a request that has none.
            Err(_) => request,
        }
    }

    async fn call<T: DeserializeOwned>(
        &self,
        name: &'static str,
        repetition: Repetition,
        request: impl Fn() -> RequestBuilder,
    ) -> Result<T, Fault> {
        let request = &request;
        let attempt = |before| async move {
            if before > 0 || Instant::now() > self.prepaid_until {
                self.spend(1).await?;
            }
            let outcome =
                exchange(&self.hub.metrics, name, request()).await.map_err(|fault| fault.by_table(&errors::TABLE));
            if let Err(Fault::Refused { status: 429, retry_after, .. }) = &outcome {
                self.hub.allowance.exhausted(self.avatar, *retry_after);
            }
            outcome
        };
        retry(self.deadline, repetition, attempt).await
    }
}
