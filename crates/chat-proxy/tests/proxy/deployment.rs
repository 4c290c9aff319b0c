//! The files in deploy/, each as far as this machine has the program that it is for: servers in front hold the same
//! conversation as the proxy alone. What is not installed is skipped, and said.

use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use chat_proxy::{Server, Settings};
use reqwest::Client;
use secondme_sim::Simulator;
use serde_json::json;
use tempfile::TempDir;

use crate::any_proxy::{PAGE, assert_no_secret, hold_conversation};
use crate::neighbours::{Neighbour, installed, root, skip};
use crate::support::{Proxy, quick, settings_for};

/// Where the files of deploy/ expect the proxy.
const EXPECTED: &str = "127.0.0.1:8080";

fn file(name: &str) -> String {
    std::fs::read_to_string(root().join("deploy").join(name)).unwrap()
}

/// A file of deploy/ with one text exchanged for another, which it must hold.
fn adapted(text: &str, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from} is not in:\n{text}");
        text.replace(from, to)
    })
}

/// A program that ends; what it says where it fails.
fn succeed(command: &mut Command) {
    let Output { status, stdout, stderr } = command.stdin(Stdio::null()).output().unwrap();
    assert!(status.success(), "{command:?}: {}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
}

/// The proxy behind a server of the site's.
struct Site {
    simulator: Simulator,
    proxy: Proxy,
    folder: TempDir,
}

impl Site {
    async fn start(further: Settings) -> Self {
        let simulator = Simulator::start(quick()).await.unwrap();
        let settings = Settings {
            allowed_origins: Some(vec![PAGE.into()]),
            trusted_proxies: Some(vec!["127.0.0.1".into()]),
            widget_dir: Some(root().join("crates/chat-proxy/tests/small_dist")),
            address_limit: further.address_limit,
            ..settings_for(&simulator)
        };
        let proxy = Proxy::run(Server::bind(settings.into_config().unwrap()).await.unwrap());
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("index.html"), "<p>the shop</p>").unwrap();
        Self { simulator, proxy, folder }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Starts the server, and holds it to what the chat needs of it.
async fn check_server(start: impl AsyncFn(&Site) -> Neighbour) {
    let site = Site::start(Settings::default()).await;
    let server = start(&site).await;
    let origin = format!("http://127.0.0.1:{}", server.port);
    let http = client_from([127, 0, 0, 1].into());
    let get = async |path: &str| http.get(format!("{origin}{path}")).send().await.unwrap();
    assert_eq!(get("/").await.text().await.unwrap(), "<p>the shop</p>");
    let loader = http.get(format!("{origin}/chat/widget.js")).header("accept-encoding", "br").send().await.unwrap();
    assert_eq!(loader.headers()["content-encoding"], "br");
    assert_eq!(loader.headers()["cross-origin-resource-policy"], "cross-origin");
    assert_eq!(loader.text().await.unwrap(), "loader in brotli\n");
    // What is the operator's stays inside.
    for path in ["/metrics", "/healthz"] {
        assert_eq!(get(path).await.status(), 404, "{path}");
    }
    // The page and the proxy share an origin, which is on no list.
    let own = http.post(format!("{origin}/chat/init")).header("origin", &origin).json(&json!({"visitorId": "web_2"}));
    assert_eq!(own.send().await.unwrap().status(), 200);

    let site = Site::start(Settings::default()).await;
    let server = start(&site).await;
    let mut texts = hold_conversation(&format!("http://127.0.0.1:{}/chat", server.port), &site.simulator).await;
    texts.push(server.stop());
    assert_no_secret(&texts, &site.simulator);

    // Whose call it is, is said by the server and not by the visitor.
    let site = Site::start(Settings { address_limit: Some("2".into()), ..Settings::default() }).await;
    let server = start(&site).await;
    let url = format!("http://127.0.0.1:{}/chat/init", server.port);
    for (address, expected) in [([127, 0, 0, 2], [200, 200, 429]), ([127, 0, 0, 3], [200, 200, 429])] {
        let http = client_from(address.into());
        for (number, expected) in expected.into_iter().enumerate() {
            let request = http.post(&url).header("origin", PAGE).header("x-forwarded-for", format!("10.0.0.{number}"));
            let answer = request.json(&json!({"visitorId": format!("web_{number}")})).send().await.unwrap();
            assert_eq!(answer.status(), expected, "{address:?} {number}");
        }
    }
}

/// A client at one of this machine's own addresses.
fn client_from(address: IpAddr) -> Client {
    drop(rustls::crypto::ring::default_provider().install_default());
    Client::builder().no_proxy().local_address(address).build().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_serves_a_site_with_the_chat() {
    let Some(nginx) = installed("nginx", "-v") else { return skip("deploy/nginx.conf is not tried", "nginx") };
    check_server(async |site: &Site| {
        let folder = site.path().display().to_string();
        let snippet = adapted(&file("nginx.conf"), &[(EXPECTED, &site.proxy.address.to_string())]);
        std::fs::write(site.path().join("chat.conf"), snippet).unwrap();
        let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .iter()
            .map(|kind| format!("{kind}_temp_path {folder}/{kind};\n"))
            .collect();
        Neighbour::start(|port| {
            let whole = format!(
                "daemon off; master_process off; pid {folder}/pid; error_log stderr;\nevents {{}}\nhttp {{\n{temporary}\
                 access_log off;\nserver {{\nlisten 127.0.0.1:{port};\nroot {folder};\ninclude {folder}/chat.conf;\n}}\n}}\n"
            );
            let path = site.path().join("nginx.conf");
            std::fs::write(&path, whole).unwrap();
            let run = |further: &[&str]| {
                let mut command = Command::new(&nginx);
                command.arg("-e").arg("stderr").arg("-c").arg(&path).args(further);
                command
            };
            succeed(&mut run(&["-t"]));
            run(&[])
        })
        .await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn caddy_serves_a_site_with_the_chat() {
    let Some(caddy) = installed("caddy", "version") else { return skip("deploy/Caddyfile is not tried", "caddy") };
    let at_home = |folder: &Path| {
        let mut command = Command::new(&caddy);
        command.env("XDG_DATA_HOME", folder).env("XDG_CONFIG_HOME", folder);
        command
    };
    let home = tempfile::tempdir().unwrap();
    let whole = root().join("deploy/Caddyfile");
    succeed(at_home(home.path()).args(["validate", "--adapter", "caddyfile", "--config"]).arg(whole));
    check_server(async |site: &Site| {
        Neighbour::start(|port| {
            let (address, folder) = (site.proxy.address.to_string(), site.path().display().to_string());
            let here = format!("http://127.0.0.1:{port}");
            let changes = [("shop.example", here.as_str()), (EXPECTED, &address), ("/srv/shop", &folder)];
            let path = site.path().join("Caddyfile");
            std::fs::write(&path, format!("{{\n\tadmin off\n}}\n{}", adapted(&file("Caddyfile"), &changes))).unwrap();
            let mut command = at_home(site.path());
            command.args(["run", "--adapter", "caddyfile", "--config"]).arg(path);
            command
        })
        .await
    })
    .await;
}

#[test]
fn systemd_takes_the_service_and_finds_it_well_shut_in() {
    let Some(systemd) = installed("systemd-analyze", "--version") else {
        return skip("deploy/chat-proxy.service is not verified", "systemd-analyze");
    };
    let folder = tempfile::tempdir().unwrap();
    let unit = folder.path().join("chat-proxy.service");
    let program = env!("CARGO_BIN_EXE_chat-proxy");
    let text = adapted(&file("chat-proxy.service"), &[("/usr/local/bin/chat-proxy", program)]);
    std::fs::write(&unit, text).unwrap();
    let output = Command::new(&systemd).arg("verify").arg(&unit).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    // It looks at units of the system as well; only what it says of this one counts.
    let ours: Vec<_> = said.lines().filter(|line| line.contains("chat-proxy")).collect();
    assert!(output.status.success() && ours.is_empty(), "{said}");
    // From 0, shut in, to 100, free: below 20 systemd itself calls it well.
    succeed(Command::new(&systemd).args(["security", "--offline=yes", "--no-pager", "--threshold=20"]).arg(&unit));
}

/// The service's settings are ones that the proxy takes, once an operator has filled them in.
#[test]
fn the_services_settings_are_taken() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chat-proxy.toml");
    let key = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
    let filled = adapted(
        &file("chat-proxy.toml"),
        &[
            ("\"sk-…\"", "\"sk-a-key\""),
            ("session_key = \"…\"", &format!("session_key = \"{key}\"")),
            ("\"…\"", "\"a-secret\""),
        ],
    );
    std::fs::write(&path, filled).unwrap();
    let config = Settings { config: Some(path), ..Settings::default() }.into_config().unwrap();
    assert_eq!(config.listen, EXPECTED.parse::<SocketAddr>().unwrap(), "where the servers in front expect it");
    assert!(config.session_keys.is_some());
}

/// The image is built from what is there, by the toolchain that the project names.
#[test]
fn the_dockerfile_names_what_there_is() {
    let text = file("Dockerfile");
    let toolchain = std::fs::read_to_string(root().join("rust-toolchain.toml")).unwrap();
    let version = text.split("FROM rust:").nth(1).unwrap().split('-').next().unwrap();
    assert!(toolchain.contains(&format!("channel = \"{version}.")), "{version} is not the version of {toolchain}");
    let task = std::fs::read_to_string(root().join("crates/xtask/src/program.rs")).unwrap();
    assert!(text.contains("cargo xtask dist --proxy") && task.contains("cargo xtask dist --proxy"));
    assert!(text.contains("cp target/dist/chat-proxy "));
    let stages: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("FROM ")?.split_once(" AS ")).collect();
    for copied in text.lines().filter_map(|line| line.strip_prefix("COPY --from=")) {
        let from = copied.split(' ').next().unwrap();
        assert!(stages.iter().any(|(_, name)| *name == from), "{from} is no stage");
    }
    assert!(text.contains("\nUSER nonroot\n"));
    let here = Command::new("docker").arg("info").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !here.is_ok_and(|status| status.success()) {
        return skip("deploy/Dockerfile is not checked by Docker itself", "a running Docker");
    }
    let checks =
        Command::new("docker").args(["buildx", "version"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !checks.is_ok_and(|status| status.success()) {
        return skip("deploy/Dockerfile is not checked by Docker itself", "docker buildx");
    }
    let dockerfile = root().join("deploy/Dockerfile");
    succeed(Command::new("docker").args(["buildx", "build", "--check", "--file"]).arg(dockerfile).arg(root()));
}
