//! The settings of the limits: their defaults, what they take, and the sentence where they don't.

use chat_proxy::Settings;

use crate::support::settings_at;

fn complete() -> Settings {
    settings_at(([127, 0, 0, 1], 1).into())
}

#[test]
fn a_limit_that_nobody_set_has_a_default() {
    let limits = complete().into_config().unwrap().limits;
    assert_eq!((limits.budget.requests, limits.budget.window.as_secs()), (60, 66));
    assert_eq!(limits.patience.wait.as_secs(), 10);
    assert_eq!(limits.address.map(u32::from), Some(300));
    assert_eq!(limits.visitor.map(u32::from), Some(60));
    assert_eq!(limits.max_requests, 512);
    assert!(limits.redis_url.is_none() && limits.trusted_proxies.is_empty() && limits.metrics_listen.is_none());
}

#[test]
fn each_limit_takes_what_makes_sense() {
    let settings = Settings {
        budget: Some("600".into()),
        budget_wait: Some("0".into()),
        address_limit: Some("0".into()),
        visitor_limit: Some(" 5 ".into()),
        max_requests: Some("1".into()),
        redis_url: Some("redis://:do-not-print@[::1]:6379/3".into()),
        trusted_proxies: Some(vec!["10.0.0.0/8".into(), " ::1 ".into(), String::new(), "192.0.2.7".into()]),
        metrics_listen: Some("[::1]:9090".into()),
        ..complete()
    };
    let config = settings.into_config().unwrap();
    assert!(!format!("{config:?}").contains("do-not-print"), "Redis' password is redacted");
    let limits = config.limits;
    assert_eq!((limits.budget.requests, limits.patience.wait.as_secs(), limits.max_requests), (600, 0, 1));
    assert_eq!((limits.address, limits.visitor.map(u32::from)), (None, Some(5)));
    let networks: Vec<_> = limits.trusted_proxies.iter().map(ToString::to_string).collect();
    assert_eq!(networks, ["10.0.0.0/8", "::1/128", "192.0.2.7/32"]);
    assert_eq!(limits.metrics_listen.unwrap().port(), 9090);
}

#[test]
fn a_wrong_limit_is_named() {
    let check = |settings: Settings, variable: &str, part: &str| {
        let sentence = settings.into_config().unwrap_err().to_string();
        assert!(sentence.starts_with(variable) && sentence.contains(part) && sentence.ends_with('.'), "{sentence}");
        assert!(!sentence.contains("do-not-print"), "{sentence}");
    };
    for wrong in ["9", "-1", "many", "1.5", "100001"] {
        check(Settings { budget: Some(wrong.into()), ..complete() }, "CHAT_PROXY_BUDGET ", wrong);
    }
    check(Settings { budget_wait: Some("61".into()), ..complete() }, "CHAT_PROXY_BUDGET_WAIT", "from 0 to 60");
    check(Settings { address_limit: Some("-1".into()), ..complete() }, "CHAT_PROXY_ADDRESS_LIMIT", "-1");
    check(Settings { visitor_limit: Some("x".into()), ..complete() }, "CHAT_PROXY_VISITOR_LIMIT", "x");
    check(Settings { max_requests: Some("0".into()), ..complete() }, "CHAT_PROXY_MAX_REQUESTS", "from 1");
    for wrong in ["10.0.0.0/33", "shop.example", "10.0.0", "*"] {
        let trusted_proxies = Some(vec!["10.0.0.1".into(), wrong.into()]);
        check(Settings { trusted_proxies, ..complete() }, "CHAT_PROXY_TRUSTED_PROXIES", wrong);
    }
    for wrong in ["127.0.0.1:6379", "http://127.0.0.1", "rediss://do-not-print@x", "redis://", "do-not-print"] {
        check(Settings { redis_url: Some(wrong.into()), ..complete() }, "CHAT_PROXY_REDIS_URL", "redis://");
    }
    check(Settings { metrics_listen: Some("9090".into()), ..complete() }, "CHAT_PROXY_METRICS_LISTEN", "9090");
}

#[test]
fn a_file_can_set_each_limit() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let text = r#"
        budget = 100
        budget_wait = 5
        redis_url = "redis://127.0.0.1:6379"
        address_limit = 7
        visitor_limit = 8
        trusted_proxies = ["10.0.0.0/8"]
        max_requests = 9
        metrics_listen = "127.0.0.1:9090"
    "#;
    std::fs::write(file.path(), text).unwrap();
    let settings = Settings { config: Some(file.path().to_owned()), ..complete() };
    let limits = settings.into_config().unwrap().limits;
    assert_eq!((limits.budget.requests, limits.patience.wait.as_secs(), limits.max_requests), (100, 5, 9));
    assert_eq!((limits.address.map(u32::from), limits.visitor.map(u32::from)), (Some(7), Some(8)));
    assert!(limits.redis_url.is_some() && limits.metrics_listen.is_some());
    assert_eq!(limits.trusted_proxies.len(), 1);
}
