//! `chat-proxy demo`: the proxy as it is, a simulated SecondMe behind it, and the demo page beside it. It needs no
//! credentials and reads no environment, so that a real key can't get into it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::middleware::map_response;
use axum::response::{Redirect, Response};
use axum::routing::get;
use clap::{Args, ValueEnum};
use secondme_sim::Simulator;
use thiserror::Error;
use tower_http::services::ServeDir;

use crate::config::ConfigError;
use crate::logging;
use crate::seal::SessionKeys;
use crate::server::{Server, StartError};
use crate::settings::Settings;

/// How many ports after the wanted one are tried.
const FURTHER_PORTS: u16 = 20;

/// What can be said about the demo.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// Port to listen on; the next free one where it is taken
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// Folder with the demo page and the widget's built files
    #[arg(long, value_name = "FOLDER", default_value = "dist")]
    pub widget_dir: PathBuf,
    /// Which of SecondMe's APIs the proxy speaks
    #[arg(long, value_name = "NAME", default_value = "visitor-chat")]
    pub api: DemoApi,
}

/// An API of SecondMe, by the name that the settings have for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DemoApi {
    /// Visitor Chat.
    VisitorChat,
    /// The Avatar Hub API.
    AvatarHub,
}

/// What keeps the demo from running.
#[derive(Debug, Error)]
pub enum DemoError {
    /// The folder was not built.
    #[error("--widget-dir names `{}`, which holds no index.html.", .0.display())]
    NoPage(PathBuf),
    /// The simulated SecondMe does not start.
    #[error(transparent)]
    Simulator(#[from] secondme_sim::StartError),
    /// The proxy does not start.
    #[error(transparent)]
    Start(#[from] StartError),
}

impl From<ConfigError> for DemoError {
    fn from(error: ConfigError) -> Self {
        Self::Start(error.into())
    }
}

/// Runs the demo until `shutdown` is ready, and calls `ready` once with the address at which it can be opened.
///
/// # Errors
/// [`DemoError`] where the folder holds no page, or nothing can be listened on.
pub async fn run(
    arguments: &Arguments,
    ready: impl FnOnce(SocketAddr),
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), DemoError> {
    let folder = &arguments.widget_dir;
    if !folder.join("index.html").is_file() {
        return Err(DemoError::NoPage(folder.clone()));
    }
    let simulator = Simulator::start(secondme_sim::Settings::default()).await?;
    let settings = settings_for(&simulator, arguments.api, folder);
    logging::install(&settings.clone().into_config()?.log).map_err(StartError::from)?;
    let pages = || pages(folder, &simulator.console_url());
    let server = bind_near(arguments.port, &settings, pages).await?;
    ready(server.address());
    server.run(shutdown).await?;
    simulator.stop().await;
    Ok(())
}

fn settings_for(simulator: &Simulator, api: DemoApi, folder: &Path) -> Settings {
    let accepted = simulator.settings();
    let (api, base_url) = match api {
        DemoApi::VisitorChat => ("visitor-chat", simulator.base_url()),
        DemoApi::AvatarHub => ("avatar-hub", simulator.hub_base_url()),
    };
    Settings {
        secondme_api: Some(api.to_owned()),
        secondme_base_url: Some(base_url),
        secondme_client_id: Some(accepted.client_id.clone()),
        secondme_client_secret: Some(accepted.client_secret.clone().into()),
        secondme_api_key: Some(accepted.api_key.clone().into()),
        widget_dir: Some(folder.to_owned()),
        log: Some("warn".to_owned()),
        ..Settings::default()
    }
}

async fn bind_near(port: u16, settings: &Settings, pages: impl Fn() -> Router) -> Result<Server, DemoError> {
    let mut last = port.saturating_add(FURTHER_PORTS);
    let mut port = port;
    loop {
        let mut config = settings.clone().into_config()?;
        config.listen = (Ipv4Addr::LOCALHOST, port).into();
        // The simulator forgets all conversations when the demo ends: a key that lives as long is right, and no warning.
        config.session_keys = Some(SessionKeys::random().map_err(StartError::from)?);
        match Server::bind_with_pages(config, pages()).await {
            Err(StartError::Listen { source, .. }) if source.kind() == io::ErrorKind::AddrInUse && port < last => {
                port += 1;
            }
            // All are taken: then any that the system has.
            Err(StartError::Listen { source, .. }) if source.kind() == io::ErrorKind::AddrInUse && port != 0 => {
                (port, last) = (0, 0);
            }
            outcome => return Ok(outcome?),
        }
    }
}

/// The demo page and what belongs to it, always fresh: the next build keeps the names. The avatar's owner has a console
/// elsewhere, which the page knows as `/console`.
fn pages(folder: &Path, console: &str) -> Router {
    let console = Redirect::temporary(console);
    Router::new().route("/console", get(async || console)).fallback_service(ServeDir::new(folder)).layer(map_response(
        async |mut response: Response| {
            response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
            response
        },
    ))
}
