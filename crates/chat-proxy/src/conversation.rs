//! A visitor's calls, between the contract and SecondMe: which avatar, which session, sealed into the `sessionId` so that
//! the proxy remembers nothing. It knows neither HTTP nor SecondMe's JSON.

use std::time::Duration;

use chat_core::wire::VisitorId;
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
struct Ticket {
    /// The visitorId that the widget called itself: nobody else's request is taken with this ticket.
    holder: VisitorId,
    avatar: Option<String>,
    visitor: Visitor,
    session: UpstreamSession,
}

impl Conversations {
    pub(crate) fn new(config: &Config, upstream: Box<dyn Upstream>) -> Result<Self, SealFailed> {
        let keys = match config.session_keys.clone() {
            Some(keys) => keys,
            None => {
                tracing::warn!(
                    "CHAT_PROXY_SESSION_KEY is not set: conversations end when the proxy does, and other replicas can't \
                     go on with them"
                );
                SessionKeys::random()?
            }
        };
        Ok(Self { upstream, avatars: config.upstream.avatars.clone(), keys })
    }

    /// Opens the visitor's conversation, or goes on with the one that the request names.
    pub(crate) async fn init(&self, request: InitRequest) -> Result<InitAnswer, Failure> {
        let avatar = self.avatar(request.avatar.as_deref())?;
        let visitor = Visitor { id: request.visitor_id.clone(), name: request.visitor_name };
        let ticket = request.session_id.map(|sealed| self.open(&sealed, &request.visitor_id)).transpose()?;
        // Another avatar's session is of no use to this one; a page that changes its avatar begins a conversation.
        let session = ticket.filter(|ticket| ticket.avatar == avatar.alias).map(|ticket| ticket.session);
        let opened = self.upstream.init(Opening { avatar, visitor: &visitor, session: session.as_ref() }).await?;
        let ticket =
            Ticket { holder: request.visitor_id, avatar: avatar.alias.clone(), visitor, session: opened.session };
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

    /// Hands a message over. The reply comes over the visitor's socket.
    pub(crate) async fn send(&self, request: SendRequest) -> Result<SendAnswer, Failure> {
        let ticket = self.open(&request.session_id, &request.visitor_id)?;
        let avatar = self.avatar(ticket.avatar.as_deref())?;
        let posting = Posting { avatar, visitor: &ticket.visitor, session: &ticket.session, message: &request.message };
        self.upstream.send(posting).await?;
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
mod tests {
    use super::*;

    use secondme_sim::Simulator;
    use serde_json::{Value, json};

    use crate::{Server, Settings};

    const KEY: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

    /// Only from in here can a session be made whose time is over.
    #[tokio::test]
    async fn a_session_is_good_for_its_time() {
        let simulator = Simulator::start(secondme_sim::Settings::default()).await.unwrap();
        let settings = Settings {
            secondme_api: Some("avatar-hub".into()),
            secondme_api_key: Some(simulator.settings().api_key.clone().into()),
            secondme_base_url: Some(simulator.hub_base_url()),
            session_key: Some(KEY.into()),
            listen: Some("127.0.0.1:0".into()),
            ..Settings::default()
        };
        let server = Server::bind(settings.into_config().unwrap()).await.unwrap();
        let origin = format!("http://{}", server.address());
        tokio::spawn(server.run(std::future::pending()));
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let post = async |call: &str, session: Option<&str>| -> Value {
            let body = json!({"visitorId": "web_1", "sessionId": session, "message": "hello"});
            let request = client.post(format!("{origin}/chat/{call}")).header("origin", &origin);
            request.json(&body).send().await.unwrap().json().await.unwrap()
        };

        let session = post("init", None).await["data"]["sessionId"].as_str().unwrap().to_owned();
        let keys = SessionKeys::parse(KEY).unwrap();
        let ticket: Ticket = keys.open(Purpose::Session, &session).unwrap();
        for (life, code) in [(SESSION_LIFE, 0), (Duration::ZERO, 400)] {
            let session = keys.seal(Purpose::Session, &ticket, life).unwrap();
            for call in ["init", "send"] {
                let answer = post(call, Some(&session)).await;
                assert_eq!(answer["code"], code, "{answer}");
                assert_eq!(answer["subCode"] == "proxy.session_invalid", code == 400, "{answer}");
            }
        }
    }
}
