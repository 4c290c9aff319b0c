//! wasm-bindgen's runner for tests in a browser, started anew where its page never begins to run them: the server in it may give
//! a connection no thread, for whose file the page then waits for ever. It does not know what is tested.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::Error;
use crate::report;

/// The variable that names the runner.
pub(crate) const RUNNER: &str = "SECONDME_CHAT_RUNNER";

/// How long a page may load. It takes seconds, and on a busy machine half a minute.
const PATIENCE: Duration = Duration::from_secs(90);
const ATTEMPTS: u32 = 4;

/// What the runner says when the page is to load, and when the tests begin.
const LOADS: &str = "Running headless tests";
const BEGINS: &str = "running ";

/// Runs the tests as Cargo asks for it; gives the runner's exit code.
pub(crate) fn run(arguments: &[String]) -> Result<u8, Error> {
    let runner = std::env::var(RUNNER).map_err(|_| Error::Missing {
        what: format!("{RUNNER} does not say where wasm-bindgen-test-runner is"),
        by_hand: "cargo xtask test widget".to_owned(),
    })?;
    for _ in 1..ATTEMPTS {
        if let Some(status) = attempt(&runner, arguments, PATIENCE)? {
            return Ok(code(status));
        }
        report::line("The page with the tests does not load; once more.");
    }
    Ok(attempt(&runner, arguments, Duration::MAX)?.map_or(1, code))
}

/// One run. `None` where the page did not load in time.
fn attempt(runner: &str, arguments: &[String], patience: Duration) -> Result<Option<ExitStatus>, Error> {
    let failed = |error| Error::file("run", runner.as_ref())(error);
    let mut child = Command::new(runner)
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // So that the browser goes with it.
        .process_group(0)
        .spawn()
        .map_err(failed)?;
    let loading = Arc::new(Mutex::new(None));
    let readers = [
        child.stdout.take().map(|output| pass_on(output, std::io::stdout(), Arc::clone(&loading))),
        child.stderr.take().map(|output| pass_on(output, std::io::stderr(), Arc::clone(&loading))),
    ];
    let status = loop {
        if let Some(status) = child.try_wait().map_err(failed)? {
            break Some(status);
        }
        let since: Option<Instant> = loading.lock().ok().and_then(|loading| *loading);
        if since.is_some_and(|since| since.elapsed() > patience) {
            end(&mut child);
            break None;
        }
        thread::sleep(Duration::from_millis(100));
    };
    for reader in readers.into_iter().flatten() {
        // A reader that has failed has nothing more to say.
        let _ = reader.join();
    }
    Ok(status)
}

/// Passes each line on, and notes since when the page loads, and that it has.
fn pass_on(
    output: impl Read + Send + 'static,
    mut to: impl Write + Send + 'static,
    loading: Arc<Mutex<Option<Instant>>>,
) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
            let text = String::from_utf8_lossy(&line);
            if let Ok(mut loading) = loading.lock() {
                if text.contains(LOADS) {
                    *loading = Some(Instant::now());
                } else if text.starts_with(BEGINS) {
                    *loading = None;
                }
            }
            // Where nobody reads any more there is nobody to tell.
            let _ = to.write_all(&line).and_then(|()| to.write_all(b"\n")).and_then(|()| to.flush());
        }
    })
}

/// Ends the runner with its driver and its browser.
fn end(child: &mut Child) {
    // A shell has it built in, wherever there is one. What has ended by itself meanwhile needs no end.
    let _ = Command::new("sh").args(["-c", &format!("kill -s KILL -- -{}", child.id())]).status();
    let _ = child.kill();
    let _ = child.wait();
}

fn code(status: ExitStatus) -> u8 {
    status.code().and_then(|code| code.try_into().ok()).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs a shell's words in the place of the runner.
    fn check(script: &str, patience_ms: u64) -> Option<u8> {
        let arguments = ["-c".to_owned(), script.to_owned()];
        attempt("sh", &arguments, Duration::from_millis(patience_ms)).unwrap().map(code)
    }

    #[test]
    fn a_page_that_does_not_load_is_given_up_and_what_ends_is_not() {
        assert_eq!(check("echo 'Running headless tests in Chrome'; sleep 600", 300), None);
        assert_eq!(check("echo 'Running headless tests in Chrome' >&2; sleep 600 & wait", 300), None);
        assert_eq!(check("echo 'Running headless tests'; echo 'running 2 tests'; sleep 1; exit 3", 300), Some(3));
        assert_eq!(check("sleep 1; exit 0", 300), Some(0), "what is prepared before may take its time");
        assert_eq!(check("echo 'Running headless tests'; exit 1", 60_000), Some(1));
    }
}
