//! What the Avatar Hub's error codes mean. The document gives them no HTTP statuses; these are the ones that fit.

use crate::upstream::fault::Fault;

/// The document's error codes, with a status for where one comes with another, such as 200.
pub(super) const TABLE: [(&str, u16); 7] = [
    ("open.api.unauthorized", 401),
    ("open.api.key.not.found", 401),
    ("open.api.key.disabled", 403),
    ("open.api.rate.limited", 429),
    ("open.api.avatar.not.found", 404),
    ("open.api.invalid.visitor.id", 400),
    ("session.not.member", 403),
];

/// How SecondMe says that a conversation is not there, or not this visitor's. The document has the first alone; the second
/// is what the published SDK hears on the socket, and the others are their likely neighbours.
const SESSION_GONE: [&str; 5] =
    ["session.not.member", "session.status.closed", "session.not.found", "session.not_found", "session.expired"];

/// Whether a new visitor token could help. The document names no code for a refused one, and SecondMe may answer a bare
/// `{"detail":…}`; a refusal of the API key is a 401 too, and then none can.
pub(super) fn is_about_token(fault: &Fault) -> bool {
    match fault {
        Fault::Refused { status: 401, sub_code, .. } => sub_code.as_deref() != Some("open.api.key.not.found"),
        Fault::Refused { status: 403, sub_code: None, .. } => true,
        _ => false,
    }
}

/// Whether SecondMe took the request for wrong, as it does where it does not know the visitor any more. Too many requests
/// are none of it.
pub(super) fn is_about_visitor(fault: &Fault) -> bool {
    matches!(fault, Fault::Refused { status: 400..=428 | 430..=499, .. })
}

/// Of a message: where its conversation is gone, the widget has to hear that in words that it knows.
pub(super) fn session_gone(fault: Fault) -> Fault {
    match fault {
        Fault::Refused { sub_code: Some(sub_code), .. } if SESSION_GONE.contains(&sub_code.as_str()) => {
            Fault::SessionGone { sub_code: Some(sub_code) }
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, sub_code: Option<&str>) -> Fault {
        Fault::Refused { status, sub_code: sub_code.map(str::to_owned), retry_after: None }.by_table(&TABLE)
    }

    #[test]
    fn each_refusal_has_its_remedy() {
        let check = |status: u16, sub_code: Option<&str>, remedies: (bool, bool, bool)| {
            let fault = refused(status, sub_code);
            let gone = matches!(session_gone(fault.clone()), Fault::SessionGone { .. });
            assert_eq!((is_about_token(&fault), is_about_visitor(&fault), gone), remedies, "{fault}");
        };
        check(401, None, (true, true, false));
        check(401, Some("resource.auth.unauthorized"), (true, true, false));
        check(200, Some("open.api.unauthorized"), (true, true, false));
        check(403, None, (true, true, false));
        check(401, Some("open.api.key.not.found"), (false, true, false));
        check(403, Some("open.api.key.disabled"), (false, true, false));
        check(404, Some("open.api.avatar.not.found"), (false, true, false));
        check(403, Some("session.not.member"), (false, true, true));
        check(200, Some("session.not.member"), (false, true, true));
        check(400, Some("session.status.closed"), (false, true, true));
        check(400, Some("invalid.param"), (false, true, false));
        check(429, Some("open.api.rate.limited"), (false, false, false));
        check(200, Some("open.api.rate.limited"), (false, false, false));
        check(503, None, (false, false, false));
        check(500, Some("internal.error"), (false, false, false));
    }
}
