//! What an operator can see of the running proxy, as Prometheus reads it. Nothing here is about a visitor, and no label has
//! a value that a client or SecondMe can choose.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::{Family, MetricConstructor};
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::failure::FailureNote;

/// Upper bounds in seconds. SecondMe answers within tenths of a second; its longest time is three quarters of one.
const SECONDS: [f64; 10] = [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 15.0, 60.0];

/// Counts and times, shared by all clones.
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    requests: Family<Answered, Counter>,
    refusals: Family<Refused, Counter>,
    in_flight: Gauge,
    upstream: Family<Called, Histogram, Seconds>,
    budget_left: Family<AvatarLabel, Gauge>,
    budget_shared: Gauge<f64, AtomicU64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    /// The route's pattern; `none` for an address that is no route's.
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Refused {
    reason: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Called {
    call: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AvatarLabel {
    avatar: String,
}

#[derive(Clone)]
struct Seconds;

impl MetricConstructor<Histogram> for Seconds {
    fn new_metric(&self) -> Histogram {
        Histogram::new(SECONDS)
    }
}

impl Metrics {
    /// Metrics of which nothing is counted yet.
    #[must_use]
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("chat_proxy");
        let (requests, refusals, in_flight) = (Family::default(), Family::default(), Gauge::default());
        let upstream = Family::new_with_constructor(Seconds);
        let (budget_left, budget_shared) = (Family::default(), Gauge::default());
        registry.register("requests", "Requests answered", requests.clone());
        registry.register("refusals", "Requests refused, by reason", refusals.clone());
        registry.register(
            "requests_in_flight",
            "Requests under way, the one that reads this among them",
            in_flight.clone(),
        );
        registry.register_with_unit("upstream", "How long SecondMe took", Unit::Seconds, upstream.clone());
        registry.register("budget_left", "Requests that SecondMe would take now", budget_left.clone());
        registry.register("budget_shared", "1 where replicas share the budget now, else 0", budget_shared.clone());
        Self { registry: Arc::new(registry), requests, refusals, in_flight, upstream, budget_left, budget_shared }
    }

    /// Records a call to SecondMe under a name of the proxy's own, such as `message/send`.
    pub fn upstream_call(&self, call: &'static str, succeeded: bool, took: Duration) {
        let outcome = if succeeded { "success" } else { "failure" };
        self.upstream.get_or_create(&Called { call, outcome }).observe(took.as_secs_f64());
    }

    /// Says how many requests are left of an avatar's budget; the avatar without alias has an empty one.
    pub(crate) fn set_budget_left(&self, alias: Option<&str>, left: u32) {
        let label = AvatarLabel { avatar: alias.unwrap_or_default().to_owned() };
        self.budget_left.get_or_create(&label).set(left.into());
    }

    pub(crate) fn set_budget_shared(&self, shared: bool) {
        self.budget_shared.set(f64::from(u8::from(shared)));
    }

    /// All of it as text in the OpenMetrics form.
    pub(crate) fn text(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

/// Counts a request and how it was answered.
pub(crate) async fn count_request(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let under_way = UnderWay::new(metrics.in_flight.clone());
    let response = next.run(request).await;
    drop(under_way);
    metrics.requests.get_or_create(&Answered { route, status: response.status().as_u16() }).inc();
    if let Some(note) = response.extensions().get::<FailureNote>() {
        metrics.refusals.get_or_create(&Refused { reason: note.reason }).inc();
    }
    response
}

/// A client that hangs up ends its request too.
struct UnderWay(Gauge);

impl UnderWay {
    fn new(gauge: Gauge) -> Self {
        gauge.inc();
        Self(gauge)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// Measures a call to SecondMe until it is told how it went; a call that is given up counts as failed.
pub struct Stopwatch {
    metrics: Metrics,
    call: &'static str,
    start: Instant,
    succeeded: bool,
}

impl Stopwatch {
    /// Starts to measure.
    #[must_use]
    pub fn start(metrics: &Metrics, call: &'static str) -> Self {
        Self { metrics: metrics.clone(), call, start: Instant::now(), succeeded: false }
    }

    /// The call succeeded.
    pub fn succeeded(mut self) {
        self.succeeded = true;
    }
}

impl Drop for Stopwatch {
    fn drop(&mut self) {
        self.metrics.upstream_call(self.call, self.succeeded, self.start.elapsed());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_to_secondme_are_timed() {
        let metrics = Metrics::new();
        metrics.upstream_call("init", true, Duration::from_millis(150));
        metrics.upstream_call("init", true, Duration::from_millis(250));
        Stopwatch::start(&metrics, "send").succeeded();
        drop(Stopwatch::start(&metrics, "send"));
        metrics.set_budget_left(None, 60);
        metrics.set_budget_left(Some("support"), 7);
        let text = metrics.text().unwrap();
        for line in [
            r#"chat_proxy_upstream_seconds_sum{call="init",outcome="success"} 0.4"#,
            r#"chat_proxy_upstream_seconds_bucket{le="0.2",call="init",outcome="success"} 1"#,
            r#"chat_proxy_upstream_seconds_count{call="send",outcome="success"} 1"#,
            r#"chat_proxy_upstream_seconds_count{call="send",outcome="failure"} 1"#,
            r#"chat_proxy_budget_left{avatar=""} 60"#,
            r#"chat_proxy_budget_left{avatar="support"} 7"#,
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
        }
    }
}
