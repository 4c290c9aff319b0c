//! `chat-proxy check`: does SecondMe answer, and does it take the credentials? It opens no conversation.

use std::sync::Arc;

use thiserror::Error;

use crate::budget::Budget;
use crate::config::{Api, Avatar, Config};
use crate::metrics::Metrics;
use crate::upstream::{self, Fault};

/// Why the proxy would not work, as a sentence for the operator.
#[derive(Debug, Error)]
pub enum CheckError {
    /// SecondMe refused the app's credentials.
    #[error("SecondMe refused SECONDME_CLIENT_ID or SECONDME_CLIENT_SECRET: {0}.")]
    Credentials(Fault),
    /// SecondMe refused the API key of an avatar.
    #[error("SecondMe refused {key}: {fault}.")]
    Key {
        /// Where the key comes from; never the key.
        key: String,
        /// How it was refused.
        fault: Fault,
    },
    /// SecondMe did not answer as it should.
    #[error("{0} (SECONDME_BASE_URL is {1}).")]
    Upstream(Fault, String),
    /// The client for SecondMe can't be made.
    #[error("The HTTP client can't be set up: {0}.")]
    Client(#[from] reqwest::Error),
}

/// Asks SecondMe for a token, of the app or of a visitor of each avatar, and says how that went.
///
/// # Errors
/// [`CheckError`] where no token was given.
pub async fn check(config: &Config) -> Result<String, CheckError> {
    let (api, address) = (&config.upstream.api, config.upstream.base_url.to_string());
    let budget = Budget::new(config.limits.budget, config.limits.patience);
    let upstream = upstream::connect(&config.upstream, Arc::new(budget), &Metrics::new())?;
    let avatars = config.upstream.avatars.all();
    for avatar in avatars {
        upstream.probe(avatar).await.map_err(|fault| refusal(api, avatar, fault, &address))?;
    }
    Ok(match api {
        Api::VisitorChat(_) => format!(
            "The settings are complete, and SecondMe at {address} gave an app token. \
             SECONDME_API_KEY is first used when a visitor opens the chat."
        ),
        Api::AvatarHub => {
            let keys: Vec<_> = avatars.iter().map(key_of).collect();
            format!("The settings are complete, and SecondMe at {address} took {}.", keys.join(", "))
        }
    })
}

fn refusal(api: &Api, avatar: &Avatar, fault: Fault, address: &str) -> CheckError {
    match (&fault, api) {
        (Fault::Refused { status: 400 | 401 | 403, .. }, Api::VisitorChat(_)) => CheckError::Credentials(fault),
        (Fault::Refused { status: 400..=428 | 430..=499, .. }, Api::AvatarHub) => {
            CheckError::Key { key: key_of(avatar), fault }
        }
        _ => CheckError::Upstream(fault, address.to_owned()),
    }
}

fn key_of(avatar: &Avatar) -> String {
    match &avatar.alias {
        Some(alias) => format!("the API key of the avatar `{alias}`"),
        None => "SECONDME_API_KEY".to_owned(),
    }
}
