//! The running proxy: its routes put together, its listeners, its orderly stop. It decides nothing about a request.

mod connections;

use std::any::Any;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use axum::{Router, middleware};
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower_http::catch_panic::CatchPanicLayer;

use crate::budget::{BadStore, Budget};
use crate::config::{Config, ConfigError};
use crate::conversation::{Conversations, session_keys};
use crate::embedded::WIDGET;
use crate::failure::Failure;
use crate::identity::Identities;
use crate::limits::CallLimits;
use crate::logging::{self, LogError};
use crate::login::Login;
use crate::metrics::{self, Metrics};
use crate::operator::Operator;
use crate::routes::{self, Chat};
use crate::seal::SealFailed;
use crate::upstream;
use connections::Connections;

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
    #[error("{variable} names {address}, where the proxy can't listen: {source}.")]
    Listen {
        /// The environment variable that says where to listen.
        variable: &'static str,
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
    /// The address of Redis makes no sense.
    #[error(transparent)]
    Redis(#[from] BadStore),
    /// The listener failed.
    #[error("The proxy can't go on: {0}.")]
    Serve(#[from] io::Error),
}

/// A proxy that listens and is ready to run.
pub struct Server {
    chat: Connections,
    budget: Budget,
    metrics: Option<Connections>,
}

impl Server {
    /// Opens the listeners. Connections wait until [`Server::run`].
    ///
    /// # Errors
    /// [`StartError`] where an address is taken or the client for SecondMe can't be made.
    pub async fn bind(config: Config) -> Result<Self, StartError> {
        Self::bind_with_pages(config, Router::new().fallback(routes::not_found)).await
    }

    /// Like [`Server::bind`], with a site's own pages at all addresses that are not the proxy's, so that page and chat
    /// share an origin. Under the base path `/` every address is the proxy's.
    ///
    /// # Errors
    /// As [`Server::bind`].
    pub async fn bind_with_pages(config: Config, pages: Router) -> Result<Self, StartError> {
        let budget = budget(&config)?;
        let operator = Operator::new(&config, budget.clone(), Metrics::new());
        let timeout = config.limits.header_timeout;
        let chat = bind("CHAT_PROXY_LISTEN", config.listen).await?;
        let chat = Connections::new(chat, build(&config, pages, &operator)?, timeout)?;
        let metrics = match config.limits.metrics_listen {
            None => None,
            Some(address) => {
                let listener = bind("CHAT_PROXY_METRICS_LISTEN", address).await?;
                Some(Connections::new(listener, operator.metrics_alone(), timeout)?)
            }
        };
        Ok(Self { chat, budget, metrics })
    }

    /// Where the proxy listens, with the port that the system chose where the configuration says 0.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.chat.address()
    }

    /// Where metrics alone are served, if the configuration names an address for them.
    #[must_use]
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics.as_ref().map(Connections::address)
    }

    /// Answers requests until `shutdown` is ready, then takes no new ones and gives those under way ten seconds.
    ///
    /// # Errors
    /// [`StartError::Serve`] where a listener fails.
    pub async fn run(self, shutdown: impl Future<Output = ()> + Send + 'static) -> Result<(), StartError> {
        tracing::info!(address = %self.address(), "listening");
        let (stop, stopped) = watch::channel(false);
        let stopping = async {
            shutdown.await;
            tracing::info!("stopping");
            stop.send_replace(true);
            Ok(())
        };
        let metrics = async {
            match self.metrics {
                Some(metrics) => metrics.serve(stopped.clone()).await,
                None => Ok(()),
            }
        };
        let served = tokio::try_join!(stopping, self.chat.serve(stopped.clone()), metrics);
        self.budget.leave().await;
        served?;
        Ok(())
    }
}

/// The proxy's routes, for a program that has a server of its own. Limits by client address need that server to hand over
/// the peer as axum's [`ConnectInfo`](axum::extract::ConnectInfo).
///
/// # Errors
/// [`StartError`] where the client for SecondMe or a key to seal with can't be made.
///
/// # Panics
/// Outside of a tokio runtime, where the budget is shared in Redis.
pub fn router(config: &Config) -> Result<Router, StartError> {
    let operator = Operator::new(config, budget(config)?, Metrics::new());
    build(config, Router::new().fallback(routes::not_found), &operator)
}

fn build(config: &Config, pages: Router, operator: &Operator) -> Result<Router, StartError> {
    match &config.widget_dir {
        None if !WIDGET.is_empty() => {}
        None => {
            let built =
                if cfg!(feature = "embed-widget") { "the program was built without the widget's files, " } else { "" };
            tracing::warn!(
                "{built}CHAT_PROXY_WIDGET_DIR is not set and there is no `dist`: the widget's files aren't served"
            );
        }
        Some(folder) if !folder.join("widget.js").is_file() => {
            tracing::warn!(folder = %folder.display(), "the folder of CHAT_PROXY_WIDGET_DIR holds no widget.js");
        }
        Some(_) => {}
    }
    let keys = session_keys(config)?;
    let login =
        Login::new(config, &keys, upstream::client(config.upstream.timeout)?, &operator.metrics()).map(Arc::new);
    let upstream = upstream::connect(&config.upstream, Arc::new(operator.budget()), &operator.metrics())?;
    let conversations = Conversations::new(config, upstream, keys);
    let identities = Identities::new(&config.identity, login.clone(), conversations.takes_users());
    let chat = routes::under_base(
        config,
        Chat { conversations, identities, login, limits: Arc::new(CallLimits::new(&config.limits)) },
    );
    let router = match config.base_path.as_str() {
        "" => chat,
        path => Router::new().nest(path, chat).fallback_service(pages),
    };
    Ok(router
        .merge(operator.routes())
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(operator.metrics(), metrics::count_request))
        .layer(middleware::from_fn(logging::log_request)))
}

fn budget(config: &Config) -> Result<Budget, BadStore> {
    let limits = &config.limits;
    match &limits.redis_url {
        Some(url) => Budget::shared(limits.budget, limits.patience, url),
        None => Ok(Budget::new(limits.budget, limits.patience)),
    }
}

async fn bind(variable: &'static str, address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).await.map_err(|source| StartError::Listen { variable, address, source })
}

/// What the panic says may quote a visitor, so it goes nowhere; the panic hook has named the place.
fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    Failure::Internal.into_response()
}
