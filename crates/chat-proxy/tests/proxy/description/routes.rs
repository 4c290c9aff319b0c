//! Whoever adds a route to the sources and forgets to describe it finds it here.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chat_proxy::Settings;
use reqwest::Client;
use reqwest::redirect::Policy;
use secondme_sim::Simulator;

use super::{Described, request};
use crate::browser::with_login;
use crate::support::{Answer, Proxy, quick};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

#[tokio::test]
async fn each_route_is_described() {
    let simulator = Simulator::start(quick()).await.unwrap();
    let root = Settings { base_path: Some("/".into()), ..with_login(&simulator) };
    let mut proxy = Proxy::start(root).await;
    // What leads to SecondMe's page is not followed.
    proxy.client = Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
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
            let answer = Answer::of(request(&proxy, &format!("{method} {path}"))).await;
            assert_eq!(answer.status == 405, !methods.contains(method), "{method} {path}: {}", answer.status);
        }
    }
}

fn collect_routes(folder: &Path, routes: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect_routes(&path, routes);
        // The demo's own pages and the simulated ones of a test are no routes of the proxy.
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("demo.rs") {
            let source = std::fs::read_to_string(&path).unwrap();
            let source = source.split("#[cfg(test)]").next().unwrap();
            let found = source.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next());
            routes.extend(found.map(str::to_owned));
        }
    }
}
