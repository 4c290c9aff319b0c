//! The Avatar Hub's visitors: who they are to it, their tokens, and when they last prepared a chat.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use uuid::Uuid;

use super::ids;

/// The number of the first visitor as a person.
const FIRST_USER: u64 = 1_100_000;

/// One visitor of one avatar.
#[derive(Clone)]
pub(crate) struct Visitor {
    pub(crate) visitor_id: String,
    pub(crate) api_key: String,
    pub(crate) name: Option<String>,
    pub(crate) channel: Option<String>,
    /// The id the visitor has as a person, encoded.
    pub(crate) user_id: String,
    /// The visitor's own mind.
    pub(crate) mind_id: u64,
    /// When the avatar's context was last put into the cache.
    prepared: Option<Instant>,
}

impl Visitor {
    /// Whether the avatar's context is in the cache still.
    pub(crate) fn is_prepared(&self, now: Instant, lifetime: Duration) -> bool {
        self.prepared.is_some_and(|prepared| now.duration_since(prepared) < lifetime)
    }
}

/// Every visitor, and every token ever issued to one.
#[derive(Default)]
pub(crate) struct Visitors {
    all: Vec<Visitor>,
    tokens: HashMap<String, Issued>,
    issued: Vec<String>,
}

struct Issued {
    visitor: usize,
    expired: bool,
}

/// Why a visitor's token is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VisitorTokenFault {
    Unknown,
    Expired,
}

impl Visitors {
    /// Finds the visitor or takes in a new one, and issues a token. A name or channel that comes later replaces the one
    /// before; none leaves it.
    pub(crate) fn authenticate(
        &mut self,
        api_key: &str,
        visitor_id: &str,
        name: Option<String>,
        channel: Option<String>,
    ) -> (String, &Visitor) {
        let known = self.all.iter().position(|it| it.api_key == api_key && it.visitor_id == visitor_id);
        let place = known.unwrap_or_else(|| {
            let count = self.all.len() as u64;
            self.all.push(Visitor {
                visitor_id: visitor_id.into(),
                api_key: api_key.into(),
                name: None,
                channel: None,
                user_id: ids::user_id(FIRST_USER + count * 41),
                mind_id: ids::mind_id(count),
                prepared: None,
            });
            self.all.len() - 1
        });
        let token = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        self.tokens.insert(token.clone(), Issued { visitor: place, expired: false });
        self.issued.push(token.clone());
        let visitor = &mut self.all[place];
        visitor.name = name.or(visitor.name.take());
        visitor.channel = channel.or(visitor.channel.take());
        (token, visitor)
    }

    pub(crate) fn find_by_token(&mut self, token: &str) -> Result<&mut Visitor, VisitorTokenFault> {
        match self.tokens.get(token) {
            None => Err(VisitorTokenFault::Unknown),
            Some(issued) if issued.expired => Err(VisitorTokenFault::Expired),
            Some(issued) => Ok(&mut self.all[issued.visitor]),
        }
    }

    /// Puts the avatar's context into the cache for the visitor of this token.
    pub(crate) fn prepare(&mut self, user_id: &str, now: Instant) {
        for visitor in self.all.iter_mut().filter(|visitor| visitor.user_id == user_id) {
            visitor.prepared = Some(now);
        }
    }

    pub(crate) fn expire_all(&mut self) {
        for issued in self.tokens.values_mut() {
            issued.expired = true;
        }
    }

    /// Every token ever issued, oldest first, expired ones too.
    pub(crate) fn issued(&self) -> &[String] {
        &self.issued
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chat_is_prepared_for_the_lifetime_of_its_payload_and_for_its_visitor_alone() {
        let mut visitors = Visitors::default();
        let (token, visitor) = visitors.authenticate("sk-1", "web_1", None, None);
        let user_id = visitor.user_id.clone();
        let (other, _) = visitors.authenticate("sk-1", "web_2", None, None);
        let (start, lifetime) = (Instant::now(), Duration::from_mins(10));
        let mut is_prepared = |token: &str, after: u64| {
            let visitor = visitors.find_by_token(token).unwrap();
            let now = start + Duration::from_secs(after);
            let is_prepared = visitor.is_prepared(now, lifetime);
            visitors.prepare(&user_id, start);
            is_prepared
        };
        for (token, after, expected) in
            [(&token, 0, false), (&token, 0, true), (&token, 599, true), (&token, 600, false), (&other, 1, false)]
        {
            assert_eq!(is_prepared(token, after), expected, "after {after} s");
        }
    }
}
