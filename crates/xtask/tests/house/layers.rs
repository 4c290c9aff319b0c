//! Which module may name which, in the two crates that are built in layers.

use std::collections::BTreeSet;

use super::paths::named_modules;
use super::{Source, sources};

/// Modules that stand side by side, and the layers that they may name besides their own.
struct Layer {
    name: &'static str,
    modules: &'static [&'static str],
    may_name: &'static [&'static str],
}

/// The shell: views read signals and send intents, the runtime runs effects through adapters, adapters know nobody.
const SHELL: [Layer; 5] = [
    Layer { name: "entry", modules: &["handle", "component"], may_name: &["view", "runtime", "adapters", "ground"] },
    Layer { name: "view", modules: &["view"], may_name: &["runtime", "ground"] },
    Layer { name: "runtime", modules: &["runtime"], may_name: &["adapters", "ground"] },
    Layer {
        name: "adapters",
        modules: &[
            "transport",
            "socket",
            "timer",
            "animation",
            "storage",
            "tabs",
            "page",
            "screen",
            "host",
            "login",
            "title",
            "chime",
            "download",
            "clipboard",
        ],
        may_name: &["ground"],
    },
    Layer {
        name: "ground",
        modules: &["model", "signal", "options", "strings", "language", "identity", "json", "rich_text"],
        may_name: &[],
    },
];

/// The core: the session decides with the help of the rest, which never looks back at it.
const CORE: [Layer; 2] = [
    Layer { name: "session", modules: &["session"], may_name: &["ground"] },
    Layer {
        name: "ground",
        modules: &["transcript", "retry", "wire", "failure", "moment", "export", "json"],
        may_name: &[],
    },
];

#[test]
fn the_shell_keeps_its_layers() {
    check("src", &SHELL, 8);
}

#[test]
fn the_core_keeps_its_layers() {
    check("crates/chat-core/src", &CORE, 5);
}

#[test]
fn a_step_over_a_layer_is_noticed() {
    for (path, text, broken) in [
        ("src/view/composer.rs", "use crate::runtime::Runtime;", false),
        ("src/view/composer.rs", "use super::message;", false),
        ("src/view/composer.rs", "use crate::socket::Socket;", true),
        ("src/view.rs", "use super::storage;", true),
        ("src/runtime.rs", "use crate::{timer, transport};", false),
        ("src/runtime.rs", "use crate::view::Panel;", true),
        ("src/socket.rs", "use crate::runtime::Runtime;", true),
        ("src/socket.rs", "fn a() { crate::view::b(); }", true),
        ("src/options.rs", "use crate::host::Host;", true),
        ("src/newcomer.rs", "", true),
        ("src/lib.rs", "use crate::{host, view};", false),
    ] {
        let source = Source { path: path.to_owned(), text: text.to_owned() };
        assert_eq!(!violations("src", &SHELL, &source).is_empty(), broken, "{path}: {text}");
    }
}

/// Every file keeps the rules, and every module that the rules speak of is really there.
fn check(folder: &str, layers: &[Layer], at_least: usize) {
    let files = sources(folder).unwrap_or_default();
    assert!(files.len() >= at_least, "only {} files were found in {folder}", files.len());
    let there: BTreeSet<_> = files.iter().filter_map(|file| module(folder, &file.path).first().copied()).collect();
    for module in layers.iter().flat_map(|layer| layer.modules) {
        assert!(there.contains(module), "{folder} has no module {module}: the rule about it would be silent");
    }
    let broken: Vec<_> = files.iter().flat_map(|file| violations(folder, layers, file)).collect();
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

fn violations(folder: &str, layers: &[Layer], Source { path, text }: &Source) -> Vec<String> {
    let module = module(folder, path);
    let Some(own) = module.first() else {
        return Vec::new(); // The crate's root puts the layers together and may name them all.
    };
    let Some(layer) = layer_of(layers, own) else {
        return vec![format!("{path} belongs to no layer: name its module `{own}` in {}", file!())];
    };
    let named = named_modules(text, &module);
    let above = named.iter().filter(|name| {
        layer_of(layers, name).is_some_and(|other| other.name != layer.name && !layer.may_name.contains(&other.name))
    });
    above.map(|name| format!("{path} names `{name}`, which the layer `{}` may not know", layer.name)).collect()
}

fn layer_of<'a>(layers: &'a [Layer], module: &str) -> Option<&'a Layer> {
    layers.iter().find(|layer| layer.modules.contains(&module))
}

/// `src/view/launcher.rs` is `["view", "launcher"]`; the crate's root is `[]`.
fn module<'a>(folder: &str, path: &'a str) -> Vec<&'a str> {
    let inner = path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/').trim_end_matches(".rs");
    if inner == "lib" { Vec::new() } else { inner.split('/').collect() }
}
