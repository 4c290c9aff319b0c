//! The Content-Security-Policy that a page needs for the widget, directive by directive. It knows what the widget does on a
//! page, and nothing of how the page is served.

mod command;
mod demand;
mod frame;
mod judge;
mod page;

use std::fmt;

use clap::ValueEnum;

use crate::origin::Origin;

pub use command::{Arguments, Printed, print};
pub(crate) use demand::Placement;
pub(crate) use judge::{obstacles, reaches};
pub(crate) use page::Page;

/// Why each directive is there, for `--explain`. The fallback for browsers without adopted stylesheets is said with what is
/// not there.
const NOTHING_ELSE: &str = "whatever is not named below is forbidden";
const LOADER: &str = "widget.js, which draws the launcher, and the part of it that shows the frame";
const WIDGET: &str =
    "widget.js, the module that it imports, and the WebAssembly, which 'wasm-unsafe-eval' lets compile";
const CALLS: &str = "the WebAssembly and the calls to the proxy, and SecondMe's WebSocket, by which the replies come";
const PICTURES: &str = "the avatar's picture and those in its replies";
const FRAME: &str = "the panel, which runs in a frame of the proxy's origin";
const SINKS: &str = "no text may become markup or script; the widget needs no exception";
const POLICIES: &str = "no exceptions may be made; if your own scripts make some, name them here";
const UNNAMED: &str = "style-src, font-src, worker-src and the rest are not there because the widget needs none of them: its \
                       stylesheets are adopted. What your own page needs comes on top.";

/// A page with the widget on it.
#[derive(Clone, Debug)]
pub struct Site {
    /// The page's origin.
    pub page: Origin,
    /// Where browsers reach the proxy; at least one.
    pub proxies: Vec<Origin>,
    /// Where SecondMe's WebSockets are, as sources of a policy.
    pub sockets: Vec<String>,
    /// Where pictures come from, as sources of a policy; none where there are no pictures.
    pub pictures: Vec<String>,
    /// The page's nonce, or what stands for it; without one, scripts are allowed by their origin.
    pub nonce: Option<String>,
    /// Where the panel runs.
    pub mode: Mode,
}

/// Where the panel runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// In the page itself.
    #[default]
    Page,
    /// In a frame of the proxy's origin (`data-mode="frame"`), so that the page allows that frame alone.
    Frame,
}

/// A policy; shown, it is the header's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy(Vec<Directive>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Directive {
    name: &'static str,
    value: String,
    why: &'static str,
}

impl Policy {
    /// What the widget needs on this page, and nothing more.
    #[must_use]
    pub fn of(site: &Site) -> Self {
        let proxies: Vec<_> = site.proxies.iter().map(|proxy| source(proxy, &site.page)).collect();
        let scripts = match &site.nonce {
            Some(nonce) => format!("'nonce-{nonce}' 'strict-dynamic'"),
            None => proxies.join(" "),
        };
        let mut directives = vec![directive("default-src", "'none'", NOTHING_ELSE)];
        match site.mode {
            Mode::Page => {
                directives.push(directive("script-src", format!("{scripts} 'wasm-unsafe-eval'"), WIDGET));
                directives.push(directive("connect-src", [&proxies[..], &site.sockets].concat().join(" "), CALLS));
                if !site.pictures.is_empty() {
                    directives.push(directive("img-src", site.pictures.join(" "), PICTURES));
                }
            }
            Mode::Frame => {
                directives.push(directive("script-src", scripts, LOADER));
                directives.push(directive("frame-src", proxies.join(" "), FRAME));
            }
        }
        directives.push(directive("require-trusted-types-for", "'script'", SINKS));
        directives.push(directive("trusted-types", "'none'", POLICIES));
        Self(directives)
    }

    /// A line for each directive, and one for what is not there.
    #[must_use]
    pub fn explanation(&self) -> String {
        let lines = self.0.iter().map(|Directive { name, why, .. }| format!("{name}: {why}."));
        lines.chain([UNNAMED.to_owned()]).collect::<Vec<_>>().join("\n")
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, Directive { name, value, .. }) in self.0.iter().enumerate() {
            let before = if number == 0 { "" } else { "; " };
            write!(formatter, "{before}{name} {value}")?;
        }
        Ok(())
    }
}

fn directive(name: &'static str, value: impl Into<String>, why: &'static str) -> Directive {
    Directive { name, value: value.into(), why }
}

/// How the page's policy names an origin.
fn source(origin: &Origin, page: &Origin) -> String {
    if origin == page { "'self'".to_owned() } else { origin.to_string() }
}

#[cfg(test)]
mod tests;
