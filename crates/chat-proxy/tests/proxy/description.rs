//! `/openapi.json` is true: each route is described, each description holds for real answers, and requests that it calls
//! valid are taken.

mod answers;
mod requests;
mod routes;
mod sign_in;

use std::collections::BTreeSet;

use jsonschema::Validator;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::support::{Answer, Proxy};

/// Headers that no answer has unless they are described.
const TELLING: [&str; 3] = ["location", "retry-after", "set-cookie"];

/// A proxy's own description, and what of it was seen to be true: statuses, and for each of them the kinds of body, the
/// headers and the codes that it names.
struct Described {
    description: Value,
    seen: BTreeSet<String>,
}

impl Described {
    async fn of(proxy: &Proxy) -> Self {
        let answer = Answer::of(proxy.request(Method::GET, "/openapi.json")).await;
        Self { description: answer.body(), seen: BTreeSet::new() }
    }

    /// Holds an answer to the description of its path, method and status.
    #[track_caller]
    fn check(&mut self, operation: &str, answer: &Answer) {
        let (method, path) = operation.split_once(' ').unwrap();
        let answered = format!("{operation} {}", answer.status.as_u16());
        let responses = &self.description["paths"][path][method]["responses"];
        let response = self.resolved(&responses[answer.status.as_str()]);
        assert!(response.is_object(), "{answered} is not described: {}", answer.text);
        let mut parts = vec![answered.clone()];
        for name in TELLING {
            let undescribed = answer.header(name).filter(|_| !response["headers"][name].is_object());
            assert_eq!(undescribed, None, "{answered} has {name}, which is not described");
        }
        for (name, header) in response["headers"].as_object().into_iter().flatten() {
            let header = self.resolved(header);
            let values = answer.headers.get_all(name.as_str());
            assert!(values.iter().next().is_some() || header["required"] != true, "{answered} has no {name}");
            for value in values {
                self.check_header(&header["schema"], value.to_str().unwrap());
                parts.push(format!("{answered} {name}"));
            }
        }
        match answer.header("content-type").and_then(|kind| kind.split(';').next()) {
            None => assert_eq!((&response["content"], answer.text.as_str()), (&Value::Null, ""), "{answered}"),
            Some(kind) => {
                let schema = &response["content"][kind]["schema"];
                assert!(schema.is_object(), "{answered} is {kind}, which is not described");
                let body = if kind == "application/json" { answer.body() } else { json!(answer.text) };
                if let Err(error) = self.validator(schema).validate(&body) {
                    panic!("{answered}: {error}\n{body}");
                }
                parts.push(format!("{answered} {kind}"));
            }
        }
        let codes = codes(response).filter(|code| answer.text.contains(code));
        parts.extend(codes.map(|code| format!("{answered} {code}")));
        self.seen.extend(parts);
    }

    #[track_caller]
    fn check_header(&self, schema: &Value, value: &str) {
        // A request's id is a text whatever it looks like.
        let is_number = self.resolved(schema)["type"] == "integer";
        let value = if is_number { json!(value.parse::<u64>().unwrap()) } else { json!(value) };
        assert!(self.validator(schema).is_valid(&value), "{schema}: {value}");
    }

    /// Everything that is described and was not seen.
    fn unseen(&self) -> Vec<String> {
        let mut all = BTreeSet::new();
        for (path, operations) in self.description["paths"].as_object().unwrap() {
            for (method, operation) in operations.as_object().unwrap() {
                for (status, response) in operation["responses"].as_object().unwrap() {
                    let (answered, response) = (format!("{method} {path} {status}"), self.resolved(response));
                    let named = ["headers", "content"].map(|part| response[part].as_object()).into_iter().flatten();
                    let named = named.flat_map(|part| part.keys().map(String::as_str));
                    all.extend(named.chain(codes(response)).map(|part| format!("{answered} {part}")));
                    all.insert(answered);
                }
            }
        }
        all.difference(&self.seen).cloned().collect()
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
}

/// The proxy's own codes that a description names.
fn codes(response: &Value) -> impl Iterator<Item = &str> {
    response["description"].as_str().unwrap().split('`').filter(|word| word.starts_with("proxy."))
}

/// A request for an operation, as a page of the proxy's own origin makes it.
fn request(proxy: &Proxy, operation: &str) -> RequestBuilder {
    let (method, path) = operation.split_once(' ').unwrap();
    let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
    proxy.request(method, path).header("sec-fetch-site", "same-origin")
}
