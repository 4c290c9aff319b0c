//! `cargo xtask mutants`: puts faults into a copy of the core, one at a time, and sees whether its tests notice. It shows
//! that the tests can fail; what they check is their own business.

use std::fs;
use std::path::Path;
use std::time::Instant;

use crate::error::Error;
use crate::process::Process;
use crate::project::Project;
use crate::report::{self, Seconds};

/// One fault: the text that stands once in a file of the core, and what is put in its place.
struct Mutant {
    what: &'static str,
    file: &'static str,
    from: &'static str,
    to: &'static str,
}

const MUTANTS: [Mutant; 14] = [
    Mutant {
        what: "frames that come twice count twice",
        file: "src/session/seen.rs",
        from: "else { return false };",
        to: "else { return true };",
    },
    Mutant {
        what: "chunks are put in the order they come",
        file: "src/session/runs.rs",
        from: "let offset = self.0[..after].iter()",
        to: "let offset = self.0.iter()",
    },
    Mutant {
        what: "frames of an older socket are taken",
        file: "src/session/connection.rs",
        from: "if attempt != self.link.attempt {\n            return false;",
        to: "if attempt > self.link.attempt {\n            return false;",
    },
    Mutant {
        what: "messages go out while another is under way",
        file: "src/session/outbox.rs",
        from: "if self.outbox.under_way.is_some() || self.outbox.held_until.is_some() {",
        to: "if self.outbox.held_until.is_some() {",
    },
    Mutant {
        what: "an ended session is renewed without end",
        file: "src/session/outbox.rs",
        from: "Queued { renewed: true, ..queued }",
        to: "Queued { renewed: false, ..queued }",
    },
    Mutant {
        what: "a message that may have arrived is sent again",
        file: "src/failure.rs",
        from: "RequestFault::NoAnswer | RequestFault::TimedOut | RequestFault::Unreadable => Self::Unknown,\n            RequestFault::Refused { status: 503",
        to: "RequestFault::NoAnswer | RequestFault::TimedOut | RequestFault::Unreadable => Self::Busy,\n            RequestFault::Refused { status: 503",
    },
    Mutant {
        what: "all widgets come back at the same moment",
        file: "src/retry.rs",
        from: "1 + self.draw() % u64::try_from(window.as_millis()).unwrap_or(u64::MAX)",
        to: "u64::try_from(window.as_millis()).unwrap_or(u64::MAX)",
    },
    Mutant {
        what: "a page that is looked at again goes on waiting",
        file: "src/session/connection.rs",
        from: "Step::Waiting { .. } | Step::Parked if visible => self.try_now(now),",
        to: "Step::Waiting { .. } if visible => self.try_now(now),",
    },
    Mutant {
        what: "the visitor's echo is taken for the owner",
        file: "src/session/speaker.rs",
        from: "(Some(true), None) => Speaker::Echo(None),",
        to: "(Some(true), None) => Speaker::Author(Author::Owner),",
    },
    Mutant {
        what: "a reply with a loss in its middle is passed off as whole",
        file: "src/session/reply.rs",
        from: "self.runs.whole() && !self.doubtful",
        to: "self.runs.whole()",
    },
    Mutant {
        what: "a clock that is set back stops the heartbeat",
        file: "src/moment.rs",
        from: "self.ahead += self.last.0 - steady.0;",
        to: "self.ahead += 0;",
    },
    Mutant {
        what: "the avatar goes on talking over its owner",
        file: "src/session/hearing.rs",
        from: "if author == Author::Owner && reply.is_running() {",
        to: "if author == Author::Owner && reply.is_running() && reply.told {",
    },
    Mutant {
        what: "a late answer to an older posting counts",
        file: "src/session/outbox.rs",
        from: "take_if(|posted| posted.turn == turn)",
        to: "take_if(|posted| posted.turn.0 >= turn.0)",
    },
    Mutant {
        what: "something of a forgotten visitor is left",
        file: "src/session.rs",
        from: "self.speakers = Speakers::default();",
        to: "",
    },
];

/// Tries every fault and fails if one goes unnoticed.
pub(crate) fn run(project: &Project) -> Result<(), Error> {
    let copy = project.path("target/mutants");
    let mut unnoticed = Vec::new();
    for mutant in &MUTANTS {
        lay_out(project, &copy)?;
        let file = copy.join("crates/chat-core").join(mutant.file);
        let text = fs::read_to_string(&file).map_err(Error::file("read", &file))?;
        fs::write(&file, mutant.applied(&text)).map_err(Error::file("write", &file))?;
        let start = Instant::now();
        let test = |arguments: &str| {
            Process::new(project, "cargo", "test --quiet --package chat-core --manifest-path")
                .argument(copy.join("Cargo.toml"))
                .arguments(arguments)
                .variable("CARGO_TARGET_DIR", project.path("target/mutants/target"))
        };
        // A fault that the compiler finds says nothing of the tests.
        test("--no-run").run_quietly(&project.path("target/mutants/log"))?;
        let caught = !test("").succeeds();
        report::line(&format!(
            "{}: {} ({})",
            if caught { "noticed" } else { "NOT NOTICED" },
            mutant.what,
            Seconds(start.elapsed())
        ));
        if !caught {
            unnoticed.push(mutant.what);
        }
    }
    if unnoticed.is_empty() {
        return Ok(());
    }
    Err(Error::content(&copy, format!("holds faults that no test notices: {}", unnoticed.join("; "))))
}

impl Mutant {
    fn applied(&self, text: &str) -> String {
        text.replacen(self.from, self.to, 1)
    }
}

/// A workspace that holds the core alone, so that the project's own files are never touched.
fn lay_out(project: &Project, copy: &Path) -> Result<(), Error> {
    let manifest = project.path("Cargo.toml");
    let text = fs::read_to_string(&manifest).map_err(Error::file("read", &manifest))?;
    let workspace = text.find("[workspace]").zip(text.find("[lints]")).map(|(from, to)| &text[from..to]);
    let workspace = workspace.ok_or_else(|| Error::content(&manifest, "has no [workspace] before its [lints]"))?;
    let target = copy.join("crates/chat-core");
    if target.exists() {
        fs::remove_dir_all(&target).map_err(Error::file("remove", &target))?;
    }
    let source = project.path("crates/chat-core");
    for part in ["src", "tests"] {
        copy_folder(&source.join(part), &target.join(part))?;
    }
    copy_file(&source.join("Cargo.toml"), &target.join("Cargo.toml"))?;
    copy_file(&project.path("Cargo.lock"), &copy.join("Cargo.lock"))?;
    fs::write(copy.join("Cargo.toml"), workspace).map_err(Error::file("write", copy))
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), Error> {
    fs::create_dir_all(to).map_err(Error::file("create", to))?;
    for entry in fs::read_dir(from).map_err(Error::file("read", from))? {
        let entry = entry.map_err(Error::file("read", from))?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() { copy_folder(&from, &to)? } else { copy_file(&from, &to)? }
    }
    Ok(())
}

fn copy_file(from: &Path, to: &Path) -> Result<(), Error> {
    fs::copy(from, to).map(drop).map_err(Error::file("copy", from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_can_still_be_put_in() {
        let core = Path::new(env!("CARGO_MANIFEST_DIR")).join("../chat-core");
        for mutant in &MUTANTS {
            let text = fs::read_to_string(core.join(mutant.file)).unwrap();
            assert_eq!(text.matches(mutant.from).count(), 1, "{}: {}", mutant.file, mutant.what);
            assert_ne!(mutant.applied(&text), text, "{}", mutant.what);
        }
    }
}
