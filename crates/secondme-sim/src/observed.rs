//! What the simulator has seen, as data for a test to compare. It changes nothing.

use serde::{Deserialize, Serialize};

use crate::{
    Endpoint,
    world::{Api, Memory, Session, World},
};

/// A copy of what the simulator has seen since it started.
///
/// It holds the tokens it has issued, so that a test can search for them where they must never be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observed {
    /// How often a token was asked for, whatever the answer: `token/client`, and the Avatar Hub's `auth`.
    pub token_requests: u64,
    /// How often a conversation was to be opened or gone on with, whatever the answer: `visitor-chat/init`, and of the
    /// Avatar Hub's steps `ws/create`, the one that each time takes.
    pub init_requests: u64,
    /// How often a message was to be sent, whatever the answer: `visitor-chat/send`, and the Avatar Hub's `message/send`.
    pub send_requests: u64,
    /// The Avatar Hub's endpoints one by one.
    pub hub: HubObserved,
    /// How many sockets were ever opened.
    pub sockets_opened: u64,
    /// How many sockets are open now.
    pub sockets_open: usize,
    /// How many heartbeats came that name their own socket, answered or not.
    pub pings: u64,
    /// How many frames from browsers were nothing the simulator understands, such as a ping with another socket's id.
    pub frames_ignored: u64,
    /// How many replies were lost because the visitor had no open socket.
    pub replies_without_socket: u64,
    /// How often a part of a reply was loaded: its address is below `/media/`.
    pub media_requests: u64,
    /// Every session, oldest first.
    pub sessions: Vec<ObservedSession>,
    /// Every token ever issued to a site's back end, oldest first: application tokens, and then the Avatar Hub's visitor
    /// tokens.
    pub app_tokens_issued: Vec<String>,
}

/// How often each endpoint of the Avatar Hub was asked, whatever the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HubObserved {
    /// `open/avatar/auth`.
    pub auth: u64,
    /// `os/avatar/chat/init`.
    pub chat_init: u64,
    /// `general/ws/create`.
    pub ws_create: u64,
    /// `general/session/create`.
    pub session_create: u64,
    /// `os/avatar/public/{shareCode}`.
    pub avatar_public: u64,
    /// `os/avatar/chat/start`.
    pub chat_start: u64,
    /// `general/message/send`.
    pub message_send: u64,
    /// How many of all these were beyond the key's limit for a minute.
    pub rate_limited: u64,
}

/// One visitor's conversation as the simulator knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObservedSession {
    /// The id that `init` or `session/create` answered.
    pub session_id: String,
    /// The id the visitor came with.
    pub visitor_id: String,
    /// The name the visitor last came with.
    pub visitor_name: Option<String>,
    /// The `sendUserId` of the visitor's own messages where they come back.
    pub visitor_user_id: String,
    /// What the owner sees in the list of conversations: `{visitorName}({appName})`, or on the Avatar Hub
    /// `{visitorName}({channel})`, and the name alone without a channel.
    pub display_name: String,
    /// Every message that was accepted, oldest first.
    pub messages: Vec<String>,
    /// The session was created through the Avatar Hub.
    pub avatar_hub: bool,
    /// The avatar does not know who it is: `session/create` came without the visitor's numeric `mindId`, or without a
    /// `chat/init` in the ten minutes before.
    pub persona_lost: bool,
    /// The owner may speak in the session: `memberUserIds` named the owner. Always so on Visitor Chat.
    pub owner_is_member: bool,
    /// The owner sees the session in the list of conversations: `chat/start` has bound it. Always so on Visitor Chat.
    pub visible_to_owner: bool,
}

impl Observed {
    pub(crate) fn of(world: &World) -> Observed {
        let memory = world.lock();
        let requests = |endpoints: &[Endpoint]| endpoints.iter().map(|it| memory.requests.of(*it)).sum();
        Observed {
            token_requests: requests(&[Endpoint::Token, Endpoint::Auth]),
            init_requests: requests(&[Endpoint::Init, Endpoint::WsCreate]),
            send_requests: requests(&[Endpoint::Send, Endpoint::MessageSend]),
            hub: of_hub(&memory),
            sockets_opened: memory.sockets.opened,
            sockets_open: memory.sockets.count_open(),
            pings: memory.sockets.pings,
            frames_ignored: memory.sockets.frames_ignored,
            replies_without_socket: memory.sockets.replies_without_socket,
            media_requests: memory.media_requests,
            sessions: memory.sessions.all().iter().map(of_session).collect(),
            app_tokens_issued: [memory.tokens.issued(), memory.visitors.issued()].concat(),
        }
    }
}

fn of_hub(memory: &Memory) -> HubObserved {
    HubObserved {
        auth: memory.requests.of(Endpoint::Auth),
        chat_init: memory.requests.of(Endpoint::ChatInit),
        ws_create: memory.requests.of(Endpoint::WsCreate),
        session_create: memory.requests.of(Endpoint::SessionCreate),
        avatar_public: memory.requests.of(Endpoint::AvatarPublic),
        chat_start: memory.requests.of(Endpoint::ChatStart),
        message_send: memory.requests.of(Endpoint::MessageSend),
        rate_limited: memory.limits.refused,
    }
}

fn of_session(session: &Session) -> ObservedSession {
    // The documents do not say what a nameless visitor is called; the owner's list needs some word.
    let name = session.visitor_name.as_deref().unwrap_or("Visitor");
    ObservedSession {
        session_id: session.id.clone(),
        visitor_id: session.visitor_id.clone(),
        visitor_name: session.visitor_name.clone(),
        visitor_user_id: session.visitor_user_id.clone(),
        display_name: session.origin.as_ref().map_or_else(|| name.to_owned(), |origin| format!("{name}({origin})")),
        messages: session.messages.clone(),
        avatar_hub: session.api == Api::AvatarHub,
        persona_lost: !session.standing.has_persona,
        owner_is_member: session.standing.owner_is_member,
        visible_to_owner: session.standing.is_listed,
    }
}
