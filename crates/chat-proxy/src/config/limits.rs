//! How much is allowed to whom: SecondMe's budget for a key, and what one client may do to the proxy.

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::str::FromStr;
use std::time::Duration;

use ipnet::IpNet;
use secrecy::{ExposeSecret, SecretString};

use super::{ConfigError, wrong};
use crate::budget::{Allowed, Patience};
use crate::settings::Settings;

/// SecondMe's documented limit for a key, in requests a minute.
const DEFAULT_BUDGET: u32 = 60;
/// An Avatar Hub init takes six, and a few must be left for messages.
const SMALLEST_BUDGET: u32 = 10;
/// SecondMe counts a request when it arrives, so two that leave a minute apart may arrive closer to each other than that.
const MARGIN: Duration = Duration::from_secs(1);
/// For how long requests that are taken out of the budget together may still be made; a later one is taken out anew.
pub(crate) const PREPAID: Duration = Duration::from_secs(5);
const MINUTE: Duration = Duration::from_secs(60);
/// Visitors who wait longer than this have given up.
const DEFAULT_BUDGET_WAIT: u32 = 10;
/// How many may wait for a key, and how many of them for the same visitor: more than can be served in the longest wait.
const LINE: usize = 256;
const LINE_OF_VISITOR: usize = 8;
/// A whole office behind one address talks to the avatar; a person who types does not send a message each second.
const DEFAULT_ADDRESS_LIMIT: u32 = 300;
const DEFAULT_VISITOR_LIMIT: u32 = 60;
/// A request that waits for its turn or for SecondMe costs little more than its body's memory.
const DEFAULT_MAX_REQUESTS: u32 = 512;
/// Also how long a connection may rest between two requests, so not much shorter than the idle time of a load balancer.
const HEADER_TIMEOUT: Duration = Duration::from_secs(75);

/// How much is allowed to whom.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Requests that SecondMe takes for an avatar's key.
    pub budget: Allowed,
    /// Who may wait for them.
    pub patience: Patience,
    /// Where replicas share the budget; none where this process keeps it alone. The address may hold a password.
    pub redis_url: Option<SecretString>,
    /// Calls that one client address may make in a minute; none for any number.
    pub address: Option<NonZeroU32>,
    /// Calls that one visitor may make in a minute; none for any number.
    pub visitor: Option<NonZeroU32>,
    /// The site's own servers in front of the proxy, whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// How many requests may be under way at once.
    pub max_requests: usize,
    /// How long a client may take to send its headers, and a connection may rest before.
    pub header_timeout: Duration,
    /// Where metrics are served; none for the proxy's own address, to programs on this machine alone.
    pub metrics_listen: Option<SocketAddr>,
}

impl Limits {
    pub(super) fn from_settings(settings: &Settings) -> Result<Self, ConfigError> {
        let number =
            |given: &Option<String>, variable, range, default| number(given.as_deref(), variable, range, default);
        let per_minute = |given: &Option<String>, variable, default| {
            number(given, variable, (0, 1_000_000), default).map(NonZeroU32::new)
        };
        let budget = number(&settings.budget, "CHAT_PROXY_BUDGET", (SMALLEST_BUDGET, 100_000), DEFAULT_BUDGET)?;
        let wait = number(&settings.budget_wait, "CHAT_PROXY_BUDGET_WAIT", (0, 60), DEFAULT_BUDGET_WAIT)?;
        let max_requests = (1, 1_000_000);
        Ok(Self {
            budget: Allowed { requests: budget, window: MINUTE + PREPAID + MARGIN },
            patience: Patience { wait: Duration::from_secs(wait.into()), line: LINE, line_of_visitor: LINE_OF_VISITOR },
            redis_url: redis_url(settings.redis_url.clone())?,
            address: per_minute(&settings.address_limit, "CHAT_PROXY_ADDRESS_LIMIT", DEFAULT_ADDRESS_LIMIT)?,
            visitor: per_minute(&settings.visitor_limit, "CHAT_PROXY_VISITOR_LIMIT", DEFAULT_VISITOR_LIMIT)?,
            trusted_proxies: trusted_proxies(settings.trusted_proxies.as_deref().unwrap_or_default())?,
            max_requests: number(&settings.max_requests, "CHAT_PROXY_MAX_REQUESTS", max_requests, DEFAULT_MAX_REQUESTS)?
                as usize,
            header_timeout: HEADER_TIMEOUT,
            metrics_listen: metrics_listen(settings.metrics_listen.as_deref())?,
        })
    }
}

fn number(
    given: Option<&str>,
    variable: &'static str,
    (least, most): (u32, u32),
    default: u32,
) -> Result<u32, ConfigError> {
    let Some(text) = given else { return Ok(default) };
    match text.trim().parse() {
        Ok(number) if (least..=most).contains(&number) => Ok(number),
        _ => Err(wrong(variable, format!("must be a whole number from {least} to {most}, not `{text}`"))),
    }
}

fn redis_url(given: Option<SecretString>) -> Result<Option<SecretString>, ConfigError> {
    let Some(url) = given else { return Ok(None) };
    let parsed = reqwest::Url::parse(url.expose_secret().trim());
    match parsed {
        Ok(parsed) if parsed.scheme() == "redis" && parsed.has_host() => Ok(Some(url)),
        // The address may hold a password, so it is not repeated.
        _ => Err(wrong("CHAT_PROXY_REDIS_URL", "must be an address such as redis://127.0.0.1:6379/0")),
    }
}

fn trusted_proxies(given: &[String]) -> Result<Vec<IpNet>, ConfigError> {
    let given = given.iter().map(|text| text.trim()).filter(|text| !text.is_empty());
    given
        .map(|text| {
            let address = || text.parse::<IpAddr>().map(IpNet::from).ok();
            IpNet::from_str(text).ok().or_else(address).ok_or_else(|| {
                wrong(
                    "CHAT_PROXY_TRUSTED_PROXIES",
                    format!("holds `{text}`, which is neither an address nor a network such as 10.0.0.0/8"),
                )
            })
        })
        .collect()
}

fn metrics_listen(given: Option<&str>) -> Result<Option<SocketAddr>, ConfigError> {
    let Some(text) = given else { return Ok(None) };
    text.trim().parse().map(Some).map_err(|_| {
        wrong(
            "CHAT_PROXY_METRICS_LISTEN",
            format!("must be an address with a port such as 127.0.0.1:9090, not `{text}`"),
        )
    })
}
