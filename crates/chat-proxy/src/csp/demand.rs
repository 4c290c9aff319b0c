//! What the widget does on a page that a policy could forbid, as the browser would ask the policy.

use content_security_policy::{Destination, Initiator, ParserMetadata, Request};
use reqwest::Url;

use super::{Mode, Site, source};
use crate::origin::Origin;

/// A thing that the widget does.
#[derive(Clone, Debug)]
pub(super) struct Demand {
    /// What a policy keeps the widget from: "importing its module".
    pub what: &'static str,
    /// What a directive must have for it.
    pub source: String,
    pub asked: Asked,
}

/// How a policy is asked.
#[derive(Clone, Debug)]
pub(super) enum Asked {
    /// The tag in the page itself, which a nonce can allow.
    Tag(Request),
    /// What a script fetches.
    Fetch(Request),
    /// Compiling WebAssembly.
    Compile,
}

impl Demand {
    pub(super) fn is_socket(&self) -> bool {
        matches!(&self.asked, Asked::Fetch(request) if matches!(request.url.scheme(), "ws" | "wss"))
    }
}

/// Where the widget's parts are for one page.
#[derive(Clone, Debug)]
pub(crate) struct Placement {
    pub page: Url,
    /// The script tag's address.
    pub script: Url,
    /// Where the proxy answers, with a slash at its end.
    pub base: Url,
    /// The script tag's nonce.
    pub nonce: Option<String>,
    pub mode: Mode,
}

impl Placement {
    /// All that the widget does on this page, in the order in which it does it. The sources are those of the site.
    pub(super) fn demands(&self, site: &Site) -> Vec<Demand> {
        let named = |url: &Url| Origin::of_url(url).map_or_else(String::new, |origin| source(&origin, &site.page));
        let below = |name: &str| self.base.join(name).unwrap_or_else(|_| self.base.clone());
        let base = named(&self.base);
        let fetch = |what, source: &str, url: &Url, kind| Demand {
            what,
            source: source.to_owned(),
            asked: Asked::Fetch(request(&self.page, url, kind)),
        };
        let loader = Demand { what: "loading widget.js", source: named(&self.script), asked: Asked::Tag(self.tag()) };
        let module = fetch("importing its module", &base, &below("secondme-chat.js"), Destination::Script);
        if self.mode == Mode::Frame {
            return vec![loader, module, fetch("showing its frame", &base, &below("frame.html"), Destination::IFrame)];
        }
        let mut demands = vec![
            loader,
            module,
            Demand { what: "compiling its WebAssembly", source: "'wasm-unsafe-eval'".into(), asked: Asked::Compile },
            fetch("calling the proxy", &base, &below("init"), Destination::None),
        ];
        for (what, sources, kind) in [
            ("opening SecondMe's WebSocket", &site.sockets, Destination::None),
            ("showing the avatar's picture", &site.pictures, Destination::Image),
        ] {
            let examples = sources.iter().filter_map(|source| Some((source, example(source)?)));
            demands.extend(examples.map(|(source, url)| fetch(what, source, &url, kind)));
        }
        demands
    }

    /// The script tag as the browser found it in the page.
    fn tag(&self) -> Request {
        Request {
            nonce: self.nonce.clone().unwrap_or_default(),
            parser_metadata: ParserMetadata::ParserInserted,
            ..request(&self.page, &self.script, Destination::Script)
        }
    }
}

/// What a script of the page fetches.
pub(super) fn request(page: &Url, url: &Url, destination: Destination) -> Request {
    Request {
        url: url.clone(),
        current_url: url.clone(),
        origin: page.origin(),
        redirect_count: 0,
        destination,
        initiator: Initiator::None,
        nonce: String::new(),
        integrity_metadata: String::new(),
        parser_metadata: ParserMetadata::NotParserInserted,
    }
}

/// An address that a source names: `wss:` and `wss://*.example` stand for many.
fn example(source: &str) -> Option<Url> {
    let address = match source.strip_suffix(':') {
        Some(scheme) => format!("{scheme}://any.example/"),
        None => source.replace("://*.", "://any."),
    };
    Url::parse(&address).ok()
}
