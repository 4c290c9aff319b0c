//! Whose session is gone on with, and for how long: only the same visitor's, with the same avatar, for its time.

use std::sync::{Arc, Mutex};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use secondme_sim::Simulator;
use serde_json::{Value, json};

use super::*;
use crate::Server;
use crate::settings::Settings;
use crate::upstream::{Fault, Identity, Opened};

const KEY: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

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

    fn probe<'a>(&'a self, _: &'a Avatar) -> BoxFuture<'a, Result<(), Fault>> {
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

/// Only from in here can a session be made whose time is over.
#[tokio::test]
async fn a_session_is_good_for_its_time() {
    let simulator = Simulator::start(secondme_sim::Settings::default()).await.unwrap();
    let settings = Settings {
        secondme_api: Some("avatar-hub".into()),
        secondme_api_key: Some(simulator.settings().api_key.clone().into()),
        secondme_base_url: Some(simulator.hub_base_url()),
        session_key: Some(KEY.into()),
        listen: Some("127.0.0.1:0".into()),
        ..Settings::default()
    };
    let server = Server::bind(settings.into_config().unwrap()).await.unwrap();
    let origin = format!("http://{}", server.address());
    tokio::spawn(server.run(std::future::pending()));
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let post = async |call: &str, session: Option<&str>| -> Value {
        let body = json!({"visitorId": "web_1", "sessionId": session, "message": "hello"});
        let request = client.post(format!("{origin}/chat/{call}")).header("origin", &origin);
        request.json(&body).send().await.unwrap().json().await.unwrap()
    };

    let session = post("init", None).await["data"]["sessionId"].as_str().unwrap().to_owned();
    let keys = SessionKeys::parse(KEY).unwrap();
    let ticket: Ticket = keys.open(Purpose::Session, &session).unwrap();
    for (life, code) in [(SESSION_LIFE, 0), (Duration::ZERO, 400)] {
        let session = keys.seal(Purpose::Session, &ticket, life).unwrap();
        for call in ["init", "send"] {
            let answer = post(call, Some(&session)).await;
            assert_eq!(answer["code"], code, "{answer}");
            assert_eq!(answer["subCode"] == "proxy.session_invalid", code == 400, "{answer}");
        }
    }
}
