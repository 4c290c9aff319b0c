//! What one client may do to the proxy: so many calls a minute from an address and from a visitor, and so many requests at
//! once. It knows nothing of SecondMe's own limit.

mod client;
mod rate;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chat_core::wire::VisitorId;
use ipnet::IpNet;
use tokio::sync::Semaphore;

use crate::config;
use crate::failure::{Failure, Limit};
pub(crate) use client::client_address;
use client::subscriber;
use rate::Rate;

/// The limits on calls, shared by all requests.
pub(crate) struct CallLimits {
    address: Option<Rate<IpNet>>,
    visitor: Option<Rate<VisitorId>>,
    trusted: Vec<IpNet>,
}

impl CallLimits {
    pub(crate) fn new(limits: &config::Limits) -> Self {
        Self {
            address: limits.address.map(Rate::per_minute),
            visitor: limits.visitor.map(Rate::per_minute),
            trusted: limits.trusted_proxies.clone(),
        }
    }

    /// Counts a call of this visitor.
    pub(crate) fn count_visitor(&self, visitor: &VisitorId) -> Result<(), Failure> {
        count(self.visitor.as_ref(), visitor, Limit::Visitor)
    }

    /// Counts a call from where this request comes. Without a peer, which a host program may not hand over, there is
    /// nothing to count by.
    fn count_address(&self, request: &Request) -> Result<(), Failure> {
        let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>() else { return Ok(()) };
        let client = client_address(peer.ip(), request.headers(), &self.trusted);
        count(self.address.as_ref(), &subscriber(client), Limit::Address)
    }
}

/// Refuses a call from an address that made too many, before its body is read.
pub(crate) async fn by_address(State(limits): State<Arc<CallLimits>>, request: Request, next: Next) -> Response {
    match limits.count_address(&request) {
        Ok(()) => next.run(request).await,
        Err(failure) => failure.into_response(),
    }
}

/// Refuses a request at once where too many are under way: a queue here would only let all of them come too late.
pub(crate) async fn by_number(State(places): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    match places.try_acquire() {
        Ok(_place) => next.run(request).await,
        Err(_) => Failure::Overloaded.into_response(),
    }
}

fn count<K: rate::Key>(rate: Option<&Rate<K>>, key: &K, limit: Limit) -> Result<(), Failure> {
    let wait = rate.map_or(Ok(()), |rate| rate.count(key));
    wait.map_err(|wait: Duration| Failure::RateLimited(limit, wait))
}
