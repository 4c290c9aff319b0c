//! Does SecondMe answer, does it take the credentials, and do conversations and their sockets open?

use std::sync::Arc;

use chat_core::wire::VisitorId;

use super::{Finding, Problem, socket};
use crate::budget::Budget;
use crate::config::{Api, Avatar, Config};
use crate::csp::reaches;
use crate::metrics::Metrics;
use crate::upstream::{self, Fault, Identity, Opening, Upstream, Visitor};

/// As whom a conversation is opened. It is always the same one, so that Visitor Chat's owner sees no more than one of them.
const VISITOR: &str = "web_chat-proxy-check";
const NAME: &str = "chat-proxy check";

/// The credentials, and if it is to go `deep`, a conversation with each avatar and its socket.
pub(super) async fn findings(config: &Config, deep: bool) -> Vec<Finding> {
    let budget = Budget::new(config.limits.budget, config.limits.patience);
    let upstream = match upstream::connect(&config.upstream, Arc::new(budget), &Metrics::new()) {
        Ok(upstream) => upstream,
        Err(error) => return vec![Err(error.into())],
    };
    let credentials = credentials(config, upstream.as_ref(), deep).await;
    let mut findings = vec![credentials];
    if deep && findings.iter().all(Result::is_ok) {
        for avatar in config.upstream.avatars.all() {
            findings.extend(conversation(config, upstream.as_ref(), avatar).await);
        }
    }
    findings
}

/// Asks for a token, of the app or of a visitor of each avatar.
async fn credentials(config: &Config, upstream: &dyn Upstream, deep: bool) -> Finding {
    let (api, address) = (&config.upstream.api, &config.upstream.base_url);
    let avatars = config.upstream.avatars.all();
    for avatar in avatars {
        upstream.probe(avatar).await.map_err(|fault| refusal(config, avatar, fault))?;
    }
    Ok(match api {
        Api::VisitorChat(_) if deep => {
            format!("The settings are complete, and SecondMe at {address} gave an app token.")
        }
        Api::VisitorChat(_) => format!(
            "The settings are complete, and SecondMe at {address} gave an app token. SECONDME_API_KEY is first used when a \
             visitor opens the chat; `--deep` tries it by opening a conversation, which the avatar's owner sees."
        ),
        Api::AvatarHub => {
            let keys: Vec<_> = avatars.iter().map(key_of).collect();
            format!("The settings are complete, and SecondMe at {address} took {}.", keys.join(", "))
        }
    })
}

async fn conversation(config: &Config, upstream: &dyn Upstream, avatar: &Avatar) -> Vec<Finding> {
    let Ok(id) = VisitorId::parse(VISITOR) else { return Vec::new() };
    let visitor = Visitor { id, name: Some(NAME.to_owned()), identity: Identity::Anonymous };
    let opened = upstream.init(Opening { avatar, visitor: &visitor, session: None, user_token: None }).await;
    let opened = match opened {
        Ok(opened) => opened,
        // The app's token was good a moment ago: what is refused now is the key.
        Err(fault @ Fault::Refused { status: 400..=428 | 430..=499, .. }) => {
            return vec![Err(Problem::Key { key: key_of(avatar), fault })];
        }
        Err(fault) => return vec![Err(refusal(config, avatar, fault))],
    };
    let mut findings = vec![Ok(format!(
        "With {} a conversation with {} opened; its owner sees it as one of the visitor `{NAME}`.",
        key_of(avatar),
        opened.avatar_name
    ))];
    // What is no address at all has not come as far as this.
    let Some(socket) = socket::Address::parse(&opened.ws_url) else { return findings };
    findings.push(socket.open(config.upstream.timeout).await);
    if !reaches(&config.policy_sources.sockets, socket.url(), socket.url()) {
        findings.push(Err(Problem::UnnamedSocket(socket.origin())));
    }
    findings
}

fn refusal(config: &Config, avatar: &Avatar, fault: Fault) -> Problem {
    match (&fault, &config.upstream.api) {
        (Fault::Refused { status: 400 | 401 | 403, .. }, Api::VisitorChat(_)) => Problem::Credentials(fault),
        (Fault::Refused { status: 400..=428 | 430..=499, .. }, Api::AvatarHub) => {
            Problem::Key { key: key_of(avatar), fault }
        }
        _ => Problem::Upstream(fault, config.upstream.base_url.to_string()),
    }
}

fn key_of(avatar: &Avatar) -> String {
    match &avatar.alias {
        Some(alias) => format!("the API key of the avatar `{alias}`"),
        None => "SECONDME_API_KEY".to_owned(),
    }
}
