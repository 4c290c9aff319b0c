//! One conversation for all tabs of a browser: the leader's session does the work, and every tab's session takes the same
//! inputs at the same times, so that all of them show the same and any of them can go on.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use chat_core::json::{Json, Portable};
use chat_core::wire::VisitorId;
use chat_core::{Change, Effect, Input, Moment, Saved, Session, portable_enum};
use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;

use super::Runtime;
use crate::json::{from_js, to_js};
use crate::options::Persist;
use crate::page::{is_online, is_visible};
use crate::storage::uuid::uuid;
use crate::tabs::{TabEvent, Tabs};
use crate::timer::Alarm;

/// A leader that has not answered for so long is frozen or gone.
const PATIENCE_MS: u32 = 1_200;
/// A hidden leader's timers are held back; a tab that is looked at keeps time for it, this much later.
const GRACE: core::time::Duration = core::time::Duration::from_millis(400);
/// Wishes that are known to have been taken.
const REMEMBERED: usize = 64;

/// What this tab does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Role {
    /// Not begun, or not yet known.
    #[default]
    Undecided,
    /// The work, for itself.
    Alone,
    /// The work, for all tabs.
    Leading,
    /// It shows what the leader's session takes, and hands on what its visitor wishes.
    Following,
}

#[derive(Default)]
pub(super) struct Company {
    role: Cell<Role>,
    tabs: RefCell<Option<Tabs>>,
    name: RefCell<String>,
    /// A following tab knows how things stand.
    standing: Cell<bool>,
    /// A leading tab has heard of others since it leads. Until then it tells nobody what it takes, which for each chunk would be
    /// more work than the chunk; whoever it hears of is told first how things stand.
    accompanied: Cell<bool>,
    /// What the visitor of this tab wished and no leader has taken yet, in the order of the wishes.
    wishes: RefCell<Vec<(u32, Input)>>,
    wished: Cell<u32>,
    taken: RefCell<VecDeque<String>>,
    patience: RefCell<Option<Timeout>>,
    clock: Alarm,
    frozen: Cell<bool>,
    /// Tabs that are looked at, and whether their panel is open.
    seen: RefCell<Vec<(String, bool)>>,
}

/// What tabs tell each other.
enum Told {
    /// A tab has come and wants to know how things stand.
    Joined { tab: String },
    /// How things stand, for one tab or for all.
    Standing { to: Option<String>, saved: Box<Saved> },
    /// What the leader's session has taken.
    Taken { at: Moment, wish: Option<String>, input: Input },
    /// What the visitor of a following tab wishes.
    Wish { wish: String, input: Input },
    /// Whether a tab is looked at, and whether its panel is open.
    Seen { tab: String, visible: bool, open: bool },
    /// The visitor is to be forgotten; that person is there from now on, and has agreed or not.
    Forgotten { person: Option<String>, agreed: bool },
    /// Another conversation begins, as that visitor.
    Renewed { visitor: VisitorId },
    /// Everything is to be deleted.
    Cleared,
}

portable_enum!(Told {
    0 Joined { tab }, 1 Standing { to, saved }, 2 Taken { at, wish, input }, 3 Wish { wish, input }, 4 Seen { tab, visible, open },
    5 Forgotten { person, agreed }, 6 Renewed { visitor }, 7 Cleared; Cleared
});

/// Raised whenever the form of what is told changes: a tab of another version of the widget speaks another language, and
/// each goes its own way.
const VERSION: u32 = 3;

impl Runtime {
    pub(super) fn role(&self) -> Role {
        self.0.company.role.get()
    }

    pub(super) fn go_alone(&self) {
        self.0.company.role.set(Role::Alone);
        self.restore();
        self.look_around(is_visible());
        self.fulfil_wishes();
    }

    pub(super) fn join_company(&self) {
        *self.0.company.name.borrow_mut() = uuid();
        let runtime = self.clone();
        match Tabs::join(self.0.storage.name(), move |event| runtime.on_tabs(event)) {
            Some(tabs) => *self.0.company.tabs.borrow_mut() = Some(tabs),
            None => self.go_alone(),
        }
    }

    pub(super) fn leave_company(&self) {
        self.0.company.tabs.take();
        self.0.company.patience.take();
        self.0.company.clock.set(None, || {});
        self.0.company.seen.borrow_mut().clear();
        self.0.company.role.set(Role::Undecided);
    }

    /// What the visitor wants: taken here, or by the leader.
    pub(super) fn wish(&self, input: Input) {
        match self.role() {
            Role::Alone | Role::Leading => self.take(input),
            Role::Undecided | Role::Following => {
                let company = &self.0.company;
                let number = company.wished.get();
                company.wished.set(number + 1);
                if self.role() == Role::Following {
                    self.tell(&Told::Wish { wish: self.wish_name(number), input: input.clone() });
                    self.expect_answer();
                }
                company.wishes.borrow_mut().push((number, input));
            }
        }
    }

    pub(super) fn forget_wishes(&self) {
        self.0.company.wishes.borrow_mut().clear();
    }

    pub(super) fn tell_forgotten(&self, person: Option<String>, agreed: bool) {
        self.tell(&Told::Forgotten { person, agreed });
    }

    pub(super) fn tell_renewed(&self, visitor: VisitorId) {
        self.tell(&Told::Renewed { visitor });
    }

    pub(super) fn tell_cleared(&self) {
        self.tell(&Told::Cleared);
    }

    /// The leader's session is about to take this.
    pub(super) fn pass_on(&self, input: &Input, wish: Option<String>, at: Moment) {
        if self.role() == Role::Leading && self.0.company.accompanied.get() {
            self.tell(&Told::Taken { at, wish, input: input.clone() });
        }
    }

    /// This tab is looked at, or not any more.
    pub(super) fn seen(&self, visible: bool) {
        match self.role() {
            Role::Alone | Role::Leading => self.look_around(visible),
            Role::Following => {
                let tab = self.0.company.name.borrow().clone();
                self.tell(&Told::Seen { tab, visible, open: self.is_open() });
                if visible {
                    self.expect_answer();
                }
            }
            Role::Undecided => {}
        }
    }

    /// A frozen page still hears the others, but its timers and requests stand still.
    pub(super) fn freeze(&self, frozen: bool) {
        self.0.company.frozen.set(frozen);
        self.save_now();
    }

    fn on_tabs(&self, event: TabEvent) {
        if self.0.ended.get() {
            return;
        }
        match event {
            TabEvent::Leads => self.lead(),
            TabEvent::Follows => self.follow(),
            TabEvent::Told(told) => {
                if let Some((VERSION, told)) = <(u32, Told)>::from_json(from_js(&told)) {
                    self.hear(told);
                }
            }
        }
    }

    fn lead(&self) {
        let knew = self.role() == Role::Following && self.0.company.standing.get();
        self.0.company.role.set(Role::Leading);
        self.0.company.accompanied.set(false);
        self.0.company.patience.take();
        self.0.company.clock.set(None, || {});
        if knew {
            self.take(Input::TakenOver);
        } else {
            self.restore();
        }
        self.tell_standing(None);
        self.look_around(is_visible());
        self.report(Input::Online(is_online()));
        self.fulfil_wishes();
    }

    fn follow(&self) {
        self.0.company.role.set(Role::Following);
        self.0.company.standing.set(false);
        self.0.company.seen.borrow_mut().clear();
        self.rest();
        let tab = self.0.company.name.borrow().clone();
        self.tell(&Told::Joined { tab });
        self.tell_wishes();
        self.seen(is_visible());
        self.expect_answer();
    }

    fn hear(&self, told: Told) {
        let company = &self.0.company;
        // What the others have missed so far, they get here.
        let news = self.role() == Role::Leading
            && !company.frozen.get()
            && matches!(told, Told::Joined { .. } | Told::Wish { .. } | Told::Seen { .. })
            && !company.accompanied.replace(true);
        if news {
            self.tell_standing(None);
        }
        match (self.role(), told) {
            (_, Told::Forgotten { person, agreed }) => self.forget(person, agreed),
            (_, Told::Renewed { visitor }) => self.renew(visitor),
            (_, Told::Cleared) => {
                let runtime = self.clone();
                // Later, since the channel can't be closed while it tells.
                spawn_local(async move { runtime.clear_here() });
            }
            // Whoever answers, leads; and a frozen page can't do the work.
            (Role::Leading, _) if company.frozen.get() => {}
            (Role::Leading, Told::Joined { tab }) if !news => self.tell_standing(Some(tab)),
            (Role::Leading, Told::Wish { wish, input }) if self.is_new(&wish) => self.fulfil(input, Some(wish)),
            (Role::Leading, Told::Seen { tab, visible, open }) => {
                company.seen.borrow_mut().retain(|(known, _)| *known != tab);
                if visible {
                    company.seen.borrow_mut().push((tab, open));
                }
                self.look_around(is_visible());
            }
            (Role::Following, Told::Standing { to, saved }) => {
                let mine = to.as_deref().is_none_or(|to| to == *company.name.borrow());
                if mine && !(to.is_some() && company.standing.get()) {
                    *self.0.session.borrow_mut() = Session::follow(self.0.settings.clone(), *saved);
                    company.standing.set(true);
                    self.answered();
                    self.show(&Change::Everything);
                }
                if to.is_none() {
                    self.tell_wishes();
                    self.seen(is_visible());
                }
            }
            (Role::Following, Told::Taken { at, wish, input }) => {
                if let Some(wish) = wish {
                    self.is_new(&wish);
                    self.granted(&wish);
                }
                self.answered();
                if company.standing.get() {
                    let effects = self.show_taken(input, at);
                    self.keep_time_for_the_leader(effects);
                }
            }
            _ => {}
        }
    }

    /// How things stand, for one tab or for all.
    fn tell_standing(&self, to: Option<String>) {
        self.tell(&Told::Standing { to, saved: Box::new(self.0.session.borrow().save(usize::MAX)) });
    }

    /// What the last page of this tab, or of any tab, has put by.
    fn restore(&self) {
        let visitor = self.0.storage.known_visitor();
        if let Some(saved) = visitor.and_then(|visitor| self.0.storage.conversation(&visitor)) {
            *self.0.session.borrow_mut() = Session::resume(self.0.settings.clone(), saved);
            self.show(&Change::Everything);
        }
    }

    /// The page is looked at where any tab is, and the conversation where such a tab's panel is open.
    fn look_around(&self, visible: bool) {
        let (seen, read) = {
            let seen = self.0.company.seen.borrow();
            (!seen.is_empty(), seen.iter().any(|(_, open)| *open))
        };
        self.report(Input::Visible(visible || seen));
        self.report(Input::Read(visible && self.is_open() || read));
    }

    fn fulfil_wishes(&self) {
        let wishes = core::mem::take(&mut *self.0.company.wishes.borrow_mut());
        for (number, input) in wishes {
            let name = self.wish_name(number);
            if self.is_new(&name) {
                self.take(input);
            }
        }
    }

    fn tell_wishes(&self) {
        let wishes = self.0.company.wishes.borrow().clone();
        for (number, input) in wishes {
            self.tell(&Told::Wish { wish: self.wish_name(number), input });
        }
    }

    /// False where a wish has been taken already, by this leader or by the one before.
    fn is_new(&self, wish: &str) -> bool {
        let mut taken = self.0.company.taken.borrow_mut();
        if taken.iter().any(|known| known == wish) {
            return false;
        }
        taken.push_back(wish.to_owned());
        if taken.len() > REMEMBERED {
            taken.pop_front();
        }
        true
    }

    fn granted(&self, wish: &str) {
        let number =
            wish.strip_prefix(self.0.company.name.borrow().as_str()).and_then(|rest| rest[1..].parse::<u32>().ok());
        if let Some(number) = number {
            self.0.company.wishes.borrow_mut().retain(|(wished, _)| *wished != number);
        }
    }

    fn wish_name(&self, number: u32) -> String {
        format!("{}/{number}", self.0.company.name.borrow())
    }

    fn expect_answer(&self) {
        if self.0.company.patience.borrow().is_none() {
            let runtime = self.clone();
            let patience = Timeout::new(PATIENCE_MS, move || {
                runtime.0.company.patience.take();
                if runtime.role() == Role::Following
                    && let Some(tabs) = runtime.0.company.tabs.borrow().as_ref()
                {
                    tabs.seize();
                }
            });
            *self.0.company.patience.borrow_mut() = Some(patience);
        }
    }

    /// The leader lives.
    fn answered(&self) {
        if self.0.company.wishes.borrow().is_empty() {
            self.0.company.patience.take();
        }
    }

    fn keep_time_for_the_leader(&self, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::Wake(at) = effect {
                let at = at.filter(|_| is_visible()).map(|at| at + GRACE);
                let runtime = self.clone();
                self.0.company.clock.set(at, move || runtime.wish(Input::Woke));
            }
        }
    }

    fn tell(&self, told: &Told) {
        let mut list = Vec::new();
        VERSION.pack(&mut list);
        told.pack(&mut list);
        let message = to_js(&Json::List(list));
        match (self.0.company.tabs.borrow().as_ref(), told) {
            (Some(tabs), _) => tabs.tell(&message),
            // A chat that was never opened here may be open in other tabs, and must be forgotten there too.
            (None, Told::Forgotten { .. })
                if self.0.config.persist == Persist::Local && !self.0.storage.lacks_consent() =>
            {
                Tabs::tell_from_outside(self.0.storage.name(), &message);
            }
            (None, _) => {}
        }
    }
}
