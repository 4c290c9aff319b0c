//! What the visitor is to agree to before anything is asked for or stored.

use leptos::html::Button;
use leptos::prelude::*;

use super::{Chat, menu, own_direction};
use crate::options::Wording;
use crate::runtime::Runtime;
use crate::strings::Text;

pub(super) fn consent(chat: Chat, button: NodeRef<Button>) -> impl IntoView {
    let (wording, href) = chat.runtime.with_value(Runtime::consent);
    let direction = own_direction(&wording);
    let words = move || match &wording {
        Wording::Own(words) => words.clone(),
        Wording::Standard | Wording::None => chat.say(Text::CONSENT),
    };
    let agree = move |_| {
        chat.tell(Runtime::agree);
        chat.focus_composer(|| menu::focus(button));
    };
    view! {
        <p class="lines" dir=direction>{words}</p>
        {href.map(|href| view! {
            <p>
                <a class="link" href=href target="_blank" rel="noopener noreferrer">
                    {move || chat.say(Text::PRIVACY_POLICY)}
                </a>
            </p>
        })}
        <div class="ways">
            <button class="button" part="agree" type="button" on:click=agree>{move || chat.say(Text::AGREE)}</button>
            <button class="button quiet" part="decline" type="button" on:click=move |_| chat.tell(Runtime::decline)>
                {move || chat.say(Text::DECLINE)}
            </button>
        </div>
    }
}
