//! Owns the session: every input goes through [`Runtime::dispatch`], every effect to its adapter, every change into the
//! model. It does not know what the views look like.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use chat_core::{Author, Change, Connection, Effect, Failure, Input, MessageId, Session, Settings, Status};
use leptos::prelude::{GetUntracked, Set};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use crate::animation::NextFrame;
use crate::host::Host;
use crate::model::Model;
use crate::options::Config;
use crate::socket::{Socket, SocketEvent, parse};
use crate::storage;
use crate::timer::{Alarm, now};
use crate::transport::Transport;

/// One chat at work. Clones are the same chat.
#[derive(Clone)]
pub(crate) struct Runtime(Rc<Inner>);

struct Inner {
    session: RefCell<Session>,
    model: Model,
    host: Host,
    transport: Transport,
    socket: Socket,
    alarm: Alarm,
    next_frame: NextFrame,
    /// Frames wait here for the next animation frame, so that many small ones cost one drawing.
    received: RefCell<Vec<(u32, JsValue)>>,
    /// What an effect leads to at once waits here until the effect before it is done.
    inputs: RefCell<VecDeque<Input>>,
    busy: Cell<bool>,
    ended: Cell<bool>,
}

impl Runtime {
    pub(crate) fn new(config: Config, host: Host, model: Model) -> Self {
        let settings = Settings { avatar: config.avatar, visitor_name: config.visitor_name, seed: seed() };
        Self(Rc::new(Inner {
            session: RefCell::new(Session::new(settings)),
            model,
            host,
            transport: Transport::new(config.base),
            socket: Socket::default(),
            alarm: Alarm::default(),
            next_frame: NextFrame::default(),
            received: RefCell::default(),
            inputs: RefCell::default(),
            busy: Cell::new(false),
            ended: Cell::new(false),
        }))
    }

    /// Opens the panel; the first time, the conversation too.
    pub(crate) fn open(&self) {
        if self.0.ended.get() || self.is_open() {
            return;
        }
        self.0.model.open.set(true);
        self.0.host.tell("open", &JsValue::NULL);
        // A listener of the page may have ended the chat just now.
        if !self.0.ended.get() && self.0.session.borrow().connection() == Connection::Idle {
            self.dispatch(Input::Opened(storage::visitor_id()));
        }
    }

    /// Closes the panel; the conversation goes on.
    pub(crate) fn close(&self) {
        if self.is_open() {
            self.0.model.open.set(false);
            self.0.host.tell("close", &JsValue::NULL);
        }
    }

    /// Whether the panel is open; a chat that has ended has none.
    pub(crate) fn is_open(&self) -> bool {
        !self.0.ended.get() && self.0.model.open.get_untracked()
    }

    pub(crate) fn model(&self) -> Model {
        self.0.model
    }

    pub(crate) fn submit(&self, text: String) {
        self.dispatch(Input::Submitted(text));
    }

    pub(crate) fn retry(&self, message: MessageId) {
        self.dispatch(Input::Retried(message));
    }

    pub(crate) fn reconnect(&self) {
        self.dispatch(Input::Reconnected);
    }

    /// Ends everything that is under way; no callback changes anything any more.
    pub(crate) fn end(&self) {
        self.0.ended.set(true);
        self.0.socket.disconnect();
        self.0.alarm.set(None, || {});
        self.0.host.leave();
    }

    fn dispatch(&self, input: Input) {
        if self.0.ended.get() {
            return;
        }
        self.0.inputs.borrow_mut().push_back(input);
        if self.0.busy.replace(true) {
            return;
        }
        while let Some(input) = self.next_input() {
            let output = self.0.session.borrow_mut().handle(input, now());
            for change in output.changes {
                self.show(change);
                // A listener of the page may have ended the chat just now.
                if self.0.ended.get() {
                    return;
                }
            }
            for effect in output.effects {
                self.carry_out(effect);
            }
        }
        self.0.busy.set(false);
    }

    fn next_input(&self) -> Option<Input> {
        self.0.inputs.borrow_mut().pop_front()
    }

    fn carry_out(&self, effect: Effect) {
        let runtime = self.clone();
        match effect {
            Effect::Init { attempt, request, within } => spawn_local(async move {
                let result = runtime.0.transport.init(request, within).await;
                runtime.dispatch(Input::Initialised(attempt, result));
            }),
            Effect::Send { turn, request, within } => spawn_local(async move {
                let result = runtime.0.transport.send(request, within).await;
                runtime.dispatch(Input::Answered(turn, result));
            }),
            Effect::Connect { attempt, url } => {
                self.0.socket.connect(&url, move |event| runtime.on_socket(attempt, event));
            }
            Effect::Disconnect => self.0.socket.disconnect(),
            Effect::Ping { ws_id } => self.0.socket.ping(&ws_id),
            Effect::Wake(at) => self.0.alarm.set(at, move || {
                // Frames that wait to be drawn show that the socket is alive, and come first.
                runtime.draw_received();
                runtime.dispatch(Input::Woke);
            }),
        }
    }

    fn on_socket(&self, attempt: u32, event: SocketEvent) {
        match event {
            SocketEvent::Opened => self.dispatch(Input::SocketOpened(attempt)),
            SocketEvent::Received(data) => {
                self.0.received.borrow_mut().push((attempt, data));
                let runtime = self.clone();
                self.0.next_frame.call(move || runtime.draw_received());
            }
            SocketEvent::Closed => {
                self.draw_received();
                self.dispatch(Input::SocketClosed(attempt));
            }
        }
    }

    fn draw_received(&self) {
        for (attempt, data) in self.0.received.take() {
            self.dispatch(Input::Received(attempt, parse(&data)));
        }
    }

    fn show(&self, change: Change) {
        let Inner { session, model, .. } = &*self.0;
        let session = session.borrow();
        match change {
            Change::Added(id) => session.transcript().get(id).into_iter().for_each(|message| model.add(message)),
            Change::Greeted(id) => {
                session.transcript().get(id).into_iter().for_each(|message| model.add_first(message));
            }
            Change::Extended(id, text) => model.change(id, |message| message.text.push_str(&text)),
            Change::Status(id) => {
                let Some(message) = session.transcript().get(id).cloned() else { return };
                model.change(id, |shown| shown.status = message.status.clone());
                drop(session);
                match (message.author, message.status) {
                    (Author::Visitor, Status::Sent) => self.0.host.tell("sent", &message.text.into()),
                    (Author::Visitor, Status::Failed(failure)) => self.tell_failure(failure),
                    (Author::Avatar, Status::Complete) => {
                        self.0.host.tell("reply", &JsValue::from_str(&message.text));
                        model.announcement.set(message.text);
                    }
                    _ => {}
                }
            }
            Change::Connection => {
                let connection = session.connection();
                model.connection.set(connection);
                drop(session);
                if let Connection::Failed(failure) | Connection::Reconnecting(failure, Some(_)) = connection {
                    self.tell_failure(failure);
                }
            }
            Change::Profile => model.profile.set(session.profile().cloned()),
            Change::Waiting => model.waiting.set(session.waiting()),
        }
    }

    fn tell_failure(&self, failure: Failure) {
        self.0.host.tell("error", &format!("{failure:?}").to_lowercase().into());
    }
}

/// Chance for the core, which has none of its own.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the product lies within a double's exact integers"
)]
fn seed() -> u64 {
    (js_sys::Math::random() * 9_007_199_254_740_992.0) as u64
}
