//! `/openapi.json` is true: each route is described, each description holds for real answers, and requests that it calls
//! valid are taken.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chat_proxy::Settings;
use jsonschema::Validator;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::support::{Answer, HandMade, Proxy, Reaction, settings_at};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// A proxy with its own description, and what of it was seen to be true.
struct Described {
    description: Value,
    seen: BTreeSet<(String, u16)>,
}

impl Described {
    async fn of(proxy: &Proxy) -> Self {
        let answer = Answer::of(proxy.request(Method::GET, "/openapi.json")).await;
        Self { description: answer.body(), seen: BTreeSet::new() }
    }

    /// The schema at this place, with everything that it refers to.
    fn validator(&self, schema: &Value) -> Validator {
        let whole = json!({"components": self.description["components"], "allOf": [schema]});
        jsonschema::draft202012::new(&whole).unwrap()
    }

    fn resolved<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(reference) => self.description.pointer(reference.strip_prefix('#').unwrap()).unwrap(),
            None => value,
        }
    }

    /// Holds an answer to the description of its path, method and status.
    fn check(&mut self, operation: &str, answer: &Answer) {
        let (method, path) = operation.split_once(' ').unwrap();
        let status = answer.status.as_u16();
        let responses = &self.description["paths"][path][method]["responses"];
        let response = self.resolved(&responses[status.to_string()]);
        assert!(response.is_object(), "{operation} answers {status}, which is not described: {}", answer.text);
        for (name, header) in response["headers"].as_object().into_iter().flatten() {
            let value = answer.header(name).unwrap_or_else(|| panic!("{operation} {status} has no {name}"));
            let value = value.parse::<u64>().map_or_else(|_| json!(value), |number| json!(number));
            let header = self.resolved(header);
            // A request's id is a text whatever it looks like.
            let value = if header["schema"]["type"] == "string" { json!(value.to_string()) } else { value };
            assert!(self.validator(&header["schema"]).is_valid(&value), "{name}: {value}");
        }
        let kind = answer.header("content-type").unwrap().split(';').next().unwrap();
        let schema = &response["content"][kind]["schema"];
        assert!(schema.is_object(), "{operation} {status} is {kind}, which is not described");
        let body = if kind == "application/json" { answer.body() } else { json!(answer.text) };
        if let Err(error) = self.validator(schema).validate(&body) {
            panic!("{operation} {status}: {error}\n{body}");
        }
        self.seen.insert((operation.to_owned(), status));
    }

    /// All operations with their statuses.
    fn described(&self) -> BTreeSet<(String, u16)> {
        let operations = self.description["paths"].as_object().unwrap().iter().flat_map(|(path, operations)| {
            operations
                .as_object()
                .unwrap()
                .iter()
                .map(move |(method, operation)| (format!("{method} {path}"), operation))
        });
        operations
            .flat_map(|(name, operation)| {
                let statuses = operation["responses"].as_object().unwrap().keys();
                statuses.map(move |status| (name.clone(), status.parse().unwrap()))
            })
            .collect()
    }
}

fn call(proxy: &Proxy, name: &str, body: &Value) -> RequestBuilder {
    proxy.request(Method::POST, &format!("/chat/{name}")).header("sec-fetch-site", "same-origin").json(body)
}

/// Every status that is described comes, and in the form that is described.
#[tokio::test]
async fn each_description_of_an_answer_is_true() {
    let (proxy, _simulator) = Proxy::simulated().await;
    let session = proxy.session("web_1").await;
    let mut described = Described::of(&proxy).await;
    for path in ["/healthz", "/readyz", "/metrics", "/openapi.json"] {
        described.check(&format!("get {path}"), &Answer::of(proxy.request(Method::GET, path)).await);
    }
    let forwarded = proxy.request(Method::GET, "/metrics").header("x-forwarded-for", "203.0.113.9");
    described.check("get /metrics", &Answer::of(forwarded).await);

    let bodies = [
        ("init", json!({"visitorId": "web_1"})),
        ("send", json!({"visitorId": "web_1", "sessionId": session, "message": "hello"})),
    ];
    let broken = HandMade::start(Reaction::Answer(500, "{}".into())).await;
    let silent = HandMade::start(Reaction::Silence).await;
    let limited = HandMade::start(Reaction::Answer(
        429,
        json!({"code": 429, "subCode": "open.api.rate.limited", "message": "x"}).to_string(),
    ))
    .await;
    for (name, body) in bodies {
        let operation = format!("post /chat/{name}");
        described.check(&operation, &Answer::of(call(&proxy, name, &body)).await);
        described.check(&operation, &Answer::of(call(&proxy, name, &json!({}))).await);
        let foreign = proxy.request(Method::POST, &format!("/chat/{name}")).header("origin", "https://evil.example");
        described.check(&operation, &Answer::of(foreign.json(&body)).await);
        let long = json!({"visitorId": "web_1", "message": "x".repeat(70_000)});
        described.check(&operation, &Answer::of(call(&proxy, name, &long)).await);
        let text = proxy.request(Method::POST, &format!("/chat/{name}")).header("sec-fetch-site", "same-origin");
        described.check(&operation, &Answer::of(text.body(body.to_string())).await);
        for (address, timeout) in [
            (broken.address, "15"),
            (silent.address, "1"),
            (limited.address, "15"),
            // Nobody listens there.
            (([127, 0, 0, 1], 1).into(), "15"),
        ] {
            let settings = Settings { upstream_timeout: Some(timeout.into()), ..settings_at(address) };
            let failing = Proxy::start(settings).await;
            described.check(&operation, &Answer::of(call(&failing, name, &body)).await);
        }
    }
    let unknown = call(&proxy, "init", &json!({"visitorId": "web_1", "avatar": "nobody"}));
    described.check("post /chat/init", &Answer::of(unknown).await);

    let missing: Vec<_> = described.described().difference(&described.seen).cloned().collect();
    // It lasts for the moment before Redis was first tried.
    assert_eq!(missing, [("get /readyz".to_owned(), 503)]);
}

/// What the schema takes the proxy takes, and what the schema refuses the proxy refuses.
#[tokio::test]
async fn the_schemas_of_requests_are_true() {
    let (proxy, _simulator) = Proxy::simulated().await;
    let described = Described::of(&proxy).await;
    let session = proxy.session("web_1").await;
    let check = async |name: &str, schema: &str, body: Value, expected: bool| {
        let schema = described.validator(&json!({"$ref": format!("#/components/schemas/{schema}")}));
        let taken = Answer::of(call(&proxy, name, &body)).await;
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

/// Whoever adds a route to the sources and forgets to describe it finds it here.
#[tokio::test]
async fn each_route_is_described() {
    let root = Settings { base_path: Some("/".into()), ..settings_at(([127, 0, 0, 1], 1).into()) };
    let proxy = Proxy::start(root).await;
    let described = Described::of(&proxy).await;
    let paths = described.description["paths"].as_object().unwrap();
    let described: BTreeMap<_, BTreeSet<_>> = paths
        .iter()
        .map(|(path, operations)| (path.clone(), operations.as_object().unwrap().keys().cloned().collect()))
        .collect();

    let mut routes = BTreeSet::new();
    collect_routes(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut routes);
    // The widget's files, which are no interface.
    assert!(routes.remove("/{*file}"));
    assert_eq!(routes, described.keys().cloned().collect());

    for (path, methods) in described {
        for method in METHODS {
            let sent = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let answer = Answer::of(proxy.request(sent, &path).header("sec-fetch-site", "same-origin")).await;
            assert_eq!(answer.status == 405, !methods.contains(method), "{method} {path}: {}", answer.status);
        }
    }
}

fn collect_routes(folder: &Path, routes: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect_routes(&path, routes);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = std::fs::read_to_string(&path).unwrap();
            // The simulated pages of a test or of the demo are no routes of the proxy.
            let source = source.split("#[cfg(test)]").next().unwrap();
            let found = source.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next());
            routes.extend(found.map(str::to_owned));
        }
    }
}
