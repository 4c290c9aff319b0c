//! The one ChromeDriver that all tests of this program share. It knows no session.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tempfile::TempDir;

/// A ChromeDriver on a free port. It ends with the last test that holds it, also with one that panics.
pub(crate) struct Driver {
    process: Child,
    port: u16,
    /// Held open: a driver whose output nobody takes would die of its next line.
    _output: BufReader<ChildStdout>,
    /// Profiles and whatever else its browsers leave behind; deleted with the driver.
    _folder: TempDir,
}

impl Driver {
    /// The driver that is running, or a new one.
    pub(crate) fn shared() -> Arc<Self> {
        static RUNNING: Mutex<Weak<Driver>> = Mutex::new(Weak::new());
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        running.upgrade().unwrap_or_else(|| {
            // It looks for a port that is free for IPv6, and gives up where the same one is taken for IPv4.
            let started = (0..5).find_map(|_| Self::start());
            let driver =
                Arc::new(started.unwrap_or_else(|| panic!("ChromeDriver ended before it was ready, five times")));
            *running = Arc::downgrade(&driver);
            driver
        })
    }

    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Nothing where it ends before it is ready.
    fn start() -> Option<Self> {
        let program = std::env::var_os("CHROMEDRIVER").unwrap_or_else(|| "chromedriver".into());
        let folder = tempfile::tempdir().unwrap();
        let mut process = Command::new(&program)
            .arg("--port=0")
            .env("TMPDIR", folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("{} can't be started ({error}): run `cargo xtask test end-to-end`", program.display())
            });
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let port = loop {
            let mut line = String::new();
            let length = output.read_line(&mut line).unwrap();
            if length == 0 {
                process.wait().unwrap();
                return None;
            }
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                break port.trim_end_matches(['.', '\n', '\r']).parse().unwrap();
            }
        };
        Some(Self { process, port, _output: output, _folder: folder })
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // A process that has ended by itself can't be ended, and is gone all the same.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
