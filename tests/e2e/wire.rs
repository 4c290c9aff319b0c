//! The network between the browser and everything else: a SOCKS proxy that keeps every byte, gives names to this
//! machine's servers, and leads nowhere else. It knows no HTTP beyond where a request begins.

use std::collections::{HashMap, HashSet};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use url::Url;

/// The names of SOCKS version 5 (RFC 1928) that are needed here.
const VERSION: u8 = 5;
const NO_AUTHENTICATION: [u8; 2] = [VERSION, 0];
const CONNECT: u8 = 1;
const ADDRESS: u8 = 1;
const NAME: u8 = 3;
const GRANTED: u8 = 0;
const REFUSED: u8 = 2;

/// A running proxy. Clones are the same one.
#[derive(Clone)]
pub(crate) struct Wire {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    released: Arc<Notify>,
}

#[derive(Default)]
struct State {
    names: HashMap<String, SocketAddr>,
    held: HashSet<SocketAddr>,
    connections: Vec<Connection>,
}

/// One connection of the browser, as it was asked for, and all that went over it.
#[derive(Default)]
struct Connection {
    target: String,
    sent: Vec<u8>,
    received: Vec<u8>,
    /// What is said from now on is lost on the way, and neither side is told.
    muted: bool,
}

impl Wire {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let wire = Self { address: listener.local_addr().unwrap(), state: Arc::default(), released: Arc::default() };
        let accepting = wire.clone();
        tokio::spawn(async move {
            while let Ok((browser, _)) = listener.accept().await {
                let wire = accepting.clone();
                // A connection that breaks is the browser's to notice; what went over it is kept.
                tokio::spawn(async move { wire.carry(browser).await });
            }
        });
        wire
    }

    /// What the browser takes as its proxy.
    pub(crate) fn proxy(&self) -> String {
        format!("socks5://{}", self.address)
    }

    /// From now on `http://{name}/` is the server at this address.
    pub(crate) fn name(&self, name: &str, server: SocketAddr) {
        for port in [80, 443] {
            self.state().names.insert(format!("{name}:{port}"), server);
        }
    }

    /// Lets no new connection to this server come about until it is released.
    pub(crate) fn hold(&self, server: SocketAddr) {
        self.state().held.insert(server);
    }

    /// Lets the connections that were held back come about.
    pub(crate) fn release(&self, server: SocketAddr) {
        self.state().held.remove(&server);
        self.released.notify_waiters();
    }

    /// Loses whatever is said from now on over the connections that this server has, as a network does that is gone.
    pub(crate) fn mute(&self, server: SocketAddr) {
        let server = server.to_string();
        self.state().connections.iter_mut().filter(|it| it.target == server).for_each(|it| it.muted = true);
    }

    /// The first lines of all requests that the browser made, as `GET 127.0.0.1:8080/path`, by connection.
    pub(crate) fn requests(&self) -> Vec<String> {
        let state = self.state();
        let all = state.connections.iter().flat_map(|connection| {
            let text = String::from_utf8_lossy(&connection.sent).into_owned();
            let heads: Vec<_> = text.match_indices(" HTTP/1.1\r\n").map(|(end, _)| end).collect();
            heads.into_iter().filter_map(move |end| request_line(&text[..end], &connection.target))
        });
        all.collect()
    }

    /// Whether the address is that of a server that can be reached here. The browser itself, for its maker's purposes,
    /// wishes for others.
    pub(crate) fn leads_to(&self, url: &str) -> bool {
        let url = Url::parse(url).unwrap();
        let target =
            format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default());
        url.scheme() == "data" || self.state().resolve(&target).is_some()
    }

    /// Whether these bytes came to the browser on any connection.
    pub(crate) fn received(&self, bytes: &[u8]) -> bool {
        self.state().connections.iter().any(|connection| holds(&connection.received, bytes))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn until_released(&self, server: SocketAddr) {
        loop {
            // Whoever waits must be known before the look, or a release in between would be missed.
            let released = self.released.notified();
            if !self.state().held.contains(&server) {
                return;
            }
            released.await;
        }
    }

    async fn carry(&self, mut browser: TcpStream) -> io::Result<()> {
        let target = target(&mut browser).await?;
        let (place, server) = {
            let mut state = self.state();
            state.connections.push(Connection { target: target.clone(), ..Connection::default() });
            (state.connections.len() - 1, state.resolve(&target))
        };
        let server = match server {
            Some(server) => {
                self.until_released(server).await;
                TcpStream::connect(server).await.ok()
            }
            None => None,
        };
        let code = if server.is_some() { GRANTED } else { REFUSED };
        browser.write_all(&[VERSION, code, 0, ADDRESS, 0, 0, 0, 0, 0, 0]).await?;
        let Some(server) = server else { return Ok(()) };
        let (from_browser, to_browser) = browser.into_split();
        let (from_server, to_server) = server.into_split();
        let keep = |pick: fn(&mut Connection) -> &mut Vec<u8>| {
            move |bytes: &[u8]| {
                let connection = &mut self.state().connections[place];
                if !connection.muted {
                    pick(connection).extend_from_slice(bytes);
                }
                !connection.muted
            }
        };
        // A side that breaks off takes the other with it, as it would without this proxy between them.
        tokio::try_join!(
            pass_on(from_browser, to_server, keep(|connection| &mut connection.sent)),
            pass_on(from_server, to_browser, keep(|connection| &mut connection.received)),
        )?;
        Ok(())
    }
}

impl State {
    fn resolve(&self, target: &str) -> Option<SocketAddr> {
        let loopback = || target.parse().ok().filter(|address: &SocketAddr| address.ip().is_loopback());
        self.names.get(target).copied().or_else(loopback)
    }
}

/// Takes the browser's greeting and gives the `host:port` that it wants to reach.
async fn target(browser: &mut TcpStream) -> io::Result<String> {
    let [_, methods] = read(browser).await?;
    browser.read_exact(&mut vec![0; methods.into()]).await?;
    browser.write_all(&NO_AUTHENTICATION).await?;
    let [version, command, _, kind] = read(browser).await?;
    assert_eq!((version, command), (VERSION, CONNECT), "the browser wants something other than a connection");
    let host = match kind {
        ADDRESS => Ipv4Addr::from(read::<4>(browser).await?).to_string(),
        NAME => {
            let [length] = read(browser).await?;
            let mut name = vec![0; length.into()];
            browser.read_exact(&mut name).await?;
            String::from_utf8_lossy(&name).into_owned()
        }
        other => panic!("the browser names a host in the unexpected form {other}"),
    };
    let port = u16::from_be_bytes(read(browser).await?);
    Ok(format!("{host}:{port}"))
}

async fn read<const LENGTH: usize>(browser: &mut TcpStream) -> io::Result<[u8; LENGTH]> {
    let mut bytes = [0; LENGTH];
    browser.read_exact(&mut bytes).await?;
    Ok(bytes)
}

async fn pass_on(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, keep: impl Fn(&[u8]) -> bool) -> io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let length = from.read(&mut buffer).await?;
        if length == 0 {
            return to.shutdown().await;
        }
        if keep(&buffer[..length]) {
            to.write_all(&buffer[..length]).await?;
        }
    }
}

/// `text` ends where a request's first line does, but for the version; before it may stand the body of another.
fn request_line(text: &str, target: &str) -> Option<String> {
    let (before, path) = text.rsplit_once(' ')?;
    let method = before.rsplit(|character: char| !character.is_ascii_uppercase()).next()?;
    Some(format!("{method} {target}{path}"))
}

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}
