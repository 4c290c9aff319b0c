//! The test instrument: faults on command, and what was seen. The real SecondMe has nothing like it.

mod command;
mod endpoint;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::http::StatusCode;

use crate::{
    AnswerFault, Endpoint, Observed, Operation, PlannedRefusal, Script, TokenRefusal,
    script::{self, Scene, Stamp},
    world::{Delivery, Standing, World},
};

pub(crate) use self::endpoint::{PATH, router};
pub use self::{
    command::{AvatarAddition, Command, CommandError},
    endpoint::CONTROL_HELP,
};

/// A handle on a running simulator for tests and the demo. Cloning it is cheap, and no method waits.
#[derive(Clone)]
pub struct Control {
    world: Arc<World>,
}

impl Control {
    pub(crate) fn new(world: Arc<World>) -> Control {
        Control { world }
    }

    /// Ends every access token that was issued so far, and every visitor token of the Avatar Hub.
    pub fn expire_tokens(&self) {
        let mut memory = self.world.lock();
        memory.tokens.expire_all(Instant::now());
        memory.visitors.expire_all();
    }

    /// Makes `send` answer `visitor_chat.session_expired` for every session of now, until its visitor calls `init`
    /// again, which finds the same session. On the Avatar Hub `message/send` and `chat/start` answer
    /// `session.status.closed`, and only a new session helps. Open sockets stay open.
    pub fn expire_sessions(&self) {
        self.world.lock().sessions.expire_all();
    }

    /// Forgets every session: `send` answers `visitor_chat.session_not_found`, and `init` begins a new session. On the
    /// Avatar Hub it is as if they had expired.
    pub fn forget_sessions(&self) {
        self.world.lock().sessions.forget_all();
    }

    /// Closes every open socket properly, with code 1001 ("going away").
    pub fn close_sockets(&self) {
        self.world.lock().sockets.close_all();
    }

    /// Makes the next `count` requests of the API answer this HTTP status with the error envelope. A status that is no
    /// error (400 to 599) counts as 500.
    pub fn fail_next(&self, count: u32, status: u16) {
        let status = failure_status(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        self.world.lock().faults.fail_next(count, status);
    }

    /// Makes every request of the API wait this long before anything is done about it. Sockets are not slowed.
    pub fn delay_answers(&self, delay: Duration) {
        self.world.lock().faults.delay = delay;
    }

    /// Sets the pause before each frame of a reply, for replies that are under way too.
    pub fn set_chunk_interval(&self, interval: Duration) {
        self.world.lock().faults.chunk_interval = interval;
    }

    /// Cuts the connection of the next reply that has a socket after this many chunks, without a close frame. A reply
    /// with fewer chunks is cut before the frame that would complete it.
    pub fn close_mid_reply(&self, after_chunks: usize) {
        self.world.lock().faults.cut_next_reply(after_chunks);
    }

    /// Chooses the shape in which a refused token is answered.
    pub fn set_token_refusal(&self, shape: TokenRefusal) {
        self.world.lock().faults.token_refusal = shape;
    }

    /// Makes every request with a good token or key answer `open.api.user.not.found`, as if the avatars' owner had deleted the account.
    pub fn set_owner_gone(&self, gone: bool) {
        self.world.lock().faults.owner_gone = gone;
    }

    /// Makes every request of this endpoint wait this long, beyond [`Control::delay_answers`], before anything is done
    /// about it.
    pub fn delay(&self, endpoint: Endpoint, delay: Duration) {
        self.world.lock().faults.delay_endpoint(endpoint, delay);
    }

    /// Adds an avatar with a key of its own. One with the same key is replaced, and is active again if it was not.
    pub fn add_avatar(&self, avatar: AvatarAddition) {
        self.world.lock().avatars.add(avatar);
    }

    /// Switches an API key off: the Avatar Hub answers `open.api.key.disabled`, and Visitor Chat, whose document has no
    /// such code, `open.api.key.not.found`. [`Control::add_avatar`] switches it on again.
    ///
    /// # Errors
    /// [`CommandError::NoSuchKey`] if no avatar ever had the key.
    pub fn disable_key(&self, api_key: &str) -> Result<(), CommandError> {
        self.set_standing(api_key, Standing::KeyDisabled)
    }

    /// Removes an avatar whose key is known still: the Avatar Hub answers `open.api.avatar.not.found`, and Visitor Chat,
    /// whose document has no such code, `open.api.key.not.found`.
    ///
    /// # Errors
    /// [`CommandError::NoSuchKey`] if no avatar ever had the key.
    pub fn remove_avatar(&self, api_key: &str) -> Result<(), CommandError> {
        self.set_standing(api_key, Standing::Removed)
    }

    fn set_standing(&self, api_key: &str, standing: Standing) -> Result<(), CommandError> {
        let known = self.world.lock().avatars.set_standing(api_key, standing);
        if known { Ok(()) } else { Err(CommandError::NoSuchKey) }
    }

    /// Tells every reply from now on like this, except those that [`Control::next_replies`] speaks of. Replies under way
    /// stay as they are.
    pub fn set_script(&self, script: Script) {
        self.world.lock().faults.script = script;
    }

    /// Tells the next `count` replies that have a socket like this, behind those that were spoken of before.
    pub fn next_replies(&self, count: u32, script: Script) {
        self.world.lock().faults.next_replies.add(count, script);
    }

    /// Lets the owner say something at once, also in the middle of a reply, in the frame of the Avatar Hub document. `to`
    /// is a `sessionId` or a `visitorId`; `None` is the conversation with an open socket that began last.
    ///
    /// # Errors
    /// [`CommandError::NobodyThere`] if there is no such conversation, or it has no open socket;
    /// [`CommandError::NotAMember`] if it was created on the Avatar Hub without the owner among its members.
    pub fn owner_says(&self, to: Option<&str>, text: &str) -> Result<(), CommandError> {
        let memory = self.world.lock();
        let meant = |id: &str, visitor: &str| to.is_none_or(|to| to == id || to == visitor);
        let mut sessions = memory.sessions.all().iter().rev();
        let found = sessions.find_map(|session| {
            let ws_id = memory.sockets.newest(&session.visitor_user_id)?;
            meant(&session.id, &session.visitor_id).then_some((session, ws_id))
        });
        let Some((session, ws_id)) = found else { return Err(CommandError::NobodyThere) };
        if !session.standing.owner_is_member {
            return Err(CommandError::NotAMember);
        }
        let Some(avatar) = memory.avatars.find(&session.api_key) else { return Err(CommandError::NoSuchKey) };
        let scene = Scene {
            session_id: &session.id,
            ws_id,
            visitor_user_id: &session.visitor_user_id,
            owner_user_id: &avatar.owner_user_id,
            mind_id: &avatar.encoded_mind_id,
            message: "",
            text,
            chunk_chars: self.world.settings.chunk_chars,
            media_base: "",
            stamp: Stamp::now(),
        };
        let frame = script::owner_frame(memory.faults.script.frames, &scene);
        memory.sockets.deliver(ws_id, Delivery::Frame(frame));
        Ok(())
    }

    /// Refuses the next `count` requests for this operation, behind those that are to be refused already. A status that is
    /// no error (400 to 599) counts as 500.
    pub fn refuse_next(&self, operation: Operation, count: u32, refusal: PlannedRefusal) {
        let status = failure_status(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).as_u16();
        self.world.lock().faults.refuse_next(operation, count, PlannedRefusal { status, ..refusal });
    }

    /// Spoils the answers to the next `count` messages that are accepted. Their replies come as usual.
    pub fn spoil_answers(&self, count: u32, answer: AnswerFault) {
        self.world.lock().faults.next_answers.add(count, answer);
    }

    /// Answers heartbeats with a pong, or leaves them unanswered.
    pub fn answer_heartbeats(&self, on: bool) {
        self.world.lock().faults.heartbeats_unanswered = !on;
    }

    /// Refuses the next `count` sockets before the upgrade. Their tickets stay good. A status that is no error (400 to 599)
    /// counts as 500.
    pub fn refuse_sockets(&self, count: u32, status: u16) {
        let status = failure_status(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        self.world.lock().faults.next_sockets_refused.add(count, status);
    }

    /// Drops the connection of every socket that is open now, without a close frame, after this long.
    pub fn cut_sockets(&self, after: Duration) {
        self.world.lock().sockets.cut_all(after);
    }

    /// Drops the connections of the next `count` sockets, without a close frame, this long after each was opened.
    pub fn cut_next_sockets(&self, count: u32, after: Duration) {
        self.world.lock().faults.next_sockets_cut.add(count, after);
    }

    /// Switches off every fault, and replies are told as at the start again. What has ended stays ended, sockets that are
    /// to be cut still are, and the chunk rate stays as it is.
    pub fn reset_faults(&self) {
        self.world.lock().faults.reset();
    }

    /// A copy of what the simulator has seen so far.
    pub fn observed(&self) -> Observed {
        Observed::of(&self.world)
    }
}

fn failure_status(status: u16) -> Option<StatusCode> {
    let status = StatusCode::from_u16(status).ok()?;
    (status.is_client_error() || status.is_server_error()).then_some(status)
}
