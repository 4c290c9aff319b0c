//! A page as a browser gets it: its policies, from headers and meta tags, and the widget's script tag. It judges nothing.

use std::collections::BTreeMap;
use std::time::Duration;

use content_security_policy::{CspList, PolicyDisposition, PolicySource};
use html5gum::emitters::default::DefaultEmitter;
use html5gum::{HtmlString, Spanned, Token, Tokenizer};
use reqwest::header::{ACCEPT, CONTENT_SECURITY_POLICY};
use reqwest::redirect::Policy as Redirects;
use reqwest::{Client, Response, Url};
use thiserror::Error;

use super::{Mode, Placement};
use crate::upstream::{innermost, provide_cryptography};

/// What a page may take, and how long it may be, in bytes: the script tag is near its beginning or its end.
const DEADLINE: Duration = Duration::from_secs(15);
const LONGEST: usize = 8 * 1024 * 1024;
const SCRIPT: &str = "/widget.js";

/// What a page's address gave.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    /// Where it was found in the end, after redirects.
    pub url: Url,
    pub policies: CspList,
    /// None where a script of the page adds the tag, or nobody does.
    pub placement: Option<Placement>,
}

/// Why there is no page to look at; a clause.
#[derive(Debug, Error)]
pub(crate) enum PageError {
    #[error("can't be fetched: {0}")]
    Unreachable(String),
    #[error("answered with status {0}")]
    Status(u16),
    #[error("is longer than 8 MiB")]
    TooLong,
}

impl Page {
    /// Fetches the page as a visitor would who has no cookies.
    pub(crate) async fn fetch(url: &Url) -> Result<Self, PageError> {
        let unreachable = |error: reqwest::Error| PageError::Unreachable(innermost(&error.without_url()));
        provide_cryptography();
        let client =
            Client::builder().timeout(DEADLINE).redirect(Redirects::limited(5)).build().map_err(unreachable)?;
        let response = client.get(url.clone()).header(ACCEPT, "text/html").send().await.map_err(unreachable)?;
        if !response.status().is_success() {
            return Err(PageError::Status(response.status().as_u16()));
        }
        let url = response.url().clone();
        let headers: Vec<_> = response.headers().get_all(CONTENT_SECURITY_POLICY).iter().cloned().collect();
        let text = body(response).await?;
        let mut page = Self { url, policies: CspList(Vec::new()), placement: None };
        for header in headers {
            page.add(&String::from_utf8_lossy(header.as_bytes()), PolicySource::Header);
        }
        page.read(&text);
        Ok(page)
    }

    fn add(&mut self, text: &str, source: PolicySource) {
        self.policies.append(CspList::parse(text, source, PolicyDisposition::Enforce));
    }

    fn read(&mut self, html: &[u8]) {
        let mut emitter = DefaultEmitter::default();
        // The text of scripts and styles is no markup.
        emitter.naively_switch_states(true);
        for token in Tokenizer::new_with_emitter(html, emitter) {
            let Ok(Token::StartTag(tag)) = token else { continue };
            let attributes = Attributes(&tag.attributes);
            match tag.name.as_slice() {
                b"meta" => {
                    let kind = attributes.get("http-equiv").unwrap_or_default();
                    if kind.eq_ignore_ascii_case("content-security-policy") {
                        self.add(&attributes.get("content").unwrap_or_default(), PolicySource::Meta);
                    }
                }
                b"script" if self.placement.is_none() => self.placement = self.tag(&attributes),
                _ => {}
            }
        }
    }

    fn tag(&self, attributes: &Attributes<'_>) -> Option<Placement> {
        let script = self.url.join(attributes.get("src")?.trim()).ok()?;
        if !script.path().ends_with(SCRIPT) {
            return None;
        }
        let base = match attributes.get("data-base") {
            Some(base) => self.url.join(&format!("{}/", base.trim_end_matches('/'))).ok()?,
            None => script.join(".").ok()?,
        };
        let mode = if attributes.get("data-mode").as_deref() == Some("frame") { Mode::Frame } else { Mode::Page };
        Some(Placement { page: self.url.clone(), script, base, nonce: attributes.get("nonce"), mode })
    }
}

struct Attributes<'a>(&'a BTreeMap<HtmlString, Spanned<HtmlString, ()>>);

impl Attributes<'_> {
    fn get(&self, name: &str) -> Option<String> {
        self.0.get(name.as_bytes()).map(|value| String::from_utf8_lossy(value.as_slice()).into_owned())
    }
}

async fn body(mut response: Response) -> Result<Vec<u8>, PageError> {
    let mut text = Vec::new();
    while let Some(part) =
        response.chunk().await.map_err(|error| PageError::Unreachable(innermost(&error.without_url())))?
    {
        text.extend_from_slice(&part);
        if text.len() > LONGEST {
            return Err(PageError::TooLong);
        }
    }
    Ok(text)
}
