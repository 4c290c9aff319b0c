//! The npm package: installed from its tarball into a project as a site has one, checked, built by Vite, and talked to.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::page::Page;
use crate::site::built;
use crate::until::until;
use crate::world::{Setup, World, test};

/// The folder with what a site's own project has installed: Vite, TypeScript, React and Vue.
const TOOLS: &str = "SECONDME_CHAT_VITE";

#[test]
fn a_site_built_with_vite_has_the_chat_and_so_have_its_components() {
    let site = Site::build();
    test(Setup { folder: Some(site.path("dist")), ..Setup::default() }, async |world| {
        by_a_call(world).await;
        for (page, mode) in [("react.html", "floating"), ("vue.html", "inline")] {
            // Who comes to the next page has never been here.
            world.page.browser.act("document.querySelector('secondme-chat').reset()").await;
            as_a_component(world, page, mode).await;
        }
    });
}

async fn by_a_call(world: &World) {
    world.page.visit(&world.url("/built/index.html")).await;
    methods_are_those_of_the_types(world).await;
    let asked = |word: &str| world.wire.requests().iter().any(|request| request.contains(word));
    assert!(!asked("wasm") && !asked("init"), "{:?}", world.wire.requests());

    world.page.open().await;
    rich_answer(world, "hello").await;
    assert_eq!(world.observed().sessions[0].visitor_name.as_deref(), Some("Zoë"));
    // The language's file is the site's own, under whatever name it has there.
    let german = async || (send_button(&world.page).await == "Senden").then_some(());
    until("the chat speaks the page's language", german).await;
    world.page.browser.act("document.querySelector('#ask').click()").await;
    world.page.until_answered("Where is my parcel?").await;
}

/// The page's program has put a text into the composer, by the chat that it was given.
async fn as_a_component(world: &World, page: &str, mode: &str) {
    world.page.visit(&world.url(&format!("/built/{page}"))).await;
    world.page.until("the draft is there", |chat| chat.draft == "hello").await;
    world.page.open().await;
    world.page.say("").await;
    world.page.until_answered("hello").await;
    let chats = "return [...document.querySelectorAll('secondme-chat')].map((chat) => chat.dataset.mode)";
    assert_eq!(world.page.browser.run::<Vec<String>>(chats).await, [mode], "{page}");
}

/// Asks, and waits until the answer stands there as rich text.
async fn rich_answer(world: &World, question: &str) {
    world.page.ask(question).await;
    world.page.until("the answer is rich", crate::snapshot::Snapshot::is_rich).await;
}

async fn send_button(page: &Page) -> String {
    page.find("[part~=send]").await.attr("aria-label").await.unwrap().unwrap_or_default()
}

/// What the types say that a chat can do, it can; and what it can, they say.
async fn methods_are_those_of_the_types(world: &World) {
    let own = "const chat = document.querySelector('secondme-chat');
    const names = Object.getOwnPropertyNames(Object.getPrototypeOf(chat));
    return names.filter((name) => !/^(constructor|load|.*Callback)$/.test(name)).sort()";
    let types = fs::read_to_string(built().join("npm/secondme-chat.d.ts")).unwrap();
    let (_, rest) = types.split_once("export interface Chat {").unwrap();
    let (body, _) = rest.split_once("\n}").unwrap();
    let lines = body.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("/**"));
    let mut typed: Vec<_> = lines
        .map(|line| line.trim_start_matches("readonly ").split(['(', '<', ':']).next().unwrap().to_owned())
        .collect();
    typed.sort();
    assert_eq!(world.page.browser.run::<Vec<String>>(own).await, typed);
}

/// A site's project in a folder of its own, which ends with it.
struct Site {
    folder: TempDir,
}

impl Site {
    /// Makes the project as docs/install.md says, and builds it.
    fn build() -> Self {
        let tools = PathBuf::from(std::env::var_os(TOOLS).unwrap_or_else(|| {
            panic!("{TOOLS} does not say where Vite is installed: run `cargo xtask test end-to-end`")
        }));
        let site = Self { folder: tempfile::tempdir().unwrap() };
        let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/npm");
        for source in [tools.join("package.json"), tools.join("node_modules"), examples.join(".")] {
            site.run("cp", &["-R", source.to_str().unwrap(), "."]);
        }
        let package = built().join("npm");
        site.run("npm", &["pack", "--loglevel=error", package.to_str().unwrap()]);
        let install = documented_installation();
        let words: Vec<_> = install.split_whitespace().collect();
        assert_eq!(words[..2], ["npm", "install"], "{install}");
        let offline = ["--offline", "--no-audit", "--no-fund", "--ignore-scripts"];
        site.run("npm", &[&words[1..], &offline].concat());
        assert!(site.path("node_modules/secondme-chat/chat.js").is_file());
        site.run("node_modules/.bin/tsc", &[]);
        site.run("node_modules/.bin/vite", &["build", "--logLevel", "warn"]);
        site
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let mut command = Command::new(program);
        let output = command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null()).output();
        let output = output.unwrap_or_else(|error| panic!("{program}: {error}"));
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
        assert!(output.status.success(), "{program} {arguments:?}: {said}");
    }
}

/// The line of the documentation by which a project gets the tarball.
fn documented_installation() -> &'static str {
    let lines = include_str!("../../docs/install.md").lines();
    let mut found = lines.filter(|line| line.starts_with("npm install "));
    found.next().unwrap_or_else(|| panic!("docs/install.md does not say how the package is installed"))
}
