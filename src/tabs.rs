//! The tabs of one browser: who leads, and what they tell each other. It knows no conversation: what is told are values
//! that only the runtime understands.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

#[wasm_bindgen]
extern "C" {
    /// The browser's Web Locks; web-sys counts them as unstable.
    type LockManager;

    #[wasm_bindgen(method, catch)]
    fn request(this: &LockManager, name: &str, options: &Object, callback: &Function) -> Result<Promise, JsValue>;
}

/// What happens among the tabs.
pub(crate) enum TabEvent {
    /// This tab leads from now on.
    Leads,
    /// Another tab leads.
    Follows,
    /// Another tab has told something.
    Told(JsValue),
}

/// This tab among the others. Dropped, it leaves them, and the next one leads.
pub(crate) struct Tabs {
    channel: BroadcastChannel,
    lock: Rc<Lock>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

/// The lock that the leader holds: its callback's promise ends when the leader gives up.
struct Lock {
    manager: LockManager,
    name: String,
    report: Box<dyn Fn(TabEvent)>,
    release: RefCell<Option<Function>>,
    left: Cell<bool>,
    /// Callbacks that the browser may still call.
    closures: RefCell<Vec<JsValue>>,
}

impl Tabs {
    /// Joins the tabs of that name. `None` where the browser lacks what it takes: then each tab is alone.
    pub(crate) fn join(name: &str, report: impl Fn(TabEvent) + Clone + 'static) -> Option<Self> {
        let name = channel_name(name);
        let navigator = web_sys::window()?.navigator();
        let manager = Reflect::get(&navigator, &"locks".into()).ok().filter(JsValue::is_object)?;
        let channel = BroadcastChannel::new(&name).ok()?;
        let on_message = {
            let report = report.clone();
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| report(TabEvent::Told(event.data())))
        };
        channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        let lock = Rc::new(Lock {
            manager: manager.unchecked_into(),
            name,
            report: Box::new(report),
            release: RefCell::default(),
            left: Cell::new(false),
            closures: RefCell::default(),
        });
        Lock::try_to_lead(&lock)?;
        Some(Self { channel, lock, _on_message: on_message })
    }

    /// Tells the tabs of that name, for one that is not among them.
    pub(crate) fn tell_from_outside(name: &str, message: &JsValue) {
        if let Ok(channel) = BroadcastChannel::new(&channel_name(name)) {
            let _ = channel.post_message(message);
            channel.close();
        }
    }

    /// Tells all other tabs.
    pub(crate) fn tell(&self, message: &JsValue) {
        // A channel that is closed belongs to a tab that is going.
        let _ = self.channel.post_message(message);
    }

    /// Leads although another tab holds the lead: that one does not answer any more.
    pub(crate) fn seize(&self) {
        let _ = Lock::request(&self.lock, "steal");
    }
}

/// Web Locks and channels are the whole origin's.
fn channel_name(name: &str) -> String {
    format!("secondme-chat:{name}")
}

impl Drop for Tabs {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
        self.lock.left.set(true);
        self.lock.release();
    }
}

impl Lock {
    /// Asks whether the lead is free, so that a tab knows at once that it follows, and only then waits for its turn.
    fn try_to_lead(lock: &Rc<Self>) -> Option<()> {
        Self::request(lock, "ifAvailable")
    }

    fn request(lock: &Rc<Self>, option: &str) -> Option<()> {
        let options = Object::new();
        if !option.is_empty() {
            Reflect::set(&options, &option.into(), &JsValue::TRUE).ok()?;
        }
        let granted = {
            let lock = Rc::clone(lock);
            Closure::once_into_js(move |granted: JsValue| -> JsValue { Self::granted(&lock, &granted) })
        };
        let promise = lock.manager.request(&lock.name, &options, granted.unchecked_ref()).ok()?;
        // The promise fails when the lead is seized by another tab.
        let lost = {
            let lock = Rc::clone(lock);
            Closure::<dyn FnMut(JsValue)>::new(move |_| Self::lost(&lock))
        };
        let _ = promise.catch(&lost);
        lock.closures.borrow_mut().push(lost.into_js_value());
        Some(())
    }

    fn granted(lock: &Rc<Self>, granted: &JsValue) -> JsValue {
        if lock.left.get() {
            return JsValue::UNDEFINED;
        }
        if granted.is_null() {
            (lock.report)(TabEvent::Follows);
            // This one waits until the leader has gone.
            let _ = Self::request(lock, "");
            return JsValue::UNDEFINED;
        }
        let held = Promise::new(&mut |resolve, _| *lock.release.borrow_mut() = Some(resolve));
        (lock.report)(TabEvent::Leads);
        held.into()
    }

    fn lost(lock: &Rc<Self>) {
        if !lock.left.get() && lock.release.borrow_mut().take().is_some() {
            (lock.report)(TabEvent::Follows);
            let _ = Self::request(lock, "");
        }
    }

    fn release(&self) {
        if let Some(release) = self.release.borrow_mut().take() {
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}
