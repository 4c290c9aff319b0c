//! Conversations of both APIs. On Visitor Chat a visitor of an avatar has one, found again by the visitor's id; on the
//! Avatar Hub each creation begins another.

use uuid::Uuid;

use super::Visitor;

/// One visitor's conversation with one avatar.
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) api: Api,
    pub(crate) api_key: String,
    pub(crate) visitor_id: String,
    pub(crate) visitor_name: Option<String>,
    /// Through what the visitor came, as the owner sees it behind the name: the application's name, or the channel.
    pub(crate) origin: Option<String>,
    /// The id of the visitor as a person: whose sockets get the replies, and what the visitor's own messages carry when
    /// they come back.
    pub(crate) visitor_user_id: String,
    pub(crate) messages: Vec<String>,
    /// The service's cache of the session is gone. On Visitor Chat a new `init` brings it back; on the Avatar Hub nothing
    /// does.
    pub(crate) expired: bool,
    /// The message whose visitor wished that it went wrong; when it comes again, it does not.
    pub(crate) spoilt: Option<String>,
    pub(crate) standing: SessionStanding,
    /// The `seqId` of every message that was accepted, where the API has them.
    pub(crate) sequence_ids: Vec<String>,
}

/// Whose document a session follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Api {
    VisitorChat,
    AvatarHub,
}

/// What a session lacks if it was not begun as the Avatar Hub document says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SessionStanding {
    /// The avatar knows who it is.
    pub(crate) has_persona: bool,
    /// The owner may speak in it.
    pub(crate) owner_is_member: bool,
    /// The owner sees it in the list of conversations.
    pub(crate) is_listed: bool,
}

/// Every session, oldest first.
#[derive(Default)]
pub(crate) struct Sessions(Vec<Session>);

impl Sessions {
    /// Finds the visitor's session or begins one, and brings an expired one back. A name that comes later replaces the
    /// one before; no name leaves it.
    pub(crate) fn open(
        &mut self,
        api_key: &str,
        visitor_id: &str,
        visitor_name: Option<&str>,
        app_name: &str,
    ) -> &Session {
        let is_theirs = |session: &Session| {
            session.api == Api::VisitorChat && session.api_key == api_key && session.visitor_id == visitor_id
        };
        let place = self.0.iter().position(is_theirs).unwrap_or_else(|| {
            self.0.push(Session {
                id: Uuid::new_v4().to_string(),
                api: Api::VisitorChat,
                api_key: api_key.into(),
                visitor_id: visitor_id.into(),
                visitor_name: None,
                origin: Some(app_name.into()),
                visitor_user_id: format!("v{}", &Uuid::new_v4().simple().to_string()[..6]),
                messages: Vec::new(),
                expired: false,
                spoilt: None,
                standing: SessionStanding { has_persona: true, owner_is_member: true, is_listed: true },
                sequence_ids: Vec::new(),
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

    /// Begins another session of an Avatar Hub visitor. The owner does not see it yet.
    pub(crate) fn create(&mut self, visitor: &Visitor, has_persona: bool, owner_is_member: bool) -> &str {
        self.0.push(Session {
            id: Uuid::new_v4().simple().to_string(),
            api: Api::AvatarHub,
            api_key: visitor.api_key.clone(),
            visitor_id: visitor.visitor_id.clone(),
            visitor_name: visitor.name.clone(),
            origin: visitor.channel.clone(),
            visitor_user_id: visitor.user_id.clone(),
            messages: Vec::new(),
            expired: false,
            spoilt: None,
            standing: SessionStanding { has_persona, owner_is_member, is_listed: false },
            sequence_ids: Vec::new(),
        });
        &self.0[self.0.len() - 1].id
    }

    /// Lets the owner see an Avatar Hub visitor as the visitor came last, in older sessions too.
    pub(crate) fn rename(&mut self, visitor: &Visitor) {
        for session in self.0.iter_mut().filter(|session| session.visitor_user_id == visitor.user_id) {
            session.visitor_name.clone_from(&visitor.name);
            session.origin.clone_from(&visitor.channel);
        }
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
