//! Who the visitor is, as the page says it: an id to notice another person by, and a token for the proxy, or a function
//! that gives one. It does not know what a token means, and never stores one.

use chat_core::wire::Credential;
use js_sys::{Function, Promise, Reflect};
use thiserror::Error;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A person the page vouches for.
pub(crate) struct Identity {
    person: String,
    kind: Kind,
    token: JsValue,
}

/// Whose token it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Site,
    User,
}

/// A token, by the name that the contract has for it.
pub(crate) enum Proof {
    Site(Credential),
    User(Credential),
}

/// What the page gave is no identity; for the site owner, on the console.
#[derive(Debug, Error)]
pub(crate) enum InvalidIdentity {
    #[error("SecondMe Chat: identify takes null or an object with `id` and either `siteToken` or `userToken`.")]
    Unreadable,
    #[error("SecondMe Chat: identify needs `id`, the site's own name for the person, as a text that is not empty.")]
    IdMissing,
    #[error("SecondMe Chat: identify needs exactly one of `siteToken` and `userToken`, a text or a function.")]
    TokenMissing,
}

impl Identity {
    /// Reads what the page gave; null and undefined say that nobody is signed in.
    pub(crate) fn from_js(value: &JsValue) -> Result<Option<Self>, InvalidIdentity> {
        if value.is_null() || value.is_undefined() {
            return Ok(None);
        }
        let field = |name: &str| Reflect::get(value, &name.into()).map_err(|_| InvalidIdentity::Unreadable);
        let person = field("id")?.as_string().filter(|id| !id.is_empty()).ok_or(InvalidIdentity::IdMissing)?;
        let given = |token: &JsValue| token.is_function() || token.as_string().is_some_and(|token| !token.is_empty());
        let (kind, token) = match (field("siteToken")?, field("userToken")?) {
            (token, other) if given(&token) && other.is_undefined() => (Kind::Site, token),
            (other, token) if given(&token) && other.is_undefined() => (Kind::User, token),
            _ => return Err(InvalidIdentity::TokenMissing),
        };
        Ok(Some(Self { person, kind, token }))
    }

    /// The site's own name for the person.
    pub(crate) fn person(&self) -> &str {
        &self.person
    }

    /// SecondMe wants to see its users' tokens with each message; a site's are for the beginning alone.
    pub(crate) fn is_wanted_to_send(&self) -> bool {
        self.kind == Kind::User
    }

    /// A token that is good now; `None` where the page's function gave none.
    pub(crate) async fn proof(&self) -> Option<Proof> {
        let token = match self.token.dyn_ref::<Function>() {
            Some(function) => {
                let given = function.call0(&JsValue::UNDEFINED).ok()?;
                JsFuture::from(Promise::resolve(&given)).await.ok()?
            }
            None => self.token.clone(),
        };
        let token = Credential::new(token.as_string().filter(|token| !token.is_empty())?);
        Some(match self.kind {
            Kind::Site => Proof::Site(token),
            Kind::User => Proof::User(token),
        })
    }
}
