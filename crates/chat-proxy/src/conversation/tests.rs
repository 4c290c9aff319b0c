//! Whose session is gone on with: only the same visitor's, with the same avatar.

use std::sync::{Arc, Mutex};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::json;

use super::*;
use crate::settings::Settings;
use crate::upstream::{Fault, Identity, Opened};

/// An API that remembers whether it was asked to go on with a session.
struct Recorder(Arc<Mutex<Vec<bool>>>);

impl Upstream for Recorder {
    fn init<'a>(&'a self, opening: Opening<'a>) -> BoxFuture<'a, Result<Opened, Fault>> {
        self.0.lock().unwrap().push(opening.session.is_some());
        let session = serde_json::from_value(json!({"VisitorChat": {"id": "a-session"}})).unwrap();
        async {
            Ok(Opened {
                session,
                ws_url: "wss://socket.example".to_owned(),
                avatar_name: "Mira".to_owned(),
                opening: None,
                visitor_user_id: None,
                heartbeat: None,
                starters: Vec::new(),
                avatar_image: None,
            })
        }
        .boxed()
    }

    fn send<'a>(&'a self, _: Posting<'a>) -> BoxFuture<'a, Result<(), Fault>> {
        async { Ok(()) }.boxed()
    }

    fn probe(&self) -> BoxFuture<'_, Result<(), Fault>> {
        async { Ok(()) }.boxed()
    }
}

fn visitor(id: &str, identity: Identity) -> Visitor {
    Visitor { id: VisitorId::parse(id).unwrap(), name: None, identity }
}

fn request(avatar: Option<&str>, session_id: Option<&str>) -> InitRequest {
    serde_json::from_value(json!({"visitorId": "web_1", "avatar": avatar, "sessionId": session_id})).unwrap()
}

#[tokio::test]
async fn a_session_goes_on_for_the_same_visitor_and_avatar_alone() {
    let settings = Settings {
        secondme_client_id: Some("an-app".into()),
        secondme_client_secret: Some("a-secret".into()),
        secondme_api_key: Some("sk-first".into()),
        avatars: Some(vec!["support=KEY".into()]),
        ..Settings::default()
    };
    let config = Config::from_settings(settings, &|_| Some("sk-second".into())).unwrap();
    let seen = Arc::default();
    let upstream = Box::new(Recorder(Arc::clone(&seen)));
    let conversations = Conversations::new(&config, upstream, SessionKeys::random().unwrap());

    let check = async |next: Visitor, avatar: Option<&str>, goes_on: bool| {
        let known = visitor("site_1", Identity::Site);
        let opened = conversations.init(&request(None, None), &known, None).await.unwrap();
        conversations.init(&request(avatar, Some(&opened.session_id)), &next, None).await.unwrap();
        assert_eq!(*seen.lock().unwrap(), [false, goes_on], "{next:?} {avatar:?}");
        seen.lock().unwrap().clear();
    };
    check(visitor("site_1", Identity::Site), None, true).await;
    check(visitor("site_1", Identity::Site), Some("support"), false).await;
    check(visitor("site_2", Identity::Site), None, false).await;
    check(visitor("site_1", Identity::SecondMe), None, false).await;
    check(visitor("site_1", Identity::Anonymous), None, false).await;
}
