//! Starting and stopping the server. What it answers is decided elsewhere.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::{Router, routing};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle, time};

use crate::{Control, Settings, answer, avatar_hub, control, media, socket, visitor_chat, world::World};

/// Where the Visitor Chat API lives on the server, as in its document's base URL.
const BASE_PATH: &str = "/gate/lab";

/// Where the Avatar Hub API lives, as in its document's.
const HUB_BASE_PATH: &str = "/gate/in";

/// How long [`Simulator::stop`] waits for requests that are being answered.
const FAREWELL: Duration = Duration::from_secs(1);

/// A simulated SecondMe that is up and accepts connections. Dropping it ends it, too.
pub struct Simulator {
    world: Arc<World>,
    control: Control,
    shutdown: Option<oneshot::Sender<()>>,
    server: Option<JoinHandle<io::Result<()>>>,
}

/// Why a simulator could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A setting cannot work; the text says which and why.
    #[error("The simulator cannot start: {0}.")]
    Setting(&'static str),
    /// The address cannot be listened on, most often because another program has it.
    #[error("The simulator cannot listen on {address}: {source}.")]
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the operating system said.
        source: io::Error,
    },
}

impl Simulator {
    /// Binds the address and serves in the background of the current tokio runtime. When this returns, connections are
    /// accepted.
    ///
    /// # Errors
    /// [`StartError::Setting`] for a setting that cannot work, [`StartError::Listen`] for an address that is not free.
    pub async fn start(settings: Settings) -> Result<Simulator, StartError> {
        if let Some(complaint) = settings.unusable() {
            return Err(StartError::Setting(complaint));
        }
        let refused = |source| StartError::Listen { address: settings.listen, source };
        let listener = TcpListener::bind(settings.listen).await.map_err(refused)?;
        let address = reachable(listener.local_addr().map_err(refused)?);

        let world = Arc::new(World::new(settings, address));
        let (shutdown, ended) = oneshot::channel::<()>();
        let service = axum::serve(listener, router(Arc::clone(&world))).with_graceful_shutdown(async {
            // A dropped sender means the same as a word through it: the simulator is no longer wanted.
            let _ = ended.await;
        });
        let server = tokio::spawn(async { service.await });
        Ok(Simulator {
            control: Control::new(Arc::clone(&world)),
            world,
            shutdown: Some(shutdown),
            server: Some(server),
        })
    }

    /// Where clients of this machine reach the server, with the real port.
    pub fn address(&self) -> SocketAddr {
        self.world.address
    }

    /// The Visitor Chat API's base URL, such as `http://127.0.0.1:40123/gate/lab`, without a slash at the end.
    pub fn base_url(&self) -> String {
        format!("http://{}{BASE_PATH}", self.world.address)
    }

    /// The Avatar Hub API's base URL, such as `http://127.0.0.1:40123/gate/in`, without a slash at the end.
    pub fn hub_base_url(&self) -> String {
        format!("http://{}{HUB_BASE_PATH}", self.world.address)
    }

    /// Where the test instrument answers over HTTP, such as `http://127.0.0.1:40123/control`.
    pub fn control_url(&self) -> String {
        format!("http://{}{}", self.world.address, control::PATH)
    }

    /// What the simulator was started with.
    pub fn settings(&self) -> &Settings {
        &self.world.settings
    }

    /// The test instrument: faults on command, and what the simulator has seen.
    pub fn control(&self) -> &Control {
        &self.control
    }

    /// Closes the listener and every socket. Requests under way get up to a second to be answered.
    pub async fn stop(mut self) {
        let server = self.server.take();
        drop(self);
        if let Some(server) = server {
            let abort = server.abort_handle();
            if time::timeout(FAREWELL, server).await.is_err() {
                abort.abort();
            }
        }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.shutdown.take();
        self.world.lock().sockets.close_all();
    }
}

fn router(world: Arc<World>) -> Router {
    Router::new()
        .nest(BASE_PATH, visitor_chat::router())
        .nest(HUB_BASE_PATH, avatar_hub::router())
        .route(socket::PATH, routing::get(socket::open))
        .merge(media::router())
        .merge(control::router())
        .fallback(answer::not_found)
        .method_not_allowed_fallback(answer::method_not_allowed)
        .with_state(world)
}

/// An unspecified address can be listened on, but a URL needs one that can be connected to.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address.ip() {
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    address
}
