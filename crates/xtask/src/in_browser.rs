//! wasm-bindgen's runner for tests in a browser, kept going where its server would leave a request without an answer. It does
//! not know what is tested.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, ExitStatus};
use std::thread;
use std::time::Duration;

use crate::error::Error;

/// The variable that names the runner.
pub(crate) const RUNNER: &str = "SECONDME_CHAT_RUNNER";
/// The runner's own, for where its server is to be.
const ADDRESS: &str = "WASM_BINDGEN_TEST_ADDRESS";

/// A request that waits does so for no longer.
const PAUSE: Duration = Duration::from_millis(200);

/// Runs the tests as Cargo asks for it; gives the runner's exit code.
pub(crate) fn run(arguments: &[String]) -> Result<u8, Error> {
    let runner = std::env::var(RUNNER).map_err(|_| Error::Missing {
        what: format!("{RUNNER} does not say where wasm-bindgen-test-runner is"),
        by_hand: "cargo xtask test widget".to_owned(),
    })?;
    let failed = |error| Error::file("run", runner.as_ref())(error);
    let server = free_address().map_err(failed)?;
    let child = Command::new(&runner).args(arguments).env(ADDRESS, server.to_string()).spawn().map_err(failed)?;
    let status = attend(child, server).map_err(failed)?;
    Ok(status.code().and_then(|code| code.try_into().ok()).unwrap_or(1))
}

/// Knocks at the server until the runner has ended. Of several connections that come at once the server may give one no
/// thread until another ends, and a browser keeps its own open: the page then waits for ever. A knock is a connection that
/// ends at once, and the thread that it had goes on with what waits.
fn attend(mut runner: Child, server: SocketAddr) -> std::io::Result<ExitStatus> {
    loop {
        if let Some(status) = runner.try_wait()? {
            return Ok(status);
        }
        // Before the server is there, and after it has gone, there is nobody to open.
        drop(TcpStream::connect_timeout(&server, PAUSE));
        thread::sleep(PAUSE);
    }
}

fn free_address() -> std::io::Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn the_server_is_knocked_at_until_the_runner_ends_and_its_status_is_passed_on() {
        let server = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = server.local_addr().unwrap();
        let (say, hear) = mpsc::channel();
        thread::spawn(move || {
            for knock in server.incoming() {
                let ended = knock.unwrap().read(&mut [0]).unwrap() == 0;
                if say.send(ended).is_err() {
                    return;
                }
            }
        });
        let mut runner = Command::new("sh");
        runner.args(["-c", "read -r line; exit 3"]).stdin(std::process::Stdio::piped());
        let mut child = runner.spawn().unwrap();
        let end = child.stdin.take();
        let attended = thread::spawn(move || attend(child, address));
        for _ in 0..2 {
            assert!(hear.recv().unwrap(), "a knock ends at once");
        }
        drop(end);
        assert_eq!(attended.join().unwrap().unwrap().code(), Some(3));
    }
}
