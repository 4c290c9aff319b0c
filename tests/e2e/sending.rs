//! What becomes of a message whose sending did not go the usual way: it waits visibly, or says that nobody knows.

use secondme_sim::{AnswerFault, Operation, PlannedRefusal, reply_to};

use crate::page::AVATAR;
use crate::snapshot::Snapshot;
use crate::until::until;
use crate::world::{Setup, World, test};

const UNCERTAIN: &str = "It is not certain that this message arrived. Try again Delete";

#[test]
fn a_message_that_came_too_fast_waits_visibly_and_is_sent_by_itself() {
    test(Setup::default(), async |world| {
        world.begin().await;
        for (status, question) in [(429, "a gift"), (503, "shipping")] {
            let refusal = PlannedRefusal { status, sub_code: None, retry_after: Some(3) };
            world.secondme().refuse_next(Operation::Send, 1, refusal);
            world.page.say(question).await;
            let counting = |chat: &Snapshot| {
                chat.alert == "Many messages are on their way. Yours will be sent in a moment. (2 s)"
                    && chat.status_of(question) == "sending"
            };
            world.page.until_seen("the seconds are counted", counting).await;
            let chat = world.page.until_answered(question).await;
            assert_eq!(chat.alert, "");
        }
        let chat = world.page.snapshot().await.unwrap();
        world.check_dialogue(&chat, &["hello", "a gift", "shipping"]);
        assert_eq!(world.observed().send_requests, 5, "each refused one is sent once more");
    });
}

/// SecondMe has the message, and answers it, but the proxy is cut off before it hears so.
#[test]
fn a_message_that_may_have_arrived_is_not_sent_again_by_itself() {
    test(Setup::default(), async |world| {
        world.begin().await;
        lose_answer(world, "a gift").await;
        // Neither another message nor another socket makes the chat send it again.
        world.page.ask("shipping").await;
        world.secondme().close_sockets();
        until("there is another socket", async || (world.observed().sockets_opened == 2).then_some(())).await;
        let chat = world.page.ask("hello again").await;
        assert_eq!(chat.question("a gift").unwrap().note, UNCERTAIN);
        assert_eq!(world.observed().sessions[0].messages, ["hello", "a gift", "shipping", "hello again"]);

        world.page.click("[part~=message][data-status=failed] .footnote button:last-of-type").await;
        let chat = world.page.until("it is taken back", |chat| chat.question("a gift").is_none()).await;
        assert_eq!(chat.of("visitor").len(), 3);
    });
}

#[test]
fn a_message_that_may_have_arrived_is_sent_again_where_the_visitor_says() {
    test(Setup::default(), async |world| {
        world.begin().await;
        lose_answer(world, "a gift").await;
        world.page.click("[part~=message][data-status=failed] .footnote button").await;
        let chat = world.page.until("it is sent", |chat| chat.status_of("a gift") == "sent").await;
        assert_eq!(chat.of("visitor").len(), 2, "it is drawn once");
        until("it came again", async || {
            (world.observed().sessions[0].messages == ["hello", "a gift", "a gift"]).then_some(())
        })
        .await;
    });
}

/// Says something that arrives without anybody knowing it, and waits until the reply to it has come all the same: what is
/// still being written moves the buttons.
async fn lose_answer(world: &World, question: &str) {
    world.secondme().spoil_answers(1, AnswerFault::Cut);
    world.page.say(question).await;
    let reply = reply_to(question, AVATAR);
    let unknown = |chat: &Snapshot| chat.status_of(question) == "failed" && chat.ends_with_reply(&reply);
    let chat = world.page.until("nobody knows whether it arrived", unknown).await;
    assert_eq!(chat.question(question).unwrap().note, UNCERTAIN);
}
