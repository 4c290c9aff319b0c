//! What stands in the conversation's place for a while: a heading, some words, and the ways on. The keyboard's focus goes
//! to its heading, and back to the menu's button.

use std::rc::Rc;

use web_sys::{HtmlElement, KeyboardEvent};

use super::Chat;
use super::consent::consent;
use super::node::Node;
use crate::model::Aside;
use crate::options::Persist;
use crate::signal::{Reaction, react_later};
use crate::strings::Text;

/// A way back to the conversation.
type Back = Rc<dyn Fn(&Chat)>;

pub(super) fn aside(chat: &Chat, menu: &HtmlElement) -> Node {
    let heading = chat.classed("h3", "heading").attribute("tabindex", "-1");
    let focus = taking_the_focus(chat, heading.element());
    let heading = heading.text(|chat| {
        let title = |aside| {
            chat.say(match aside {
                Aside::Consent => Text::CONSENT_TITLE,
                Aside::Stored => Text::WHAT_IS_STORED,
                Aside::NewConversation => Text::NEW_CONVERSATION,
                Aside::Clear => Text::CLEAR,
            })
        };
        chat.model.aside.get().map(title).unwrap_or_default()
    });
    let menu = menu.clone();
    let back: Back = Rc::new({
        let menu = menu.clone();
        move |chat| {
            chat.model.aside.set(None);
            Node::focus(&menu);
        }
    });
    let on_keydown = {
        let back = Rc::clone(&back);
        move |chat: &Chat, event: &KeyboardEvent| {
            // From a question one goes back to the conversation; before it has begun there is none.
            if event.key() == "Escape" && chat.model.aside.get_untracked() != Some(Aside::Consent) {
                event.stop_propagation();
                back(chat);
            }
        }
    };
    let content = move |chat: &Chat, shown: &Option<Aside>| match shown {
        None => Vec::new(),
        Some(Aside::Consent) => consent(chat, &menu),
        Some(Aside::Stored) => stored(chat, &back),
        Some(Aside::NewConversation) => {
            let known = chat.runtime.is_known();
            let still = known.then(|| chat.node("p").text(|chat| chat.say_name(Text::STILL_KNOWN)));
            let words = [chat.node("p").say(Text::NEW_QUESTION)].into_iter().chain(still);
            let menu = menu.clone();
            let act = move |chat: &Chat| {
                chat.model.aside.set(None);
                chat.runtime.begin_new_conversation();
                chat.focus_composer(|| Node::focus(&menu));
            };
            words
                .chain([question(chat, chat.button("button").on_click(act).say(Text::NEW_CONVERSATION), &back)])
                .collect()
        }
        Some(Aside::Clear) => {
            // The panel closes, and the focus goes to the launcher with it.
            let clear = chat.button("button danger").on_click(|chat| chat.runtime.clear()).say(Text::DELETE);
            vec![chat.node("p").say(Text::CLEAR_QUESTION), question(chat, clear, &back)]
        }
    };
    chat.classed("section", "aside")
        .part("aside")
        .hidden(|chat| chat.model.aside.get().is_none())
        .on("keydown", on_keydown)
        .child(heading)
        .drawn(|chat| chat.model.aside.get(), content)
        .with(focus)
}

fn stored(chat: &Chat, back: &Back) -> Vec<Node> {
    let kept = match chat.config().persist {
        Persist::Local => Text::STORED_IN_BROWSER,
        Persist::Session => Text::STORED_IN_TAB,
        Persist::None => Text::STORED_NOWHERE,
    };
    vec![
        chat.node("p").say(kept),
        chat.node("p").text(|chat| chat.say_name(Text::SENT_TO_OWNER)),
        chat.classed("div", "ways").child(way_back(chat, "button", Text::BACK, back)),
    ]
}

fn question(chat: &Chat, yes: Node, back: &Back) -> Node {
    chat.classed("div", "ways").child(yes).child(way_back(chat, "button quiet", Text::CANCEL, back))
}

fn way_back(chat: &Chat, class: &str, text: Text, back: &Back) -> Node {
    let back = Rc::clone(back);
    chat.button(class).on_click(move |chat| back(chat)).say(text)
}

/// Whoever asks for the focus finds it here while this stands in the conversation's place.
fn taking_the_focus(chat: &Chat, heading: &HtmlElement) -> Reaction {
    let (asked, chat, heading) = (chat.clone(), chat.clone(), heading.clone());
    react_later(
        move || asked.model.focus.track(),
        move || {
            if chat.model.aside.get_untracked().is_some() {
                Node::focus(&heading);
            }
        },
    )
}
