//! The running proxy: its routes put together, its listener, its orderly stop. It decides nothing about a request.

use std::any::Any;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use axum::{Router, middleware};
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tower_http::catch_panic::CatchPanicLayer;

use crate::config::{Config, ConfigError};
use crate::conversation::{Conversations, session_keys};
use crate::failure::Failure;
use crate::identity::Identities;
use crate::logging::{self, LogError};
use crate::login::Login;
use crate::routes::{self, Chat};
use crate::seal::SealFailed;
use crate::upstream::{self, Unlimited};

/// How long requests under way have to end once the proxy is told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// What keeps the proxy from running.
#[derive(Debug, Error)]
pub enum StartError {
    /// A setting is missing or wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The log can't be set up.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The address is taken, or not this machine's.
    #[error("CHAT_PROXY_LISTEN names {address}, where the proxy can't listen: {source}.")]
    Listen {
        /// The address as configured.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The client for SecondMe can't be made.
    #[error("The HTTP client can't be set up: {0}.")]
    Client(#[from] reqwest::Error),
    /// No key can be made to seal sessions with.
    #[error(transparent)]
    Seal(#[from] SealFailed),
    /// The listener failed.
    #[error("The proxy can't go on: {0}.")]
    Serve(#[from] io::Error),
}

/// A proxy that listens and is ready to run.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
}

impl Server {
    /// Opens the listener. Connections wait until [`Server::run`].
    ///
    /// # Errors
    /// [`StartError`] where the address is taken or the client for SecondMe can't be made.
    pub async fn bind(config: Config) -> Result<Self, StartError> {
        Self::bind_with_pages(config, Router::new().fallback(routes::not_found)).await
    }

    /// Like [`Server::bind`], with a site's own pages at all addresses that are not the proxy's, so that page and chat
    /// share an origin. Under the base path `/` every address is the proxy's.
    ///
    /// # Errors
    /// As [`Server::bind`].
    pub async fn bind_with_pages(config: Config, pages: Router) -> Result<Self, StartError> {
        let address = config.listen;
        let router = build(&config, pages)?;
        let listen = |source| StartError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        Ok(Self { listener, address, router })
    }

    /// Where the proxy listens, with the port that the system chose where the configuration says 0.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers requests until `shutdown` is ready, then takes no new ones and gives those under way ten seconds.
    ///
    /// # Errors
    /// [`StartError::Serve`] where the listener fails.
    pub async fn run(self, shutdown: impl Future<Output = ()> + Send + 'static) -> Result<(), StartError> {
        let (stopping, stopped) = oneshot::channel();
        let serving = axum::serve(self.listener, self.router).with_graceful_shutdown(async move {
            shutdown.await;
            tracing::info!("stopping");
            // Nobody listens any more only if serving has ended by itself.
            let _ = stopping.send(());
        });
        tracing::info!(address = %self.address, "listening");
        tokio::select! {
            outcome = serving.into_future() => outcome?,
            () = grace_over(stopped) => tracing::warn!("requests still under way after ten seconds are cut off"),
        }
        Ok(())
    }
}

/// The proxy's routes, for a program that has a server of its own.
///
/// # Errors
/// [`StartError`] where the client for SecondMe or a key to seal with can't be made.
pub fn router(config: &Config) -> Result<Router, StartError> {
    build(config, Router::new().fallback(routes::not_found))
}

fn build(config: &Config, pages: Router) -> Result<Router, StartError> {
    match &config.widget_dir {
        None => {
            tracing::warn!("CHAT_PROXY_WIDGET_DIR is not set and there is no `dist`: the widget's files aren't served");
        }
        Some(folder) if !folder.join("widget.js").is_file() => {
            tracing::warn!(folder = %folder.display(), "the folder of CHAT_PROXY_WIDGET_DIR holds no widget.js");
        }
        Some(_) => {}
    }
    let keys = session_keys(config)?;
    let login = Login::new(config, &keys, upstream::client(config.upstream.timeout)?).map(Arc::new);
    let conversations = Conversations::new(config, upstream::connect(&config.upstream, Arc::new(Unlimited))?, keys);
    let identities = Identities::new(&config.identity, login.clone(), conversations.takes_users());
    let chat = routes::under_base(config, Chat { conversations, identities, login });
    let router = match config.base_path.as_str() {
        "" => chat,
        path => Router::new().nest(path, chat).fallback_service(pages),
    };
    Ok(router
        .merge(routes::health())
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(logging::log_request)))
}

async fn grace_over(stopped: oneshot::Receiver<()>) {
    match stopped.await {
        Ok(()) => tokio::time::sleep(GRACE).await,
        Err(_) => std::future::pending().await,
    }
}

/// What the panic says may quote a visitor, so it goes nowhere; the panic hook has named the place.
fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    Failure::Internal.into_response()
}
