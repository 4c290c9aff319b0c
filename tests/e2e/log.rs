//! Everything that a test's servers log, at all levels. It does not know what may stand in a log.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use tracing::level_filters::LevelFilter;
use tracing::subscriber::{DefaultGuard, set_default};

/// The lines so far. Clones are the same log.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Keeps what this thread logs until the guard is dropped. A test's servers all run on the test's own thread, so one
    /// test's log holds nothing of another's.
    pub(crate) fn keep(&self) -> DefaultGuard {
        let log = self.clone();
        let lines = tracing_subscriber::fmt().with_max_level(LevelFilter::TRACE).with_ansi(false);
        set_default(lines.with_writer(move || log.clone()).finish())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }

    /// The lines that an operator would see as the proxy is set up unless told otherwise.
    pub(crate) fn usual(&self) -> String {
        let usual = |line: &&str| line.contains("chat_proxy") && !line.contains("DEBUG") && !line.contains("TRACE");
        self.text().lines().filter(usual).collect::<Vec<_>>().join("\n")
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
