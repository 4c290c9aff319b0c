//! The table in `docs/secondme-apis.md`: each parameter, error code and note of SecondMe's two documents stands in it once,
//! with a test that exists.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Everything the documents ask for, as `part: name`, one line a part.
const VISITOR_CHAT: &[(&str, &[&str])] = &[
    ("token/client request", &["grant_type", "client_id", "client_secret", "scope"]),
    ("token/client answer", &["accessToken", "tokenType", "expiresIn", "scope"]),
    ("init header", &["Authorization", "Content-Type"]),
    ("init parameter", &["apiKey", "visitorId", "visitorName"]),
    ("init answer", &["sessionId", "wsUrl", "avatarName", "opening"]),
    ("send parameter", &["sessionId", "apiKey", "message"]),
    ("send answer", &["sent"]),
    ("frame", &["sender", "sessionId", "index", "multipleData", "singleDataType"]),
    (
        "error",
        &[
            "visitor_chat.visitor_id_required",
            "visitor_chat.session_not_found",
            "visitor_chat.session_expired",
            "oauth2.invalid_client",
            "open.api.key.not.found",
            "open.api.user.not.found",
        ],
    ),
    (
        "note",
        &[
            "anonymous visitors by the app's token",
            "signed-in visitors by their own token",
            "the secret stays on the server",
            "the app's token is kept until it expires",
            "the same token for init and send",
            "the same visitorId finds its session again",
            "the owner sees the visitor's name and the app's",
            "send recovers a session by itself",
            "a lost socket is a new init",
        ],
    ),
];

const AVATAR_HUB: &[(&str, &[&str])] = &[
    ("auth header", &["Authorization", "Content-Type"]),
    ("auth parameter", &["visitorId", "visitorName", "channel"]),
    (
        "auth answer",
        &["visitorToken", "visitorUserId", "visitorMindId", "avatarShareCode", "avatarName", "ownerUserId"],
    ),
    ("later header", &["token", "Fp"]),
    ("chat/init parameter", &["shareCode"]),
    ("chat/init answer", &["mindId", "avatarName", "ownerUserId", "opening"]),
    ("ws/create parameter", &["userId", "channel", "apiVersion", "sdkVersion"]),
    ("ws/create answer", &["address", "wsId"]),
    ("session/create parameter", &["mindId", "mindType", "mode", "sessionType", "memberUserIds"]),
    ("session/create answer", &["sessionId"]),
    ("avatar/public answer", &["id"]),
    ("chat/start parameter", &["avatarId", "sessionId"]),
    ("heartbeat", &["type", "wsId"]),
    (
        "message/send parameter",
        &[
            "timestamp",
            "seqId",
            "sessionId",
            "userId",
            "messageId",
            "mindId",
            "index",
            "sendUserId",
            "dataType",
            "sender",
            "type",
            "wsId",
            "data.content",
        ],
    ),
    ("frame", &["the avatar's reply", "the visitor's echo", "the owner's takeover"]),
    (
        "error",
        &[
            "open.api.unauthorized",
            "open.api.key.not.found",
            "open.api.key.disabled",
            "open.api.rate.limited",
            "open.api.avatar.not.found",
            "open.api.invalid.visitor.id",
            "session.not.member",
        ],
    ),
    (
        "note",
        &[
            "the API key is kept safe",
            "the surface payload lives ten minutes",
            "the socket's address lives sixty seconds",
            "a heartbeat every fifteen seconds",
            "messages by HTTP, replies by socket",
            "one visitor may have several sessions",
            "sixty requests a minute for a key",
            "the owner sees and takes over conversations",
        ],
    ),
];

#[test]
fn each_row_of_the_documents_is_covered_by_a_test() {
    let table = read_table(&root().join("docs/secondme-apis.md"));
    let wanted: BTreeSet<String> = rows("Visitor Chat", VISITOR_CHAT).chain(rows("Avatar Hub", AVATAR_HUB)).collect();
    assert!(wanted.len() > 100, "only {} rows", wanted.len());
    let missing: Vec<_> = wanted.iter().filter(|row| !table.contains_key(*row)).collect();
    assert!(missing.is_empty(), "the table lacks {missing:#?}");
    let unknown: Vec<_> = table.keys().filter(|row| !wanted.contains(*row)).collect();
    assert!(unknown.is_empty(), "the table has rows that no document has: {unknown:#?}");
}

#[test]
fn each_test_that_the_table_names_exists() {
    let table = read_table(&root().join("docs/secondme-apis.md"));
    let mut sources = BTreeMap::new();
    for (row, tests) in &table {
        assert!(!tests.is_empty(), "{row} names no test");
        for test in tests {
            let (file, name) = test.split_once("::").unwrap_or_else(|| panic!("{row}: `{test}` is not file::test"));
            let path = root().join(file);
            let source = sources.entry(path.clone()).or_insert_with(|| {
                fs::read_to_string(&path).unwrap_or_else(|error| panic!("{row}: {}: {error}", path.display()))
            });
            let stands = source.find(&format!("fn {name}(")).map(|place| &source[..place]);
            let attribute =
                stands.and_then(|before| before.trim_end().trim_end_matches("async").trim_end().lines().last());
            assert!(attribute.is_some_and(|line| line.trim().starts_with("#[")), "{row}: {file} has no test {name}");
        }
    }
}

fn rows<'a>(document: &'a str, parts: &'a [(&str, &[&str])]) -> impl Iterator<Item = String> + 'a {
    parts.iter().flat_map(move |(part, names)| names.iter().map(move |name| format!("{document} | {part} | {name}")))
}

/// The rows as `document | part | name`, with the tests in their last cell. The document is the heading above.
fn read_table(path: &Path) -> BTreeMap<String, Vec<String>> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut table = BTreeMap::new();
    let mut document = "";
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            document = heading;
        }
        let cells: Vec<_> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
        let [part, name, .., tests] = cells.as_slice() else { continue };
        if !line.starts_with('|') || part.starts_with("---") || *part == "part" {
            continue;
        }
        let tests = tests.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        let row = format!("{document} | {part} | {}", name.trim_matches('`'));
        assert!(table.insert(row.clone(), tests).is_none(), "the table has this row twice: {row}");
    }
    table
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
