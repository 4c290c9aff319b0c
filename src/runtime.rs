//! Owns the session: every input goes through it, every effect to its adapter, every change into the model. It does not
//! know what the views look like.

mod announce;
mod company;
mod consent;
mod copying;
mod countdown;
mod export;
mod identity;
mod keeping;
mod language;
mod noticing;
mod renewal;
mod screen;
mod show;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use chat_core::{Connection, Effect, Input, MessageId, Moment, Session, Settings};
use gloo_events::EventListener;
use gloo_timers::callback::{Interval, Timeout};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use crate::animation::NextFrame;
use crate::chime::Chime;
use crate::host::Host;
use crate::login::Login;
use crate::model::Model;
use crate::options::{Config, Mode, Persist};
use crate::page::{Page, PageEvent, is_touched, is_visible};
use crate::screen::Screen;
use crate::signal::Reaction;
use crate::socket::{Socket, SocketEvent, parse};
use crate::storage::Storage;
use crate::timer::{Alarm, now};
use crate::title::TitleMark;
use crate::transport::Transport;

use company::{Company, Role};

/// One chat at work. Clones are the same chat.
#[derive(Clone)]
pub(crate) struct Runtime(Rc<Inner>);

struct Inner {
    config: Config,
    settings: Settings,
    session: RefCell<Session>,
    model: Rc<Model>,
    host: Host,
    transport: Transport,
    storage: Storage,
    socket: Socket,
    alarm: Alarm,
    next_frame: NextFrame,
    company: Company,
    title: TitleMark,
    chime: Chime,
    page: RefCell<Option<Page>>,
    screen: RefCell<Option<Rc<Screen>>>,
    /// Whom the page has named, or that there is nobody; none while it has said nothing.
    person: RefCell<Option<Option<String>>>,
    login: RefCell<Option<Login>>,
    /// Watches for consent in another tab while the visitor is asked for it here.
    consent_elsewhere: RefCell<Option<EventListener>>,
    /// Frames wait here for the next animation frame, so that many small ones cost one drawing.
    received: RefCell<Vec<(u32, JsValue)>>,
    /// What an effect leads to at once waits here until the effect before it is done.
    inputs: RefCell<VecDeque<(Input, Option<String>)>>,
    busy: Cell<bool>,
    begun: Cell<bool>,
    ended: Cell<bool>,
    saving: RefCell<Option<Timeout>>,
    countdown: RefCell<Option<Interval>>,
    hushing: RefCell<Option<Timeout>>,
    copied: RefCell<Option<Timeout>>,
    /// What follows the model outside of the views.
    reactions: RefCell<Vec<Reaction>>,
}

impl Runtime {
    pub(crate) fn new(config: Config, host: Host, model: Model) -> Self {
        let settings =
            Settings { avatar: config.avatar.clone(), visitor_name: config.visitor_name.clone(), seed: seed() };
        let runtime = Self(Rc::new(Inner {
            session: RefCell::new(Session::new(settings.clone())),
            settings,
            model: Rc::new(model),
            host,
            transport: Transport::new(config.base.clone(), config.sign_in),
            storage: Storage::new(&config),
            config,
            socket: Socket::default(),
            alarm: Alarm::default(),
            next_frame: NextFrame::default(),
            company: Company::default(),
            title: TitleMark::new(),
            chime: Chime::new(),
            page: RefCell::default(),
            screen: RefCell::default(),
            person: RefCell::default(),
            login: RefCell::default(),
            consent_elsewhere: RefCell::default(),
            received: RefCell::default(),
            inputs: RefCell::default(),
            busy: Cell::new(false),
            begun: Cell::new(false),
            ended: Cell::new(false),
            saving: RefCell::default(),
            countdown: RefCell::default(),
            hushing: RefCell::default(),
            copied: RefCell::default(),
            reactions: RefCell::default(),
        }));
        runtime.keep_drafts();
        runtime.name_launcher();
        runtime.learn_language();
        runtime.watch_screen();
        runtime.mark_title();
        runtime.0.model.sound.set(runtime.0.config.sound);
        runtime
    }

    pub(crate) fn model(&self) -> &Rc<Model> {
        &self.0.model
    }

    /// Something follows the model until the chat ends.
    fn keep(&self, reaction: Reaction) {
        self.0.reactions.borrow_mut().push(reaction);
    }

    /// What the site has set.
    pub(crate) fn config(&self) -> &Config {
        &self.0.config
    }

    /// The wall clock.
    pub(crate) fn now(&self) -> Moment {
        now()
    }

    /// Whether the chat stands in the page, where nothing is to be closed.
    pub(crate) fn is_inline(&self) -> bool {
        self.0.config.mode == Mode::Inline
    }

    /// Whether the visitor's screen is one to be touched, where a keyboard may cover half of it.
    pub(crate) fn is_touched(&self) -> bool {
        is_touched()
    }

    /// Opens the panel; the first time, the conversation too.
    pub(crate) fn open(&self) {
        if self.0.ended.get() || self.is_open() {
            return;
        }
        self.learn_language();
        self.0.model.open.set(true);
        self.0.host.tell("open", &JsValue::NULL);
        // A listener of the page may have ended the chat just now.
        if !self.0.ended.get() {
            self.begin_if_agreed();
        }
    }

    /// Closes the panel; the conversation goes on.
    pub(crate) fn close(&self) {
        if self.is_open() {
            self.leave_screen();
            self.0.model.open.set(false);
            self.0.model.aside.set(None);
            self.0.host.tell("close", &JsValue::NULL);
            self.seen(is_visible());
        }
    }

    /// Whether the panel is open; a chat that has ended has none.
    pub(crate) fn is_open(&self) -> bool {
        !self.0.ended.get() && self.0.model.open.get_untracked()
    }

    pub(crate) fn submit(&self, text: String) {
        self.wish(Input::Submitted(text));
    }

    pub(crate) fn retry(&self, message: MessageId) {
        self.wish(Input::Retried(message));
    }

    pub(crate) fn delete(&self, message: MessageId) {
        self.wish(Input::Deleted(message));
    }

    pub(crate) fn stop(&self) {
        self.wish(Input::Stopped);
    }

    pub(crate) fn reconnect(&self) {
        self.wish(Input::Reconnected);
    }

    /// Ends everything that is under way; no callback changes anything any more.
    pub(crate) fn end(&self) {
        if self.0.ended.get() {
            return;
        }
        self.save_now();
        self.0.ended.set(true);
        self.leave_company();
        self.0.page.take();
        self.0.screen.take();
        self.0.login.take();
        self.0.consent_elsewhere.take();
        self.0.title.show(0);
        self.0.chime.end();
        self.0.saving.take();
        self.0.countdown.take();
        self.0.hushing.take();
        self.0.copied.take();
        self.0.reactions.take();
        self.rest();
        self.launcher_rests();
        self.0.host.leave();
    }

    /// The conversation begins with the first opening: until then nothing is asked for and nothing stored.
    fn begin(&self) {
        if !self.0.begun.replace(true) {
            self.0.storage.agree();
            self.meet_person(self.0.storage.person().as_ref(), false);
            // Whoever agreed was another person.
            if self.0.storage.lacks_consent() {
                return;
            }
            self.prepare_sound();
            let visitor = self.0.storage.visitor();
            if let Some(draft) = self.0.storage.draft(&visitor) {
                self.0.model.draft.set(draft);
            }
            let runtime = self.clone();
            *self.0.page.borrow_mut() = Some(Page::listen(move |event| runtime.on_page(event)));
            if self.0.config.persist == Persist::Local {
                self.join_company();
            } else {
                self.go_alone();
            }
        }
        let known = self.0.session.borrow().visitor().cloned();
        let visitor = known.unwrap_or_else(|| self.0.storage.visitor());
        if self.0.session.borrow().connection() == Connection::Idle {
            self.wish(Input::Opened(visitor));
        }
    }

    /// This tab's own part of the work stops; the session stays as it is.
    fn rest(&self) {
        self.0.socket.disconnect();
        self.0.alarm.set(None, || {});
        self.0.received.take();
    }

    /// The session takes an input, and this tab does what follows from it.
    fn take(&self, input: Input) {
        self.fulfil(input, None);
    }

    /// The same, where the input is the wish of another tab's visitor.
    fn fulfil(&self, input: Input, wish: Option<String>) {
        if self.0.ended.get() {
            return;
        }
        self.0.inputs.borrow_mut().push_back((input, wish));
        if self.0.busy.replace(true) {
            return;
        }
        while let Some((input, wish)) = self.next_input().filter(|_| !self.0.ended.get()) {
            let at = now();
            self.pass_on(&input, wish, at);
            let effects = self.show_taken(input, at);
            for effect in effects {
                self.carry_out(effect);
            }
        }
        self.0.busy.set(false);
    }

    fn next_input(&self) -> Option<(Input, Option<String>)> {
        self.0.inputs.borrow_mut().pop_front()
    }

    /// The session takes an input, and what changes is shown.
    fn show_taken(&self, input: Input, at: Moment) -> Vec<Effect> {
        let output = self.0.session.borrow_mut().handle(input, at);
        for change in output.changes {
            self.show(&change);
            // A listener of the page may have ended the chat just now.
            if self.0.ended.get() {
                return Vec::new();
            }
        }
        output.effects
    }

    fn carry_out(&self, effect: Effect) {
        let runtime = self.clone();
        match effect {
            Effect::Init { attempt, request, within } => spawn_local(async move {
                let result = runtime.0.transport.init(request, within).await;
                runtime.report(Input::Initialised(attempt, result));
            }),
            Effect::Send { turn, request, within } => spawn_local(async move {
                let result = runtime.0.transport.send(request, within).await;
                runtime.report(Input::Answered(turn, result));
            }),
            Effect::Connect { attempt, url } => {
                self.0.socket.connect(&url, move |event| runtime.on_socket(attempt, event));
            }
            Effect::Disconnect => self.0.socket.disconnect(),
            Effect::Ping { ws_id } => self.0.socket.ping(&ws_id),
            Effect::Wake(at) => self.0.alarm.set(at, move || {
                // Frames that wait to be drawn show that the socket is alive, and come first.
                runtime.draw_received();
                runtime.report(Input::Woke);
            }),
        }
    }

    /// What an adapter reports counts only while this tab does the work.
    fn report(&self, input: Input) {
        if matches!(self.role(), Role::Alone | Role::Leading) {
            self.take(input);
        }
    }

    fn on_page(&self, event: PageEvent) {
        match event {
            PageEvent::Visible(visible) => self.seen(visible),
            PageEvent::Online(online) => self.report(Input::Online(online)),
            PageEvent::Frozen(frozen) => self.freeze(frozen),
            PageEvent::Left => {
                self.save_now();
                self.seen(false);
            }
        }
    }

    fn on_socket(&self, attempt: u32, event: SocketEvent) {
        match event {
            SocketEvent::Opened => self.report(Input::SocketOpened(attempt)),
            SocketEvent::Received(data) => {
                self.0.received.borrow_mut().push((attempt, data));
                let runtime = self.clone();
                self.0.next_frame.call(move || runtime.draw_received());
            }
            SocketEvent::Closed => {
                self.draw_received();
                self.report(Input::SocketClosed(attempt));
            }
        }
    }

    fn draw_received(&self) {
        for (attempt, data) in self.0.received.take() {
            self.report(Input::Received(attempt, parse(&data)));
        }
    }
}

/// Chance for the core, which has none of its own.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the product lies within exact integers")]
fn seed() -> u64 {
    (js_sys::Math::random() * 9_007_199_254_740_992.0) as u64
}
