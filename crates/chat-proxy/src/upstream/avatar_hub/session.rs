//! What a conversation of the Avatar Hub needs later: it travels in the widget's `sessionId`, sealed.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::config::Avatar;
use crate::upstream::address::is_https;

/// The most that picture and starters may take together, in bytes: the whole has to stay fit for a request.
const ROOM_FOR_EXTRAS: usize = 1024;

/// One of a visitor's conversations with an avatar, and the visitor's last socket.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(super) key: KeyMark,
    pub(super) visitor_token: VisitorToken,
    pub(super) visitor_user_id: String,
    pub(super) session_id: String,
    /// The encoded one: messages want no other.
    pub(super) mind_id: String,
    pub(super) ws_id: String,
    pub(super) profile: Profile,
}

/// What the widget shows of the avatar; it is told again with each socket.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Profile {
    pub(super) avatar_name: String,
    pub(super) image: Option<String>,
    pub(super) starters: Vec<String>,
}

/// Tells one API key from another, without being it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeyMark(u64);

/// A visitor's token: it opens the visitor's conversations, and so prints nowhere.
#[derive(Clone, Debug)]
pub(super) struct VisitorToken(SecretString);

impl Profile {
    /// Leaves out a picture that is not to be had by https, and whatever is too long to travel along.
    pub(super) fn new(avatar_name: String, image: Option<String>, starters: Vec<String>) -> Self {
        let mut room = ROOM_FOR_EXTRAS;
        let mut fits = |text: &String| {
            let left = room.checked_sub(text.len());
            room = left.unwrap_or(room);
            left.is_some()
        };
        let image = image.filter(|image| is_https(image)).filter(&mut fits);
        let starters = starters.into_iter().filter(|starter| !starter.trim().is_empty()).filter(&mut fits).collect();
        Self { avatar_name, image, starters }
    }
}

impl KeyMark {
    pub(super) fn of(avatar: &Avatar) -> Self {
        let hash = Uuid::new_v5(&Uuid::NAMESPACE_OID, avatar.api_key.expose_secret().as_bytes());
        Self(hash.as_u64_pair().0)
    }
}

impl VisitorToken {
    pub(super) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl Serialize for VisitorToken {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

impl<'de> Deserialize<'de> for VisitorToken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(String::deserialize(deserializer)?.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_short_and_safe() {
        let check = |image: &str, starters: &[&str], expected: (Option<&str>, &[&str])| {
            let starters = starters.iter().map(|text| (*text).to_owned()).collect();
            let profile = Profile::new("Mira".into(), Some(image.into()), starters);
            assert_eq!(
                (profile.image.as_deref(), profile.starters.as_slice()),
                (expected.0, &expected.1.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>()[..])
            );
        };
        let (image, long) = ("https://cdn.example/a.png", "x".repeat(ROOM_FOR_EXTRAS));
        check(image, &["Prices?", " ", "Hours?"], (Some(image), &["Prices?", "Hours?"]));
        check("http://cdn.example/a.png", &[], (None, &[]));
        check(&format!("https://cdn.example/{long}"), &["Prices?"], (None, &["Prices?"]));
        check(image, &[&long, "Prices?"], (Some(image), &["Prices?"]));
        check("", &[&long, "Prices?"], (None, &[&long]));
    }

    #[test]
    fn a_token_does_not_show_itself() {
        let token: VisitorToken = serde_json::from_str("\"do-not-print\"").unwrap();
        assert!(!format!("{token:?}").contains("do-not-print"));
        assert_eq!(serde_json::to_string(&token).unwrap(), "\"do-not-print\"");
    }
}
