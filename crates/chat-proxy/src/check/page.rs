//! A page with the widget on it: may it use the proxy, and does its Content-Security-Policy let the widget work?

use reqwest::Url;

use super::{Finding, Problem};
use crate::config::Config;
use crate::csp::{Mode, Page, Placement, Site, obstacles};
use crate::origin::Origin;

/// For clap: an address that can be a page's.
pub(super) fn address(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    url.ok_or("it must be an address such as https://shop.example/")
}

pub(super) async fn findings(config: &Config, url: &Url) -> Vec<Finding> {
    let page = match Page::fetch(url).await {
        Ok(page) => page,
        Err(error) => return vec![Err(Problem::Page(url.to_string(), error.to_string()))],
    };
    let Some(origin) = Origin::of_url(&page.url) else { return Vec::new() };
    let mut findings = Vec::new();
    let placement = match &page.placement {
        Some(placement) => placement.clone(),
        None => match guess(config, &page.url) {
            Some(placement) => {
                findings.push(Ok(format!(
                    "The page {} has no script tag of widget.js in its text, so it is looked at as if one were added for {}.",
                    page.url, placement.script
                )));
                placement
            }
            None => return findings,
        },
    };
    let proxy = Origin::of_url(&placement.base);
    if proxy.as_ref() != Some(&origin) && !config.allowed_origins.contains(&origin) {
        findings.push(Err(Problem::Unlisted {
            page: page.url.to_string(),
            origin: origin.clone(),
            proxy: placement.base.to_string(),
        }));
    }
    let site = Site {
        page: origin,
        proxies: proxy.into_iter().collect(),
        sockets: config.policy_sources.sockets.clone(),
        pictures: config.policy_sources.pictures.clone(),
        nonce: placement.nonce.clone(),
        mode: placement.mode,
    };
    let blocked = obstacles(&page.policies, &placement, &site);
    if blocked.is_empty() {
        let number = if page.policies.0.is_empty() { "No" } else { "Nothing in the" };
        findings.push(Ok(format!("{number} Content-Security-Policy keeps the widget from working on {}.", page.url)));
    }
    findings.extend(blocked.into_iter().map(|obstacle| {
        Err(Problem::Policy {
            page: page.url.to_string(),
            place: obstacle.place,
            directive: obstacle.directive,
            what: obstacle.what,
            remedy: obstacle.remedy,
        })
    }));
    findings
}

/// Where a tag that a script adds would look for the proxy: at its public address, or beside the page.
fn guess(config: &Config, page: &Url) -> Option<Placement> {
    let public = config.login.as_ref().and_then(|login| Url::parse(login.public.as_str()).ok());
    let base = public.unwrap_or_else(|| page.clone()).join(&format!("{}/", config.base_path.as_str())).ok()?;
    let script = base.join("widget.js").ok()?;
    Some(Placement { page: page.clone(), script, base, nonce: None, mode: Mode::Page })
}
