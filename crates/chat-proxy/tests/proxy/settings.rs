//! Settings become a configuration, or one sentence that names the wrong one and keeps every secret.

use std::path::PathBuf;

use chat_proxy::Settings;
use chat_proxy::config::{Api, LogFormat, SiteKey};

const SECRET: &str = "do-not-print";

fn complete() -> Settings {
    Settings {
        secondme_client_id: Some("an-app".into()),
        secondme_client_secret: Some(SECRET.to_owned().into()),
        secondme_api_key: Some(format!("sk-{SECRET}").into()),
        ..Settings::default()
    }
}

#[test]
fn the_rest_has_defaults() {
    let config = complete().into_config().unwrap();
    assert_eq!(config.upstream.base_url.as_str(), "https://api.mindverse.com/gate/lab");
    assert_eq!(config.upstream.timeout.as_secs(), 15);
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.base_path.as_str(), "/chat");
    assert_eq!(config.log.filter, "info");
    assert!(config.allowed_origins.is_empty());
    assert!(!format!("{config:?}{:?}", complete()).contains(SECRET), "secrets are redacted");
}

#[test]
fn each_setting_takes_what_makes_sense() {
    let config = Settings {
        secondme_api: Some("visitor-chat".into()),
        secondme_base_url: Some("http://[::1]:9000/lab/".into()),
        listen: Some("0.0.0.0:80".into()),
        base_path: Some("/a/b-c".into()),
        allowed_origins: Some(vec![" https://Shop.example ".into(), String::new(), "http://localhost:3000".into()]),
        upstream_timeout: Some("45".into()),
        log: Some("warn,chat_proxy=debug".into()),
        log_format: Some("text".into()),
        ..complete()
    };
    let config = config.into_config().unwrap();
    assert_eq!(config.upstream.base_url.as_str(), "http://[::1]:9000/lab");
    let origins: Vec<_> = config.allowed_origins.iter().map(|origin| origin.as_str()).collect();
    assert_eq!(origins, ["https://shop.example", "http://localhost:3000"]);
    assert_eq!((config.upstream.timeout.as_secs(), config.log.format), (45, LogFormat::Text));
}

#[test]
fn the_avatar_hub_needs_no_app() {
    let settings = || Settings {
        secondme_api: Some("avatar-hub".into()),
        secondme_api_key: Some(format!("sk-{SECRET}").into()),
        ..Settings::default()
    };
    let config = settings().into_config().unwrap();
    assert!(matches!(config.upstream.api, Api::AvatarHub));
    assert_eq!(config.upstream.base_url.as_str(), "https://mindos.mindverse.ai/gate/in");
    let elsewhere = "https://mindos-prek8s.mindverse.ai/gate/in";
    let config = Settings { secondme_base_url: Some(elsewhere.into()), ..settings() }.into_config().unwrap();
    assert_eq!(config.upstream.base_url.as_str(), elsewhere);
    check(Settings { secondme_api_key: None, ..settings() }, "SECONDME_API_KEY", "is missing");
}

#[track_caller]
fn check(settings: Settings, variable: &str, part: &str) {
    let sentence = settings.into_config().unwrap_err().to_string();
    assert!(sentence.starts_with(variable) && sentence.contains(part), "{sentence}");
    assert!(sentence.ends_with('.') && !sentence.contains('\n') && !sentence.contains(SECRET), "{sentence}");
}

#[test]
fn what_is_missing_is_named() {
    check(Settings { secondme_client_id: None, ..complete() }, "SECONDME_CLIENT_ID", "is missing");
    check(Settings { secondme_client_id: Some(" ".into()), ..complete() }, "SECONDME_CLIENT_ID", "is missing");
    check(Settings { secondme_client_secret: None, ..complete() }, "SECONDME_CLIENT_SECRET", "is missing");
    check(
        Settings { secondme_client_secret: Some(String::new().into()), ..complete() },
        "SECONDME_CLIENT_SECRET",
        "is missing",
    );
    check(Settings { secondme_api_key: None, ..complete() }, "SECONDME_API_KEY", "is missing");
}

#[test]
fn what_is_wrong_is_named() {
    for key in [SECRET, "sk-"] {
        check(Settings { secondme_api_key: Some(key.to_owned().into()), ..complete() }, "SECONDME_API_KEY", "sk-");
    }
    let broken = || Some(format!("sk-{SECRET}\n").into());
    check(Settings { secondme_api_key: broken(), ..complete() }, "SECONDME_API_KEY", "line breaks");
    check(Settings { secondme_client_secret: broken(), ..complete() }, "SECONDME_CLIENT_SECRET", "line breaks");
    for api in ["avatarhub", "Visitor-Chat"] {
        check(Settings { secondme_api: Some(api.into()), ..complete() }, "SECONDME_API ", "visitor-chat");
    }
    for url in [
        "api.mindverse.com",
        "http://api.mindverse.com/gate/lab",
        "http://127.0.0.1.evil.example",
        "ftp://api.mindverse.com",
        "https://do-not-print@api.mindverse.com",
        "https://user:do-not-print@api.mindverse.com",
        "https://api.mindverse.com/?key=do-not-print",
    ] {
        check(Settings { secondme_base_url: Some(url.into()), ..complete() }, "SECONDME_BASE_URL", "must");
    }
    for listen in ["8080", "localhost", "127.0.0.1", "127.0.0.1:99999"] {
        check(Settings { listen: Some(listen.into()), ..complete() }, "CHAT_PROXY_LISTEN", listen);
    }
    for path in ["chat", "/chat/", "//", "/a/../b", "/{x}", "/a b", "/a%20b"] {
        check(Settings { base_path: Some(path.into()), ..complete() }, "CHAT_PROXY_BASE_PATH", path);
    }
    for origin in ["*", "shop.example", "https://shop.example/", "https://*.shop.example", "null"] {
        let allowed_origins = Some(vec!["https://fine.example".into(), origin.into()]);
        check(Settings { allowed_origins, ..complete() }, "CHAT_PROXY_ALLOWED_ORIGINS", origin);
    }
    for timeout in ["0", "46", "1.5", "soon", "-1"] {
        let settings = Settings { upstream_timeout: Some(timeout.into()), ..complete() };
        check(settings, "CHAT_PROXY_UPSTREAM_TIMEOUT", timeout);
    }
    check(
        Settings { widget_dir: Some("no/such/folder".into()), ..complete() },
        "CHAT_PROXY_WIDGET_DIR",
        "no/such/folder",
    );
    for answer in ["yes", "1", "True"] {
        let settings = Settings { require_identity: Some(answer.into()), ..complete() };
        check(settings, "CHAT_PROXY_REQUIRE_IDENTITY", answer);
    }
    let nobody =
        Settings { secondme_api: Some("avatar-hub".into()), require_identity: Some("true".into()), ..complete() };
    check(nobody, "CHAT_PROXY_REQUIRE_IDENTITY", "nobody could get in");
    check(Settings { log: Some("chat_proxy=loud".into()), ..complete() }, "CHAT_PROXY_LOG", "filter");
    check(Settings { log_format: Some("xml".into()), ..complete() }, "CHAT_PROXY_LOG_FORMAT", "xml");
}

/// Holds in whatever environment the tests run.
#[test]
fn the_environment_is_read_under_the_documented_names() {
    let settings = Settings::from_environment().unwrap();
    let variable = |name: &str| std::env::var(name).ok();
    assert_eq!(settings.secondme_base_url, variable("SECONDME_BASE_URL"));
    assert_eq!(settings.listen, variable("CHAT_PROXY_LISTEN"));
    assert_eq!(settings.secondme_api_key.is_some(), variable("SECONDME_API_KEY").is_some());
}

fn with_file(text: &str) -> (Settings, tempfile::NamedTempFile) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    (Settings { config: Some(file.path().to_owned()), ..Settings::default() }, file)
}

#[test]
fn a_file_can_say_everything() {
    let folder = tempfile::tempdir().unwrap();
    let (settings, _file) = with_file(&format!(
        r#"
        secondme_api = "visitor-chat"
        secondme_base_url = "https://api.example/lab"
        secondme_client_id = "an-app"
        secondme_client_secret = "a-secret"
        secondme_api_key = "sk-key"
        session_key = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="
        listen = "127.0.0.1:9090"
        base_path = "/talk"
        allowed_origins = ["https://a.example", "https://b.example"]
        widget_dir = '{}'
        upstream_timeout = 20
        log = "debug"
        log_format = "json"
        site_key = "a-secret-of-at-least-thirty-two-bytes"
        site_key_type = "hs256"
        site_audience = "chat.example"
        visitor_key = "another-secret-of-thirty-two-bytes"
        require_identity = true
        login = true
        public_url = "https://shop.example"
        secondme_authorize_url = "https://sign-in.example/oauth/"
        secondme_login_scopes = "userinfo chat.write"
        "#,
        folder.path().display()
    ));
    let config = settings.into_config().unwrap();
    assert_eq!(config.upstream.base_url.as_str(), "https://api.example/lab");
    let Api::VisitorChat(app) = &config.upstream.api else { panic!("another API") };
    assert_eq!(app.client_id, "an-app");
    assert!(config.session_keys.is_some());
    assert_eq!((config.listen.port(), config.base_path.as_str()), (9090, "/talk"));
    assert_eq!(config.allowed_origins.len(), 2);
    assert_eq!(config.widget_dir.as_deref(), Some(folder.path()));
    assert_eq!((config.upstream.timeout.as_secs(), config.log.filter.as_str()), (20, "debug"));
    let (identity, login) = (&config.identity, config.login.as_ref().unwrap());
    assert!(identity.required && matches!(identity.site.as_ref().unwrap().key, SiteKey::Secret(_)));
    assert_eq!(identity.site.as_ref().unwrap().audience.as_deref(), Some("chat.example"));
    assert_eq!((login.public.as_str(), login.scopes.as_str()), ("https://shop.example", "userinfo chat.write"));
    assert_eq!(login.authorize_url.as_str(), "https://sign-in.example/oauth/");
}

#[test]
fn what_is_said_outside_the_file_goes_first() {
    let (settings, _file) = with_file("base_path = \"/from-file\"\nlisten = \"127.0.0.1:1\"\n");
    let settings = Settings { base_path: Some("/said".into()), listen: Some(String::new()), ..settings };
    let config =
        Settings { config: settings.config, base_path: settings.base_path, listen: settings.listen, ..complete() };
    let config = config.into_config().unwrap();
    assert_eq!(config.base_path.as_str(), "/said");
    assert_eq!(config.listen.port(), 1, "an empty text says nothing");
}

#[test]
fn a_wrong_file_is_named() {
    let check_file = |text: &str, part: &str| {
        let (settings, _file) = with_file(text);
        check(settings, "The file ", part);
    };
    check_file("listen = \"127.0.0.1:1\"\nsecondme_api_key = do-not-print\n", "line 2");
    check_file("secondme_client_secret = [\"do-not-print\"]", "secondme_client_secret must be a text");
    check_file("client_secret = \"do-not-print\"", "client_secret is not a setting");
    check_file("[proxy]\nlisten = \"127.0.0.1:1\"", "proxy is not a setting");
    check_file("allowed_origins = \"https://a.example\"", "allowed_origins must be a list");
    check_file("login = \"true\"", "login must be true or false");
    check_file("upstream_timeout = \"20\"", "upstream_timeout must be a whole number");
    check(
        Settings { config: Some(PathBuf::from("no/such/file")), ..complete() },
        "The file no/such/file",
        "can't be read",
    );
}

/// The operator's page names every setting, and none that there isn't.
#[test]
fn the_documentation_knows_each_setting() {
    let page = include_str!("../../../../docs/operating.md");
    let help = std::process::Command::new(env!("CARGO_BIN_EXE_chat-proxy")).args(["serve", "--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let names = |text: &str| -> std::collections::BTreeSet<String> {
        let words = text.split(|sign: char| !sign.is_ascii_uppercase() && sign != '_');
        words
            .filter(|word| word.starts_with("SECONDME_") || word.starts_with("CHAT_PROXY_"))
            .map(str::to_owned)
            .collect()
    };
    assert!(names(&help).len() > 25, "{help}");
    assert_eq!(names(page), names(&help));
}

/// The file that the operator's page shows is one.
#[test]
fn the_documentations_file_is_taken() {
    let page = include_str!("../../../../docs/operating.md");
    let (_, rest) = page.split_once("```toml\n").unwrap();
    let (settings, _file) = with_file(rest.split_once("```").unwrap().0);
    let error = settings.into_config().unwrap_err().to_string();
    // Everything in it is understood: what is missing is the key's own variable, which no test may set.
    assert!(error.contains("`support` an environment variable that is not set"), "{error}");
}
