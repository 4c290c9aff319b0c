//! A page with one chat in it, as its visitor sees and uses it. It knows the stable names of the page's contract.

use secondme_chat::{ChatHandle, mount};
use serde_json::{Value, json};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Document, Element, Event, EventInit, HtmlElement, HtmlTextAreaElement, KeyboardEvent, KeyboardEventInit, Node,
    PointerEvent, PointerEventInit, ShadowRoot,
};

use super::world::{World, comes_about, settle, until};

/// One chat on the page; it goes with the test.
pub(crate) struct Page {
    pub(crate) element: HtmlElement,
    pub(crate) chat: ChatHandle,
}

impl Drop for Page {
    fn drop(&mut self) {
        self.chat.destroy();
        self.element.remove();
    }
}

impl Page {
    /// A closed chat.
    pub(crate) fn closed(world: &World) -> Self {
        Self::with(&json!({"base": world.base()}))
    }

    pub(crate) fn with(options: &Value) -> Self {
        Self::at(place(), options)
    }

    pub(crate) fn at(element: HtmlElement, options: &Value) -> Self {
        let chat = mount(element.clone(), object(options)).map_err(JsValue::from).expect("the chat is mounted");
        Self { element, chat }
    }

    /// An open chat that has greeted and can send.
    pub(crate) async fn talking(world: &World) -> Self {
        let page = Self::closed(world);
        page.open(world).await;
        page
    }

    /// Opens the panel and waits until messages can be sent.
    pub(crate) async fn open(&self, world: &World) {
        let sockets = world.sockets().len();
        self.chat.open();
        until("a socket was asked for", || world.sockets().len() > sockets).await;
        self.connected(world).await;
    }

    /// Waits until messages can be sent, and the visitor sees it.
    pub(crate) async fn connected(&self, world: &World) {
        until("a socket was asked for", || !world.sockets().is_empty()).await;
        until("the socket is open", || world.socket().ready_state() == 1).await;
        until("the visitor sees it", || self.text("[part=status]") == "AI avatar").await;
    }

    pub(crate) fn shadow(&self) -> ShadowRoot {
        self.element.shadow_root().expect("the element has an open shadow root")
    }

    pub(crate) fn seek(&self, selector: &str) -> Option<HtmlElement> {
        self.shadow().query_selector(selector).unwrap().map(JsCast::unchecked_into)
    }

    pub(crate) fn find(&self, selector: &str) -> HtmlElement {
        self.seek(selector).unwrap_or_else(|| panic!("there is no {selector} in the panel"))
    }

    pub(crate) fn all(&self, selector: &str) -> Vec<HtmlElement> {
        let list = self.shadow().query_selector_all(selector).unwrap();
        (0..list.length()).filter_map(|index| list.item(index)).map(Node::unchecked_into).collect()
    }

    /// What stands there, as written into the page.
    pub(crate) fn text(&self, selector: &str) -> String {
        self.find(selector).text_content().unwrap_or_default().trim().to_owned()
    }

    pub(crate) fn is_shown(&self, selector: &str) -> bool {
        self.seek(selector).is_some_and(|element| element.get_client_rects().length() > 0)
    }

    /// Each message as `author status: text`, oldest first.
    pub(crate) fn messages(&self) -> Vec<String> {
        let line = |message: &HtmlElement| {
            let name = |name: &str| message.get_attribute(name).unwrap_or_default();
            format!("{} {}: {}", name("data-author"), name("data-status"), bubble_of(message).text_content().unwrap())
        };
        self.all("[part=message]").iter().map(line).collect()
    }

    /// Waits until the messages stand there like this.
    pub(crate) async fn shows(&self, messages: &[&str]) {
        comes_about(|| self.messages() == messages).await;
        assert_eq!(self.messages(), messages);
    }

    /// Waits until the newest message stands there like this.
    pub(crate) async fn newest(&self, message: &str) {
        comes_about(|| self.messages().last().is_some_and(|last| last == message)).await;
        assert_eq!(self.messages().last().map(String::as_str), Some(message));
    }

    pub(crate) fn input(&self) -> HtmlTextAreaElement {
        self.find("[part=input]").unchecked_into()
    }

    /// Puts a text into the composer as a keyboard does, key by key or at once.
    pub(crate) fn write(&self, text: &str) {
        let input = self.input();
        input.set_value(text);
        let bubbling = EventInit::new();
        bubbling.set_bubbles(true);
        bubbling.set_composed(true);
        input.dispatch_event(&Event::new_with_event_init_dict("input", &bubbling).unwrap()).unwrap();
    }

    /// Presses a key in the composer; true where the browser's own doing was called off.
    pub(crate) fn press(&self, key: &str, change: impl FnOnce(&KeyboardEventInit)) -> bool {
        let init = KeyboardEventInit::new();
        init.set_key(key);
        init.set_bubbles(true);
        init.set_composed(true);
        init.set_cancelable(true);
        change(&init);
        let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
        !self.input().dispatch_event(&event).unwrap()
    }

    /// Writes a message and presses Enter.
    pub(crate) fn say(&self, text: &str) {
        self.write(text);
        self.press("Enter", |_| {});
    }

    /// Chooses from the menu.
    pub(crate) async fn choose(&self, item: &str) {
        self.click("[part=menu]");
        settle().await;
        self.press_button(".item", item).await;
    }

    /// Presses a button of what stands in the conversation's place.
    pub(crate) async fn press_in_aside(&self, button: &str) {
        self.press_button(".ways button", button).await;
    }

    async fn press_button(&self, selector: &str, text: &str) {
        let buttons = self.all(selector);
        let found = buttons.iter().find(|button| button.text_content().as_deref().map(str::trim) == Some(text));
        found.unwrap_or_else(|| panic!("there is no {text:?} among {selector}")).click();
        settle().await;
    }

    pub(crate) fn click(&self, selector: &str) {
        self.find(selector).click();
    }
}

pub(crate) fn bubble_of(message: &Element) -> Element {
    message.query_selector("[part=bubble]").unwrap().expect("a message has a bubble")
}

/// What a pointer of that kind does to an element: `mouse`, `pen` or `touch`.
pub(crate) fn point_at(element: &Element, event: &str, with: &str) {
    let init = PointerEventInit::new();
    init.set_bubbles(true);
    init.set_composed(true);
    init.set_pointer_type(with);
    element.dispatch_event(&PointerEvent::new_with_event_init_dict(event, &init).unwrap()).unwrap();
}

pub(crate) fn document() -> Document {
    web_sys::window().unwrap().document().unwrap()
}

/// An element of the page for a chat to be mounted on.
pub(crate) fn place() -> HtmlElement {
    let element = document().create_element("div").unwrap().unchecked_into::<HtmlElement>();
    document().body().unwrap().append_child(&element).unwrap();
    element
}

pub(crate) fn object(value: &Value) -> JsValue {
    js_sys::JSON::parse(&value.to_string()).unwrap()
}
