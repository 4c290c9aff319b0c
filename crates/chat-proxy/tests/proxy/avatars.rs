//! Several avatars behind one proxy: chosen by an alias, each with its key, its name and its conversations.

use secondme_sim::{AvatarAddition, Simulator};
use serde_json::{Value, json};

use crate::program::{Serving, variables_for};
use crate::support::{APIS, Api, quick};

/// A proxy with the simulator's own avatar and two more.
async fn serve(api: Api) -> (Serving, Simulator) {
    let simulator = Simulator::start(quick()).await.unwrap();
    for (api_key, avatar_name) in [("sk-support", "Noa"), ("sk-sales", "Kim")] {
        simulator.control().add_avatar(AvatarAddition {
            api_key: api_key.into(),
            avatar_name: avatar_name.into(),
            opening: Some(format!("I'm {avatar_name}.")),
            starters: Vec::new(),
            owner_image: None,
        });
    }
    let mut variables = variables_for(api, &simulator);
    variables.push(("CHAT_PROXY_AVATARS", "support=SUPPORT_KEY,sales=SALES_KEY".to_owned()));
    variables.push(("SUPPORT_KEY", "sk-support".to_owned()));
    variables.push(("SALES_KEY", "sk-sales".to_owned()));
    (Serving::start_with(&variables), simulator)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_chooses_its_avatar() {
    for api in APIS {
        let (serving, simulator) = serve(api).await;
        let init = async |avatar: Value, session: Value| {
            serving.post("/chat/init", json!({"visitorId": "web_1", "avatar": avatar, "sessionId": session})).await
        };
        let own = simulator.settings().avatar_name.clone();
        for (alias, name) in [(Value::Null, own.as_str()), (json!("support"), "Noa"), (json!("sales"), "Kim")] {
            let (status, answer) = init(alias, Value::Null).await;
            assert_eq!((status, &answer["data"]["avatarName"]), (200, &json!(name)), "{api:?}");
        }
        for unknown in ["Support", "nobody", "", "SUPPORT_KEY", "sk-support"] {
            let (status, answer) = init(json!(unknown), Value::Null).await;
            assert_eq!((status, &answer["subCode"]), (404, &json!("proxy.avatar_unknown")), "{unknown}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_avatars_session_begins_a_conversation() {
    for api in APIS {
        let (serving, simulator) = serve(api).await;
        let init = async |avatar: &str, session: &Value| {
            let body = json!({"visitorId": "web_1", "avatar": avatar, "sessionId": session});
            serving.post("/chat/init", body).await.1["data"].clone()
        };
        let send = async |session: &Value, message: &str| {
            let body = json!({"sessionId": session, "visitorId": "web_1", "message": message});
            assert_eq!(serving.post("/chat/send", body).await.0, 200);
        };
        let first = init("support", &Value::Null).await;
        let second = init("sales", &first["sessionId"]).await;
        assert_eq!((&second["avatarName"], &second["opening"]), (&json!("Kim"), &json!("I'm Kim.")));
        send(&second["sessionId"], "to sales").await;
        let first = init("support", &first["sessionId"]).await;
        send(&first["sessionId"], "to support").await;
        let sessions = simulator.control().observed().sessions;
        let messages: Vec<_> = sessions.iter().map(|session| session.messages.clone()).collect();
        assert_eq!(messages, [["to support"], ["to sales"]], "{api:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_key_leaves_the_proxy() {
    for api in APIS {
        let (serving, simulator) = serve(api).await;
        let (_, answer) = serving.post("/chat/init", json!({"visitorId": "web_1", "avatar": "support"})).await;
        simulator.control().disable_key("sk-support").unwrap();
        let (status, refused) = serving.post("/chat/init", json!({"visitorId": "web_2", "avatar": "support"})).await;
        assert!(matches!(status, 401 | 403), "{refused}");
        serving.terminate();
        let (_, log) = serving.finish();
        let said = format!("{answer}{refused}{log}");
        for key in ["sk-support", "sk-sales", &simulator.settings().api_key] {
            assert!(!said.contains(key), "{key}: {said}");
        }
    }
}
