//! What the schema of a request takes the proxy takes, and what the schema refuses the proxy refuses.

use serde_json::{Value, json};

use super::{Described, request};
use crate::support::{Answer, Proxy};

#[tokio::test]
async fn the_schemas_of_requests_are_true() {
    let (proxy, _simulator) = Proxy::simulated().await;
    let described = Described::of(&proxy).await;
    let session = proxy.session("web_1").await;
    let check = async |name: &str, schema: &str, body: Value, expected: bool| {
        let schema = described.validator(&json!({"$ref": format!("#/components/schemas/{schema}")}));
        let taken = Answer::of(request(&proxy, &format!("post /chat/{name}")).json(&body)).await;
        assert_eq!((schema.is_valid(&body), taken.status == 200), (expected, expected), "{body} {}", taken.text);
    };
    let init = async |body, expected| check("init", "InitRequest", body, expected).await;
    init(json!({"visitorId": "web_1"}), true).await;
    init(json!({"visitorId": "x".repeat(128), "visitorName": "名".repeat(200), "else": 1}), true).await;
    init(json!({"visitorId": "web_1", "sessionId": session}), true).await;
    init(json!({"visitorId": "v", "visitorName": null, "avatar": null, "sessionId": null, "siteToken": null}), true)
        .await;
    for wrong in [
        json!({}),
        json!([]),
        json!({"visitorId": ""}),
        json!({"visitorId": "a b"}),
        json!({"visitorId": "x".repeat(129)}),
        json!({"visitorId": "v", "visitorName": "n".repeat(201)}),
        json!({"visitorId": "v", "visitorName": 1}),
        json!({"visitorId": "v", "sessionId": ""}),
        json!({"visitorId": "v", "avatar": 7}),
        json!({"visitorId": "v", "siteToken": 7}),
        json!({"visitorId": "v", "userToken": 7}),
    ] {
        init(wrong, false).await;
    }
    let send = async |change: Value, expected| {
        let mut body = json!({"visitorId": "web_1", "sessionId": session, "message": "hello"});
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        check("send", "SendRequest", body, expected).await;
    };
    send(json!({}), true).await;
    send(json!({"message": "😀".repeat(10_000)}), true).await;
    for wrong in [
        json!({"message": ""}),
        json!({"message": "x".repeat(10_001)}),
        json!({"message": null}),
        json!({"sessionId": null}),
        json!({"sessionId": "s".repeat(4097)}),
        json!({"visitorId": "a.b"}),
        json!({"userToken": 7}),
    ] {
        send(wrong, false).await;
    }
}
