//! What of the widget a page's policies forbid, and what each of them would have to say instead. The rules are those of
//! Content Security Policy Level 3, by a crate that browsers use.

use content_security_policy::{CheckResult, CspList, Destination, Policy, PolicyDisposition, PolicySource};
use reqwest::Url;

use super::demand::{Asked, Demand, request};
use super::{Placement, Site};

/// A directive that forbids something the widget does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Obstacle {
    /// The policy's source: `header` or `meta tag`.
    pub place: &'static str,
    /// The directive that decides; `default-src` where no other does.
    pub directive: String,
    /// What the widget can't do, joined by "and".
    pub what: String,
    /// What to do, as a clause.
    pub remedy: String,
}

/// What stands in the widget's way on this page.
pub(crate) fn obstacles(policies: &CspList, placement: &Placement, site: &Site) -> Vec<Obstacle> {
    let demands = placement.demands(site);
    let each = policies.0.iter().filter(|policy| policy.disposition == PolicyDisposition::Enforce);
    each.flat_map(|policy| of_policy(policy, &demands)).collect()
}

/// Whether one of the sources names the address of a WebSocket, for a page at this address.
pub(crate) fn reaches(sources: &[String], socket: &Url, page: &Url) -> bool {
    let text = format!("connect-src {}", sources.join(" "));
    let policies = CspList::parse(&text, PolicySource::Header, PolicyDisposition::Enforce);
    policies.should_request_be_blocked(&request(page, socket, Destination::None)).0 == CheckResult::Allowed
}

/// One obstacle for each directive: what it would have to be is said once, for all that it forbids.
fn of_policy(policy: &Policy, demands: &[Demand]) -> Vec<Obstacle> {
    let alone = CspList(vec![policy.clone()]);
    let mut found: Vec<(Decision, Vec<&Demand>)> = Vec::new();
    for demand in demands.iter().filter(|demand| is_forbidden(&alone, demand)) {
        let decision = Decision::of(policy, demand);
        // In browsers `*` names WebSockets as well, which are http to them as far as policies go.
        if demand.is_socket() && decision.sources(policy).iter().any(|source| source == "*") {
            continue;
        }
        match found.iter_mut().find(|(other, _)| *other == decision) {
            Some((_, demands)) => demands.push(demand),
            None => found.push((decision, vec![demand])),
        }
    }
    found.into_iter().map(|(decision, demands)| decision.obstacle(policy, &demands)).collect()
}

fn is_forbidden(policies: &CspList, demand: &Demand) -> bool {
    let (result, _) = match &demand.asked {
        Asked::Tag(request) | Asked::Fetch(request) => policies.should_request_be_blocked(request),
        Asked::Compile => policies.is_wasm_evaluation_allowed(),
    };
    result == CheckResult::Blocked
}

/// Which directive of a policy decides, and which one would have to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Decision {
    decides: &'static str,
    write: &'static str,
}

impl Decision {
    fn of(policy: &Policy, demand: &Demand) -> Self {
        let (write, candidates): (_, &[&'static str]) = match &demand.asked {
            Asked::Compile => ("script-src", &["script-src"]),
            Asked::Tag(request) | Asked::Fetch(request) => match request.destination {
                Destination::Script => ("script-src", &["script-src-elem", "script-src"]),
                Destination::IFrame => ("frame-src", &["frame-src", "child-src"]),
                Destination::Image => ("img-src", &["img-src"]),
                _ => ("connect-src", &["connect-src"]),
            },
        };
        match candidates.iter().find(|name| policy.contains_a_directive_whose_name_is(name)) {
            Some(name) => Self { decides: name, write: name },
            None => Self { decides: "default-src", write },
        }
    }

    fn sources<'a>(&self, policy: &'a Policy) -> &'a [String] {
        let directive = policy.directive_set.iter().find(|directive| directive.name == self.decides);
        directive.map_or(&[], |directive| &directive.value)
    }

    fn obstacle(&self, policy: &Policy, demands: &[&Demand]) -> Obstacle {
        let former = self.sources(policy);
        // Where scripts are allowed by nonce, hosts count for nothing or are not meant to, and what the loader imports goes
        // with the loader.
        let is_nonced = former.iter().any(|source| source.starts_with("'nonce-") || source == "'strict-dynamic'");
        let is_tag = |demand: &&Demand| matches!(demand.asked, Asked::Tag(_));
        let (by_nonce, by_source): (Vec<_>, Vec<&Demand>) =
            demands.iter().copied().partition(|demand| is_nonced && is_tag(demand));
        let mut remedies = Vec::new();
        if !by_nonce.is_empty() {
            remedies.push("give the script tag of widget.js the page's nonce as its attribute `nonce`".to_owned());
        }
        if !by_source.is_empty() {
            let mut sources: Vec<_> = former.iter().map(String::as_str).filter(|source| *source != "'none'").collect();
            sources.extend(by_source.iter().map(|demand| demand.source.as_str()));
            // A directive of its own stands in the place of `default-src`, so it repeats what that one allows.
            let verb = if self.decides == "default-src" { "add" } else { "make it" };
            remedies.push(format!("{verb} `{} {}`", self.write, each_once(&sources).join(" ")));
        }
        Obstacle {
            place: if policy.source == PolicySource::Header { "header" } else { "meta tag" },
            directive: self.decides.to_owned(),
            what: listed(&each_once(&demands.iter().map(|demand| demand.what).collect::<Vec<_>>())),
            remedy: remedies.join(", and "),
        }
    }
}

fn each_once<'a>(items: &[&'a str]) -> Vec<&'a str> {
    let mut seen = Vec::new();
    for item in items {
        if !seen.contains(item) {
            seen.push(*item);
        }
    }
    seen
}

/// `a`, `a and b`, `a, b and c`.
fn listed(items: &[&str]) -> String {
    match items.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => items.concat(),
    }
}
