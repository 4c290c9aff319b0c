//! The conversation as it is read: what is said about the avatar first, the messages, the sign that one is awaited, and
//! the way back to the newest.

mod actions;
mod blocks;
mod follower;
mod rows;
mod starters;
mod to_end;

use std::rc::Rc;

use chat_core::{Author, Waiting};
use web_sys::{Event, FocusEvent, PointerEvent};

use super::node::Node;
use super::{Chat, own_direction};
use crate::options::Wording;
use crate::signal::{Reaction, react};
use crate::strings::Text;
use actions::{Actions, element};
use follower::Follower;

pub(super) fn transcript(chat: &Chat) -> Node {
    let (scroller, content) = (chat.classed("div", "transcript"), chat.node("div"));
    let blocks = chat.classed("div", "blocks");
    let follower = Follower::new(chat, scroller.element(), blocks.element());
    let row = actions::Row::new(chat);
    let actions = Actions::new(chat, &follower, &row);
    let follower_does = |act: fn(&Follower)| {
        let follower = Rc::clone(&follower);
        move |_: &Chat, _: &Event| act(&follower)
    };
    let on_pointer = {
        let (follower, actions) = (Rc::clone(&follower), Rc::clone(&actions));
        move |_: &Chat, event: &PointerEvent| {
            follower.hold(element(event).as_ref());
            actions.pointed_at(event);
        }
    };
    let on_leave = {
        let (follower, actions) = (Rc::clone(&follower), Rc::clone(&actions));
        move |_: &Chat, _: &Event| {
            follower.hold(None);
            actions.left();
        }
    };
    let actions_do = |act: fn(&Actions, Option<web_sys::Element>)| {
        let actions = Rc::clone(&actions);
        move |_: &Chat, event: &Event| act(&actions, element(event))
    };
    let on_blur = {
        let actions = Rc::clone(&actions);
        move |_: &Chat, event: &FocusEvent| actions.blurred(event)
    };
    let shortened = chat.classed("p", "mark").hidden(|chat| !chat.model.shortened.get()).say(Text::SHORTENED);
    let content = content
        .drawn(ai_notice, |chat, words| {
            let wording = &chat.config().notice;
            let line =
                |words: &String| own_direction(chat.classed("p", "mark").part("ai-notice"), wording).words(words);
            words.iter().map(line).collect()
        })
        .child(shortened)
        .child(blocks::blocks(chat, blocks))
        .child(starters::starters(chat, &follower))
        .child(waiting(chat));
    let sizes = follower.watch(content.element());
    let scroller = scroller
        .part("transcript")
        .attribute("role", "log")
        .attribute("aria-live", "off")
        .says("aria-label", Text::TRANSCRIPT)
        .attribute("tabindex", "0")
        .on("scroll", follower_does(Follower::scrolled))
        .on("wheel", follower_does(Follower::by_hand))
        .on("touchmove", follower_does(Follower::by_hand))
        .on("keydown", follower_does(Follower::by_hand))
        .on("pointerover", on_pointer)
        .on("pointerleave", on_leave)
        .on("click", actions_do(Actions::tapped))
        .on("focusin", actions_do(Actions::focused))
        .on("focusout", on_blur)
        .child(content)
        .child(row.node(chat, &actions))
        .with(actions::going_with_its_message(chat, &actions))
        .with(following_the_visitor(chat, &follower));
    chat.classed("div", "reading").child(scroller).child(to_end::to_end(chat, &follower)).with(sizes)
}

/// A visitor who says something wants to see it.
fn following_the_visitor(chat: &Chat, follower: &Rc<Follower>) -> Reaction {
    let (chat, follower) = (chat.clone(), Rc::clone(follower));
    let mut before = None;
    react(move || {
        let newest = chat.model.messages.with(|messages| messages.last().map(|live| (live.serial, live.author)));
        let serial = newest.map_or(0, |(serial, _)| serial);
        let says = newest.is_some_and(|(_, author)| author == Author::Visitor);
        if says && before.is_some_and(|before| serial > before) {
            follower.follow();
        }
        before = Some(serial);
    })
}

/// That an AI speaks, in the widget's words or the site's.
fn ai_notice(chat: &Chat) -> Option<String> {
    match &chat.config().notice {
        Wording::None => None,
        Wording::Standard => chat.model.profile.with(Option::is_some).then(|| chat.say_name(Text::AI_NOTICE)),
        Wording::Own(words) => Some(words.clone()),
    }
}

/// The sign that a reply is awaited.
fn waiting(chat: &Chat) -> Node {
    let is_silent = |chat: &Chat| chat.model.thinking.with(Option::is_none);
    let line = |chat: &Chat| {
        let words = Text::waiting(chat.model.waiting.get()).map(|text| chat.say_name(text));
        chat.model.thinking.get().or(words).unwrap_or_default()
    };
    let dots = chat.classed("span", "dots").attribute("aria-hidden", "true");
    let dots = (0..3).fold(dots, |dots, _| dots.child(chat.node("i")));
    let line = chat
        .node("span")
        .class("unseen", move |chat| chat.model.waiting.get() == Waiting::Typing && is_silent(chat))
        .text(line);
    chat.classed("div", "waiting")
        .part("waiting")
        .hidden(move |chat| chat.model.waiting.get() == Waiting::No && is_silent(chat))
        .child(dots)
        .child(line)
}
