//! The widget's requests, held to the limits of the documents. Their form is the core's; SecondMe is unknown here.

pub(crate) use chat_core::wire::{Credential, Envelope, InitAnswer, InitRequest, SendAnswer, SendRequest};

use chat_core::wire::{VisitorId, limits};

use crate::failure::Failure;
use crate::identity::KNOWN_VISITOR;

/// Bounds what is opened, in bytes: a sealed session takes a few hundred.
const LONGEST_SESSION_ID: usize = 4096;

/// A request whose fields are within the limits.
pub(crate) trait Checked: Sized {
    fn checked(self) -> Result<Self, Failure>;
}

impl Checked for InitRequest {
    fn checked(self) -> Result<Self, Failure> {
        check_visitor_id(&self.visitor_id)?;
        if self.visitor_name.as_ref().is_some_and(|name| name.chars().count() > limits::VISITOR_NAME) {
            return Err(Failure::InvalidRequest("visitorName is longer than 200 characters"));
        }
        if let Some(session_id) = &self.session_id {
            check_session_id(session_id)?;
        }
        Ok(self)
    }
}

impl Checked for SendRequest {
    fn checked(self) -> Result<Self, Failure> {
        check_visitor_id(&self.visitor_id)?;
        check_session_id(&self.session_id)?;
        match self.message.chars().count() {
            0 => Err(Failure::InvalidRequest("message is empty")),
            1..=limits::MESSAGE => Ok(self),
            _ => Err(Failure::MessageTooLong),
        }
    }
}

/// What every success is wrapped in.
pub(crate) fn success<T>(data: T) -> Envelope<T> {
    Envelope { code: 0, data: Some(data), sub_code: None, message: None }
}

/// Nobody calls themselves a visitor whom the site knows.
fn check_visitor_id(id: &VisitorId) -> Result<(), Failure> {
    let known = id.as_str().get(..KNOWN_VISITOR.len()).is_some_and(|start| start.eq_ignore_ascii_case(KNOWN_VISITOR));
    if known { Err(Failure::InvalidRequest("visitorId must not begin with site_")) } else { Ok(()) }
}

fn check_session_id(id: &str) -> Result<(), Failure> {
    if (1..=LONGEST_SESSION_ID).contains(&id.len()) && !id.chars().any(char::is_control) {
        Ok(())
    } else {
        Err(Failure::InvalidRequest("sessionId is not what init answered"))
    }
}
