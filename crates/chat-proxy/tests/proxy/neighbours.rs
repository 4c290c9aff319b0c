//! Other programs that run beside the proxy's tests: where they are, how they are started, and that they end.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A running program, which ends with the test.
pub(crate) struct Neighbour {
    child: Child,
    pub(crate) port: u16,
}

impl Neighbour {
    /// Starts the program that `make` describes for a port, and waits until it listens there. Where another program takes the
    /// port first, this one ends and the next port is tried.
    pub(crate) async fn start(make: impl Fn(u16) -> Command) -> Self {
        let mut logs = String::new();
        for _ in 0..5 {
            let port = free_port();
            match Self::start_at(make(port), port).await {
                Ok(neighbour) => return neighbour,
                Err(log) => logs.push_str(&log),
            }
        }
        panic!("it does not start: {logs}");
    }

    async fn start_at(mut command: Command, port: u16) -> Result<Self, String> {
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut neighbour = Self { child, port };
        while neighbour.child.try_wait().unwrap().is_none() {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Ok(neighbour);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Err(neighbour.stop())
    }

    /// Ends it, and gives all that it has logged.
    pub(crate) fn stop(mut self) -> String {
        let _ = self.child.kill();
        let mut log = String::new();
        self.child.stdout.take().unwrap().read_to_string(&mut log).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        log
    }
}

impl Drop for Neighbour {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The repository's top folder.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The program, where it can be run; in the system's folders for servers, too, which are not on everybody's PATH.
pub(crate) fn installed(program: &str, argument: &str) -> Option<PathBuf> {
    let candidates = [PathBuf::from(program), Path::new("/usr/sbin").join(program)];
    candidates.into_iter().find(|program| {
        let quiet = Command::new(program).arg(argument).stdout(Stdio::null()).stderr(Stdio::null()).status();
        quiet.is_ok_and(|status| status.success())
    })
}

/// Says what is not tested, past the capture of a test's output, so that it is seen.
pub(crate) fn skip(what: &str, missing: &str) {
    let line = format!("skipped: {what}, because {missing} is missing\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
