//! Running other programs in the project's folder with the project's tools first on PATH. It does not know what they do.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use crate::error::Error;
use crate::project::Project;
use crate::report;

/// How many lines of a quiet program's output are shown when it fails.
const TAIL: usize = 40;

/// A program about to be run.
#[derive(Debug)]
pub(crate) struct Process {
    command: Command,
    line: String,
}

impl Process {
    /// A program and its arguments; `arguments` is split at spaces, so that calls read like a shell's.
    pub(crate) fn new(project: &Project, program: impl AsRef<OsStr>, arguments: &str) -> Self {
        let mut command = Command::new(program.as_ref());
        command.current_dir(project.root()).env("PATH", project.search_path());
        let line = Path::new(program.as_ref()).file_name().unwrap_or(program.as_ref()).to_string_lossy().into_owned();
        Self { command, line }.arguments(arguments)
    }

    /// More arguments, split at spaces.
    pub(crate) fn arguments(self, arguments: &str) -> Self {
        arguments.split_whitespace().fold(self, Self::argument)
    }

    /// One more argument, whatever characters it holds.
    pub(crate) fn argument(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.line.push(' ');
        self.line.push_str(&argument.as_ref().to_string_lossy());
        self.command.arg(argument);
        self
    }

    /// One more variable in the program's environment.
    pub(crate) fn variable(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// The command line, for people.
    pub(crate) fn line(&self) -> &str {
        &self.line
    }

    /// Runs it, showing all it says on stderr.
    pub(crate) fn run(mut self) -> Result<(), Error> {
        self.command.stdout(io::stderr());
        let status = self.command.status();
        self.judge(status)
    }

    /// Runs it quietly; what it says goes to `log`, whose end is shown if it fails.
    pub(crate) fn run_quietly(mut self, log: &Path) -> Result<(), Error> {
        if let Some(folder) = log.parent() {
            fs::create_dir_all(folder).map_err(Error::file("create", folder))?;
        }
        let file = File::create(log).map_err(Error::file("write", log))?;
        let second = file.try_clone().map_err(Error::file("write", log))?;
        let status = self.command.stdin(Stdio::null()).stdout(file).stderr(second).status();
        let result = self.judge(status);
        if result.is_err() {
            let text = fs::read_to_string(log).map_err(Error::file("read", log))?;
            let lines: Vec<_> = text.lines().collect();
            report::line(&format!("\n{}", lines[lines.len().saturating_sub(TAIL)..].join("\n")));
        }
        result
    }

    /// Runs it and gives every line of its stdout to `each` as well as to stderr.
    pub(crate) fn run_watched(mut self, mut each: impl FnMut(&str)) -> Result<(), Error> {
        let mut child = self.command.stdout(Stdio::piped()).spawn().map_err(|source| self.not_started(source))?;
        if let Some(stdout) = child.stdout.take() {
            for bytes in BufReader::new(stdout).split(b'\n') {
                let bytes = bytes.map_err(|source| self.not_started(source))?;
                let line = String::from_utf8_lossy(&bytes);
                report::line(&line);
                each(&line);
            }
        }
        let status = child.wait();
        self.judge(status)
    }

    /// Runs it and returns what it wrote to stdout; `input` is what it reads from stdin.
    pub(crate) fn output(mut self, input: &[u8]) -> Result<Vec<u8>, Error> {
        let mut child = self
            .command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|source| self.not_started(source))?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input).map_err(|source| self.not_started(source))?;
        }
        let output = child.wait_with_output().map_err(|source| self.not_started(source))?;
        self.judge(Ok(output.status))?;
        Ok(output.stdout)
    }

    /// Whether it starts and ends well; what it says is thrown away.
    pub(crate) fn succeeds(mut self) -> bool {
        let quiet = self.command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        quiet.status().is_ok_and(|status| status.success())
    }

    /// Becomes that program, so that it owns the terminal, the process id and every signal. Returns only on failure.
    #[cfg(unix)]
    pub(crate) fn become_it(mut self) -> Result<(), Error> {
        use std::os::unix::process::CommandExt;
        let source = self.command.exec();
        Err(self.not_started(source))
    }

    /// Runs that program in the terminal until it ends, where a process cannot be replaced.
    #[cfg(not(unix))]
    pub(crate) fn become_it(mut self) -> Result<(), Error> {
        let status = self.command.status();
        self.judge(status)
    }

    fn judge(&self, status: io::Result<ExitStatus>) -> Result<(), Error> {
        match status {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(Error::Failed { line: self.line.clone(), status: status.to_string() }),
            Err(source) => Err(self.not_started(source)),
        }
    }

    fn not_started(&self, source: io::Error) -> Error {
        Error::Start { line: self.line.clone(), source }
    }
}
