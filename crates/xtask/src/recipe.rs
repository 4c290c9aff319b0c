//! The two ways to compile the widget. It does not know what is compiled.

use std::env;

use crate::process::Process;

/// How the widget is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recipe {
    /// With what a stable toolchain brings.
    Plain,
    /// With a standard library that is compiled along, for size, and stops at once where it would panic: no message, no
    /// place, nothing to write either with. That takes flags which are not stable, of a compiler that is pinned.
    Small,
}

/// Tells Trunk's hook, which is this program again, how the rest is compiled.
const NAME: &str = "SECONDME_CHAT_RECIPE";

impl Recipe {
    /// The recipe by which Trunk was started.
    pub(crate) fn under_way() -> Self {
        if env::var(NAME).is_ok_and(|name| name == Self::Small.name()) { Self::Small } else { Self::Plain }
    }

    /// Has a program, and every Cargo that it starts, compile WebAssembly by this recipe. Trunk.toml's hook takes back what
    /// would reach the host's own programs too.
    pub(crate) fn apply(self, process: Process) -> Process {
        let process = process.variable(NAME, self.name());
        match self {
            Self::Plain => process,
            Self::Small => process
                .variable("RUSTC_BOOTSTRAP", "1")
                .variable("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
                .variable("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size")
                .variable(
                    "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
                    "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none",
                ),
        }
    }

    /// What is remembered of a build of files with this fingerprint.
    pub(crate) fn mark(self, fingerprint: &str) -> String {
        format!("{} {fingerprint}", self.name())
    }

    fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Small => "small",
        }
    }
}
