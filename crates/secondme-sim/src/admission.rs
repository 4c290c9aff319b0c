//! What happens to every request of either API before anything is done about it: it is counted, delayed, and refused if
//! that was asked for on the control endpoint.

use serde::{Deserialize, Serialize};
use tokio::time;

use crate::{answer::Refusal, faults::Operation, world::World};

/// One endpoint of either document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    /// Visitor Chat: `token/client`.
    Token,
    /// Visitor Chat: `visitor-chat/init`.
    Init,
    /// Visitor Chat: `visitor-chat/send`.
    Send,
    /// Avatar Hub: `open/avatar/auth`.
    Auth,
    /// Avatar Hub: `os/avatar/chat/init`.
    ChatInit,
    /// Avatar Hub: `general/ws/create`.
    WsCreate,
    /// Avatar Hub: `general/session/create`.
    SessionCreate,
    /// Avatar Hub: `os/avatar/public/{shareCode}`.
    AvatarPublic,
    /// Avatar Hub: `os/avatar/chat/start`.
    ChatStart,
    /// Avatar Hub: `general/message/send`.
    MessageSend,
}

impl Endpoint {
    /// How many there are.
    pub(crate) const COUNT: usize = Endpoint::MessageSend as usize + 1;

    /// Which operations a request here is a part of. To open a conversation again takes `ws/create`, but not always `auth`:
    /// whichever comes first meets what was planned for the operation.
    fn operations(self) -> &'static [Operation] {
        match self {
            Endpoint::Token => &[Operation::Token],
            Endpoint::Auth => &[Operation::Token, Operation::Init],
            Endpoint::Init | Endpoint::WsCreate => &[Operation::Init],
            Endpoint::Send | Endpoint::MessageSend => &[Operation::Send],
            Endpoint::ChatInit | Endpoint::SessionCreate | Endpoint::AvatarPublic | Endpoint::ChatStart => &[],
        }
    }
}

/// Counts a request and lets it through, late or not at all if that was asked for on the control endpoint.
///
/// The wait comes before the work: a caller who hangs up meanwhile has changed nothing.
pub(crate) async fn admit(world: &World, endpoint: Endpoint) -> Result<(), Refusal> {
    let (delay, failure) = {
        let mut memory = world.lock();
        memory.requests.count(endpoint);
        (memory.faults.delay_of(endpoint), memory.faults.claim_failure(endpoint.operations()))
    };
    if !delay.is_zero() {
        time::sleep(delay).await;
    }
    failure.map_or(Ok(()), Err)
}
