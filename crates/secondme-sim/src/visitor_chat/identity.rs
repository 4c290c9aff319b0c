//! Whom a caller's token stands for, and what follows from that.

use std::time::Instant;

use axum::http::StatusCode;

use crate::{
    answer::Refusal,
    world::{GrantFault, Memory, Session, User},
};

/// What a user must have allowed for any of this API (`chat.write`).
const SCOPE: &str = "chat.write";

/// Who calls.
pub(super) enum Identity {
    /// The application, on behalf of anonymous visitors.
    Application,
    /// A user who has signed in.
    User(&'static User),
}

impl Identity {
    /// A session is for whoever opened it: the user, or the application for one of its anonymous visitors.
    pub(super) fn may_speak_in(&self, session: &Session) -> bool {
        let owner = User::of_visitor(&session.visitor_id);
        match self {
            Identity::Application => owner.is_none(),
            Identity::User(user) => owner == Some(user),
        }
    }
}

/// The user of this token; `None` where it is no user's at all. A user's token that is no longer good is answered in the
/// shape that SecondMe's own SDK looks for.
pub(super) fn check_user(token: &str, memory: &Memory) -> Result<Option<&'static User>, Refusal> {
    let message = match memory.grants.check(token, Instant::now()) {
        Ok(consent) if consent.scope.iter().any(|scope| scope == SCOPE) => return Ok(Some(consent.user)),
        Ok(_) => {
            let message = format!("The user has not allowed {SCOPE}.");
            return Err(Refusal::new(StatusCode::FORBIDDEN, "oauth2.scope.insufficient", message));
        }
        Err(GrantFault::Expired) => "The access token has expired.",
        Err(GrantFault::Revoked) => "The access token was revoked.",
        Err(_) => return Ok(None),
    };
    Err(Refusal::Detail { status: StatusCode::UNAUTHORIZED, message: message.into() })
}
