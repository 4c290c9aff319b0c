//! The avatars of the simulated service, each found by its API key.

/// One avatar, as an owner set it up.
#[derive(Clone)]
pub(crate) struct Avatar {
    pub(crate) api_key: String,
    pub(crate) name: String,
    pub(crate) opening: Option<String>,
}

/// Every avatar there is.
pub(crate) struct Avatars(Vec<Avatar>);

impl Avatars {
    pub(crate) fn with(avatar: Avatar) -> Avatars {
        Avatars(vec![avatar])
    }

    pub(crate) fn find(&self, api_key: &str) -> Option<&Avatar> {
        self.0.iter().find(|avatar| avatar.api_key == api_key)
    }

    /// Adds an avatar; one with the same key is replaced.
    pub(crate) fn add(&mut self, avatar: Avatar) {
        self.0.retain(|known| known.api_key != avatar.api_key);
        self.0.push(avatar);
    }
}
