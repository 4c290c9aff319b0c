//! A real Redis or Valkey, which a test starts, kills and starts again. `cargo xtask setup --tests` installs it.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

/// A server on a port of its own that forgets everything when it ends.
pub(crate) struct RedisServer {
    port: u16,
    folder: TempDir,
    child: Option<Child>,
}

impl RedisServer {
    pub(crate) async fn start() -> Self {
        let mut server = Self { port: 0, folder: tempfile::tempdir().unwrap(), child: None };
        loop {
            server.port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            // Somebody else may have been quicker to take the port.
            if server.try_to_start().await {
                return server;
            }
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/0", self.port)
    }

    /// At the same address and empty; ready when this returns.
    pub(crate) async fn start_again(&mut self) {
        assert!(self.try_to_start().await, "port {} was taken meanwhile", self.port);
    }

    async fn try_to_start(&mut self) -> bool {
        let mut command = Command::new(program());
        command.args(["--port", &self.port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]);
        command.arg("--dir").arg(self.folder.path()).stdin(Stdio::null()).stdout(Stdio::null());
        let mut child = command.spawn().unwrap();
        let id = child.id().to_string();
        // Whoever answers must be the one that was started.
        while self.process_id().await.is_none_or(|answering| answering != id) {
            if child.try_wait().unwrap().is_some() {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        self.child = Some(child);
        true
    }

    /// As if the machine lost power.
    pub(crate) fn kill(&mut self) {
        let mut child = self.child.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Runs a command and gives what it answers.
    pub(crate) async fn ask<T: redis::FromRedisValue>(&self, command: &[&str]) -> T {
        self.try_to_ask(command).await.unwrap()
    }

    async fn process_id(&self) -> Option<String> {
        let about: String = self.try_to_ask(&["INFO", "server"]).await.ok()?;
        about.lines().find_map(|line| line.strip_prefix("process_id:")).map(|id| id.trim().to_owned())
    }

    async fn try_to_ask<T: redis::FromRedisValue>(&self, command: &[&str]) -> redis::RedisResult<T> {
        let mut connection = redis::Client::open(self.url())?.get_multiplexed_async_connection().await?;
        redis::cmd(command[0]).arg(&command[1..]).query_async(&mut connection).await
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        if self.child.is_some() {
            self.kill();
        }
    }
}

fn program() -> PathBuf {
    if let Some(named) = std::env::var_os("REDIS_SERVER") {
        return named.into();
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let programs =
        std::env::split_paths(&path).flat_map(|folder| ["redis-server", "valkey-server"].map(|name| folder.join(name)));
    programs.into_iter().find(|program| program.is_file()).unwrap_or_else(|| {
        panic!(
            "neither redis-server nor valkey-server is on PATH, nor named by REDIS_SERVER: run `cargo xtask setup --tests`"
        )
    })
}
