//! Conversations: one for each visitor of an avatar, found again by the visitor's id.

use uuid::Uuid;

/// One visitor's conversation with one avatar.
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) api_key: String,
    pub(crate) visitor_id: String,
    pub(crate) visitor_name: Option<String>,
    /// The id that the visitor's own messages carry when they come back over the socket.
    pub(crate) visitor_user_id: String,
    pub(crate) messages: Vec<String>,
    /// The service's cache of the session is gone; only a new `init` brings it back.
    pub(crate) expired: bool,
    /// The message whose visitor wished that it went wrong; when it comes again, it does not.
    pub(crate) spoilt: Option<String>,
}

/// Every session, oldest first.
#[derive(Default)]
pub(crate) struct Sessions(Vec<Session>);

impl Sessions {
    /// Finds the visitor's session or begins one, and brings an expired one back. A name that comes later replaces the
    /// one before; no name leaves it.
    pub(crate) fn open(&mut self, api_key: &str, visitor_id: &str, visitor_name: Option<&str>) -> &Session {
        let known = self.0.iter().position(|session| session.api_key == api_key && session.visitor_id == visitor_id);
        let place = known.unwrap_or_else(|| {
            self.0.push(Session {
                id: Uuid::new_v4().to_string(),
                api_key: api_key.into(),
                visitor_id: visitor_id.into(),
                visitor_name: None,
                visitor_user_id: format!("v{}", &Uuid::new_v4().simple().to_string()[..6]),
                messages: Vec::new(),
                expired: false,
                spoilt: None,
            });
            self.0.len() - 1
        });
        let session = &mut self.0[place];
        session.expired = false;
        if let Some(name) = visitor_name {
            session.visitor_name = Some(name.into());
        }
        session
    }

    pub(crate) fn find(&mut self, id: &str) -> Option<&mut Session> {
        self.0.iter_mut().find(|session| session.id == id)
    }

    pub(crate) fn all(&self) -> &[Session] {
        &self.0
    }

    pub(crate) fn expire_all(&mut self) {
        for session in &mut self.0 {
            session.expired = true;
        }
    }

    pub(crate) fn forget_all(&mut self) {
        self.0.clear();
    }
}
