//! The people who have an account with the simulated service. They are made up, and there are always the same.

/// One person with an account.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct User {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
}

/// Everybody who can sign in.
pub(crate) static USERS: [User; 2] =
    [User { id: "ada", name: "Ada Lindqvist" }, User { id: "bo", name: "Bo Marchetti" }];

/// What a user's `visitor_id` begins with. A colon is forbidden in the one that an anonymous visitor chooses, so nobody
/// can pass for a user by it.
const PREFIX: &str = "user:";

impl User {
    pub(crate) fn find(id: &str) -> Option<&'static User> {
        USERS.iter().find(|user| user.id == id)
    }

    /// The user a session belongs to; `None` is an anonymous visitor.
    pub(crate) fn of_visitor(visitor_id: &str) -> Option<&'static User> {
        visitor_id.strip_prefix(PREFIX).and_then(User::find)
    }

    /// Under which a user's own session is found again.
    pub(crate) fn visitor_id(&self) -> String {
        format!("{PREFIX}{}", self.id)
    }
}
