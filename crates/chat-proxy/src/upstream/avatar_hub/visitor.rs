//! Who the visitor is to the Avatar Hub: the id in the form that it takes, and what `auth` tells of the visitor.

use chat_core::wire::VisitorId;
use reqwest::header::HeaderValue;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::numeric_id::NumericId;
use super::session::VisitorToken;
use crate::upstream::fault::Fault;

/// Where visitors come from, as the avatar's owner reads it behind their names.
const CHANNEL: &str = "web";

/// `POST /rest/open/avatar/auth` (step 0).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Auth<'a> {
    visitor_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    visitor_name: Option<&'a str>,
    channel: &'static str,
}

/// What it answers, as far as it is of use.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Authenticated {
    #[serde(rename = "visitorToken")]
    pub(super) token: VisitorToken,
    /// Encoded, as sockets and messages want it.
    #[serde(rename = "visitorUserId")]
    pub(super) user_id: String,
    /// A number, as sessions want it.
    #[serde(rename = "visitorMindId")]
    pub(super) mind_id: NumericId,
    #[serde(rename = "avatarShareCode")]
    pub(super) share_code: String,
    pub(super) avatar_name: Option<String>,
    /// Encoded.
    pub(super) owner_user_id: String,
}

impl<'a> Auth<'a> {
    pub(super) fn new(platform_id: &'a str, name: Option<&'a str>) -> Self {
        let visitor_name = name.filter(|name| !name.trim().is_empty());
        Self { visitor_id: platform_id, visitor_name, channel: CHANNEL }
    }
}

impl Authenticated {
    pub(super) fn checked(self) -> Result<Self, Fault> {
        let ids = [&self.user_id, &self.share_code, &self.owner_user_id];
        if ids.iter().any(|id| id.is_empty()) {
            return Err(Fault::Broken("it lacks an id of the visitor or the avatar"));
        }
        let token = self.token.expose();
        if token.is_empty() || HeaderValue::from_str(token).is_err() {
            return Err(Fault::Broken("its token is not a token"));
        }
        Ok(self)
    }
}

/// The visitor's id as `{platform}_{uuid}`. The widget's own ids have that form. To one of another form, such as a site's
/// own, belongs always the same id of that form.
pub(super) fn platform_id(id: &VisitorId) -> String {
    let id = id.as_str();
    let parts = id.split_once('_').filter(|(platform, uuid)| {
        let named = !platform.is_empty() && platform.bytes().all(|byte| byte.is_ascii_alphanumeric());
        // Only with its hyphens is a UUID as long as this.
        named && uuid.len() == 36 && Uuid::try_parse(uuid).is_ok()
    });
    match parts {
        Some(_) => id.to_owned(),
        None => format!("{CHANNEL}_{}", Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("visitor:{id}").as_bytes())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_id_has_one_id_of_the_documents_form() {
        let platform_id = |id: &str| platform_id(&VisitorId::parse(id).unwrap());
        for id in ["web_6ba7b810-9dad-11d1-80b4-00c04fd430c8", "feishu_550E8400-E29B-41D4-A716-446655440000"] {
            assert_eq!(platform_id(id), id);
        }
        let others = [
            "customer-42",
            "customer-43",
            "web_1",
            "_6ba7b810-9dad-11d1-80b4-00c04fd430c8",
            "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
            "web_6ba7b8109dad11d180b400c04fd430c8",
            "web__6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        ];
        for (place, id) in others.iter().enumerate() {
            let derived = platform_id(id);
            assert_eq!(platform_id(&derived), derived, "it has the form");
            assert_eq!(platform_id(id), derived, "it stays the same");
            assert!(others[..place].iter().all(|other| platform_id(other) != derived), "it is nobody else's");
        }
        // Released once, it has to stay: another derivation would part visitors from their conversations.
        assert_eq!(platform_id("customer-42"), "web_931c10ca-6537-5d09-8b54-9c4b73d4be9e");
    }
}
