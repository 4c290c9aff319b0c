//! `chat-proxy check`: does SecondMe answer, and does it take the app's credentials? It opens no conversation.

use thiserror::Error;

use crate::config::Config;
use crate::upstream::{self, Fault};

/// Why the proxy would not work, as a sentence for the operator.
#[derive(Debug, Error)]
pub enum CheckError {
    /// SecondMe refused the app's credentials.
    #[error("SecondMe refused SECONDME_CLIENT_ID or SECONDME_CLIENT_SECRET: {0}.")]
    Credentials(Fault),
    /// SecondMe did not answer as it should.
    #[error("{0} (SECONDME_BASE_URL is {1}).")]
    Upstream(Fault, String),
    /// The client for SecondMe can't be made.
    #[error("The HTTP client can't be set up: {0}.")]
    Client(#[from] reqwest::Error),
}

/// Asks SecondMe for an app token, and says how that went.
///
/// # Errors
/// [`CheckError`] where no token was given.
pub async fn check(config: &Config) -> Result<String, CheckError> {
    let address = config.upstream.base_url.to_string();
    match upstream::connect(&config.upstream)?.probe().await {
        Ok(()) => Ok(format!(
            "The settings are complete, and SecondMe at {address} gave an app token. \
             SECONDME_API_KEY is first used when a visitor opens the chat."
        )),
        Err(fault @ Fault::Refused { status: 400 | 401 | 403, .. }) => Err(CheckError::Credentials(fault)),
        Err(fault) => Err(CheckError::Upstream(fault, address)),
    }
}
