//! What is measured of each program, in which order, and how the figures are told.

use std::collections::BTreeMap;
use std::env;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::runtime::Builder;

use crate::chromium::{Chromium, Profile};
use crate::content;
use crate::site::Site;
use crate::tab::Tab;

/// By the names of their pages. The first is what the others are compared with.
const PROGRAMS: [&str; 3] = ["floor", "deep-chat", "secondme"];
const PAIRS: usize = 1_000;
/// Typed one after the other, as fast as somebody who types fast.
const KEYS: &str = "the quick brown fox jumps over the lazy";
const BETWEEN_KEYS: Duration = Duration::from_millis(60);

/// One program's figures of one round: milliseconds, or bytes.
type Figures = BTreeMap<&'static str, f64>;

/// Measures, and prints `{"browser": …, "rounds": [{"floor": {…}, …}, …]}`.
pub(crate) fn run() {
    let rounds = env::var("SECONDME_CHAT_ROUNDS").map_or(5, |rounds| rounds.parse().unwrap());
    let only = env::var("SECONDME_CHAT_ONLY").ok();
    Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
        let site = Site::start().await;
        let mut told = Vec::new();
        let mut browser = String::new();
        for round in 0..rounds {
            let chromium = Chromium::start().await;
            browser = chromium.version().await;
            let mut figures = BTreeMap::new();
            // Whoever begins finds another machine than whoever ends.
            for place in 0..PROGRAMS.len() {
                let program = PROGRAMS[(round + place) % PROGRAMS.len()];
                if only.as_ref().is_none_or(|only| only == program) {
                    let start = Instant::now();
                    figures.insert(program, measure(&chromium, &site, program).await);
                    let seconds = start.elapsed().as_secs_f64();
                    say(&format!(
                        "round {} of {rounds}: {program}, {seconds:.0} s: {:.0?}",
                        round + 1,
                        figures[program]
                    ));
                }
            }
            told.push(json!(figures));
        }
        println!("{}", json!({ "browser": browser, "rounds": told }));
    });
}

async fn measure(chromium: &Chromium, site: &Site, program: &'static str) -> Figures {
    let mut figures = Figures::new();
    first_visit(chromium, site, program, &mut figures).await;
    conversation(chromium, site, program, &mut figures).await;
    long_conversation(chromium, site, program, &mut figures).await;
    figures
}

/// A slow computer on a slow network comes for the first time.
async fn first_visit(chromium: &Chromium, site: &Site, program: &str, figures: &mut Figures) {
    let profile = chromium.profile().await;
    let tab = profile.tab().await;
    tab.watch_network().await;
    tab.slow_down().await;
    tab.go(&site.page(program)).await;
    figures.insert("launcher", tab.number("bench.launcher").await);
    figures.insert("bytes until launcher", tab.travelled());
    tab.number("bench.open()").await;
    let until_open = tab.travelled();
    figures.insert("bytes until open", until_open);
    tab.speed_up().await;
    tab.rest().await;
    figures.insert("bytes later", tab.travelled() - until_open);
    profile.forget().await;
}

/// Opened, and two long replies.
async fn conversation(chromium: &Chromium, site: &Site, program: &str, figures: &mut Figures) {
    let profile = chromium.profile().await;
    let tab = profile.tab().await;
    tab.go(&site.page(program)).await;
    tab.number("bench.launcher").await;
    figures.insert("load", tab.rest().await);
    let connected = site.connected();
    tab.number("bench.open()").await;
    figures.insert("load and open", tab.rest().await);
    figures.insert("longest task", tab.number("bench.longest()").await);
    site.until_connected(connected).await;
    figures.insert("stream", reply(&tab, site, 2_000, 200).await);
    figures.insert("burst", reply(&tab, site, 2_000, 0).await);
    profile.forget().await;
}

/// A page with a thousand pairs of messages, which is opened, written on and answered.
async fn long_conversation(chromium: &Chromium, site: &Site, program: &str, figures: &mut Figures) {
    let profile = chromium.profile().await;
    let earlier = past(&profile, site, program).await;
    let tab = profile.tab().await;
    tab.go(&site.page(program)).await;
    tab.to_front().await;
    tab.number("bench.launcher").await;
    let before = tab.rest().await;
    tab.number("bench.open()").await;
    let mut after = tab.rest().await;
    while tab.number("bench.count()").await < 2.0 * PAIRS as f64 {
        after = tab.rest().await;
    }
    figures.insert("pairs", after - before);
    figures.insert("heap", tab.heap().await);
    if let Some(earlier) = earlier {
        let connected = site.connected();
        earlier.close().await;
        site.until_connected(connected).await;
    }
    tab.rest().await;
    figures.insert("memory", chromium.memory().await);
    tab.value("bench.focus()").await;
    let before = tab.rest().await;
    for key in KEYS.chars() {
        tab.press(key).await;
        tokio::time::sleep(BETWEEN_KEYS).await;
    }
    figures.insert("key", (tab.rest().await - before) / KEYS.len() as f64);
    figures.insert("on top", reply(&tab, site, 200, 200).await);
    profile.forget().await;
}

/// Puts the pairs to where the program finds them. The widget keeps only the newest messages over a page load, but hands all of
/// them to the next tab: there they have been said in another one, which goes once it was measured what it takes to show them.
async fn past(profile: &Profile<'_>, site: &Site, program: &str) -> Option<Tab> {
    let tab = profile.tab().await;
    let pairs = (0..PAIRS).map(content::pair);
    if program == "secondme" {
        tab.go(&site.page(program)).await;
        tab.number("bench.open()").await;
        let questions: Vec<_> = pairs.map(|(question, _)| question).collect();
        tab.value(&format!("bench.talk({})", json!(questions))).await;
        return Some(tab);
    }
    let past: Vec<_> =
        pairs.flat_map(|(question, answer)| [json!(["visitor", question]), json!(["avatar", answer])]).collect();
    tab.go(&site.page("blank")).await;
    let text = Value::from(json!(past).to_string());
    tab.value(&format!("localStorage.setItem('floor', {text})")).await;
    tab.close().await;
    None
}

/// What the main thread works from the moment that a message is sent until its reply stands there and nothing is left to do.
async fn reply(tab: &Tab, site: &Site, chunks: usize, rate: usize) -> f64 {
    let said = site.said();
    let end = format!("The end of reply {said}.");
    tab.value("bench.focus()").await;
    tab.insert(&format!("{chunks} chunks, {rate} a second, {end}")).await;
    let before = tab.rest().await;
    tab.press('\r').await;
    site.until_said(said).await;
    tab.until_true(&format!("bench.says({})", json!(end))).await;
    tab.rest().await - before
}

#[expect(clippy::print_stderr, reason = "whoever waits for minutes wants to see that something happens")]
fn say(line: &str) {
    eprintln!("{line}");
}
