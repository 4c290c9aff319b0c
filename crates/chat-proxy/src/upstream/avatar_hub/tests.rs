//! What the API's calls ask of the allowance, seen by one that writes everything down.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chat_core::wire::VisitorId;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use secondme_sim::Simulator;

use super::{AvatarHub, Session};
use crate::config::Avatar;
use crate::metrics::Metrics;
use crate::upstream::allowance::Allowance;
use crate::upstream::{Fault, Identity, Opening, Posting, Upstream, UpstreamSession, Visitor};

#[derive(Clone, Debug, PartialEq, Eq)]
enum Note {
    Spent(u32),
    Exhausted(Option<u64>),
}

/// Gives so many times, and then no more.
struct Notes {
    notes: Mutex<Vec<Note>>,
    willing: usize,
}

impl Allowance for Notes {
    fn spend<'a>(
        &'a self,
        avatar: &'a Avatar,
        visitor: &'a VisitorId,
        requests: u32,
    ) -> BoxFuture<'a, Result<(), Fault>> {
        assert_eq!((avatar.alias.as_deref(), visitor.as_str()), (Some("support"), "web_1"));
        let mut notes = self.notes.lock().unwrap();
        notes.push(Note::Spent(requests));
        let willing = notes.len() <= self.willing;
        async move { if willing { Ok(()) } else { Err(Fault::OverBudget { retry_after: 7 }) } }.boxed()
    }

    fn exhausted(&self, avatar: &Avatar, retry_after: Option<u64>) {
        assert_eq!(avatar.alias.as_deref(), Some("support"));
        self.notes.lock().unwrap().push(Note::Exhausted(retry_after));
    }
}

struct World {
    simulator: Simulator,
    notes: Arc<Notes>,
    hub: AvatarHub,
    avatar: Avatar,
    visitor: Visitor,
}

impl World {
    async fn new(willing: usize, rate_limit: usize) -> Self {
        let settings = secondme_sim::Settings { rate_limit, ..secondme_sim::Settings::default() };
        let simulator = Simulator::start(settings).await.unwrap();
        let notes = Arc::new(Notes { notes: Mutex::default(), willing });
        let time = Duration::from_secs(15);
        let (http, base_url) = (crate::upstream::client(time).unwrap(), simulator.hub_base_url().parse().unwrap());
        let hub = AvatarHub::new(http, base_url, time, Arc::<Notes>::clone(&notes), Metrics::new());
        let avatar = Avatar { alias: Some("support".into()), api_key: simulator.settings().api_key.clone().into() };
        let visitor = Visitor { id: VisitorId::parse("web_1").unwrap(), name: None, identity: Identity::Anonymous };
        Self { simulator, notes, hub, avatar, visitor }
    }

    async fn init(&self, session: Option<&Session>) -> Result<Session, Fault> {
        let session = session.cloned().map(UpstreamSession::AvatarHub);
        let opening =
            Opening { avatar: &self.avatar, visitor: &self.visitor, session: session.as_ref(), user_token: None };
        match Upstream::init(&self.hub, opening).await?.session {
            UpstreamSession::AvatarHub(session) => Ok(session),
            other => panic!("{other:?} is another API's"),
        }
    }

    async fn send(&self, session: &Session) -> Result<(), Fault> {
        let session = UpstreamSession::AvatarHub(session.clone());
        let posting = Posting {
            avatar: &self.avatar,
            visitor: &self.visitor,
            session: &session,
            message: "hello",
            user_token: None,
        };
        Upstream::send(&self.hub, posting).await
    }

    /// What was written down since the last look, and how many requests SecondMe has had in all.
    fn look(&self) -> (Vec<Note>, u64) {
        let hub = self.simulator.control().observed().hub;
        let requests = hub.auth
            + hub.chat_init
            + hub.ws_create
            + hub.session_create
            + hub.avatar_public
            + hub.chat_start
            + hub.message_send;
        (std::mem::take(&mut *self.notes.notes.lock().unwrap()), requests)
    }
}

#[tokio::test]
async fn each_group_of_requests_is_spoken_of_before() {
    let world = World::new(usize::MAX, 60).await;
    let spent = |requests: &[u32]| requests.iter().copied().map(Note::Spent).collect::<Vec<_>>();
    let session = world.init(None).await.unwrap();
    assert_eq!(world.look(), (spent(&[6]), 6));
    world.send(&session).await.unwrap();
    assert_eq!(world.look(), (spent(&[1]), 7));
    let session = world.init(Some(&session)).await.unwrap();
    assert_eq!(world.look(), (spent(&[1]), 8));
    world.simulator.control().expire_tokens();
    world.send(&session).await.unwrap();
    assert_eq!(world.look(), (spent(&[1, 2]), 11));
    world.init(Some(&session)).await.unwrap();
    assert_eq!(world.look(), (spent(&[1, 2]), 14));
    world.simulator.control().fail_next(2, 503);
    world.init(None).await.unwrap();
    assert_eq!(world.look(), (spent(&[6, 1, 1]), 22), "each repetition is another request");
}

/// SecondMe counts a request in the minute in which it comes, so one that was spent long before must not count there too.
#[tokio::test]
async fn a_request_that_is_made_late_is_spent_anew() {
    let mut world = World::new(usize::MAX, 60).await;
    world.hub.prepaid = Duration::ZERO;
    world.init(None).await.unwrap();
    let late = [1; 6];
    let expected: Vec<_> = std::iter::once(6).chain(late).map(Note::Spent).collect();
    assert_eq!(world.look(), (expected, 6));
}

#[tokio::test]
async fn without_allowance_nothing_is_asked() {
    let world = World::new(0, 60).await;
    assert_eq!(world.init(None).await.err(), Some(Fault::OverBudget { retry_after: 7 }));
    assert_eq!(world.look(), (vec![Note::Spent(6)], 0));
}

#[tokio::test]
async fn without_further_allowance_nothing_further_is_asked() {
    let world = World::new(1, 60).await;
    world.simulator.control().fail_next(1, 503);
    assert_eq!(world.init(None).await.err(), Some(Fault::OverBudget { retry_after: 7 }));
    assert_eq!(world.look(), (vec![Note::Spent(6), Note::Spent(1)], 1));
}

#[tokio::test]
async fn a_limit_that_is_reached_all_the_same_is_told() {
    let world = World::new(usize::MAX, 6).await;
    let session = world.init(None).await.unwrap();
    let fault = world.send(&session).await.unwrap_err();
    assert_eq!((fault.status().as_u16(), fault.sub_code()), (429, "open.api.rate.limited"));
    let (notes, _) = world.look();
    assert_eq!(notes[..2], [Note::Spent(6), Note::Spent(1)]);
    assert!(matches!(notes[2..], [Note::Exhausted(_)]), "{notes:?}");
}
