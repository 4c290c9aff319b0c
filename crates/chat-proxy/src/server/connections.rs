//! Connections of one listener, from the first byte to the orderly end. It knows nothing of what is asked on them.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How long requests under way have to end once the proxy is told to stop.
const GRACE: Duration = Duration::from_secs(10);
/// How long to wait where the system has no room for another connection.
const NO_ROOM: Duration = Duration::from_millis(500);

/// A listener and what answers there.
pub(super) struct Connections {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
    protocol: http1::Builder,
}

impl Connections {
    /// `header_timeout` is for the headers of each request, and for a connection that rests before it.
    pub(super) fn new(listener: TcpListener, router: Router, header_timeout: Duration) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let mut protocol = http1::Builder::new();
        protocol.timer(TokioTimer::new()).header_read_timeout(header_timeout);
        Ok(Self { listener, address, router, protocol })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stopped` is true, then lets the requests under way end for ten seconds.
    pub(super) async fn serve(self, mut stopped: watch::Receiver<bool>) -> io::Result<()> {
        let (graceful, mut tasks) = (GracefulShutdown::new(), JoinSet::new());
        loop {
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                // Whoever could stop it being gone is a stop too.
                _ = stopped.wait_for(|stopped| *stopped) => break,
            };
            while tasks.try_join_next().is_some() {}
            match accepted {
                Ok((stream, peer)) => {
                    tasks.spawn(self.answer(stream, peer, &graceful));
                }
                Err(error) if is_over(&error) => return Err(error),
                Err(error) if is_of_connection(&error) => {}
                Err(error) => {
                    tracing::error!(%error, "no connection can be taken for the moment");
                    tokio::time::sleep(NO_ROOM).await;
                }
            }
        }
        drop(self.listener);
        if tokio::time::timeout(GRACE, graceful.shutdown()).await.is_err() {
            tracing::warn!("requests still under way after ten seconds are cut off");
        }
        Ok(())
    }

    fn answer(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        graceful: &GracefulShutdown,
    ) -> impl Future<Output = ()> + Send + use<> {
        // An answer is written at once and whole, so there is nothing to gather; a failure only costs time.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection can't be told to send at once");
        }
        let router = self.router.clone().layer(Extension(ConnectInfo(peer)));
        let connection = self.protocol.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
        let connection = graceful.watch(connection);
        async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
        }
    }
}

/// The listener itself can't be used any more.
fn is_over(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::InvalidInput
}

/// The client was gone before its connection was taken.
fn is_of_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
