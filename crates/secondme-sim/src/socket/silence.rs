//! How long a socket has been without a heartbeat. It knows time, but neither frames nor connections.

use std::time::Duration;

use tokio::time::Instant;

/// The silence of a socket that may not be silent for ever.
pub(super) struct Silence {
    limit: Option<Duration>,
    since: Instant,
}

impl Silence {
    /// A silence that begins now. Without a limit it may last.
    pub(super) fn new(limit: Option<Duration>) -> Silence {
        Silence { limit, since: Instant::now() }
    }

    /// There was a heartbeat: the silence begins anew.
    pub(super) fn broken(&mut self) {
        self.since = Instant::now();
    }

    /// When it has lasted too long.
    pub(super) fn end(&self) -> Option<Instant> {
        self.limit.map(|limit| self.since + limit)
    }
}

#[cfg(test)]
mod tests {
    use tokio::time;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// The clock of this test is tokio's paused one.
    #[tokio::test(start_paused = true)]
    async fn each_heartbeat_puts_the_end_off() {
        let start = Instant::now();
        let mut silence = Silence::new(Some(30 * SECOND));
        for beat in 0..4 {
            assert_eq!(silence.end(), Some(start + (30 + 15 * beat) * SECOND));
            time::sleep(15 * SECOND).await;
            silence.broken();
        }
        assert_eq!(Silence::new(None).end(), None);
    }
}
