//! The avatars of the simulated service, each found by its API key or by the code of its public page.

use super::ids;
use crate::AvatarAddition;

/// The id of the first avatar; the others count on from it.
const FIRST_ID: u64 = 67;
/// The number of the first avatar's owner.
const FIRST_OWNER: u64 = 620_000;

/// One avatar, as an owner set it up.
#[derive(Clone)]
pub(crate) struct Avatar {
    /// A number, as `avatar/public` and `chat/start` know it.
    pub(crate) id: u64,
    pub(crate) api_key: String,
    pub(crate) standing: Standing,
    pub(crate) name: String,
    pub(crate) opening: Option<String>,
    pub(crate) share_code: String,
    /// The mind that answers, as `chat/init` tells it and `message/send` wants it.
    pub(crate) encoded_mind_id: String,
    /// The owner's id where it is a number.
    pub(crate) owner_number: u64,
    /// The owner's id everywhere else.
    pub(crate) owner_user_id: String,
    pub(crate) owner_image: Option<String>,
    /// What a visitor might ask first.
    pub(crate) starters: Vec<String>,
}

/// Whether an avatar can be reached by its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Active,
    /// The owner has switched the key off.
    KeyDisabled,
    /// The owner has deleted the avatar, but the key is known still.
    Removed,
}

/// Every avatar there is or was.
#[derive(Default)]
pub(crate) struct Avatars(Vec<Avatar>);

impl Avatars {
    /// The avatar of this key, whatever its standing.
    pub(crate) fn find(&self, api_key: &str) -> Option<&Avatar> {
        self.0.iter().find(|avatar| avatar.api_key == api_key)
    }

    /// The avatar whose public page has this code, unless it was removed.
    pub(crate) fn find_public(&self, share_code: &str) -> Option<&Avatar> {
        self.0.iter().find(|avatar| avatar.share_code == share_code && avatar.standing != Standing::Removed)
    }

    /// Adds an avatar. One with the same key is replaced: it is active again and keeps its ids.
    pub(crate) fn add(&mut self, addition: AvatarAddition) {
        let known = self.0.iter().position(|avatar| avatar.api_key == addition.api_key);
        let place = known.unwrap_or(self.0.len());
        let avatar = made(place as u64, addition);
        match known {
            Some(place) => self.0[place] = avatar,
            None => self.0.push(avatar),
        }
    }

    /// Whether there is an avatar of this key, which now has this standing.
    pub(crate) fn set_standing(&mut self, api_key: &str, standing: Standing) -> bool {
        let found = self.0.iter_mut().find(|avatar| avatar.api_key == api_key);
        found.map(|avatar| avatar.standing = standing).is_some()
    }
}

fn made(count: u64, addition: AvatarAddition) -> Avatar {
    let AvatarAddition { api_key, avatar_name, opening, starters, owner_image } = addition;
    let owner_number = FIRST_OWNER + count * 37;
    Avatar {
        id: FIRST_ID + count,
        api_key,
        standing: Standing::Active,
        name: avatar_name,
        opening,
        share_code: ids::share_code(count),
        encoded_mind_id: ids::encoded_mind_id(count),
        owner_number,
        owner_user_id: ids::user_id(owner_number),
        owner_image,
        starters,
    }
}
