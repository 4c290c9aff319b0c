//! Everything that can end a task early, as one sentence each for the person at the terminal.

use std::io;
use std::path::{Path, PathBuf};

/// Why a task stopped.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// Something that this program may not or cannot install.
    #[error("{what}; run `{by_hand}` by hand and try again")]
    Missing {
        /// What is missing and why it was not installed.
        what: String,
        /// The command that provides it.
        by_hand: String,
    },
    /// A program could not be started at all.
    #[error("`{line}` could not be started: {source}")]
    Start {
        /// The command line.
        line: String,
        /// The system's reason.
        source: io::Error,
    },
    /// A program ran and said no.
    #[error("`{line}` failed ({status})")]
    Failed {
        /// The command line.
        line: String,
        /// How it ended.
        status: String,
    },
    /// A file could not be read, written, moved or removed.
    #[error("cannot {action} {}: {source}", path.display())]
    File {
        /// The verb: "read", "write", …
        action: &'static str,
        /// Which file or folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A file does not say what it must.
    #[error("{}: {problem}", path.display())]
    Content {
        /// Which file or folder.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
}

impl Error {
    /// Names the file and the verb of an input or output error; made for `map_err`.
    pub(crate) fn file(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { action, path, source }
    }

    /// A file that could be read but not used.
    pub(crate) fn content(path: &Path, problem: impl Into<String>) -> Self {
        Self::Content { path: path.to_owned(), problem: problem.into() }
    }
}
