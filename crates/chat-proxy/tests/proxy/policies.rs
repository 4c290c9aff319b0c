//! `chat-proxy csp` and `chat-proxy check` as programs: what they print, and that `check` finds in a real page what `csp` would
//! have prevented.

use std::process::{Command, Output};

use axum::Router;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;
use secondme_sim::Simulator;
use tokio::net::TcpListener;

use crate::program::variables_for;
use crate::support::{APIS, Api, quick};

/// The program with these variables and nothing else: exit code, stdout, stderr.
async fn run(arguments: &[&str], variables: &[(&'static str, String)]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chat-proxy"));
    command.args(arguments).env_clear().envs(variables.iter().map(|(name, value)| (*name, value)));
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let Output { status, stdout, stderr } = output;
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// A site with one page, under this policy in its header.
async fn site(policy: &'static str, page: String) -> String {
    let show = async move || ([(CONTENT_TYPE, "text/html"), (CONTENT_SECURITY_POLICY, policy)], page).into_response();
    let pages = Router::new().route("/", get(show)).route("/moved", get(async || Redirect::temporary("/")));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, pages).await.unwrap() });
    format!("http://{address}")
}

#[tokio::test]
async fn csp_prints_the_policy_and_nothing_else() {
    let check = async |arguments: &[&str], variables: &[(&'static str, String)], expected: &str| {
        let (code, stdout, stderr) = run(&[&["csp"], arguments].concat(), variables).await;
        assert_eq!((code, stdout.as_str(), stderr.as_str()), (Some(0), format!("{expected}\n").as_str(), ""));
    };
    let rest = "require-trusted-types-for 'script'; trusted-types 'none'";
    let shop = ["--origin", "https://shop.example"];
    let own = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' wss://ws.mindos.com";
    check(&shop, &[], &format!("{own}; {rest}")).await;
    check(&["--origin", "https://shop.example/"], &[], &format!("{own}; {rest}")).await;
    let hub =
        [("SECONDME_API", "avatar-hub".to_owned()), ("SECONDME_WS_ORIGINS", "wss://a.example,wss://b.example".into())];
    check(
        &[&shop[..], &["--proxy", "https://chat.example/chat", "--nonce", "NONCE"]].concat(),
        &hub,
        &format!(
            "default-src 'none'; script-src 'nonce-NONCE' 'strict-dynamic' 'wasm-unsafe-eval'; connect-src \
             https://chat.example wss://a.example wss://b.example; img-src https:; {rest}"
        ),
    )
    .await;
    check(
        &[&shop[..], &["--mode", "frame"]].concat(),
        &[("CHAT_PROXY_PUBLIC_URL", "https://chat.example".into())],
        &format!("default-src 'none'; script-src https://chat.example; frame-src https://chat.example; {rest}"),
    )
    .await;
}

#[tokio::test]
async fn csp_explains_where_it_is_asked_and_names_what_it_cannot_use() {
    let (code, stdout, stderr) = run(&["csp", "--origin", "https://shop.example", "--explain"], &[]).await;
    assert_eq!((code, stdout.lines().count()), (Some(0), 1));
    assert!(stderr.contains("connect-src: ") && stderr.lines().count() > 5, "{stderr}");
    for (arguments, variables, part) in [
        (&["--origin", "shop.example"][..], vec![], "https://shop.example"),
        (&["--origin", "*"], vec![], "https://shop.example"),
        (&["--origin", "https://shop.example", "--nonce", "a b"], vec![], "in one piece"),
        (&["--origin", "https://shop.example", "--pictures", "data:"], vec![], "begin with https:"),
        (&["--origin", "https://shop.example"], vec![("SECONDME_WS_ORIGINS", "*".to_owned())], "SECONDME_WS_ORIGINS"),
        (&["--origin", "https://shop.example"], vec![("SECONDME_API", "chat".to_owned())], "SECONDME_API"),
    ] {
        let (code, stdout, stderr) = run(&[&["csp"], arguments].concat(), &variables).await;
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(stderr.contains(part), "{stderr}");
    }
}

#[tokio::test]
async fn check_opens_a_conversation_and_its_socket_only_where_it_is_asked() {
    for api in APIS {
        let simulator = Simulator::start(quick()).await.unwrap();
        let variables = variables_for(api, &simulator);
        let (code, _, stderr) = run(&["check"], &variables).await;
        assert_eq!((code, stderr.as_str()), (Some(0), ""));
        assert_eq!(simulator.control().observed().sessions.len(), 0, "{api:?}");

        let (code, stdout, stderr) = run(&["check", "--deep"], &variables).await;
        assert_eq!((code, stderr.as_str()), (Some(0), ""), "{api:?}");
        assert!(stdout.contains("With SECONDME_API_KEY a conversation with Mira opened"), "{stdout}");
        assert!(stdout.contains("SecondMe's WebSocket at ws://127.0.0.1:") && !stdout.contains("authBody"), "{stdout}");
        let observed = simulator.control().observed();
        assert_eq!(observed.sessions.len(), 1, "{api:?}");
        assert!(observed.sessions[0].messages.is_empty(), "no message is sent");
        assert_eq!(observed.sessions[0].visitor_name.as_deref(), Some("chat-proxy check"));
    }
}

#[tokio::test]
async fn check_says_which_key_is_refused_and_which_socket_no_policy_names() {
    let simulator = Simulator::start(quick()).await.unwrap();
    let with = |name: &'static str, value: &str| {
        let mut variables = variables_for(Api::VisitorChat, &simulator);
        variables.retain(|(other, _)| *other != name);
        variables.push((name, value.to_owned()));
        variables
    };
    let (code, _, stderr) = run(&["check", "--deep"], &with("SECONDME_API_KEY", "sk-do-not-print")).await;
    assert_eq!(code, Some(1));
    assert!(stderr.contains("refused SECONDME_API_KEY") && stderr.contains("open.api.key.not.found"), "{stderr}");
    assert!(!stderr.contains("do-not-print"), "{stderr}");

    let (code, _, stderr) = run(&["check", "--deep"], &with("SECONDME_WS_ORIGINS", "wss://ws.example")).await;
    assert_eq!(code, Some(1));
    assert!(stderr.contains("set SECONDME_WS_ORIGINS=ws://127.0.0.1:"), "{stderr}");
    assert_eq!(stderr.trim_end().lines().count(), 1, "{stderr}");
}

#[tokio::test]
async fn check_looks_at_the_list_of_origins() {
    let simulator = Simulator::start(quick()).await.unwrap();
    let check = async |origins: &str, code: i32, part: &str| {
        let mut variables = variables_for(Api::VisitorChat, &simulator);
        variables.push(("CHAT_PROXY_ALLOWED_ORIGINS", origins.to_owned()));
        let (found, stdout, stderr) = run(&["check"], &variables).await;
        assert_eq!(found, Some(code), "{stderr}");
        assert!(if code == 0 { &stdout } else { &stderr }.contains(part), "{stdout}{stderr}");
    };
    check("https://shop.example,http://localhost:3000", 0, "of https://shop.example, http://localhost:3000 may use")
        .await;
    check("https://shop.example,http://shop.example", 1, "holds http://shop.example: anybody on the way").await;
    check("*", 2, "holds `*`, which is not an exact origin").await;
    check("https://shop.example/", 2, "not an exact origin").await;
}

#[tokio::test]
async fn check_finds_what_in_a_page_keeps_the_widget_from_working() {
    let simulator = Simulator::start(quick()).await.unwrap();
    let check = async |page: &str, listed: bool, code: i32, parts: &[&str]| {
        let mut variables = variables_for(Api::VisitorChat, &simulator);
        let origin = page.split('/').take(3).collect::<Vec<_>>().join("/");
        variables.push(("CHAT_PROXY_ALLOWED_ORIGINS", if listed { origin } else { String::new() }));
        let (found, stdout, stderr) = run(&["check", "--page", page], &variables).await;
        assert_eq!(found, Some(code), "{stdout}{stderr}");
        let text = if code == 0 { &stdout } else { &stderr };
        for part in parts {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(code == 0 || stderr.trim_end().lines().count() == parts.len(), "{stderr}");
    };
    let tag = r#"<script async src="https://chat.example/chat/widget.js" nonce="abc"></script>"#;
    let sockets = simulator.base_url().replace("http://", "ws://");
    let sockets = sockets.split('/').take(3).collect::<Vec<_>>().join("/");

    let free = site("frame-ancestors 'none'", format!("<!doctype html><p>{tag}")).await;
    check(&free, true, 0, &["Nothing in the Content-Security-Policy keeps the widget from working"]).await;
    check(&format!("{free}/moved"), true, 0, &["Nothing in the Content-Security-Policy keeps the widget from working"])
        .await;
    check(&free, false, 1, &["to CHAT_PROXY_ALLOWED_ORIGINS"]).await;

    let strict = site("default-src 'none'; script-src 'nonce-abc' 'strict-dynamic'", format!("<p>{tag}")).await;
    let wasm = "`script-src 'nonce-abc' 'strict-dynamic' 'wasm-unsafe-eval'`";
    let connect = format!("add `connect-src https://chat.example {sockets}`");
    check(&strict, true, 1, &[wasm, &connect]).await;

    let meta = r#"<meta http-equiv="Content-Security-Policy" content="script-src 'self' https://chat.example">"#;
    let by_meta = site("frame-ancestors 'none'", format!("<head>{meta}</head>{tag}")).await;
    check(&by_meta, true, 1, &["(meta tag) keeps the widget from compiling its WebAssembly"]).await;

    // What a script says in quotes is no markup.
    let none =
        site("default-src 'self'", "<script>const text = '<script src=\"/widget.js\">';</script>".to_owned()).await;
    let missing = format!("connect-src 'self' {sockets}");
    check(&none, true, 1, &["'wasm-unsafe-eval'", &missing]).await;

    let framed = tag.replace("async", "async data-mode=frame");
    let framed = site("script-src https://chat.example; frame-src 'none'", framed).await;
    check(&framed, true, 1, &["make it `frame-src https://chat.example`"]).await;

    check("http://127.0.0.1:1/", true, 1, &["The page http://127.0.0.1:1/ can't be fetched"]).await;
    check(&format!("{free}/nothing"), true, 1, &["answered with status 404"]).await;
}

/// The two commands agree: what the one prints, the other has nothing against.
#[tokio::test]
async fn check_has_nothing_against_what_csp_prints() {
    let simulator = Simulator::start(quick()).await.unwrap();
    for api in APIS {
        let variables = variables_for(api, &simulator);
        for (arguments, attributes) in
            [(&[][..], ""), (&["--nonce", "abc"], "nonce=abc"), (&["--mode", "frame"], "data-mode=frame")]
        {
            let origin = ["csp", "--origin", "http://127.0.0.1:1", "--proxy", "https://chat.example"];
            let (_, policy, _) = run(&[&origin, arguments].concat(), &variables).await;
            let policy = Box::leak(policy.trim().to_owned().into_boxed_str());
            let tag = format!("<script src=https://chat.example/chat/widget.js {attributes}></script>");
            let page = site(policy, tag).await;
            let mut variables = variables.clone();
            variables.push(("CHAT_PROXY_ALLOWED_ORIGINS", page.clone()));
            let (code, stdout, stderr) = run(&["check", "--page", &page], &variables).await;
            assert_eq!((code, stderr.as_str()), (Some(0), ""), "{policy} {stdout}");
        }
    }
}
