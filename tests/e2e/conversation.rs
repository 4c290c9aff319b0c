//! The main job: a visitor opens the chat on the shop's page, asks, and the avatar's words stream in.

use std::collections::BTreeSet;
use std::time::Duration;

use secondme_sim::reply_to;

use crate::markdown::read;
use crate::page::AVATAR;
use crate::pictures;
use crate::snapshot::Snapshot;
use crate::world::{Setup, test};

#[test]
fn a_question_is_answered_word_by_word() {
    // The first chunk comes late enough for the typing indicator to be seen on a busy machine too.
    let secondme = secondme_sim::Settings { chunk_interval: Duration::from_secs(1), ..Default::default() };
    let opening = secondme.opening.clone().unwrap();
    test(Setup { secondme, ..Setup::default() }, async |world| {
        world.visit_shop().await;
        world.page.open().await;
        let greeted = world.page.until("the avatar's greeting is there", |chat| !chat.messages.is_empty()).await;
        assert_eq!((greeted.title.as_str(), greeted.messages[0].text.as_str()), (AVATAR, opening.as_str()));
        world.page.until("what comes is rich text", Snapshot::is_rich).await;

        let question = "Which notebook would you recommend?";
        world.page.say(question).await;
        world.page.until("the avatar is seen writing", writing).await;
        world.secondme().set_chunk_interval(Duration::from_millis(60));
        world.page.until_answered(question).await;
        assert_eq!(world.observed().sessions[0].messages, [question]);

        let history = world.page.history().await;
        check_question(&history, question);
        check_reply(&history, &read(&reply_to(question, AVATAR)));
        pictures::take(&world.page).await;
    });
}

/// The visitor's message is there at once, and says how far it has come.
fn check_question(history: &[Snapshot], question: &str) {
    let mut statuses: Vec<_> = history.iter().map(|chat| chat.status_of(question)).collect();
    statuses.dedup();
    assert_eq!(statuses, ["", "sending", "sent"]);
}

/// The reply only ever grows, in several steps, and shows nothing that is not to be read in the end, such as half a mark; until it begins, the avatar is seen writing.
fn check_reply(history: &[Snapshot], reply: &str) {
    let shown =
        |chat: &Snapshot| chat.of("avatar").get(1).map(|message| (message.status.clone(), message.text.clone()));
    let mut growth: Vec<_> = history.iter().filter_map(shown).collect();
    growth.dedup();
    let (last, streaming) = growth.split_last().unwrap();
    assert_eq!(*last, ("complete".to_owned(), reply.to_owned()));
    let steps: BTreeSet<_> = streaming.iter().map(|(_, text)| text.len()).collect();
    assert!(steps.len() >= 5, "the reply came in {} steps: {growth:#?}", steps.len());
    assert!(streaming.iter().all(|(status, text)| status == "streaming" && reply.starts_with(text)), "{growth:#?}");
    assert!(growth.is_sorted_by_key(|(_, text)| text.len()), "{growth:#?}");

    let (before, after): (Vec<_>, Vec<_>) = history.iter().partition(|chat| shown(chat).is_none());
    assert!(before.into_iter().any(writing), "the avatar was never seen writing before it wrote");
    assert!(after.iter().all(|chat| chat.waiting.is_empty()), "the indicator is gone once the reply begins");
}

fn writing(chat: &Snapshot) -> bool {
    chat.waiting == format!("\u{2068}{AVATAR}\u{2069} is writing…")
}
