//! What the simulator has seen, as data for a test to compare. It changes nothing.

use serde::{Deserialize, Serialize};

use crate::world::{Session, User, World};

/// A copy of what the simulator has seen since it started.
///
/// It holds the tokens it has issued, so that a test can search for them where they must never be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observed {
    /// How often `token/client` was asked, whatever the answer.
    pub token_requests: u64,
    /// How often `token/code` was asked, whatever the answer.
    pub code_requests: u64,
    /// How often `token/refresh` was asked, whatever the answer.
    pub refresh_requests: u64,
    /// How often `visitor-chat/init` was asked, whatever the answer.
    pub init_requests: u64,
    /// How often `visitor-chat/send` was asked, whatever the answer.
    pub send_requests: u64,
    /// How many sockets were ever opened.
    pub sockets_opened: u64,
    /// How many sockets are open now.
    pub sockets_open: usize,
    /// How many heartbeats came that name their own socket, answered or not.
    pub pings: u64,
    /// How many frames from browsers were nothing the simulator understands, such as a ping with another socket's id.
    pub frames_ignored: u64,
    /// How many replies were lost because the session had no open socket.
    pub replies_without_socket: u64,
    /// How often a part of a reply was loaded: its address is below `/media/`.
    pub media_requests: u64,
    /// Every session, oldest first.
    pub sessions: Vec<ObservedSession>,
    /// Every application token ever issued, oldest first.
    pub app_tokens_issued: Vec<String>,
    /// Every access and refresh token of a user ever issued, oldest first.
    pub user_tokens_issued: Vec<String>,
}

/// One visitor's conversation as the simulator knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObservedSession {
    /// The id that `init` answered.
    pub session_id: String,
    /// The user whose own conversation it is, such as `ada`; `None` is an anonymous visitor.
    pub user_id: Option<String>,
    /// The id the visitor came with; a user's is made from the user's own.
    pub visitor_id: String,
    /// The name the visitor last came with.
    pub visitor_name: Option<String>,
    /// The `sendUserId` of the visitor's own messages where they come back.
    pub visitor_user_id: String,
    /// What the owner sees in the list of conversations: `{visitorName}({appName})`, or a user's own name.
    pub display_name: String,
    /// Every message that was accepted, oldest first.
    pub messages: Vec<String>,
}

impl Observed {
    pub(crate) fn of(world: &World) -> Observed {
        let memory = world.lock();
        Observed {
            token_requests: memory.requests.token,
            code_requests: memory.requests.code,
            refresh_requests: memory.requests.refresh,
            init_requests: memory.requests.init,
            send_requests: memory.requests.send,
            sockets_opened: memory.sockets.opened,
            sockets_open: memory.sockets.count_open(),
            pings: memory.sockets.pings,
            frames_ignored: memory.sockets.frames_ignored,
            replies_without_socket: memory.sockets.replies_without_socket,
            media_requests: memory.media_requests,
            sessions: memory.sessions.all().iter().map(|session| of_session(session, world)).collect(),
            app_tokens_issued: memory.tokens.issued().to_vec(),
            user_tokens_issued: memory.grants.issued().to_vec(),
        }
    }
}

fn of_session(session: &Session, world: &World) -> ObservedSession {
    let user = User::of_visitor(&session.visitor_id);
    ObservedSession {
        session_id: session.id.clone(),
        user_id: user.map(|user| user.id.to_owned()),
        visitor_id: session.visitor_id.clone(),
        visitor_name: session.visitor_name.clone(),
        visitor_user_id: session.visitor_user_id.clone(),
        display_name: display_name(session, &world.settings.app_name),
        messages: session.messages.clone(),
    }
}

/// What the owner sees the session's visitor as.
pub(crate) fn display_name(session: &Session, app_name: &str) -> String {
    if let Some(user) = User::of_visitor(&session.visitor_id) {
        return user.name.into();
    }
    // The document does not say what a nameless visitor is called; the owner's list needs some word.
    let name = session.visitor_name.as_deref().unwrap_or("Visitor");
    format!("{name}({app_name})")
}
