//! Where things are in this repository. It does not know what any of them are for.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// The checked-out repository.
#[derive(Clone, Debug)]
pub(crate) struct Project {
    root: PathBuf,
    program: PathBuf,
}

impl Project {
    /// Finds the repository this program was built from, even if it was moved since. To be called before anything is built:
    /// Cargo may put a new build in this program's place, and the system then names it by a path that is none.
    pub(crate) fn locate() -> Result<Self, Error> {
        let program = env::current_exe().map_err(Error::file("find", Path::new("xtask")))?;
        let manifest =
            env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        match manifest.ancestors().nth(2) {
            Some(root) if root.join("Trunk.toml").is_file() => Ok(Self { root: root.to_owned(), program }),
            _ => Err(Error::content(&manifest, "is not crates/xtask of this project; start it with `cargo xtask`")),
        }
    }

    /// The repository's top folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Where this program stands, or a newer build of it.
    pub(crate) fn program(&self) -> &Path {
        &self.program
    }

    /// A path below the repository's top folder.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// The project's own tools; git ignores this folder.
    pub(crate) fn tools(&self) -> PathBuf {
        self.path(".tools")
    }

    /// A tool that `cargo install` put into [`Self::tools`].
    pub(crate) fn rust_tool(&self, name: &str) -> PathBuf {
        self.tools().join("bin").join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// The folder of commands that npm put into [`Self::tools`].
    pub(crate) fn node_commands(&self) -> PathBuf {
        self.tools().join("npm/node_modules/.bin")
    }

    /// The finished widget.
    pub(crate) fn dist(&self) -> PathBuf {
        self.path("dist")
    }

    /// Cargo's build folder.
    pub(crate) fn target(&self) -> PathBuf {
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.path("target"), |folder| self.root.join(folder))
    }

    /// What this program remembers between two runs; may be deleted at any time.
    pub(crate) fn memory(&self) -> PathBuf {
        self.target().join("xtask")
    }

    /// PATH with the project's tools before the user's own.
    pub(crate) fn search_path(&self) -> OsString {
        let own = [self.tools().join("bin"), self.node_commands()];
        let inherited = env::var_os("PATH").unwrap_or_default();
        let all = own.into_iter().chain(env::split_paths(&inherited));
        // A folder with a separator in its name cannot stand in PATH; then only the user's own tools are found.
        env::join_paths(all).unwrap_or(inherited)
    }
}

/// Looks for a program in PATH as a shell does.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(&file)).find(|path| path.is_file())
}
