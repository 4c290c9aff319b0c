//! The browser's WebSocket to SecondMe. It hands on what comes, and does not know what it means.

use std::cell::RefCell;

use chat_core::wire::frame::Hint;
use chat_core::wire::{Frame, limits, ping};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, MessageEvent, WebSocket};

use crate::json;

/// What a socket reports.
pub(crate) enum SocketEvent {
    Opened,
    /// The frame as it came: parsing is left for the moment when it is shown.
    Received(JsValue),
    Closed,
}

/// At most one socket is in use; a new one replaces it.
#[derive(Default)]
pub(crate) struct Socket(RefCell<Option<Connected>>);

struct Connected {
    socket: WebSocket,
    _on_event: Closure<dyn FnMut(Event)>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl Socket {
    /// Opens a socket; `report` gets its events, the failure to open it among them.
    pub(crate) fn connect(&self, url: &str, report: impl Fn(SocketEvent) + Clone + 'static) {
        self.disconnect();
        let Ok(socket) = WebSocket::new(url) else {
            report(SocketEvent::Closed);
            return;
        };
        let on_event = {
            let report = report.clone();
            Closure::<dyn FnMut(Event)>::new(move |event: Event| match event.type_().as_str() {
                "open" => report(SocketEvent::Opened),
                _ => report(SocketEvent::Closed),
            })
        };
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            report(SocketEvent::Received(event.data()));
        });
        socket.set_onopen(Some(on_event.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_event.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        *self.0.borrow_mut() = Some(Connected { socket, _on_event: on_event, _on_message: on_message });
    }

    /// Closes the socket, and reports nothing more of it.
    pub(crate) fn disconnect(&self) {
        // Dropped after the borrow has ended: closing may call back.
        let connected = self.0.borrow_mut().take();
        drop(connected);
    }

    /// Sends the heartbeat; a socket that can't take it is noticed by the answer that stays away.
    pub(crate) fn ping(&self, ws_id: &str) {
        if let (Some(connected), Some(text)) = (self.0.borrow().as_ref(), json::text(&ping(ws_id))) {
            let _ = connected.socket.send_with_str(&text);
        }
    }
}

/// The frame, or `None` where it is not the JSON of one.
pub(crate) fn parse(data: &JsValue) -> Option<Frame> {
    // What is too long to be read is too long to be parsed.
    let text = data.as_string().filter(|text| text.len() <= 2 * limits::FRAME)?;
    let mut frame = Frame::of(json::parse(&text)?)?;
    frame.hint = frame.hint_source().and_then(|source| Hint::of(json::parse(source)?));
    Some(frame)
}

impl Drop for Connected {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onclose(None);
        self.socket.set_onmessage(None);
        // Closing a closed socket does no harm, and fails for no other reason.
        let _ = self.socket.close();
    }
}
