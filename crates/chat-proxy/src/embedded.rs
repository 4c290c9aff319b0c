//! The widget's files inside the program, as a file system that can be served. It does not know who asks.

use std::future::{Ready, ready};
use std::io::{Cursor, Error, ErrorKind, Result, SeekFrom};
use std::path::{Component, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::io::{AsyncRead, AsyncSeek, ReadBuf};
use tower_http::services::fs::{Backend, File, Metadata};

/// The files that the program was built with; none without the feature `embed-widget`, or where they had not been built.
#[cfg(feature = "embed-widget")]
pub(crate) static WIDGET: Embedded = Embedded(include!(concat!(env!("OUT_DIR"), "/widget.rs")));
#[cfg(not(feature = "embed-widget"))]
pub(crate) static WIDGET: Embedded = Embedded(&[]);

/// Files that need no disk.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Embedded(&'static [EmbeddedFile]);

/// One of them, as it was when the program was built.
#[derive(Debug)]
pub(crate) struct EmbeddedFile {
    /// Its path below the folder, with `/`.
    pub name: &'static str,
    /// In seconds since 1970.
    pub modified: u64,
    pub content: &'static [u8],
}

impl Embedded {
    pub(crate) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    fn find(self, path: &std::path::Path) -> Result<&'static EmbeddedFile> {
        let parts = path.components().filter(|part| *part != Component::CurDir);
        let parts: Vec<_> = parts.map(|part| part.as_os_str().to_string_lossy()).collect();
        let name = parts.join("/");
        self.0.iter().find(|file| file.name == name).ok_or_else(|| Error::from(ErrorKind::NotFound))
    }
}

impl Backend for Embedded {
    type File = Opened;
    type Metadata = &'static EmbeddedFile;
    type OpenFuture = Ready<Result<Opened>>;
    type MetadataFuture = Ready<Result<&'static EmbeddedFile>>;

    fn open(&self, path: PathBuf) -> Self::OpenFuture {
        ready(self.find(&path).map(|file| Opened { file, content: Cursor::new(file.content) }))
    }

    fn metadata(&self, path: PathBuf) -> Self::MetadataFuture {
        ready(self.find(&path))
    }
}

impl Metadata for &'static EmbeddedFile {
    fn is_dir(&self) -> bool {
        false
    }

    fn modified(&self) -> Result<SystemTime> {
        Ok(UNIX_EPOCH + Duration::from_secs(self.modified))
    }

    fn len(&self) -> u64 {
        self.content.len() as u64
    }
}

/// A file that is being read.
#[derive(Debug)]
pub(crate) struct Opened {
    file: &'static EmbeddedFile,
    content: Cursor<&'static [u8]>,
}

impl File for Opened {
    type Metadata = &'static EmbeddedFile;
    type MetadataFuture<'a> = Ready<Result<Self::Metadata>>;

    fn metadata(&self) -> Self::MetadataFuture<'_> {
        ready(Ok(self.file))
    }
}

impl AsyncRead for Opened {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.content).poll_read(context, buffer)
    }
}

impl AsyncSeek for Opened {
    fn start_seek(mut self: Pin<&mut Self>, position: SeekFrom) -> Result<()> {
        Pin::new(&mut self.content).start_seek(position)
    }

    fn poll_complete(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<u64>> {
        Pin::new(&mut self.content).poll_complete(context)
    }
}

#[cfg(all(test, feature = "embed-widget"))]
mod tests {
    use axum::body::Body;
    use axum::http::{Request, StatusCode};
    use tower::ServiceExt;

    use super::*;
    use crate::static_files;

    /// tests/small_dist, by the build script that embeds the real one.
    static SMALL: Embedded = Embedded(include!(concat!(env!("OUT_DIR"), "/small_dist.rs")));

    #[test]
    fn what_browsers_ask_for_is_embedded_and_nothing_else() {
        let names: Vec<_> = SMALL.0.iter().map(|file| file.name).collect();
        let hashed = "secondme-chat-9f86d081884c7d65";
        let expected = [
            "frame.html",
            "frame.html.br",
            &format!("{hashed}.js"),
            &format!("{hashed}_bg.wasm"),
            &format!("{hashed}_bg.wasm.br"),
            &format!("snippets/{hashed}/inline0.js"),
            "widget.js",
            "widget.js.br",
            "widget.js.gz",
        ];
        assert_eq!(names, expected);
    }

    #[tokio::test]
    async fn embedded_files_are_served_as_those_of_a_folder() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/small_dist");
        for path in [
            "/widget.js",
            "/frame.html",
            "/secondme-chat-9f86d081884c7d65_bg.wasm",
            "/snippets/secondme-chat-9f86d081884c7d65/inline0.js",
            "/snippets",
            "/missing.js",
            "/index.html",
            "/bin/chat-proxy.js",
            "/npm/index.js",
            "/.hidden.js",
        ] {
            for (encodings, range) in
                [("br, gzip", None), ("gzip", None), ("identity", None), ("identity", Some("bytes=2-4"))]
            {
                let request = || {
                    let request = Request::get(path).header("accept-encoding", encodings);
                    let request = range.iter().fold(request, |request, range| request.header("range", *range));
                    request.body(Body::empty()).unwrap()
                };
                let embedded = static_files::routes(static_files::embedded(SMALL)).oneshot(request()).await.unwrap();
                let file = static_files::routes(static_files::folder(&folder)).oneshot(request()).await.unwrap();
                assert_eq!(embedded.status(), file.status(), "{path}");
                let is_found = embedded.status().is_success();
                assert_eq!(is_found, path.contains("9f86") || ["/widget.js", "/frame.html"].contains(&path), "{path}");
                for name in
                    ["content-type", "content-encoding", "content-length", "content-range", "cache-control", "vary"]
                {
                    assert_eq!(embedded.headers().get(name), file.headers().get(name), "{path} {name}");
                }
                assert!(!is_found || embedded.headers().contains_key("etag"), "{path}");
                let [embedded, file] =
                    [embedded, file].map(|response| axum::body::to_bytes(response.into_body(), 1000));
                assert_eq!(embedded.await.unwrap(), file.await.unwrap(), "{path}");
            }
        }
    }

    #[tokio::test]
    async fn a_known_file_is_not_sent_again() {
        let routes = static_files::routes(static_files::embedded(SMALL));
        let get = |name: &str, value: &str| {
            let request = Request::get("/widget.js").header(name, value).body(Body::empty()).unwrap();
            routes.clone().oneshot(request)
        };
        let first = get("accept", "*/*").await.unwrap();
        let tag = first.headers()["etag"].to_str().unwrap();
        assert_eq!(get("if-none-match", tag).await.unwrap().status(), StatusCode::NOT_MODIFIED);
        assert_eq!(get("if-none-match", "\"other\"").await.unwrap().status(), StatusCode::OK);
    }
}
